/* SPDX-License-Identifier: MIT */
/*
 * Programs as contexts: made, started, waited for.
 */
#ifndef NACRE_SHELL_JOB_H
#define NACRE_SHELL_JOB_H

#include "shell.h"

struct job_order {
	const char *factory;
	const char *name; /* NULL: none */
	uint64_t limit;   /* bytes of memory, UINT64_MAX for none */
	uint32_t rights;  /* CONTEXT_RIGHT_* */
	int argc;
	char **argv; /* argv[0] is the program's name, looked for in $PATH */
};

struct job {
	uint64_t number;
	capability_t context;
};

/*
 * Makes a context that is yet to be started. Returns 0, or the exit status after it has said what
 * is wrong.
 */
int job_create(struct shell *shell, const struct job_order *order, struct job *job);

/* Has it built, so that it only needs to be started. Returns 0, or as above. */
int job_build(const struct job *job, const char *name);

/* Starts it. Returns 0, or the exit status after it has said what is wrong. */
int job_start(const struct job *job, const char *name);

/* What ^C does while the shell waits. */
enum job_interrupt {
	JOB_INTERRUPT_KILLS,
	JOB_INTERRUPT_LEAVES, /* the program goes on */
};

/*
 * Waits until it has ended. Says how it ended unless that was by itself. Returns its exit status,
 * or STATUS_INTERRUPTED if ^C ended the program or the waiting.
 */
int job_wait(struct shell *shell, capability_t context, const char *name, enum job_interrupt interrupt);

/* All of it: the program runs to its end, and its context is deleted. Returns the exit status. */
int job_run(struct shell *shell, const struct job_order *order);

#endif
