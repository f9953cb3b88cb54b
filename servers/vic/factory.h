/* SPDX-License-Identifier: MIT */
/*
 * Factories: who they are, and what they are at work on.
 *
 * Owns the registry and the queues of contexts to be built. A factory that waits has given us the
 * right to answer it (reply_slot). Read vic.h first.
 */
#ifndef VIC_FACTORY_H
#define VIC_FACTORY_H

#include "vic.h"

/*
 * The owner of a factory of that name replaces it: its program was started again.
 * right: @owner may not have factories; exists: another's has that name; no_memory.
 */
NACRE_MUST_CHECK error_t vic_factory_register(struct vic *vic, struct context *owner, const char *name,
                                              const char *description, struct factory **made);

/* Forgets it. What it was to build fails. */
void vic_factory_remove(struct vic *vic, struct factory *factory);

struct factory *vic_factory_find(const struct vic *vic, uint64_t number);
struct factory *vic_factory_named(const struct vic *vic, const char *name);
/* The first factory after number @after; NULL if there is none. */
struct factory *vic_factory_next(const struct vic *vic, uint64_t after);

NACRE_MUST_CHECK error_t vic_factory_describe(struct factory *factory, const char *description);

/* Puts a context in its factory's queue, or sends it at once. */
void vic_factory_enqueue(struct vic *vic, struct context *context);

/* The context is ending: takes it out of the queue, or off the factory's hands. */
void vic_factory_forget(struct context *context);

/*
 * The factory hands in its last job: the context it is for, or NULL if that has ended meanwhile.
 * argument: this is not the job it was given.
 */
NACRE_MUST_CHECK error_t vic_factory_finish(struct factory *factory, uint64_t job_number, struct context **context);

/*
 * The factory waits for a job; the slot belongs to it from now on. If it waited already, that
 * request was given up: its answer is dropped.
 */
void vic_factory_wait(struct vic *vic, struct factory *factory, uint32_t reply_slot);

#endif
