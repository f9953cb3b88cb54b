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
	const uint64_t *end = word + PAGE_SIZE / sizeof(*word);

	for (; word < end; word += 8) word[0] = word[1] = word[2] = word[3] = word[4] = word[5] = word[6] = word[7] = 0;
}

error_t frame_offer_decode(struct space *space, struct user_address address, struct frame_offer *offer) {
	if (address.value >= USER_ADDRESS_END || address.value % PAGE_SIZE != 0) return ERROR_RANGE;

	struct table_place place = table_walk(space, address.value, 1);
	if (place.kind == PAGE_ENTRY_PRESENT) return ERROR_BUSY;
	if (place.kind != PAGE_ENTRY_HOLD) return ERROR_NOT_FOUND;
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
	if (frame->grant.parent) frame_group_of(frame_physical(frame))->granted--;
	const uint8_t type = frame->grant.parent ? FRAME_USER : FRAME_KERNEL;
	record_detach(&frame->grant);
	*frame = (struct frame){.type = type};
}
