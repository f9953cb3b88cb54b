/* SPDX-License-Identifier: MIT */
/*
 * Regions: shared, copied on write, in parts, and ended.
 */
#include <nacre/protocol/space.h>
#include <nacre/slot.h>

#include "topics.h"

static error_t map(capability_t region, uint64_t offset, uint64_t size, uint32_t rights, uint32_t flags,
                   uint64_t *address) {
	return memory_map_region(start_memory(), offset, size, 0, rights, flags, item_share(region), address);
}

static void two_views_of_a_region_show_the_same_pages(void) {
	capability_t region = 0;
	uint64_t first = 0, second = 0;

	CHECK_OK(memory_share(start_memory(), 4 * PAGE, &region));
	CHECK_OK(map(region, 0, 4 * PAGE, RW, MEMORY_MAP_SHARED, &first));
	CHECK_OK(map(region, PAGE, 2 * PAGE, PAGE_READ, MEMORY_MAP_SHARED, &second));
	*word_at(first + PAGE) = 11;
	CHECK_EQUAL(*word_at(second), 11);
	*word_at(first + 2 * PAGE) = 22;
	CHECK_EQUAL(*word_at(second + PAGE), 22);
	CHECK_OK(memory_unmap(start_memory(), first, 4 * PAGE));
	CHECK_EQUAL(*word_at(second), 11);
	CHECK_OK(memory_unmap(start_memory(), second, 2 * PAGE));
	CHECK_OK(memory_unshare(start_memory(), item_share(region)));
	capability_delete(region);
}

static void a_copy_on_write_keeps_the_original_and_zeroes_its_tail(void) {
	capability_t region = 0;
	uint64_t original = 0, copy = 0;

	CHECK_OK(memory_share(start_memory(), 2 * PAGE, &region));
	CHECK_OK(map(region, 0, 2 * PAGE, RW, MEMORY_MAP_SHARED, &original));
	for (unsigned int word = 0; word < 1024; word++) word_at(original)[word] = word + 1;
	CHECK_OK(map(region, 0, PAGE + 16, RW, MEMORY_MAP_COPY_ON_WRITE, &copy));
	CHECK_EQUAL(*word_at(copy), 1);
	*word_at(copy) = 100;
	CHECK_EQUAL(*word_at(copy + 8), 2);
	CHECK_EQUAL(*word_at(original), 1);
	CHECK_EQUAL(word_at(copy + PAGE)[1], 512 + 2);
	CHECK_EQUAL(word_at(copy + PAGE)[2], 0);
	CHECK_EQUAL(word_at(copy + PAGE)[511], 0);
	CHECK_OK(memory_unmap(start_memory(), original, 2 * PAGE));
	CHECK_OK(memory_unmap(start_memory(), copy, 2 * PAGE));
	CHECK_OK(memory_unshare(start_memory(), item_share(region)));
	capability_delete(region);
}

static void a_part_of_a_region_allows_only_that_part_and_its_rights(void) {
	capability_t region = 0, part = 0, none;
	uint64_t whole = 0, address = 0, size = 0;
	uint32_t rights = 0;

	CHECK_OK(memory_share(start_memory(), 8 * PAGE, &region));
	CHECK_OK(map(region, 0, 8 * PAGE, RW, MEMORY_MAP_SHARED, &whole));
	*word_at(whole + 3 * PAGE) = 33;
	CHECK_OK(region_sub(region, 2 * PAGE, 3 * PAGE, PAGE_READ, &part));
	CHECK_OK(region_size(part, &size, &rights));
	CHECK_EQUAL(size, 3 * PAGE);
	CHECK_EQUAL(rights, PAGE_READ);
	CHECK_ERROR(map(part, 0, PAGE, RW, MEMORY_MAP_SHARED, &address), ERROR_RIGHT);
	CHECK_ERROR(map(part, 2 * PAGE, 2 * PAGE, PAGE_READ, MEMORY_MAP_SHARED, &address), ERROR_RANGE);
	CHECK_ERROR(region_sub(part, 2 * PAGE, 2 * PAGE, PAGE_READ, &none), ERROR_RANGE);
	CHECK_ERROR(region_sub(part, 0, PAGE, RW, &none), ERROR_RIGHT);
	CHECK_OK(map(part, PAGE, PAGE, PAGE_READ, MEMORY_MAP_SHARED, &address));
	CHECK_EQUAL(*word_at(address), 33);
	CHECK_OK(memory_unmap(start_memory(), address, PAGE));
	CHECK_OK(memory_unmap(start_memory(), whole, 8 * PAGE));
	CHECK_OK(memory_unshare(start_memory(), item_share(part)));
	capability_delete(part);
	capability_delete(region);
}

static void a_region_that_was_ended_is_gone_for_all_and_paid_by_nobody(void) {
	uint64_t before = figures(0).used;
	capability_t region = 0;
	uint64_t address = 0, size = 0;
	uint32_t rights = 0;

	CHECK_OK(memory_share(start_memory(), 64 * PAGE, &region));
	CHECK_OK(map(region, 0, 64 * PAGE, RW, MEMORY_MAP_SHARED, &address));
	for (unsigned int page = 0; page < 64; page++) *word_at(address + page * PAGE) = page;
	CHECK(figures(0).used >= before + 64 * PAGE);
	CHECK_OK(memory_unshare(start_memory(), item_share(region)));
	/* Its capabilities were revoked, wherever they are. */
	CHECK_ERROR(region_size(region, &size, &rights), ERROR_CAPABILITY);
	CHECK_OK(memory_unmap(start_memory(), address, 64 * PAGE));
	CHECK_EQUAL(figures(0).used, before);
	capability_delete(region);
}

/* What a pager above does: pages come into the own space without a mapping. */
static void pages_of_a_region_can_be_taken_one_run_at_a_time(void) {
	capability_t region = 0;
	uint64_t mapped = 0, window = 0, next = 0, left = 0;
	struct page_list pages;
	uint32_t count = 0;

	CHECK_OK(memory_share(start_memory(), 4 * PAGE, &region));
	CHECK_OK(map(region, 0, 4 * PAGE, RW, MEMORY_MAP_SHARED, &mapped));
	*word_at(mapped + PAGE) = 5;
	/* Addresses with a page table, that the pager gives to nobody else. */
	CHECK_OK(memory_allocate(start_memory(), 0, 8 * PAGE, RW, 0, &window));
	*word_at(window + 7 * PAGE) = 1;
	CHECK_OK(region_page(region, PAGE, 1, PAGE_READ, 0, &count, window, PAGE, &pages));
	CHECK_EQUAL(count, 1);
	CHECK_EQUAL(*word_at(window), 5);
	CHECK_ERROR(region_page(region, 4 * PAGE, 1, PAGE_READ, 0, &count, window + PAGE, PAGE, &pages), ERROR_RANGE);
	CHECK_ERROR(region_page(region, 8, 1, PAGE_READ, 0, &count, window + PAGE, PAGE, &pages), ERROR_RANGE);
	CHECK_OK(space_unmap(start_space(), window, 1, 0, &next, &left));
	CHECK_OK(memory_unmap(start_memory(), window, 8 * PAGE));
	CHECK_OK(memory_unmap(start_memory(), mapped, 4 * PAGE));
	CHECK_OK(memory_unshare(start_memory(), item_share(region)));
	capability_delete(region);
}

const struct test region_tests[] = {
	TEST(two_views_of_a_region_show_the_same_pages),
	TEST(a_copy_on_write_keeps_the_original_and_zeroes_its_tail),
	TEST(a_part_of_a_region_allows_only_that_part_and_its_rights),
	TEST(a_region_that_was_ended_is_gone_for_all_and_paid_by_nobody),
	TEST(pages_of_a_region_can_be_taken_one_run_at_a_time),
	TESTS_END,
};
