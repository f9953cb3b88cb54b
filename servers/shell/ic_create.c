/* SPDX-License-Identifier: MIT */
/*
 * `ic run` and `ic create`: options, then a program and its arguments.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <nacre/number.h>
#include <nacre/slot.h>

#include "ic.h"
#include "job.h"

struct options {
	struct job_order order;
	int background;
};

/* Words divided by commas. False: one of them is no right. */
static int parse_rights(const char *list, uint32_t *rights) {
	static const struct {
		const char *name;
		uint32_t right;
	} known[] = {{"factories", CONTEXT_RIGHT_FACTORIES}, {"bind", CONTEXT_RIGHT_BIND}};

	for (*rights = 0; *list; list += *list == ',') {
		size_t length = strcspn(list, ","), index = 0;

		while (index < sizeof(known) / sizeof(known[0]) &&
		       (strlen(known[index].name) != length || strncmp(known[index].name, list, length) != 0))
			index++;
		if (index == sizeof(known) / sizeof(known[0])) return 0;
		*rights |= known[index].right;
		list += length;
	}
	return 1;
}

static int set_name(struct options *options, char **argv, const char *value) {
	uint64_t number;
	if (number_parse(value, &number)) /* it could never be found again */
		return builtin_usage(argv, "'%s' is a number; a name must not be one", value);
	if (!value[0] || value[0] == '-' || strlen(value) > CONTEXT_SET_NAME_NAME_MAX)
		return builtin_usage(argv, "a name has 1 to %u bytes and begins with no '-'",
		                     CONTEXT_SET_NAME_NAME_MAX);
	options->order.name = value;
	return 0;
}

static int set_factory(struct options *options, char **argv, const char *value) {
	if (strlen(value) > CONTEXT_CREATE_FACTORY_MAX)
		return builtin_usage(argv, "'%s' is too long for a factory", value);
	options->order.factory = value;
	return 0;
}

static int set_rights(struct options *options, char **argv, const char *value) {
	if (parse_rights(value, &options->order.rights)) return 0;
	return builtin_usage(argv, "'%s' are not rights: factories, bind", value);
}

static int set_limit(struct options *options, char **argv, const char *value) {
	if (size_parse(value, &options->order.limit)) return 0;
	return builtin_usage(argv, "'%s' is not a size such as 4M", value);
}

static const struct {
	const char *name;
	int (*set)(struct options *options, char **argv, const char *value);
} valued[] = {
	{"--factory", set_factory},
	{"--limit", set_limit},
	{"--name", set_name},
	{"--rights", set_rights},
};

/*
 * Reads the option at argv[*at], "--NAME=VALUE" or "--NAME VALUE", and leaves *at behind it.
 * Returns 0 or the exit status.
 */
static int parse_option(struct options *options, int argc, char **argv, int *at) {
	const char *argument = argv[(*at)++];
	size_t length = strcspn(argument, "=");
	if (strcmp(argument, "--background") == 0) {
		options->background = 1;
		return 0;
	}
	for (size_t i = 0; i < sizeof(valued) / sizeof(valued[0]); i++) {
		if (strlen(valued[i].name) != length || strncmp(valued[i].name, argument, length) != 0) continue;
		if (argument[length]) return valued[i].set(options, argv, argument + length + 1);
		if (*at == argc) return builtin_usage(argv, "%s needs a value behind it", argument);
		return valued[i].set(options, argv, argv[(*at)++]);
	}
	return builtin_usage(argv, "there is no option %s", argument);
}

static int parse(struct options *options, int argc, char **argv) {
	int at = 1, status = 0;
	*options = (struct options){.order = {.factory = "process", .limit = UINT64_MAX}};
	while (status == 0 && at < argc && argv[at][0] == '-') {
		if (strcmp(argv[at], "--") == 0) {
			at++;
			break;
		}
		status = parse_option(options, argc, argv, &at);
	}
	options->order.argc = argc - at;
	options->order.argv = argv + at;
	if (status == 0 && at == argc) status = builtin_usage(argv, "which program?");
	return status;
}

static void print_number(const struct job *job) { printf("%" PRIu64 "\n", job->number); }

static int run_in_background(struct shell *shell, const struct job_order *order) {
	struct job job;
	int status = job_create(shell, order, &job);
	if (status != 0) return status;
	status = job_start(&job, order->argv[0]);
	if (status == 0)
		print_number(&job);
	else
		error_ignore(context_delete(job.context)); /* it was never started */
	capability_delete(job.context);
	return status;
}

int ic_run(struct shell *shell, int argc, char **argv) {
	struct options options;
	int status = parse(&options, argc, argv);
	if (status != 0) return status;
	if (options.background) return run_in_background(shell, &options.order);
	return job_run(shell, &options.order);
}

int ic_create(struct shell *shell, int argc, char **argv) {
	struct options options;
	struct job job;
	int status = parse(&options, argc, argv);
	if (status == 0 && options.background) status = builtin_usage(argv, "--background is for 'ic run'");
	if (status == 0) status = job_create(shell, &options.order, &job);
	if (status != 0) return status;
	status = job_build(&job, options.order.argv[0]);
	if (status == 0)
		print_number(&job);
	else
		error_ignore(context_delete(job.context)); /* it was never started */
	capability_delete(job.context);
	return status;
}
