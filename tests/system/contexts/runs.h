/* SPDX-License-Identifier: MIT */
/*
 * Running this same program as contexts below the test, in one of the parts that part.c plays.
 */
#ifndef CONTEXTS_RUNS_H
#define CONTEXTS_RUNS_H

#include <stdint.h>

#include <first/tap.h>
#include <nacre/capability.h>
#include <nacre/protocol/context.h>

#define NO_LIMIT UINT64_MAX

/* The program's own context and its namespace. */
extern capability_t own_context;
extern capability_t own_names;

/* Path of this program. */
extern const char *own_program;

/* Asks the parent for them. */
NACRE_MUST_CHECK error_t runs_start(const char *program);

/* A context for this program with up to two words as arguments; not built yet. */
NACRE_MUST_CHECK error_t run_create(uint64_t limit, const char *part, const char *word, capability_t *context);

/* The same without a limit and with rights (CONTEXT_RIGHT_*). */
NACRE_MUST_CHECK error_t run_create_with(uint32_t rights, const char *part, const char *word, capability_t *context);

/* The first, started. */
NACRE_MUST_CHECK error_t run_start(uint64_t limit, const char *part, const char *word, capability_t *context);

/* Waits, deletes and gives the capability back. */
NACRE_MUST_CHECK error_t run_end(capability_t context, struct context_wait_answer *ending);

/* All of it. */
NACRE_MUST_CHECK error_t run_through(uint64_t limit, const char *part, const char *word,
                                     struct context_wait_answer *ending);

/* Kills, deletes and gives the capability back. */
void run_drop(capability_t context);

/* Whether @text has @part in it. */
int has_text(const char *text, const char *part);

#endif
