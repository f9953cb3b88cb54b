/* SPDX-License-Identifier: MIT */
/*
 * Page faults. Read pager/fault.h first.
 */
#include <pager/fault.h>
#include <pager/grant.h>
#include <pager/mapping.h>
#include <pager/page.h>
#include <pager/supply.h>

/* Bytes of a copy-on-write mapping's page at @address that come from its region. */
static uint64_t bytes_from_region(const struct mapping *mapping, uint64_t address) {
	uint64_t before = address - mapping->by_address.key;
	uint64_t bytes = mapping->bytes > before ? mapping->bytes - before : 0;

	return bytes < PAGE_BYTES ? bytes : PAGE_BYTES;
}

static uint64_t region_page(const struct mapping *mapping, uint64_t address) {
	return (mapping->offset + (address - mapping->by_address.key)) >> PAGE_SHIFT;
}

static error_t answer_anonymous(struct instance *instance, struct fault_answer *answer) {
	answer->first = page_find(instance, answer->address);
	if (answer->first.address) return ERROR_OK;
	return page_make(instance, answer->address, &answer->first);
}

/* Pages from @address on that the mapping covers and one page table maps. */
static unsigned int pages_ahead(const struct mapping *mapping, uint64_t address) {
	uint64_t end = mapping->by_address.key + mapping->size;
	uint64_t table_end = (address | (LARGE_PAGE_BYTES - 1)) + 1;
	uint64_t pages = ((end < table_end ? end : table_end) - address) >> PAGE_SHIFT;

	return pages < GROUP_PAGES ? (unsigned int)pages : GROUP_PAGES;
}

static error_t answer_shared(const struct mapping *mapping, struct fault_answer *answer) {
	if (!mapping->region) return ERROR_GONE;
	return region_pages(mapping->region, region_page(mapping, answer->address),
	                    pages_ahead(mapping, answer->address), &answer->first, &answer->count);
}

/* The region's page itself may be shown for reading if all of it comes from the region. */
static error_t answer_copy_on_write(struct instance *instance, const struct mapping *mapping, unsigned int wanted,
                                    struct fault_answer *answer) {
	uint64_t bytes = bytes_from_region(mapping, answer->address);
	struct hold original;
	unsigned int count;

	answer->first = page_find(instance, answer->address);
	if (answer->first.address) return ERROR_OK;
	if (bytes == 0) return page_make(instance, answer->address, &answer->first);
	if (!mapping->region) return ERROR_GONE;
	TRY(region_pages(mapping->region, region_page(mapping, answer->address), 1, &original, &count));
	if ((wanted & PAGE_WRITE) || bytes < PAGE_BYTES)
		return page_copy(instance, answer->address, original, bytes, &answer->first);
	answer->first = original;
	answer->rights &= ~PAGE_WRITE;
	return page_show_region(instance, answer->address);
}

static error_t answer_find(struct instance *instance, const struct mapping *mapping, unsigned int wanted,
                           struct fault_answer *answer) {
	switch (mapping->kind) {
	case MAPPING_ANONYMOUS: return answer_anonymous(instance, answer);
	case MAPPING_SHARED: return answer_shared(mapping, answer);
	default: return answer_copy_on_write(instance, mapping, wanted, answer);
	}
}

/*
 * The same fault twice in a row: another thread had it too, or the context has put something of its own there, or has
 * taken its page table away. The reply cannot tell, so the page is mapped from here.
 */
static error_t answer_by_force(struct instance *instance, struct fault_answer *answer) {
	error_t error = kernel_pages_map(instance->space, answer->first, answer->address, 1, answer->rights);

	if (error == ERROR_EXISTS) {
		kernel_pages_unmap(instance->space, answer->address, 1);
		error = kernel_pages_map(instance->space, answer->first, answer->address, 1, answer->rights);
	}
	answer->count = 0;
	return error;
}

error_t fault_answer(struct instance *instance, uint64_t address, unsigned int rights, struct fault_answer *answer) {
	const struct mapping *mapping = mapping_find(instance, address);
	uint64_t page = address & ~(PAGE_BYTES - 1);
	uint64_t key = page | rights;

	instance->faults++;
	if (!mapping) return ERROR_RANGE;
	if (rights & ~mapping->rights) return ERROR_RIGHT;
	*answer = (struct fault_answer){.address = page, .count = 1, .rights = mapping->rights};
	TRY(grant_tables(instance, page));
	TRY(answer_find(instance, mapping, rights, answer));
	if (key == instance->fault_last) return answer_by_force(instance, answer);
	instance->fault_last = key;
	return ERROR_OK;
}
