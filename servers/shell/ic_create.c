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

/* The value if @argument is "--NAME=value", else NULL. */
static const char *option_value(const char *argument, const char *name) {
	size_t length = strlen(name);
	return strncmp(argument, name, length) == 0 && argument[length] == '=' ? argument + length + 1 : NULL;
}

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

static int parse_option(struct options *options, char **argv, const char *argument) {
	const char *value;
	if (strcmp(argument, "--background") == 0)
		options->background = 1;
	else if ((value = option_value(argument, "--factory")) != NULL)
		options->order.factory = value;
	else if ((value = option_value(argument, "--name")) != NULL)
		options->order.name = value;
	else if ((value = option_value(argument, "--rights")) != NULL)
		return parse_rights(value, &options->order.rights)
		               ? 0
		               : ic_usage(argv, "'%s' are not rights: factories, bind", value);
	else if ((value = option_value(argument, "--limit")) == NULL)
		return ic_usage(argv, "there is no option %s", argument);
	else if (!size_parse(value, &options->order.limit))
		return ic_usage(argv, "'%s' is not a size such as 4M", value);
	return 0;
}

/* A name that is a number could never be found again. */
static int check(const struct options *options, char **argv) {
	const struct job_order *order = &options->order;
	uint64_t number;
	if (order->argc < 1) return ic_usage(argv, "which program?");
	if (order->name && number_parse(order->name, &number))
		return ic_usage(argv, "'%s' is a number; a name must not be one", order->name);
	if (order->name && (!order->name[0] || strlen(order->name) > CONTEXT_SET_NAME_NAME_MAX))
		return ic_usage(argv, "a name has 1 to %u bytes", CONTEXT_SET_NAME_NAME_MAX);
	if (strlen(order->factory) > CONTEXT_CREATE_FACTORY_MAX)
		return ic_usage(argv, "'%s' is too long for a factory", order->factory);
	return 0;
}

static int parse(struct options *options, int argc, char **argv) {
	int first = 1, status = 0;
	*options = (struct options){.order = {.factory = "process", .limit = UINT64_MAX}};
	for (; status == 0 && first < argc && strncmp(argv[first], "--", 2) == 0; first++) {
		if (argv[first][2] == 0) {
			first++;
			break;
		}
		status = parse_option(options, argv, argv[first]);
	}
	options->order.argc = argc - first;
	options->order.argv = argv + first;
	return status ? status : check(options, argv);
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
	if (status == 0 && options.background) status = ic_usage(argv, "--background is for 'ic run'");
	if (status == 0) status = job_create(shell, &options.order, &job);
	if (status != 0) return status;
	print_number(&job);
	capability_delete(job.context);
	return 0;
}
