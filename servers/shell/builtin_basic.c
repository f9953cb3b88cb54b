/* SPDX-License-Identifier: MIT */
/*
 * The small commands: where the shell is, what it remembers, how it ends.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <nacre/number.h>
#include <nacre/path.h>
#include <nacre/protocol/parent.h>
#include <nacre/protocol/power.h>
#include <nacre/slot.h>
#include <nacre/start.h>
#include <nacre/time.h>

#include "builtin.h"

static int run_true(struct shell *shell, int argc, char **argv) {
	(void)shell;
	(void)argc;
	(void)argv;
	return 0;
}

static int run_false(struct shell *shell, int argc, char **argv) {
	(void)shell;
	(void)argc;
	(void)argv;
	return 1;
}

static int run_exit(struct shell *shell, int argc, char **argv) {
	uint64_t status = (uint64_t)shell->status;
	if (argc > 2 || (argc == 2 && (!number_parse(argv[1], &status) || status > 255)))
		return builtin_usage(argv, "give one status from 0 to 255, or none");
	shell->leaving = 1;
	return (int)status;
}

/* Programs learn the working directory from $PWD. */
static int run_cd(struct shell *shell, int argc, char **argv) {
	char assignment[sizeof "PWD=" + PATH_LENGTH_MAX] = "PWD=";
	if (argc > 2) return builtin_usage(argv, "one directory at a time");
	const char *path = argc == 2 ? argv[1] : "/";
	if (chdir(path) != 0 || !getcwd(assignment + 4, sizeof assignment - 4))
		return builtin_fail(argv, "%s: %s", path, strerror(errno));
	if (!variables_set(&shell->variables, assignment)) return builtin_fail(argv, "not enough memory to set $PWD");
	return 0;
}

static int run_pwd(struct shell *shell, int argc, char **argv) {
	char path[PATH_LENGTH_MAX + 1];
	(void)shell;
	if (argc > 1) return builtin_usage(argv, "it takes no arguments");
	if (!getcwd(path, sizeof path)) return builtin_fail(argv, "%s", strerror(errno));
	puts(path);
	return 0;
}

static int run_history(struct shell *shell, int argc, char **argv) {
	const struct history *history = &shell->history;
	if (argc > 1) return builtin_usage(argv, "it takes no arguments");
	for (size_t i = 0; i < history->count; i++)
		printf("%5lu  %s\n", (unsigned long)(history->forgotten + i + 1), history_line(history, i));
	return 0;
}

static int run_set(struct shell *shell, int argc, char **argv) {
	if (argc > 1) return builtin_usage(argv, "it takes no arguments; NAME=VALUE sets a variable");
	for (const struct variable *at = shell->variables.first; at; at = at->next) puts(at->text);
	return 0;
}

static int run_unset(struct shell *shell, int argc, char **argv) {
	int status = 0;
	if (argc < 2) return builtin_usage(argv, "which variable?");
	for (int i = 1; i < argc; i++) {
		if (!variables_unset(&shell->variables, argv[i]))
			status = builtin_fail(argv, "%s: there is no such variable", argv[i]);
	}
	return status;
}

static int run_sleep(struct shell *shell, int argc, char **argv) {
	uint64_t duration;
	if (argc != 2 || !seconds_parse(argv[1], &duration))
		return builtin_usage(argv, "give a number of seconds, such as 2 or 0.5");
	events_sleep(&shell->events, time_now() + duration);
	return shell->events.interrupted ? STATUS_INTERRUPTED : 0;
}

static int power_get(char **argv, capability_t *power) {
	uint32_t protocol;
	error_t error = parent_get(start_parent(), "power", &protocol, power);
	if (error == ERROR_OK && protocol != PROTOCOL_POWER) error = ERROR_CAPABILITY;
	if (error != ERROR_OK) builtin_fail(argv, "this shell may not switch the machine off: %s", error_text(error));
	return error == ERROR_OK;
}

static int run_off(struct shell *shell, int argc, char **argv) {
	uint64_t status = 0;
	capability_t power;
	(void)shell;
	if (argc > 2 || (argc == 2 && (!number_parse(argv[1], &status) || status > 255)))
		return builtin_usage(argv, "give one status from 0 to 255, or none");
	if (!power_get(argv, &power)) return 1;
	error_t error = power_off(power, (int64_t)status);
	capability_delete(power);
	return error == ERROR_OK ? 0 : builtin_fail(argv, "%s", error_text(error));
}

static int run_reboot(struct shell *shell, int argc, char **argv) {
	capability_t power;
	(void)shell;
	if (argc > 1) return builtin_usage(argv, "it takes no arguments");
	if (!power_get(argv, &power)) return 1;
	error_t error = power_reboot(power);
	capability_delete(power);
	return error == ERROR_OK ? 0 : builtin_fail(argv, "%s", error_text(error));
}

static const struct builtin_verb power_verbs[] = {
	{"off",
         "usage: power off [STATUS]\n"
         "Switches the machine off. In a virtual machine STATUS, from 0 to 255, becomes the\n"
         "exit status of './nacre run'.\n",
         NULL, run_off, OPERAND_NONE},
	{"reboot",
         "usage: power reboot\n"
         "Starts the machine again.\n",
         NULL, run_reboot, OPERAND_NONE},
};

const struct builtin basic_builtins[] = {
	{.name = "cd",
         .summary = "changes the working directory",
         .usage = "usage: cd [PATH]\n"
                  "Makes PATH, or / if none is given, the directory that paths start from.\n",
         .run = run_cd},
	{.name = "exit",
         .summary = "ends the shell, or the script",
         .usage = "usage: exit [STATUS]\n"
                  "Ends the shell, or the script that runs, with STATUS or that of the last command.\n"
                  "At the console a new shell starts; 'power off' switches off.\n",
         .run = run_exit,
         .operand = OPERAND_NONE},
	{.name = "false",
         .summary = "fails",
         .usage = "usage: false\nDoes nothing, with status 1.\n",
         .run = run_false,
         .operand = OPERAND_NONE},
	{.name = "history",
         .summary = "lists the lines typed before",
         .usage = "usage: history\n"
                  "Lists the lines typed before, as the up and down keys bring them back.\n",
         .run = run_history,
         .operand = OPERAND_NONE},
	{.name = "power",
         .summary = "switches the machine off",
         .usage = "usage: power off [STATUS]\n"
                  "       power reboot\n"
                  "Ends the machine. In a virtual machine STATUS becomes the exit status of\n"
                  "'./nacre run'.\n",
         .verbs = power_verbs,
         .verb_count = sizeof power_verbs / sizeof power_verbs[0]},
	{.name = "pwd",
         .summary = "prints the working directory",
         .usage = "usage: pwd\nPrints the working directory.\n",
         .run = run_pwd,
         .operand = OPERAND_NONE},
	{.name = "set",
         .summary = "lists the variables",
         .usage = "usage: set\n"
                  "Lists the variables. NAME=VALUE sets one; all are the environment of programs.\n",
         .run = run_set,
         .operand = OPERAND_NONE},
	{.name = "sleep",
         .summary = "waits",
         .usage = "usage: sleep SECONDS\n"
                  "Does nothing for that long, such as 2 or 0.5. ^C ends it.\n",
         .run = run_sleep,
         .operand = OPERAND_NONE},
	{.name = "true",
         .summary = "does nothing, well",
         .usage = "usage: true\nDoes nothing, with status 0.\n",
         .run = run_true,
         .operand = OPERAND_NONE},
	{.name = "unset",
         .summary = "removes variables",
         .usage = "usage: unset NAME...\nRemoves variables.\n",
         .run = run_unset,
         .operand = OPERAND_NONE},
};

const size_t basic_builtin_count = sizeof basic_builtins / sizeof basic_builtins[0];
