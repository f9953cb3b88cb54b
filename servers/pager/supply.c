/* SPDX-License-Identifier: MIT */
/*
 * The supply of frames. Read pager/supply.h first.
 */
#include <pager/kernel.h>
#include <pager/pager.h>
#include <pager/supply.h>

/* Keeps more in the pool than the reserve, unless this is part of a refill. */
static error_t supply_refill(struct pager *pager, enum frame_use use) {
	error_t error;

	if (pager->phase == SUPPLY_REFILLS || use == FRAME_FOR_OWN_TABLE || pager->pool.free_count > pager->reserve)
		return ERROR_OK;
	pager->phase = SUPPLY_REFILLS;
	error = pager->source->refill(pager);
	pager->phase = SUPPLY_SERVES;
	if (pager->pool.free_count > pager->reserve) return ERROR_OK;
	return error == ERROR_OK ? ERROR_NO_MEMORY : error;
}

/* Zeroes a run and takes the first of it: the others will be wanted soon. */
static error_t pick_zeroed(struct pager *pager, struct hold *frame) {
	struct hold first;
	unsigned int count;
	error_t error;

	if (frame_pool_take_run(&pager->pool, FRAME_ZEROED, 1, frame, &count) == ERROR_OK) return ERROR_OK;
	TRY(frame_pool_take_run(&pager->pool, FRAME_DIRTY, GROUP_PAGES, &first, &count));
	error = kernel_frames_zero(first, count);
	frame_pool_give(&pager->pool, first, count, error == ERROR_OK ? FRAME_ZEROED : FRAME_DIRTY);
	TRY(error);
	return frame_pool_take_run(&pager->pool, FRAME_ZEROED, 1, frame, &count);
}

static error_t supply_pick(struct pager *pager, enum frame_use use, struct hold *frame) {
	TRY(supply_refill(pager, use));
	if (use == FRAME_FOR_ZERO_PAGE) return pick_zeroed(pager, frame);
	return frame_pool_take(&pager->pool, frame);
}

error_t supply_take(struct pager *pager, struct account *account, enum frame_use use, struct hold *frame) {
	error_t error;

	TRY(account_charge(account, 1));
	error = supply_pick(pager, use, frame);
	if (error != ERROR_OK) account_release(account, 1);
	return error;
}

error_t supply_take_set(struct pager *pager, struct account *account, enum frame_use use, unsigned int count,
                        struct frame_set *set) {
	set->count = 0;
	while (set->count < count) {
		error_t error = supply_take(pager, account, use, &set->frames[set->count]);

		if (error != ERROR_OK) {
			supply_give_set(pager, account, set, FRAME_DIRTY);
			return error;
		}
		set->count++;
	}
	return ERROR_OK;
}

/* How many of @most frames the reserve and the accounts allow; at least 1 is asked for in any case. */
static unsigned int run_limit(const struct pager *pager, const struct account *account, unsigned int most) {
	uint64_t room = pager->pool.free_count - pager->reserve;

	for (; account; account = account->above) {
		uint64_t left = account->limit > account->used ? account->limit - account->used : 0;

		if (left < room) room = left;
	}
	return room < most ? (unsigned int)room : most;
}

error_t supply_take_run(struct pager *pager, struct account *account, unsigned int most, struct hold *first,
                        unsigned int *count) {
	unsigned int limit;

	TRY(supply_refill(pager, FRAME_FOR_KERNEL));
	limit = run_limit(pager, account, most);
	if (limit == 0) return ERROR_LIMIT;
	if (frame_pool_take_run(&pager->pool, FRAME_DIRTY, limit, first, count) != ERROR_OK)
		TRY(frame_pool_take_run(&pager->pool, FRAME_ZEROED, limit, first, count));
	return account_charge(account, *count);
}

void supply_give(struct pager *pager, struct account *account, struct hold first, uint64_t count,
                 enum frame_state state) {
	frame_pool_give(&pager->pool, first, count, state);
	account_release(account, count);
}

void supply_give_set(struct pager *pager, struct account *account, const struct frame_set *set,
                     enum frame_state state) {
	for (unsigned int index = 0; index < set->count; index++)
		supply_give(pager, account, set->frames[index], 1, state);
}

void supply_settle(struct pager *pager) { pager->source->settle(pager); }
