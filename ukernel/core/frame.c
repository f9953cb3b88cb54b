/* SPDX-License-Identifier: MIT */
/*
 * Frame descriptors and grants. Read frame.h first.
 */
#include "frame.h"

#include "mapping.h"

struct frame *frame_table;
struct frame_group *frame_groups;
uint64_t frame_count;

void page_zero(void *page) {
	uint64_t *word = page;

	for (unsigned int index = 0; index < PAGE_SIZE / sizeof(*word); index += 8) {
		word[index] = 0;
		word[index + 1] = 0;
		word[index + 2] = 0;
		word[index + 3] = 0;
		word[index + 4] = 0;
		word[index + 5] = 0;
		word[index + 6] = 0;
		word[index + 7] = 0;
	}
}

error_t frame_offer_decode(struct space *space, struct user_address address, struct frame_offer *offer) {
	if (address.value >= USER_ADDRESS_END || address.value % PAGE_SIZE != 0) return ERROR_RANGE;

	struct table_place place = table_walk(space, address.value, 1);
	enum page_entry_kind kind = page_entry_kind(*place.entry, place.level);
	if (kind == PAGE_ENTRY_PRESENT) return ERROR_BUSY;
	if (kind != PAGE_ENTRY_HOLD) return ERROR_NOT_FOUND;
	if (place.level != 1) return ERROR_STATE;

	struct frame *frame = frame_find(page_entry_frame(*place.entry));
	if (!frame || page_entry_attributes(*place.entry) != 0 || !(page_entry_rights(*place.entry) & PAGE_WRITE))
		return ERROR_RIGHT;
	if (frame->type != FRAME_USER || frame->present != 0 ||
	    frame_group_of(frame_physical(frame))->present_large != 0)
		return ERROR_BUSY;
	*offer = (struct frame_offer){.frame = frame, .hold = table_record(place.entry)};
	return ERROR_OK;
}

void frame_grant(const struct frame_offer *offer, enum frame_type type, void *owner) {
	struct frame *frame = offer->frame;

	page_zero(frame_contents(frame));
	frame->type = (uint8_t)type;
	frame->owner = owner;
	record_attach(offer->hold, &frame->grant);
	frame_group_of(frame_physical(frame))->granted++;
}

void frame_return(struct frame *frame) {
	page_zero(frame_contents(frame));
	frame->owner = NULL;
	frame->above = 0;
	frame->index = 0;
	frame->level = 0;
	frame->flags = 0;
	frame->progress = 0;
	frame->changes = 0;
	frame->records[2] = 0;
	frame->records[3] = 0;
	if (!frame->grant.parent) {
		frame->type = FRAME_KERNEL;
		return;
	}
	record_detach(&frame->grant);
	frame->type = FRAME_USER;
	frame_group_of(frame_physical(frame))->granted--;
}
