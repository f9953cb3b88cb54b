/* SPDX-License-Identifier: MIT */
/*
 * `ic`: the table of its verbs, and their help. What they do is in ic_create.c, ic_list.c and
 * ic_verb.c; what contexts are, in docs/contexts.md.
 */
#include "ic.h"

#define OPTIONS_HELP                                                                       \
	"  --limit SIZE    memory that it may use at most, such as 512K, 4M, 1G\n"         \
	"  --name NAME     a name for it; without one it is called as its program\n"       \
	"  --factory NAME  the factory that makes it ('icf list'); without one, process\n" \
	"  --rights LIST   factories (it may register some), bind (it may bind names\n"    \
	"                  anywhere), or both with a comma between\n"
#define OPTIONS "--limit --name --factory --rights"

static const struct builtin_verb verbs[] = {
	{"run",
         "usage: ic run [OPTION...] PROGRAM [ARGUMENT...]\n"
         "Runs a program in a context of its own, waits for its end, and deletes the\n"
         "context. The status is the program's, or 128 and more if it was ended by force:\n"
         "130 by ^C, 137 killed or out of memory, 139 touched memory that it does not have.\n" OPTIONS_HELP
         "  --background    prints its number and does not wait; 'ic wait' can\n",
         OPTIONS " --background", ic_run, OPERAND_PROGRAM},
	{"create",
         "usage: ic create [OPTION...] PROGRAM [ARGUMENT...]\n"
         "Makes a context, loads the program, and prints the context's number; 'ic start'\n"
         "lets it run.\n" OPTIONS_HELP,
         OPTIONS, ic_create, OPERAND_PROGRAM},
	{"start",
         "usage: ic start CONTEXT\n"
         "Lets a context run that 'ic create' has made, and does not wait.\n",
         NULL, ic_start, OPERAND_CONTEXT},
	{"state",
         "usage: ic state [--json] CONTEXT\n"
         "Tells how a context is, and how it ended.\n",
         "--json", ic_state, OPERAND_CONTEXT},
	{"pause",
         "usage: ic pause CONTEXT...\n"
         "Stops contexts until 'ic resume'.\n",
         NULL, ic_pause, OPERAND_CONTEXT},
	{"resume",
         "usage: ic resume CONTEXT...\n"
         "Lets paused contexts go on.\n",
         NULL, ic_resume, OPERAND_CONTEXT},
	{"kill",
         "usage: ic kill CONTEXT [STATUS]\n"
         "Ends a context and all below it. STATUS, from 0 to 255, is what 'ic wait' gives;\n"
         "without one, 137. What has ended stays in the list until 'ic delete'.\n",
         NULL, ic_kill, OPERAND_CONTEXT},
	{"wait",
         "usage: ic wait CONTEXT\n"
         "Waits until a context has ended, and has its status. ^C ends the waiting only.\n",
         NULL, ic_wait, OPERAND_CONTEXT},
	{"delete",
         "usage: ic delete CONTEXT...\n"
         "Removes contexts from the list that have ended, or were never started.\n",
         NULL, ic_delete, OPERAND_CONTEXT},
	{"list",
         "usage: ic list [--json]\n"
         "Shows the contexts below this shell:\n"
         "  EXIT   the status it ended with\n"
         "  KiB    memory that it uses, kernel objects included; LIMIT: what it may use\n"
         "  ms     processor time that it used\n"
         "'ps' shows those of others too.\n",
         "--json", ic_list, OPERAND_NONE},
	{"events",
         "usage: ic events [--json]\n"
         "Shows what became of the contexts below this shell, the latest last; ms is the\n"
         "time since the machine was started.\n",
         "--json", ic_events, OPERAND_NONE},
};

const struct builtin ic_builtin = {
	.name = "ic",
	.summary = "makes, starts, stops and shows isolation contexts",
	.usage = "usage: ic run [OPTION...] PROGRAM [ARGUMENT...]\n"
		 "       ic create [OPTION...] PROGRAM [ARGUMENT...]\n"
		 "       ic start | wait CONTEXT\n"
		 "       ic state [--json] CONTEXT\n"
		 "       ic pause | resume | delete CONTEXT...\n"
		 "       ic kill CONTEXT [STATUS]\n"
		 "       ic list | events [--json]\n"
		 "A CONTEXT is a number or a name. A program's name alone is 'ic run'.\n"
		 "  run     runs a program in a context of its own, waits, deletes the context\n"
		 "  create  makes the context and prints its number; 'ic start' lets it run\n"
		 "  state   tells how a context is, and how it ended\n"
		 "  kill    ends it and all below it; STATUS (137) is what 'ic wait' gives\n"
		 "  delete  removes a context that has ended from the list\n"
		 "  list    shows this shell's contexts; events: what happened to them\n"
		 "'ic VERB --help' tells more, such as the options of run and create.\n",
	.verbs = verbs,
	.verb_count = sizeof verbs / sizeof verbs[0],
};
