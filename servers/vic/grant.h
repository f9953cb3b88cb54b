/* SPDX-License-Identifier: MIT */
/*
 * What a context is given by name, and the bytes it is told: arguments and environment.
 *
 * Owns grants (capabilities that parent.get answers with) and texts. Read vic.h first.
 */
#ifndef VIC_GRANT_H
#define VIC_GRANT_H

#include "vic.h"

/*
 * Replaces what was set by that name. On success the slot belongs to the grant. limit: it has as many
 * as it may.
 */
NACRE_MUST_CHECK error_t grant_set(struct vic *vic, struct context *context, const char *name, uint32_t protocol,
                                   const struct reference *capability);

/* What the context itself was given by that name; NULL: nothing. */
const struct grant *grant_own(const struct context *context, const char *name);

/* What the context or, failing that, one above it has by that name; NULL if none has. */
const struct grant *grant_find(const struct context *context, const char *name);

void grants_release(struct vic *vic, struct context *context);

/*
 * Replaces or extends one of the context's texts. @mode is CONTEXT_SET_*. limit: it would be longer than
 * VIC_TEXT_MAX, or its creator has too much waiting.
 */
NACRE_MUST_CHECK error_t text_set(struct context *context, struct text *text, uint32_t mode, const void *bytes,
                                  size_t size);
void text_free(struct text *text);

/* Copies at most @room bytes from @offset on; returns how many. */
size_t text_read(const struct text *text, uint64_t offset, void *bytes, size_t room);

#endif
