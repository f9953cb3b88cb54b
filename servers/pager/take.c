/* SPDX-License-Identifier: MIT */
/*
 * Frames taken as holds. Read pager/take.h first.
 */
#include <pager/kernel.h>
#include <pager/pager.h>
#include <pager/supply.h>
#include <pager/take.h>

#define RUNS_MOST (sizeof(((struct taken_runs *)NULL)->runs) / sizeof(((struct taken_runs *)NULL)->runs[0]))

static error_t numbers_check(const struct instance *instance, uint64_t number, unsigned int count) {
	uint64_t next = number;
	uint64_t value;

	if (count == 0 || count > GROUP_PAGES || number > UINT64_MAX - count) return ERROR_ARGUMENT;
	if (page_index_next(&instance->taken, &next, &value) && next < number + count) return ERROR_EXISTS;
	return ERROR_OK;
}

/* Notes the numbers of a run; frames for which that fails go back. */
static error_t run_note(struct instance *instance, uint64_t number, struct hold first, unsigned int *count) {
	for (unsigned int index = 0; index < *count; index++) {
		error_t error = page_index_put(&instance->taken, &instance->arena, number + index,
		                               hold_at(first, index).address);

		if (error != ERROR_OK) {
			supply_give(instance->pager, &instance->account, hold_at(first, index), *count - index,
			            FRAME_DIRTY);
			*count = index;
			return error;
		}
	}
	return ERROR_OK;
}

static error_t run_take(struct instance *instance, uint64_t number, unsigned int most, struct taken_runs *runs) {
	struct hold first;
	unsigned int count;
	error_t error;

	TRY(supply_take_run(instance->pager, &instance->account, most, &first, &count));
	error = run_note(instance, number, first, &count);
	if (count == 0) return error;
	runs->runs[runs->run_count].first = first;
	runs->runs[runs->run_count].count = count;
	runs->run_count++;
	runs->frames += count;
	return error;
}

error_t take_frames(struct instance *instance, uint64_t number, unsigned int count, struct taken_runs *runs) {
	TRY(numbers_check(instance, number, count));
	*runs = (struct taken_runs){0};
	while (runs->frames < count && runs->run_count < RUNS_MOST) {
		error_t error = run_take(instance, number + runs->frames, count - runs->frames, runs);

		if (error != ERROR_OK) return runs->frames > 0 ? ERROR_OK : error;
	}
	return ERROR_OK;
}

static void taken_give(struct instance *instance, uint64_t number, struct hold frame) {
	(void)page_index_remove(&instance->taken, &instance->arena, number);
	supply_give(instance->pager, &instance->account, frame, 1, FRAME_DIRTY);
}

/* The frames numbered from @number on that adjoin, at most @most; all of them are taken. */
static uint64_t taken_run(const struct instance *instance, uint64_t number, uint64_t most, struct hold *first) {
	uint64_t count = 1;

	first->address = page_index_get(&instance->taken, number);
	while (count < most && page_index_get(&instance->taken, number + count) == hold_at(*first, count).address)
		count++;
	return count;
}

/* Revokes and gives back @count frames, all taken. */
static void taken_revoke(struct instance *instance, uint64_t number, uint64_t count) {
	while (count > 0) {
		struct hold first;
		uint64_t part = taken_run(instance, number, count, &first);

		kernel_holds_revoke(first, part);
		for (uint64_t index = 0; index < part; index++)
			taken_give(instance, number + index, hold_at(first, index));
		number += part;
		count -= part;
	}
}

error_t take_give_back(struct instance *instance, uint64_t number, uint64_t count) {
	if (count > UINT64_MAX - number) return ERROR_NOT_FOUND;
	for (uint64_t index = 0; index < count; index++) {
		if (!page_index_get(&instance->taken, number + index)) return ERROR_NOT_FOUND;
	}
	taken_revoke(instance, number, count);
	return ERROR_OK;
}

void take_close(struct instance *instance) {
	uint64_t number = 0;
	uint64_t value;

	while (page_index_next(&instance->taken, &number, &value)) taken_revoke(instance, number, 1);
}
