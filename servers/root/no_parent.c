/* SPDX-License-Identifier: MIT */
/*
 * Root's answers to the pager library's questions for a parent: there is none.
 */
#include <pager/parent.h>

error_t parent_take(struct hold first, unsigned int count, unsigned int *came) {
	(void)first;
	(void)count;
	(void)came;
	return ERROR_NO_MEMORY;
}

void parent_give_back(struct hold first, unsigned int count) {
	(void)first;
	(void)count;
}

error_t parent_region_identify(slot_t capability, struct parent_region *region) {
	(void)capability;
	(void)region;
	return ERROR_CAPABILITY;
}

error_t parent_region_size(slot_t capability, uint64_t *bytes, unsigned int *rights) {
	(void)capability;
	(void)bytes;
	(void)rights;
	return ERROR_CAPABILITY;
}

error_t parent_region_pages(slot_t capability, uint64_t offset, unsigned int count, unsigned int rights,
                            struct hold first, unsigned int *came) {
	(void)capability;
	(void)offset;
	(void)count;
	(void)rights;
	(void)first;
	(void)came;
	return ERROR_CAPABILITY;
}

error_t parent_status(uint64_t level, struct pager_status *status) {
	(void)level;
	(void)status;
	return ERROR_NOT_FOUND;
}
