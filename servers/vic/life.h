/* SPDX-License-Identifier: MIT */
/*
 * Contexts from creation to deletion: every legal change of state.
 *
 * Read vic.h first. The states and verbs are in docs/contexts.md.
 */
#ifndef VIC_LIFE_H
#define VIC_LIFE_H

#include "vic.h"

struct context_request {
	const char *factory;
	const char *program;
	uint64_t limit;
	uint32_t rights;
};

/*
 * Makes a context in state creating.
 * state: @parent is not running; not_found: no such factory; right: more than @parent has; limit:
 * no window is left, or @parent has too many contexts that do not live; no_memory.
 */
NACRE_MUST_CHECK error_t vic_context_create(struct vic *vic, struct context *parent,
                                            const struct context_request *request, struct context **made);

/* NULL if there is no such context. The top is number 0. */
struct context *vic_context_find(struct vic *vic, uint64_t number);

/* Whether @context lies below @above, at any depth. */
_Bool vic_context_is_below(const struct context *context, const struct context *above);

/*
 * The first context below @above, in order of numbers, after number @after; NULL if there is none.
 */
struct context *vic_context_next(struct vic *vic, const struct context *above, uint64_t after);

/* By number or, if that is 0, by name. NULL if there is none below @above. */
struct context *vic_context_find_below(struct vic *vic, const struct context *above, uint64_t number, const char *name);

/* state: @context is not creating or created any more. */
NACRE_MUST_CHECK error_t vic_context_can_be_set(const struct context *context);
/* exists: a context of that name lives below the same parent. */
NACRE_MUST_CHECK error_t vic_context_name(struct context *context, const char *name);

/*
 * Asks for it to be built, or started. On success the reply slot belongs to the context, and is
 * answered now or later. state: it is too late for that; not_found: its factory is gone.
 */
NACRE_MUST_CHECK error_t vic_context_build(struct vic *vic, struct context *context, uint32_t reply_slot);
NACRE_MUST_CHECK error_t vic_context_start(struct vic *vic, struct context *context, uint32_t reply_slot);

/* What became of the factory's job. Takes over the slots in the context's resources. */
void vic_context_built(struct vic *vic, struct context *context);
void vic_context_build_failed(struct vic *vic, struct context *context, error_t error, const char *detail);

NACRE_MUST_CHECK error_t vic_context_pause(struct vic *vic, struct context *context);
NACRE_MUST_CHECK error_t vic_context_resume(struct vic *vic, struct context *context);

/* Answers through @reply_slot once it has ended. state: never started. */
NACRE_MUST_CHECK error_t vic_context_wait(struct vic *vic, struct context *context, uint32_t reply_slot);

/*
 * Ends it: first all below it, which are deleted, then itself. Everything it had goes back before
 * anybody is told. Does nothing if it has ended.
 */
void vic_context_end(struct vic *vic, struct context *context, const struct ending *ending);

/* state: it lives. */
NACRE_MUST_CHECK error_t vic_context_delete(struct vic *vic, struct context *context);

#endif
