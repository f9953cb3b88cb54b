/* SPDX-License-Identifier: MIT */
/*
 * Pages of an instance's own. Read pager/page.h first.
 */
#include <pager/page.h>
#include <pager/pager.h>
#include <pager/supply.h>

static uint64_t page_number(const struct instance *instance, uint64_t address) {
	return (address - instance->window_base) >> PAGE_SHIFT;
}

struct hold page_find(const struct instance *instance, uint64_t address) {
	uint64_t value = page_index_get(&instance->pages, page_number(instance, address));

	return value == PAGE_SHOWS_REGION ? HOLD_NONE : (struct hold){value};
}

static error_t page_put(struct instance *instance, uint64_t address, uint64_t value) {
	return page_index_put(&instance->pages, &instance->arena, page_number(instance, address), value);
}

error_t page_make(struct instance *instance, uint64_t address, struct hold *frame) {
	struct pager *pager = instance->pager;
	struct hold made;
	error_t error;

	TRY(supply_take(pager, &instance->account, FRAME_FOR_ZERO_PAGE, &made));
	error = page_put(instance, address, made.address);
	if (error == ERROR_OK)
		*frame = made;
	else
		supply_give(pager, &instance->account, made, 1, FRAME_ZEROED);
	return error;
}

static error_t copy_place(struct instance *instance, uint64_t address, struct hold copy) {
	uint64_t number = page_number(instance, address);
	int shown = page_index_get(&instance->pages, number) == PAGE_SHOWS_REGION;

	TRY(page_put(instance, address, copy.address));
	if (shown) kernel_pages_unmap(instance->space, address, 1);
	return ERROR_OK;
}

error_t page_copy(struct instance *instance, uint64_t address, struct hold original, uint64_t bytes,
                  struct hold *frame) {
	struct pager *pager = instance->pager;
	struct hold copy;
	error_t error;

	TRY(supply_take(pager, &instance->account, FRAME_FOR_KERNEL, &copy));
	error = kernel_frame_copy(original, copy, bytes);
	if (error == ERROR_OK) error = copy_place(instance, address, copy);
	if (error == ERROR_OK)
		*frame = copy;
	else
		supply_give(pager, &instance->account, copy, 1, FRAME_DIRTY);
	return error;
}

error_t page_show_region(struct instance *instance, uint64_t address) {
	return page_put(instance, address, PAGE_SHOWS_REGION);
}

void pages_close(struct instance *instance) {
	uint64_t number = 0;
	uint64_t value;

	for (; page_index_next(&instance->pages, &number, &value); number++) {
		if (value != PAGE_SHOWS_REGION)
			supply_give(instance->pager, &instance->account, (struct hold){value}, 1, FRAME_DIRTY);
	}
	instance->pages = (struct page_index){0};
}

void pages_give(struct instance *instance, uint64_t address, uint64_t size) {
	uint64_t number = page_number(instance, address);
	uint64_t end = number + (size >> PAGE_SHIFT);
	uint64_t value;

	while (page_index_next(&instance->pages, &number, &value) && number < end) {
		(void)page_index_remove(&instance->pages, &instance->arena, number);
		if (value != PAGE_SHOWS_REGION)
			supply_give(instance->pager, &instance->account, (struct hold){value}, 1, FRAME_DIRTY);
		number++;
	}
}
