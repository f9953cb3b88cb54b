/* SPDX-License-Identifier: MIT */
/*
 * Instances below the own one. Read topics.h first.
 */
#include <nacre/slot.h>

#include "topics.h"

error_t child_instance_make(uint64_t limit, struct child_instance *child) {
	error_t error = memory_instance_create(start_memory(), limit, CHILD_WINDOW, CHILD_WINDOW_BYTES, &child->number,
	                                       &child->memory);

	if (error != ERROR_OK) return error;
	error = memory_space_create(child->memory, &child->space);
	if (error == ERROR_OK) return ERROR_OK;
	error_ignore(memory_instance_destroy(start_memory(), child->number));
	capability_delete(child->memory);
	return error;
}

error_t child_instance_end(struct child_instance *child) {
	capability_delete(child->space);
	capability_delete(child->memory);
	return memory_instance_destroy(start_memory(), child->number);
}
