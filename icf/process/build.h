/* SPDX-License-Identifier: MIT */
/*
 * Building a process context: what is done in which order, and what is said when it fails.
 *
 * Makes no system call: every step in the world is a function of struct build_world. Read
 * nacre/elf.h and nacre/process_layout.h first.
 */
#ifndef PROCESS_BUILD_H
#define PROCESS_BUILD_H

#include <stddef.h>
#include <stdint.h>

#include <nacre/abi/error.h>
#include <nacre/process_layout.h>

/* Longest explanation, without NUL. */
#define BUILD_DETAIL_MAX 200

struct build_job {
	const char *program; /* path */
	struct process_window window;
	uint32_t slot_base;
};

/* Steps, in the order in which they are taken. What they have made stays when a later one fails. */
struct build_world {
	/* Finds the program; later steps are about it. state: it is not a file. */
	error_t (*program_open)(void *context, const char *program, uint64_t *size);
	/* Reads exactly @count bytes of it. */
	error_t (*program_read)(void *context, uint64_t offset, void *bytes, size_t count);
	/* Makes its pages available to the mapper. */
	error_t (*program_map)(void *context);
	error_t (*space_create)(void *context);
	/* Maps into the new space. */
	struct process_mapper mapper;
	/* The first thread, with its handlers and its time. */
	error_t (*thread_create)(void *context, uint64_t utcb);
	/* Own space and parent, from @slot_base on. */
	error_t (*capabilities_place)(void *context, uint32_t slot_base);
	/* Gives the thread its registers; it must not run yet. */
	error_t (*thread_prepare)(void *context, const uint64_t words[PROCESS_START_WORDS]);
	void *context;
};

/*
 * Builds. On failure @detail says in words what is wrong and what to do. not_found: no such
 * program; argument: it is no program for us; no_memory, limit: too little memory.
 */
NACRE_MUST_CHECK error_t build_context(const struct build_job *job, const struct build_world *world,
                                       char detail[BUILD_DETAIL_MAX + 1]);

#endif
