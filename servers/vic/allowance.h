/* SPDX-License-Identifier: MIT */
/*
 * How much a context may have this server remember about contexts below it that do not live.
 *
 * A context that lives is paid from its creator's memory, which bounds how many there can be. One
 * that is not built yet, or has ended and was not deleted, costs its creator nothing: without a bound
 * one program could fill this server's memory and slots. So each such context counts with its
 * capabilities and texts against an allowance of its creator. The top has no bound.
 */
#ifndef VIC_ALLOWANCE_H
#define VIC_ALLOWANCE_H

#include "vic.h"

/* One for each context, for each capability and for each page of arguments and environment. */
#define ALLOWANCE_UNITS 512

/*
 * Has @context, which is not built yet, count as @units from now on. limit: its creator has too much
 * already; it counts as before.
 */
NACRE_MUST_CHECK error_t allowance_set(struct context *context, uint32_t units);

/* What a context counts that is not built yet. */
uint32_t allowance_cost(const struct context *context);

/* It lives, or is gone: nothing of it counts. */
void allowance_give_back(struct context *context);

/* It has ended: it counts as one, whatever it was before. */
void allowance_ended(struct context *context);

/* Pages that a text of @size bytes takes. */
uint32_t text_units(size_t size);

#endif
