/* SPDX-License-Identifier: MIT */
/*
 * More slots for an ordinary program: its pager backs them.
 *
 * A message may be half written in the UTCB when a slot is needed for its reply, so what is there
 * is put back afterwards.
 */
#include <string.h>

#include <nacre/protocol/memory.h>

#include "start_internal.h"

error_t slot_source_memory(void *context, uint32_t page) {
	struct utcb *utcb = utcb_get();
	struct utcb kept;
	error_t error;

	(void)context;
	memcpy(&kept, utcb, offsetof(struct utcb, received));
	error = memory_slots_add(start_memory(), page);
	memcpy(utcb, &kept, offsetof(struct utcb, received));
	return error;
}
