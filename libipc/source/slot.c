/* SPDX-License-Identifier: MIT */
/*
 * The slot allocator.
 *
 * Owns one bit for each slot that a capability table can have, set if it is taken or not backed.
 * Threads take bits by compare-and-exchange, so that nobody waits. A run lies within one word of
 * the bitmap.
 */
#include <stdatomic.h>
#include <string.h>

#include <nacre/slot.h>

#define WORD_BITS      64u
#define WORDS          (SLOT_COUNT / WORD_BITS)
#define WORDS_PER_PAGE (SLOTS_PER_PAGE / WORD_BITS)

_Static_assert(SLOTS_PER_PAGE % WORD_BITS == 0, "a page of slots is whole words");

static struct {
	_Atomic uint64_t free[WORDS]; /* a set bit is a slot that can be had */
	_Atomic uint32_t next_page;   /* pages from here on are not backed yet */
	_Atomic uint32_t hint;        /* word at which the search begins */
	slot_grow_t grow;
	void *grow_context;
} slots;

void slots_start(capability_t first, capability_t backed, slot_grow_t grow, void *context) {
	memset(&slots, 0, sizeof(slots));
	for (capability_t slot = first; slot < backed && slot < SLOT_COUNT; slot++)
		slots.free[slot / WORD_BITS] |= UINT64_C(1) << slot % WORD_BITS;
	slots.next_page = (backed + SLOTS_PER_PAGE - 1) / SLOTS_PER_PAGE;
	slots.hint = first / WORD_BITS;
	slots.grow = grow;
	slots.grow_context = context;
}

/* Returns the bits at which @count set bits in a row begin. */
static uint64_t run_starts(uint64_t free, unsigned int count) {
	uint64_t starts = free;

	for (unsigned int i = 1; i < count; i++) starts &= free >> i;
	return starts;
}

static int take_in_word(uint32_t word, unsigned int count, capability_t *first_out) {
	uint64_t run = (UINT64_C(1) << count) - 1;
	uint64_t free = atomic_load(&slots.free[word]);
	uint64_t starts;

	while ((starts = run_starts(free, count)) != 0) {
		unsigned int bit = (unsigned int)__builtin_ctzll(starts);

		if (atomic_compare_exchange_weak(&slots.free[word], &free, free & ~(run << bit))) {
			*first_out = word * WORD_BITS + bit;
			return 1;
		}
	}
	return 0;
}

static int take_anywhere(unsigned int count, capability_t *first_out) {
	uint32_t end = atomic_load(&slots.next_page) * WORDS_PER_PAGE;
	uint32_t start = atomic_load(&slots.hint);

	for (uint32_t i = 0; i < end; i++) {
		uint32_t word = (start + i) % end;

		if (take_in_word(word, count, first_out)) {
			atomic_store(&slots.hint, word);
			return 1;
		}
	}
	return 0;
}

/*
 * Backs one more page of slots. Another thread may do the same: then the page exists, and one adds
 * it.
 */
static error_t grow(void) {
	uint32_t page = atomic_load(&slots.next_page);
	error_t error;

	if (!slots.grow || page >= SLOT_PAGES) return ERROR_NO_MEMORY;
	error = slots.grow(slots.grow_context, page);
	if (error != ERROR_OK && error != ERROR_EXISTS) return error;
	if (atomic_compare_exchange_strong(&slots.next_page, &page, page + 1))
		for (uint32_t i = 0; i < WORDS_PER_PAGE; i++)
			atomic_store(&slots.free[page * WORDS_PER_PAGE + i], UINT64_MAX);
	return ERROR_OK;
}

error_t slot_allocate(unsigned int count, capability_t *first_out) {
	if (count == 0 || count > SLOT_RUN_MAX) return ERROR_RANGE;
	while (!take_anywhere(count, first_out)) {
		error_t error = grow();

		if (error != ERROR_OK) return error;
	}
	return ERROR_OK;
}

void slot_free(capability_t first, unsigned int count) {
	for (unsigned int i = 0; i < count; i++) {
		capability_t slot = first + i;

		atomic_fetch_or(&slots.free[slot / WORD_BITS], UINT64_C(1) << slot % WORD_BITS);
	}
}

unsigned int slots_used(void) {
	uint32_t end = atomic_load(&slots.next_page) * WORDS_PER_PAGE;
	unsigned int free = 0;

	for (uint32_t i = 0; i < end; i++) free += (unsigned int)__builtin_popcountll(atomic_load(&slots.free[i]));
	return end * WORD_BITS - free;
}
