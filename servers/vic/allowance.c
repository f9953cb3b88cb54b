/* SPDX-License-Identifier: MIT */
/*
 * Counting what does not live. Read allowance.h first.
 */
#include "allowance.h"

#define PAGE_BYTES 4096u

uint32_t text_units(size_t size) { return (uint32_t)((size + PAGE_BYTES - 1) / PAGE_BYTES); }

uint32_t allowance_cost(const struct context *context) {
	return 1 + context->grant_count + text_units(context->arguments.size) + text_units(context->environment.size);
}

error_t allowance_set(struct context *context, uint32_t units) {
	struct context *creator = context->parent;
	uint32_t others = creator->idle_below - context->idle_units;

	if (creator->parent && units > context->idle_units && others + units > ALLOWANCE_UNITS) return ERROR_LIMIT;
	creator->idle_below = others + units;
	context->idle_units = units;
	return ERROR_OK;
}

void allowance_give_back(struct context *context) {
	context->parent->idle_below -= context->idle_units;
	context->idle_units = 0;
}

void allowance_ended(struct context *context) {
	allowance_give_back(context);
	/* It cannot be refused: it has ended. Its creator makes no more until it deletes some. */
	context->parent->idle_below++;
	context->idle_units = 1;
}
