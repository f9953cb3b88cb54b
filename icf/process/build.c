/* SPDX-License-Identifier: MIT */
/*
 * The steps from a path to a thread that is ready to run. Read build.h first.
 */
#include <stdio.h>
#include <string.h>

#include <nacre/capability.h>
#include <nacre/elf.h>

#include "build.h"

/* Program headers that are read at most: far more than linkers write. */
#define PROGRAM_HEADERS_BYTES_MAX 16384u

/* Of a long path the end is shown. */
#define SHOWN_PATH_MAX 80

struct build {
	const struct build_job *job;
	const struct build_world *world;
	char *detail;
	struct elf_plan plan;
	struct process_layout layout;
};

static error_t failure(const struct build *build, error_t error, const char *why) {
	const char *path = build->job->program;
	size_t length = strlen(path);
	const char *cut = "";

	if (length > SHOWN_PATH_MAX) {
		path += length - SHOWN_PATH_MAX;
		cut = "...";
	}
	snprintf(build->detail, BUILD_DETAIL_MAX + 1, "%s%s: %s", cut, path, why);
	return error;
}

/* What failed is the machine's or the account's affair; @doing says at which step. */
static error_t step_failure(const struct build *build, error_t error, const char *doing) {
	char why[BUILD_DETAIL_MAX];

	if (error == ERROR_CANCELLED)
		snprintf(why, sizeof(why), "%s took too long: a server did not answer", doing);
	else if (error == ERROR_LIMIT || error == ERROR_NO_MEMORY)
		snprintf(why, sizeof(why), "its memory limit is too small to build it (%s); give it more", doing);
	else
		snprintf(why, sizeof(why), "%s: %s", doing, error_text(error));
	return failure(build, error, why);
}

static error_t open_failure(const struct build *build, error_t error) {
	switch (error) {
	case ERROR_NOT_FOUND: return failure(build, error, "there is no such program");
	case ERROR_STATE: return failure(build, ERROR_ARGUMENT, "it is not a file, so not a program");
	case ERROR_ARGUMENT:
	case ERROR_RANGE: return failure(build, ERROR_ARGUMENT, "not a path that begins with a `/`");
	default: return step_failure(build, error, "opening it");
	}
}

/* Reads both kinds of header and plans the load. */
static error_t program_plan(struct build *build, uint64_t size) {
	static unsigned char headers[PROGRAM_HEADERS_BYTES_MAX];
	const struct build_world *world = build->world;
	size_t count = size < ELF_HEADER_BYTES ? (size_t)size : ELF_HEADER_BYTES;
	struct elf_header header;
	struct elf_place place;
	enum elf_problem problem;
	error_t error = process_place(&build->job->window, &place);

	if (error == ERROR_OK) error = world->program_read(world->context, 0, headers, count);
	if (error != ERROR_OK) return step_failure(build, error, "reading it");
	problem = elf_header_read(headers, count, size, &header);
	if (problem != ELF_FINE) return failure(build, ERROR_ARGUMENT, elf_problem_text(problem));
	if (header.program_headers_size > sizeof(headers))
		return failure(build, ERROR_ARGUMENT, elf_problem_text(ELF_TOO_MANY_SEGMENTS));
	count = (size_t)header.program_headers_size;
	error = world->program_read(world->context, header.program_headers_offset, headers, count);
	if (error != ERROR_OK) return step_failure(build, error, "reading it");
	problem = elf_plan_make(&header, headers, count, &place, &build->plan);
	if (problem != ELF_FINE) return failure(build, ERROR_ARGUMENT, elf_problem_text(problem));
	return ERROR_OK;
}

static error_t memory_build(struct build *build) {
	const struct build_world *world = build->world;
	error_t error = process_layout_make(&build->job->window, &build->plan, &build->layout);

	if (error != ERROR_OK) return failure(build, error, "program and stack do not fit into the address window");
	error = world->program_map(world->context);
	if (error != ERROR_OK) return step_failure(build, error, "asking for its pages");
	error = world->space_create(world->context);
	if (error != ERROR_OK) return step_failure(build, error, "making its space");
	error = process_map(&build->plan, &build->layout, &world->mapper);
	if (error != ERROR_OK) return step_failure(build, error, "mapping it");
	return ERROR_OK;
}

static error_t thread_build(const struct build *build) {
	const struct build_world *world = build->world;
	const struct process_start start = {
		.window = build->job->window,
		.slot_base = build->job->slot_base,
	};
	uint64_t words[PROCESS_START_WORDS];
	error_t error = world->thread_create(world->context, build->layout.utcb);

	if (error != ERROR_OK) return step_failure(build, error, "making its thread");
	error = world->capabilities_place(world->context, build->job->slot_base);
	if (error != ERROR_OK) return step_failure(build, error, "giving it its capabilities");
	process_start_words(&start, &build->plan, &build->layout, words);
	error = world->thread_prepare(world->context, words);
	if (error != ERROR_OK) return step_failure(build, error, "preparing its thread");
	return ERROR_OK;
}

error_t build_context(const struct build_job *job, const struct build_world *world, char detail[BUILD_DETAIL_MAX + 1]) {
	struct build build = {.job = job, .world = world, .detail = detail};
	uint64_t size;
	error_t error = world->program_open(world->context, job->program, &size);

	detail[0] = '\0';
	if (error != ERROR_OK) return open_failure(&build, error);
	error = program_plan(&build, size);
	if (error == ERROR_OK) error = memory_build(&build);
	if (error == ERROR_OK) error = thread_build(&build);
	return error;
}
