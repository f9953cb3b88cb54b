/* SPDX-License-Identifier: MIT */
/*
 * The parent as it is: messages to the pager below. Read pager/parent.h first.
 */
#include <string.h>

#include <nacre/protocol/memory.h>
#include <nacre/protocol/region.h>
#include <nacre/protocol/space.h>
#include <nacre/start.h>

#include <pager/parent.h>

error_t parent_take(struct hold first, unsigned int count, unsigned int *came) {
	struct page_list pages;

	return memory_take(start_memory(), first.address >> PAGE_SHIFT, count, came, first.address,
	                   (uint64_t)count << PAGE_SHIFT, &pages);
}

void parent_give_back(struct hold first, unsigned int count) {
	/* Cannot fail: what is given back was taken with these numbers. */
	error_ignore(memory_give_back(start_memory(), first.address >> PAGE_SHIFT, count));
}

/* The parent's capabilities all lead to the one queue that it serves. */
error_t parent_region_identify(slot_t capability, struct parent_region *region) {
	struct space_capability_read_answer memory, asked;

	TRY(space_capability_read(start_space(), start_memory(), &memory));
	TRY(space_capability_read(start_space(), capability, &asked));
	if (asked.kind != KIND_THREAD || asked.serial != memory.serial) return ERROR_CAPABILITY;
	region->badge = asked.badge;
	return ERROR_OK;
}

error_t parent_region_size(slot_t capability, uint64_t *bytes, unsigned int *rights) {
	return region_size(capability, bytes, rights);
}

error_t parent_region_pages(slot_t capability, uint64_t offset, unsigned int count, unsigned int rights,
                            struct hold first, unsigned int *came) {
	struct page_list pages;

	return region_page(capability, offset, count, rights, REGION_PAGE_HOLD, came, first.address,
	                   (uint64_t)count << PAGE_SHIFT, &pages);
}

error_t parent_status(uint64_t level, struct pager_status *status) {
	struct memory_status_answer answer;

	TRY(memory_status(start_memory(), level, &answer));
	*status = (struct pager_status){
		.used = answer.used,
		.limit = answer.limit,
		.peak = answer.peak,
		.faults = answer.faults,
		.upward = answer.upward,
		.free = answer.free,
		.instances = answer.instances,
		.messages = answer.messages,
	};
	memcpy(status->policy, answer.policy, POLICY_NAME_BYTES - 1);
	return ERROR_OK;
}
