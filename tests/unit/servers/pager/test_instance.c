/* SPDX-License-Identifier: MIT */
/*
 * Instances whole: mappings, faults, regions, kernel objects, and everything coming back.
 */
#include <string.h>

#include "../suite.h"
#include "model.h"

#define MEBIBYTE (UINT64_C(1) << 20)
#define RW       (PAGE_READ | PAGE_WRITE)
#define RX       (PAGE_READ | PAGE_EXECUTE)

static struct instance *instance_make(struct pager *pager, uint64_t limit) {
	struct instance *instance;

	ck_assert_int_eq(instance_create(&pager->top, limit, WINDOW, WINDOW_BYTES, &instance), ERROR_OK);
	ck_assert_int_eq(grant_space(instance), ERROR_OK);
	return instance;
}

static uint64_t anonymous(struct instance *instance, uint64_t address, uint64_t bytes) {
	struct mapping_request request = {
		.kind = MAPPING_ANONYMOUS,
		.address = address,
		.bytes = bytes,
		.rights = RW,
	};
	uint64_t at;

	ck_assert_int_eq(mapping_add(instance, &request, &at), ERROR_OK);
	return at;
}

static error_t map_region(struct instance *instance, enum mapping_kind kind, struct region *region, uint64_t bytes,
                          unsigned int rights, uint64_t *address) {
	struct mapping_request request = {
		.kind = kind,
		.bytes = bytes,
		.rights = rights,
		.region = region,
		.region_size = region->page_count * PAGE_BYTES,
	};

	return mapping_add(instance, &request, address);
}

START_TEST(memory_comes_zeroed_at_the_first_touch_and_stays) {
	struct pager *pager = model_start(8 * MEBIBYTE, HOLD_LARGE);
	struct instance *instance = instance_make(pager, ACCOUNT_UNLIMITED);
	uint64_t at = anonymous(instance, 0, 16 * PAGE_BYTES);

	ck_assert_ptr_null(model_entry_find(instance->space, at));
	ck_assert_int_eq(model_touch(instance, at + 8, PAGE_WRITE), ERROR_OK);
	ck_assert_uint_eq(*model_word(instance, at), 0);
	*model_word(instance, at) = 99;
	ck_assert_int_eq(model_touch(instance, at, PAGE_READ), ERROR_OK);
	ck_assert_uint_eq(*model_word(instance, at), 99);
	ck_assert_uint_eq(instance->faults, 1);
	instance_destroy(instance);
	model_check(pager);
}
END_TEST

START_TEST(faults_that_no_mapping_covers_are_errors_with_a_reason) {
	struct pager *pager = model_start(8 * MEBIBYTE, HOLD_LARGE);
	struct instance *instance = instance_make(pager, ACCOUNT_UNLIMITED);
	uint64_t at = anonymous(instance, 0, PAGE_BYTES);

	ck_assert_int_eq(model_touch(instance, at + PAGE_BYTES, PAGE_READ), ERROR_RANGE);
	ck_assert_int_eq(model_touch(instance, at - 1, PAGE_READ), ERROR_RANGE);
	ck_assert_int_eq(model_touch(instance, 0, PAGE_READ), ERROR_RANGE);
	ck_assert_int_eq(model_touch(instance, UINT64_MAX, PAGE_READ), ERROR_RANGE);
	ck_assert_int_eq(model_touch(instance, at, PAGE_EXECUTE), ERROR_RIGHT);
	instance_destroy(instance);
}
END_TEST

START_TEST(a_limit_ends_in_an_error_for_that_instance_alone) {
	struct pager *pager = model_start(8 * MEBIBYTE, HOLD_LARGE);
	struct instance *hog = instance_make(pager, 64);
	struct instance *other = instance_make(pager, ACCOUNT_UNLIMITED);
	uint64_t at = anonymous(hog, 0, 100 * PAGE_BYTES);
	uint64_t there = anonymous(other, 0, 100 * PAGE_BYTES);
	error_t error = ERROR_OK;

	for (unsigned int page = 0; page < 100 && error == ERROR_OK; page++)
		error = model_touch(hog, at + page * PAGE_BYTES, PAGE_WRITE);
	ck_assert_int_eq(error, ERROR_LIMIT);
	ck_assert_uint_eq(hog->account.used, 64);
	for (unsigned int page = 0; page < 100; page++)
		ck_assert_int_eq(model_touch(other, there + page * PAGE_BYTES, PAGE_WRITE), ERROR_OK);
	instance_destroy(hog);
	instance_destroy(other);
	model_check(pager);
}
END_TEST

/* What a program's life asks of its pager. */
static error_t program_run(struct instance *instance, struct region *image, struct region **shared) {
	struct mapping_request request = {.kind = MAPPING_ANONYMOUS, .bytes = 64 * PAGE_BYTES, .rights = RW};
	struct taken_runs runs;
	uint64_t text, data, heap, window;
	struct thread_handles handles;

	TRY(grant_space(instance));
	TRY(map_region(instance, MAPPING_SHARED, image, 8 * PAGE_BYTES, RX, &text));
	TRY(map_region(instance, MAPPING_COPY_ON_WRITE, image, 3 * PAGE_BYTES + 100, RW, &data));
	TRY(mapping_add(instance, &request, &heap));
	TRY(grant_thread(instance, WINDOW + WINDOW_BYTES - PAGE_BYTES, &handles));
	kernel_capability_delete(handles.control);
	kernel_capability_delete(handles.thread);
	for (unsigned int page = 0; page < 8; page++)
		TRY(model_touch(instance, text + page * PAGE_BYTES, PAGE_EXECUTE));
	TRY(model_touch(instance, data, PAGE_READ));
	for (unsigned int page = 0; page < 4; page++) TRY(model_touch(instance, data + page * PAGE_BYTES, PAGE_WRITE));
	for (unsigned int page = 0; page < 64; page += 3)
		TRY(model_touch(instance, heap + page * PAGE_BYTES, PAGE_WRITE));
	TRY(grant_slots(instance, 3));
	TRY(take_frames(instance, 1000, 12, &runs));
	TRY(region_share(instance, 4, shared));
	TRY(map_region(instance, MAPPING_SHARED, *shared, 2 * PAGE_BYTES, RW, &window));
	TRY(model_touch(instance, window, PAGE_WRITE));
	TRY(mapping_remove(instance, heap + 4 * PAGE_BYTES, 8 * PAGE_BYTES));
	TRY(mapping_protect(instance, data, PAGE_BYTES, PAGE_READ));
	TRY(take_give_back(instance, 1003, 2));
	return ERROR_OK;
}

static struct region *image_make(struct pager *pager, struct hold *first) {
	struct region *image;
	unsigned int count;

	ck_assert_int_eq(supply_take_run(pager, &pager->top.account, 16, first, &count), ERROR_OK);
	ck_assert_uint_eq(count, 16);
	for (unsigned int page = 0; page < 16; page++)
		memset((void *)(uintptr_t)hold_at(*first, page).address, (int)page + 1, PAGE_BYTES);
	ck_assert_int_eq(region_run(&pager->top, *first, 16, RX, &image), ERROR_OK);
	return image;
}

START_TEST(after_a_thousand_programs_memory_is_exactly_as_after_the_first) {
	struct pager *pager = model_start(16 * MEBIBYTE, HOLD_LARGE);
	struct hold first;
	struct region *image = image_make(pager, &first);
	uint64_t used = 0, free = 0;
	unsigned int slots = 0;

	for (unsigned int run = 0; run < 1000; run++) {
		struct instance *instance;
		struct region *shared;

		ck_assert_int_eq(instance_create(&pager->top, ACCOUNT_UNLIMITED, WINDOW, WINDOW_BYTES, &instance),
		                 ERROR_OK);
		ck_assert_int_eq(program_run(instance, image, &shared), ERROR_OK);
		instance_destroy(instance);
		if (run == 0) {
			used = pager->top.account.used;
			free = pager->pool.free_count;
			slots = model_slots_used();
		}
		ck_assert_uint_eq(pager->top.account.used, used);
		ck_assert_uint_eq(pager->pool.free_count, free);
		ck_assert_uint_eq(model_slots_used(), slots);
	}
	model_check(pager);
}
END_TEST

START_TEST(whichever_step_fails_everything_comes_back) {
	struct pager *pager = model_start(16 * MEBIBYTE, HOLD_LARGE);
	struct hold first;
	struct region *image = image_make(pager, &first);
	struct instance *instance;
	struct region *shared;
	uint64_t used;
	unsigned int slots;
	unsigned int nth = 0;

	ck_assert_int_eq(instance_create(&pager->top, ACCOUNT_UNLIMITED, WINDOW, WINDOW_BYTES, &instance), ERROR_OK);
	ck_assert_int_eq(program_run(instance, image, &shared), ERROR_OK);
	instance_destroy(instance);
	used = pager->top.account.used;
	slots = model_slots_used();
	do {
		error_t error;

		model_fail(++nth);
		error = instance_create(&pager->top, ACCOUNT_UNLIMITED, WINDOW, WINDOW_BYTES, &instance);
		if (error == ERROR_OK) {
			error = program_run(instance, image, &shared);
			instance_destroy(instance);
		}
		ck_assert(error != ERROR_OK || !model_has_failed());
		ck_assert_uint_eq(pager->top.account.used, used);
		ck_assert_uint_eq(model_slots_used(), slots);
		model_check(pager);
	} while (model_has_failed());
	ck_assert_uint_gt(nth, 10);
}
END_TEST

START_TEST(whatever_the_limit_is_everything_comes_back) {
	struct pager *pager = model_start(16 * MEBIBYTE, HOLD_LARGE);
	struct hold first;
	struct region *image = image_make(pager, &first);
	unsigned int succeeded = 0;
	uint64_t used = 0;
	unsigned int slots = 0;

	for (uint64_t limit = 0; limit < 120; limit++) {
		struct instance *instance;
		struct region *shared;
		error_t error = instance_create(&pager->top, limit, WINDOW, WINDOW_BYTES, &instance);

		if (limit == 0) ck_assert_int_eq(error, ERROR_LIMIT);
		if (error == ERROR_OK) {
			error = program_run(instance, image, &shared);
			ck_assert_uint_le(instance->account.peak, limit);
			instance_destroy(instance);
		}
		ck_assert(error == ERROR_OK || error == ERROR_LIMIT);
		succeeded += error == ERROR_OK;
		if (limit == 1) {
			used = pager->top.account.used;
			slots = model_slots_used();
		} else if (limit > 1) {
			ck_assert_uint_eq(pager->top.account.used, used);
			ck_assert_uint_eq(model_slots_used(), slots);
		}
		model_check(pager);
	}
	ck_assert_uint_gt(succeeded, 0);
	ck_assert_uint_lt(succeeded, 119);
}
END_TEST

START_TEST(a_copy_on_write_page_shows_the_region_until_written_and_its_tail_is_zero) {
	struct pager *pager = model_start(16 * MEBIBYTE, HOLD_LARGE);
	struct instance *instance = instance_make(pager, ACCOUNT_UNLIMITED);
	struct hold first;
	struct region *image = image_make(pager, &first);
	uint64_t at;
	uint64_t used;

	ck_assert_int_eq(map_region(instance, MAPPING_COPY_ON_WRITE, image, 2 * PAGE_BYTES + 16, RW, &at), ERROR_OK);
	ck_assert_int_eq(model_touch(instance, at, PAGE_READ), ERROR_OK);
	used = instance->account.used;
	ck_assert_uint_eq(model_entry_find(instance->space, at)->hold, first.address);
	ck_assert_uint_eq(model_entry_find(instance->space, at)->rights, PAGE_READ);
	ck_assert_int_eq(model_touch(instance, at, PAGE_WRITE), ERROR_OK);
	ck_assert_uint_ne(model_entry_find(instance->space, at)->hold, first.address);
	ck_assert_uint_eq(*model_word(instance, at), UINT64_C(0x0101010101010101));
	*model_word(instance, at) = 5;
	ck_assert_uint_eq(*(uint64_t *)(uintptr_t)first.address, UINT64_C(0x0101010101010101));
	ck_assert_uint_eq(instance->account.used, used + 1);
	/* The last page is a copy from the start: what follows the 16 bytes is nobody's business. */
	ck_assert_int_eq(model_touch(instance, at + 2 * PAGE_BYTES, PAGE_READ), ERROR_OK);
	ck_assert_uint_eq(*model_word(instance, at + 2 * PAGE_BYTES + 8), UINT64_C(0x0303030303030303));
	ck_assert_uint_eq(*model_word(instance, at + 2 * PAGE_BYTES + 16), 0);
	instance_destroy(instance);
	model_check(pager);
}
END_TEST

START_TEST(a_copy_survives_protecting_and_dividing) {
	struct pager *pager = model_start(16 * MEBIBYTE, HOLD_LARGE);
	struct instance *instance = instance_make(pager, ACCOUNT_UNLIMITED);
	struct hold first;
	struct region *image = image_make(pager, &first);
	uint64_t at;

	ck_assert_int_eq(map_region(instance, MAPPING_COPY_ON_WRITE, image, 5 * PAGE_BYTES + 8, RW, &at), ERROR_OK);
	ck_assert_int_eq(model_touch(instance, at + PAGE_BYTES, PAGE_WRITE), ERROR_OK);
	*model_word(instance, at + PAGE_BYTES) = 77;
	ck_assert_int_eq(mapping_protect(instance, at + PAGE_BYTES, PAGE_BYTES, PAGE_READ), ERROR_OK);
	ck_assert_int_eq(model_touch(instance, at + PAGE_BYTES, PAGE_WRITE), ERROR_RIGHT);
	ck_assert_int_eq(mapping_remove(instance, at + 2 * PAGE_BYTES, PAGE_BYTES), ERROR_OK);
	ck_assert_int_eq(model_touch(instance, at + 2 * PAGE_BYTES, PAGE_READ), ERROR_RANGE);
	ck_assert_int_eq(mapping_protect(instance, at, 2 * PAGE_BYTES, RW), ERROR_OK);
	ck_assert_int_eq(mapping_protect(instance, at, 3 * PAGE_BYTES, RW), ERROR_RANGE);
	ck_assert_int_eq(mapping_protect(instance, at, PAGE_BYTES, RX), ERROR_RIGHT);
	ck_assert_int_eq(model_touch(instance, at + PAGE_BYTES, PAGE_WRITE), ERROR_OK);
	ck_assert_uint_eq(*model_word(instance, at + PAGE_BYTES), 77);
	/* The tail of what was divided is still a tail. */
	ck_assert_int_eq(model_touch(instance, at + 5 * PAGE_BYTES, PAGE_WRITE), ERROR_OK);
	ck_assert_uint_eq(*model_word(instance, at + 5 * PAGE_BYTES), UINT64_C(0x0606060606060606));
	ck_assert_uint_eq(*model_word(instance, at + 5 * PAGE_BYTES + 8), 0);
	instance_destroy(instance);
	model_check(pager);
}
END_TEST

START_TEST(memory_without_any_right_is_out_of_sight_but_kept) {
	struct pager *pager = model_start(8 * MEBIBYTE, HOLD_LARGE);
	struct instance *instance = instance_make(pager, ACCOUNT_UNLIMITED);
	uint64_t at = anonymous(instance, 0, 2 * PAGE_BYTES);

	ck_assert_int_eq(model_touch(instance, at, PAGE_WRITE), ERROR_OK);
	*model_word(instance, at) = 3;
	ck_assert_int_eq(mapping_protect(instance, at, PAGE_BYTES, 0), ERROR_OK);
	ck_assert_ptr_null(model_entry_find(instance->space, at));
	ck_assert_int_eq(model_touch(instance, at, PAGE_READ), ERROR_RIGHT);
	ck_assert_int_eq(mapping_protect(instance, at, PAGE_BYTES, RW), ERROR_OK);
	ck_assert_int_eq(model_touch(instance, at, PAGE_READ), ERROR_OK);
	ck_assert_uint_eq(*model_word(instance, at), 3);
	instance_destroy(instance);
}
END_TEST

START_TEST(sharers_see_the_same_pages_and_lose_them_when_the_owner_ends) {
	struct pager *pager = model_start(8 * MEBIBYTE, HOLD_LARGE);
	struct instance *owner = instance_make(pager, ACCOUNT_UNLIMITED);
	struct instance *guest = instance_make(pager, ACCOUNT_UNLIMITED);
	struct region *region;
	uint64_t here, there, guest_used;

	ck_assert_int_eq(region_share(owner, 4, &region), ERROR_OK);
	ck_assert_int_eq(map_region(owner, MAPPING_SHARED, region, 4 * PAGE_BYTES, RW, &here), ERROR_OK);
	ck_assert_int_eq(map_region(guest, MAPPING_SHARED, region, 4 * PAGE_BYTES, RW, &there), ERROR_OK);
	ck_assert_int_eq(model_touch(owner, here, PAGE_WRITE), ERROR_OK);
	*model_word(owner, here) = 12;
	ck_assert_int_eq(model_touch(guest, there, PAGE_WRITE), ERROR_OK);
	guest_used = guest->account.used;
	ck_assert_uint_eq(*model_word(guest, there), 12);
	ck_assert_int_eq(model_touch(guest, there + PAGE_BYTES, PAGE_WRITE), ERROR_OK);
	ck_assert_uint_eq(guest->account.used, guest_used);
	instance_destroy(owner);
	ck_assert_ptr_null(model_entry_find(guest->space, there));
	ck_assert_int_eq(model_touch(guest, there, PAGE_READ), ERROR_GONE);
	instance_destroy(guest);
	model_check(pager);
}
END_TEST

/* Its space is one too. */
START_TEST(an_instance_has_as_many_slots_as_frames_at_most) {
	struct pager *pager = model_start(8 * MEBIBYTE, HOLD_LARGE);
	struct instance *instance = instance_make(pager, ACCOUNT_UNLIMITED);
	struct region *region;
	unsigned int count = 1;

	while (region_share(instance, 1, &region) == ERROR_OK) count++;
	ck_assert_uint_eq(count, instance->account.used);
	ck_assert_uint_eq(pager->top.account.slots, count);
	region_destroy(CONTAINER_OF(instance->regions.next, struct region, owned));
	ck_assert_int_eq(region_share(instance, 1, &region), ERROR_OK);
	ck_assert_int_eq(region_share(instance, 1, &region), ERROR_LIMIT);
	instance_destroy(instance);
	ck_assert_uint_eq(pager->top.account.slots, 0);
	model_check(pager);
}
END_TEST

START_TEST(a_part_of_a_region_allows_no_more_than_it_says) {
	struct pager *pager = model_start(8 * MEBIBYTE, HOLD_LARGE);
	struct instance *owner = instance_make(pager, ACCOUNT_UNLIMITED);
	struct region_part whole, part, found;
	struct region *region;

	ck_assert_int_eq(region_share(owner, 100, &region), ERROR_OK);
	whole = (struct region_part){region, 0, 100, PAGE_RIGHTS};
	ck_assert_int_eq(region_part_find(pager, region_part_badge(&whole), &found), ERROR_OK);
	ck_assert(found.region == region && found.first == 0 && found.count == 100);
	ck_assert_uint_eq(found.rights, PAGE_RIGHTS);
	ck_assert_int_eq(region_part_narrow(&whole, 10, 20, RX, &part), ERROR_OK);
	ck_assert_int_eq(region_part_find(pager, region_part_badge(&part), &found), ERROR_OK);
	ck_assert(found.first == 10 && found.count == 20 && found.rights == RX);
	ck_assert_int_eq(region_part_narrow(&part, 19, 2, PAGE_READ, &found), ERROR_RANGE);
	ck_assert_int_eq(region_part_narrow(&part, 20, 1, PAGE_READ, &found), ERROR_RANGE);
	ck_assert_int_eq(region_part_narrow(&part, 1, UINT64_MAX, PAGE_READ, &found), ERROR_RANGE);
	ck_assert_int_eq(region_part_narrow(&part, 0, 0, PAGE_READ, &found), ERROR_RANGE);
	ck_assert_int_eq(region_part_narrow(&part, 0, 1, RW, &found), ERROR_RIGHT);
	instance_destroy(owner);
	ck_assert_int_eq(region_part_find(pager,
	                                  region_part_badge(&(struct region_part){
						  .region = &(struct region){.node.key = 1}, .count = 1}),
	                                  &found),
	                 ERROR_GONE);
	ck_assert_int_eq(region_part_find(pager, 5, &found), ERROR_CAPABILITY);
	ck_assert_int_eq(region_share(&pager->top, 0, &region), ERROR_ARGUMENT);
	ck_assert_int_eq(region_share(&pager->top, REGION_PAGES_MAX + 1, &region), ERROR_RANGE);
}
END_TEST

START_TEST(a_parents_region_is_fetched_once_and_found_again_by_the_next_program) {
	struct pager *pager = model_start_with_parent(2000);
	uint64_t fetched = 0, used = 0, free = 0;

	for (unsigned int run = 0; run < 20; run++) {
		struct instance *instance = instance_make(pager, ACCOUNT_UNLIMITED);
		struct region *region;
		uint64_t at;

		ck_assert_int_eq(foreign_find(pager, model_foreign_capability(7, 40), &region), ERROR_OK);
		ck_assert_int_eq(map_region(instance, MAPPING_SHARED, region, 40 * PAGE_BYTES, RX, &at), ERROR_OK);
		for (unsigned int page = 0; page < 40; page++) {
			ck_assert_int_eq(model_touch(instance, at + page * PAGE_BYTES, PAGE_EXECUTE), ERROR_OK);
			ck_assert_uint_eq(*model_word(instance, at + page * PAGE_BYTES), 7000 + page);
		}
		/* 16 pages come with one fault. */
		ck_assert_uint_eq(instance->faults, 3);
		instance_destroy(instance);
		if (run == 1) {
			fetched = pager->upward;
			used = pager->top.account.used;
			free = pager->pool.free_count;
		}
		if (run > 1) {
			ck_assert_uint_eq(pager->upward, fetched);
			ck_assert_uint_eq(pager->top.account.used, used);
			ck_assert_uint_eq(pager->pool.free_count, free);
		}
	}
	model_check(pager);
}
END_TEST

START_TEST(idle_regions_of_the_parent_are_dropped_when_there_are_many) {
	struct pager *pager = model_start_with_parent(2000);
	struct instance *instance = instance_make(pager, ACCOUNT_UNLIMITED);
	uint64_t used = 0;
	unsigned int slots = 0;

	for (unsigned int run = 0; run < 400; run++) {
		struct region *region;
		uint64_t at;

		ck_assert_int_eq(foreign_find(pager, model_foreign_capability(run, 8), &region), ERROR_OK);
		ck_assert_int_eq(map_region(instance, MAPPING_SHARED, region, 8 * PAGE_BYTES, RX, &at), ERROR_OK);
		ck_assert_int_eq(model_touch(instance, at, PAGE_READ), ERROR_OK);
		ck_assert_uint_eq(*model_word(instance, at), run * 1000);
		ck_assert_int_eq(mapping_remove(instance, at, 8 * PAGE_BYTES), ERROR_OK);
		if (run == 200) {
			used = pager->top.account.used;
			slots = model_slots_used();
		}
	}
	ck_assert_uint_eq(pager->top.account.used, used);
	ck_assert_uint_eq(model_slots_used(), slots);
	instance_destroy(instance);
	model_check(pager);
}
END_TEST

START_TEST(a_capability_that_is_not_the_parents_is_never_called) {
	struct pager *pager = model_start_with_parent(2000);
	slot_t slot = model_foreign_capability(1, 8);
	unsigned int slots = model_slots_used();
	struct region *region;
	uint64_t upward = pager->upward;

	model_foreign_refuse(slot);
	ck_assert_int_eq(foreign_find(pager, slot, &region), ERROR_CAPABILITY);
	ck_assert_uint_eq(pager->upward, upward);
	ck_assert_uint_eq(model_slots_used(), slots - 1);
}
END_TEST

START_TEST(a_context_that_maps_or_unmaps_by_itself_harms_nobody_and_is_served_again) {
	struct pager *pager = model_start(8 * MEBIBYTE, HOLD_LARGE);
	struct instance *instance = instance_make(pager, ACCOUNT_UNLIMITED);
	uint64_t at = anonymous(instance, 0, 4 * PAGE_BYTES);
	struct hold own;

	ck_assert_int_eq(model_touch(instance, at, PAGE_WRITE), ERROR_OK);
	*model_word(instance, at) = 8;
	kernel_pages_unmap(instance->space, at, 1);
	ck_assert_int_eq(model_touch(instance, at, PAGE_WRITE), ERROR_OK);
	ck_assert_uint_eq(*model_word(instance, at), 8);
	/* Something of its own in the way, read-only. */
	ck_assert_int_eq(supply_take(pager, &pager->top.account, FRAME_FOR_ZERO_PAGE, &own), ERROR_OK);
	ck_assert_int_eq(kernel_pages_map(instance->space, own, at + PAGE_BYTES, 1, PAGE_READ), ERROR_OK);
	ck_assert_int_eq(model_touch(instance, at + PAGE_BYTES, PAGE_WRITE), ERROR_OK);
	ck_assert_uint_ne(model_entry_find(instance->space, at + PAGE_BYTES)->hold, own.address);
	instance_destroy(instance);
}
END_TEST

START_TEST(page_tables_go_back_when_nothing_is_left_in_their_range) {
	struct pager *pager = model_start(8 * MEBIBYTE, HOLD_LARGE);
	struct instance *instance = instance_make(pager, ACCOUNT_UNLIMITED);
	uint64_t base = WINDOW + WINDOW_BYTES / 2;
	struct thread_handles handles;
	uint64_t used;

	anonymous(instance, base, 8 * MEBIBYTE);
	ck_assert_int_eq(model_touch(instance, base, PAGE_WRITE), ERROR_OK);
	used = instance->account.used;
	for (unsigned int block = 1; block < 4; block++)
		ck_assert_int_eq(model_touch(instance, base + block * LARGE_PAGE_BYTES, PAGE_WRITE), ERROR_OK);
	ck_assert_int_eq(mapping_remove(instance, base + LARGE_PAGE_BYTES, PAGE_BYTES), ERROR_OK);
	ck_assert_uint_eq(instance->account.used, used + 3 * 6 - 1);
	ck_assert_int_eq(mapping_remove(instance, base + LARGE_PAGE_BYTES, 7 * MEBIBYTE), ERROR_OK);
	ck_assert_uint_eq(instance->account.used, used);
	ck_assert_int_eq(model_touch(instance, base, PAGE_WRITE), ERROR_OK);
	/* A thread keeps the table of its message buffer. */
	ck_assert_int_eq(grant_thread(instance, base + 4 * MEBIBYTE, &handles), ERROR_OK);
	anonymous(instance, base + 5 * MEBIBYTE, PAGE_BYTES);
	used = instance->account.used;
	ck_assert_int_eq(mapping_remove(instance, base + 4 * MEBIBYTE, 2 * MEBIBYTE), ERROR_OK);
	ck_assert_uint_eq(instance->account.used, used);
	/* And what is asked for again is there again. */
	anonymous(instance, base + 6 * MEBIBYTE, PAGE_BYTES);
	ck_assert_int_eq(model_touch(instance, base + 6 * MEBIBYTE, PAGE_WRITE), ERROR_OK);
	instance_destroy(instance);
	model_check(pager);
}
END_TEST

START_TEST(ranges_that_are_odd_taken_or_outside_the_window_are_refused) {
	struct pager *pager = model_start(8 * MEBIBYTE, HOLD_LARGE);
	struct instance *instance = instance_make(pager, ACCOUNT_UNLIMITED);
	struct mapping_request request = {.kind = MAPPING_ANONYMOUS, .bytes = 4 * PAGE_BYTES, .rights = RW};
	uint64_t at = anonymous(instance, WINDOW + MEBIBYTE, 4 * PAGE_BYTES);
	uint64_t address;

	request.address = at + 3 * PAGE_BYTES;
	ck_assert_int_eq(mapping_add(instance, &request, &address), ERROR_EXISTS);
	request.address = at - 3 * PAGE_BYTES;
	ck_assert_int_eq(mapping_add(instance, &request, &address), ERROR_EXISTS);
	request.address = at + 100;
	ck_assert_int_eq(mapping_add(instance, &request, &address), ERROR_RANGE);
	request.address = WINDOW - PAGE_BYTES;
	ck_assert_int_eq(mapping_add(instance, &request, &address), ERROR_RANGE);
	request.address = WINDOW + WINDOW_BYTES - 3 * PAGE_BYTES;
	ck_assert_int_eq(mapping_add(instance, &request, &address), ERROR_RANGE);
	request.address = 0;
	request.bytes = 0;
	ck_assert_int_eq(mapping_add(instance, &request, &address), ERROR_ARGUMENT);
	request.bytes = UINT64_MAX;
	ck_assert_int_eq(mapping_add(instance, &request, &address), ERROR_RANGE);
	request.bytes = UINT64_MAX - PAGE_BYTES;
	ck_assert_int_eq(mapping_add(instance, &request, &address), ERROR_RANGE);
	request.bytes = WINDOW_BYTES;
	ck_assert_int_eq(mapping_add(instance, &request, &address), ERROR_RANGE);
	ck_assert_int_eq(mapping_remove(instance, at, UINT64_MAX - 4095), ERROR_RANGE);
	ck_assert_int_eq(mapping_remove(instance, 0, PAGE_BYTES), ERROR_RANGE);
	ck_assert_int_eq(mapping_remove(instance, at, 0), ERROR_RANGE);
	ck_assert_int_eq(mapping_remove(instance, WINDOW, WINDOW_BYTES), ERROR_OK);
	ck_assert(tree_is_empty(&instance->mappings));
	instance_destroy(instance);
}
END_TEST

START_TEST(the_pager_leaves_the_heaps_quarter_and_the_utcbs_alone) {
	struct pager *pager = model_start(8 * MEBIBYTE, HOLD_LARGE);
	struct instance *instance = instance_make(pager, ACCOUNT_UNLIMITED);
	uint64_t first = anonymous(instance, 0, PAGE_BYTES);
	uint64_t second = anonymous(instance, 0, PAGE_BYTES);
	uint64_t large = anonymous(instance, 0, WINDOW_BYTES / 4);

	ck_assert_uint_ge(first, WINDOW + 4 * MEBIBYTE);
	ck_assert_uint_ge(second, first + 2 * PAGE_BYTES);
	ck_assert_uint_lt(second, WINDOW + WINDOW_BYTES / 4);
	ck_assert_uint_ge(large, WINDOW + WINDOW_BYTES / 2);
	ck_assert_uint_le(large + WINDOW_BYTES / 4, WINDOW + WINDOW_BYTES - LARGE_PAGE_BYTES);
	instance_destroy(instance);
}
END_TEST

static void family_run(struct pager *pager) {
	struct instance *top = instance_make(pager, ACCOUNT_UNLIMITED);
	struct instance *at = top;
	uint64_t serial;

	for (unsigned int depth = 0; depth < 50; depth++) {
		ck_assert_int_eq(instance_create(at, ACCOUNT_UNLIMITED, WINDOW, WINDOW_BYTES, &at), ERROR_OK);
		ck_assert_int_eq(grant_space(at), ERROR_OK);
		ck_assert_int_eq(model_touch(at, anonymous(at, 0, PAGE_BYTES), PAGE_WRITE), ERROR_OK);
	}
	serial = instance_serial(at);
	ck_assert_ptr_eq(instance_find(pager, serial), at);
	ck_assert_ptr_null(instance_child_find(top, serial));
	instance_destroy(top);
	ck_assert_ptr_null(instance_find(pager, serial));
}

START_TEST(ending_an_instance_ends_all_below_it) {
	struct pager *pager = model_start(8 * MEBIBYTE, HOLD_LARGE);
	uint64_t used;

	/* The first time page tables are made that stay. */
	family_run(pager);
	used = pager->top.account.used;
	family_run(pager);
	ck_assert_uint_eq(pager->top.account.used, used);
	model_check(pager);
}
END_TEST

START_TEST(a_childs_memory_counts_for_its_creator_and_its_limit) {
	struct pager *pager = model_start(8 * MEBIBYTE, HOLD_LARGE);
	struct instance *creator = instance_make(pager, 60);
	struct instance *child;
	struct pager_status status;
	uint64_t at;
	error_t error = ERROR_OK;

	ck_assert_int_eq(instance_create(creator, ACCOUNT_UNLIMITED, WINDOW, WINDOW_BYTES, &child), ERROR_OK);
	ck_assert_int_eq(grant_space(child), ERROR_OK);
	at = anonymous(child, 0, 100 * PAGE_BYTES);
	for (unsigned int page = 0; page < 100 && error == ERROR_OK; page++)
		error = model_touch(child, at + page * PAGE_BYTES, PAGE_WRITE);
	ck_assert_int_eq(error, ERROR_LIMIT);
	ck_assert_int_eq(instance_status(creator, 0, &status), ERROR_OK);
	ck_assert_uint_eq(status.used, 60 * PAGE_BYTES);
	ck_assert_uint_eq(status.limit, 60 * PAGE_BYTES);
	ck_assert_uint_eq(status.instances, 1);
	instance_destroy(creator);
	model_check(pager);
}
END_TEST

START_TEST(threads_pay_for_their_frames_and_give_them_back_one_by_one) {
	struct pager *pager = model_start(8 * MEBIBYTE, HOLD_LARGE);
	struct instance *instance = instance_make(pager, ACCOUNT_UNLIMITED);
	uint64_t utcb = WINDOW + WINDOW_BYTES - PAGE_BYTES;
	uint64_t used;
	struct thread_handles slot;

	ck_assert_int_eq(grant_thread(instance, utcb, &slot), ERROR_OK);
	ck_assert_int_eq(grant_thread(instance, utcb, &slot), ERROR_EXISTS);
	used = instance->account.used;
	ck_assert_int_eq(grant_thread(instance, utcb - PAGE_BYTES, &slot), ERROR_OK);
	ck_assert_uint_eq(instance->account.used, used + 2);
	ck_assert_int_eq(grant_thread_destroy(instance, utcb - PAGE_BYTES), ERROR_OK);
	ck_assert_uint_eq(instance->account.used, used);
	ck_assert_int_eq(grant_thread_destroy(instance, utcb - PAGE_BYTES), ERROR_NOT_FOUND);
	ck_assert_int_eq(grant_thread(instance, utcb + 8, &slot), ERROR_RANGE);
	ck_assert_int_eq(grant_thread(instance, WINDOW - PAGE_BYTES, &slot), ERROR_RANGE);
	ck_assert_int_eq(grant_thread(instance, anonymous(instance, 0, PAGE_BYTES), &slot), ERROR_EXISTS);
	ck_assert_int_eq(grant_thread(instance, 0, &slot), ERROR_OK);
	ck_assert_int_eq(grant_thread(instance, 0, &slot), ERROR_OK);
	instance_destroy(instance);
	model_check(pager);
}
END_TEST

START_TEST(frames_taken_are_numbered_by_the_taker_and_revoked_when_given_back) {
	struct pager *pager = model_start(8 * MEBIBYTE, HOLD_LARGE);
	struct instance *instance = instance_make(pager, ACCOUNT_UNLIMITED);
	struct taken_runs runs, others;
	uint64_t used = instance->account.used;

	ck_assert_int_eq(take_frames(instance, 50, 16, &runs), ERROR_OK);
	ck_assert_uint_eq(runs.frames, 16);
	ck_assert_int_eq(take_frames(instance, 65, 1, &others), ERROR_EXISTS);
	ck_assert_int_eq(take_frames(instance, 40, 16, &others), ERROR_EXISTS);
	ck_assert_int_eq(take_frames(instance, UINT64_MAX, 1, &others), ERROR_ARGUMENT);
	ck_assert_int_eq(take_frames(instance, 0, 17, &others), ERROR_ARGUMENT);
	ck_assert_int_eq(take_frames(instance, 0, 0, &others), ERROR_ARGUMENT);
	ck_assert_int_eq(take_give_back(instance, 50, 17), ERROR_NOT_FOUND);
	ck_assert_int_eq(take_give_back(instance, 49, 2), ERROR_NOT_FOUND);
	ck_assert_int_eq(take_give_back(instance, 50, UINT64_MAX), ERROR_NOT_FOUND);
	ck_assert_uint_ge(instance->account.used, used + 16);
	ck_assert_int_eq(take_give_back(instance, 50, 16), ERROR_OK);
	ck_assert_uint_eq(instance->account.used, used);
	instance_destroy(instance);
	model_check(pager);
}
END_TEST

SUITE("instance", memory_comes_zeroed_at_the_first_touch_and_stays,
      faults_that_no_mapping_covers_are_errors_with_a_reason, a_limit_ends_in_an_error_for_that_instance_alone,
      after_a_thousand_programs_memory_is_exactly_as_after_the_first, whichever_step_fails_everything_comes_back,
      whatever_the_limit_is_everything_comes_back,
      a_copy_on_write_page_shows_the_region_until_written_and_its_tail_is_zero, a_copy_survives_protecting_and_dividing,
      memory_without_any_right_is_out_of_sight_but_kept, sharers_see_the_same_pages_and_lose_them_when_the_owner_ends,
      an_instance_has_as_many_slots_as_frames_at_most, a_part_of_a_region_allows_no_more_than_it_says,
      a_parents_region_is_fetched_once_and_found_again_by_the_next_program,
      idle_regions_of_the_parent_are_dropped_when_there_are_many, a_capability_that_is_not_the_parents_is_never_called,
      a_context_that_maps_or_unmaps_by_itself_harms_nobody_and_is_served_again,
      page_tables_go_back_when_nothing_is_left_in_their_range,
      ranges_that_are_odd_taken_or_outside_the_window_are_refused,
      the_pager_leaves_the_heaps_quarter_and_the_utcbs_alone, ending_an_instance_ends_all_below_it,
      a_childs_memory_counts_for_its_creator_and_its_limit, threads_pay_for_their_frames_and_give_them_back_one_by_one,
      frames_taken_are_numbered_by_the_taker_and_revoked_when_given_back)
