/* SPDX-License-Identifier: MIT */
/*
 * Saved reply rights, in order of arrival. Read waiter.h first.
 */
#include <stdlib.h>

#include "waiter.h"

#define SWEEP_FIRST 16

static void waiter_remove(struct context *context, struct waiter *waiter) {
	TAILQ_REMOVE(&context->waiters, waiter, of_context);
	context->waiter_count--;
	free(waiter);
}

static void waiters_sweep(struct vic *vic, struct context *context) {
	struct waiter *waiter, *next;

	for (waiter = TAILQ_FIRST(&context->waiters); waiter; waiter = next) {
		next = TAILQ_NEXT(waiter, of_context);
		if (vic->world->caller_is_alive(vic->world_context, waiter->reply_slot)) continue;
		vic->world->slot_release(vic->world_context, waiter->reply_slot);
		waiter_remove(context, waiter);
	}
	context->sweep_at = 2 * context->waiter_count + SWEEP_FIRST;
}

error_t waiter_add(struct vic *vic, struct context *context, enum waiting_for what, uint32_t reply_slot) {
	struct waiter *waiter;

	if (context->waiter_count >= context->sweep_at) waiters_sweep(vic, context);
	waiter = calloc(1, sizeof(*waiter));
	if (!waiter) return ERROR_NO_MEMORY;
	waiter->what = what;
	waiter->reply_slot = reply_slot;
	TAILQ_INSERT_TAIL(&context->waiters, waiter, of_context);
	context->waiter_count++;
	return ERROR_OK;
}

void waiters_answer(struct vic *vic, struct context *context, enum waiting_for what, error_t error) {
	struct waiter *waiter, *next;

	for (waiter = TAILQ_FIRST(&context->waiters); waiter; waiter = next) {
		next = TAILQ_NEXT(waiter, of_context);
		if (waiter->what != what) continue;
		vic->world->answer(vic->world_context, context, waiter, error);
		waiter_remove(context, waiter);
	}
}
