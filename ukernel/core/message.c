/* SPDX-License-Identifier: MIT */
/*
 * Messages: decode, then transfer. Read message.h first.
 */
#include "message.h"

#include <nacre/abi/fault.h>

/* Where things may land at the receiver, read once. */
struct window {
	uint64_t address, size;
	uint32_t slot, slot_count;
};

/* An item that failed for want of room at the receiver. */
#define RECEIVER_FAILS(error) ((uint64_t)(error) | IPC_RESULT_RECEIVER)

/* A page fault takes pages anywhere, other faults take nothing. */
static struct window window_read(const struct thread *to) {
	const struct utcb *utcb = to->utcb;

	if (to->fault.label) return (struct window){.size = to->fault.label == FAULT_PAGE ? USER_ADDRESS_END : 0};
	return (struct window){
		.address = READ_ONCE(utcb->window_address),
		.size = READ_ONCE(utcb->window_size),
		.slot = READ_ONCE(utcb->window_slot),
		.slot_count = READ_ONCE(utcb->window_slot_count),
	};
}

static unsigned int entries_left(const struct message *message) {
	return IPC_ENTRIES_MAX - message->page_count - message->capability_count;
}

/* No entry may be written twice, nor be both source and destination in one message. */
static int page_planned(const struct message *message, const struct map_plan *plan) {
	for (const struct map_plan *other = message->pages; other < plan; other++)
		if (other->entry == plan->entry || other->source == plan->entry || other->entry == plan->source)
			return 1;
	return 0;
}

static uint64_t pages_decode(struct message *message, const struct window *window, const struct ipc_item *item,
                             struct ipc_item *received) {
	const unsigned int shift = (item->header & ITEM_LARGE) ? LARGE_PAGE_SHIFT : PAGE_SHIFT;

	if ((item->header & (ITEM_ACTION_MASK | ITEM_BADGE)) != 0 || item->count == 0 ||
	    item->count > entries_left(message))
		return ERROR_ARGUMENT;
	if (item->count > window->size >> shift || item->destination > window->size - (item->count << shift) ||
	    window->size > USER_ADDRESS_END || window->address > USER_ADDRESS_END - window->size)
		return RECEIVER_FAILS(ERROR_RANGE);

	struct map_request request = {
		.from = message->from->space,
		.to = message->to->space,
		.source = item->source,
		.destination = window->address + item->destination,
		.rights = (unsigned int)((item->header & ITEM_RIGHTS_MASK) >> ITEM_RIGHTS_SHIFT),
		.flags = ((item->header & ITEM_HOLD) ? MAP_HOLD : 0) | ((item->header & ITEM_LARGE) ? MAP_LARGE : 0),
	};
	*received = *item;
	received->source = request.destination;
	for (uint64_t page = 0; page < item->count; page++) {
		struct map_plan *plan = &message->pages[message->page_count];
		error_t error = map_decode(&request, plan);
		if (error == ERROR_NO_MEMORY || error == ERROR_EXISTS) return RECEIVER_FAILS(error);
		if (error != ERROR_OK) return error;
		if (page_planned(message, plan)) return ERROR_EXISTS;
		message->page_count++;
		request.source += UINT64_C(1) << shift;
		request.destination += UINT64_C(1) << shift;
	}
	return 0;
}

/* No slot may be filled twice, and nothing may be taken from a slot that is moved. */
static int slot_planned(const struct message *message, const struct capability_plan *plan) {
	for (const struct capability_plan *other = message->capabilities; other < plan; other++) {
		if (plan->slot && other->slot == plan->slot) return 1;
		if (other->source == plan->source && (other->action == ITEM_MOVE || plan->action == ITEM_MOVE))
			return 1;
	}
	return 0;
}

/* What is given: @plan's source, contents and own. */
static error_t capability_source_decode(const struct message *message, const struct ipc_item *item,
                                        struct capability_plan *plan) {
	const struct thread *to = message->to;

	TRY(capability_plan_decode(message->from->space, item, plan));
	const struct thread *object = slot_object(plan->source);
	plan->own = slot_kind(plan->source) == KIND_THREAD &&
	            (object == to || (object == to->served && object->serial == to->served_serial));
	return plan->own && plan->action == ITEM_MOVE && plan->source->child ? ERROR_BUSY : ERROR_OK;
}

static uint64_t capability_decode(struct message *message, const struct window *window, const struct ipc_item *item,
                                  struct ipc_item *received) {
	struct capability_plan *plan = &message->capabilities[message->capability_count];

	if ((item->header & (ITEM_HOLD | ITEM_LARGE)) != 0 || (item->header & ITEM_ACTION_MASK) > ITEM_MOVE ||
	    entries_left(message) == 0)
		return ERROR_ARGUMENT;
	*plan = (struct capability_plan){.action = item->header & ITEM_ACTION_MASK};
	if ((item->header & ITEM_TYPE_MASK) == ITEM_CAPABILITY)
		TRY(capability_source_decode(message, item, plan));
	else if (message->from->held)
		plan->action = ITEM_MOVE;
	else
		return ERROR_STATE;

	*received = (struct ipc_item){.header = item->header & ~(ITEM_BADGE | ITEM_ACTION_MASK),
	                              .destination = item->destination};
	if (plan->own) {
		received->header |= ITEM_OWN;
		received->count = plan->contents.badge;
	} else {
		if (item->destination >= window->slot_count) return RECEIVER_FAILS(ERROR_RANGE);
		received->source = window->slot + item->destination;
		error_t error = slot_find_empty(message->to->space, received->source, &plan->slot);
		if (error != ERROR_OK) return RECEIVER_FAILS(error);
	}
	if (slot_planned(message, plan)) return ERROR_EXISTS;
	message->capability_count++;
	return 0;
}

uint64_t message_decode(struct thread *from, struct thread *to, uint64_t tag, struct message *message) {
	const struct window window = window_read(to);

	message->from = from;
	message->to = to;
	message->tag = tag;
	message->page_count = 0;
	message->capability_count = 0;
	for (unsigned int index = 0; index < IPC_TAG_ITEMS(tag); index++) {
		const struct ipc_item item = item_read(&from->utcb->items[index]);
		const uint64_t type = item.header & ITEM_TYPE_MASK;
		uint64_t result = ERROR_ARGUMENT;
		if ((item.header & ~ITEM_FLAGS_ALL) != 0)
			result = ERROR_ARGUMENT;
		else if (type == ITEM_PAGES)
			result = pages_decode(message, &window, &item, &message->received[index]);
		else if (type == ITEM_CAPABILITY || type == ITEM_REPLY_RIGHT)
			result = capability_decode(message, &window, &item, &message->received[index]);
		if (result != 0) return result | ((uint64_t)index << IPC_RESULT_ITEM_SHIFT);
	}
	return 0;
}

static void capability_commit(struct thread *from, const struct capability_plan *plan) {
	if (!plan->source)
		tie_save(from->held, plan->slot);
	else if (plan->own && plan->action == ITEM_MOVE)
		slot_remove(plan->source);
	else if (plan->own)
		return;
	else
		capability_plan_commit(plan);
}

void message_commit_items(const struct message *message) {
	struct thread *to = message->to;

	for (unsigned int index = 0; index < message->page_count; index++) map_commit(&message->pages[index]);
	for (unsigned int index = 0; index < message->capability_count; index++)
		capability_commit(message->from, &message->capabilities[index]);
	if (to->fault.label) return;
	for (unsigned int index = 0; index < IPC_TAG_ITEMS(message->tag); index++)
		to->utcb->received[index] = message->received[index];
}

void message_copy_words(const struct utcb *from, struct utcb *to, unsigned int words) {
	const uint64_t *source = &from->words[IPC_WORDS_IN_REGISTERS];
	const uint64_t *end = &from->words[words];
	uint64_t *destination = &to->words[IPC_WORDS_IN_REGISTERS];

	for (; source + 8 <= end; source += 8, destination += 8) {
#pragma GCC unroll 8
		for (unsigned int index = 0; index < 8; index++) destination[index] = source[index];
	}
	while (source < end) *destination++ = *source++;
}

void message_deliver(struct thread *to, uint64_t tag, uint64_t badge, const uint64_t *words, unsigned int count) {
#pragma GCC unroll 8
	for (unsigned int index = 0; index < IPC_WORDS_IN_REGISTERS; index++)
		to->registers.words[index] = index < count ? words[index] : 0;
	for (unsigned int index = IPC_WORDS_IN_REGISTERS; index < count; index++) to->utcb->words[index] = words[index];
	to->registers.operation = 0;
	to->registers.target = badge;
	to->registers.tag = tag;
}

uint64_t message_word(const struct thread *thread, unsigned int index) {
	return index < IPC_WORDS_IN_REGISTERS ? thread->registers.words[index]
	                                      : READ_ONCE(thread->utcb->words[index % IPC_WORDS_MAX]);
}

static uint64_t message_transfer_items(struct thread *from, struct thread *to, uint64_t badge, uint64_t tag,
                                       uint64_t flags) {
	struct message message;
	uint64_t result = message_decode(from, to, tag, &message);

	if (result != 0) return result;
	message_commit_items(&message);
	message_commit_words(from, to, tag | flags, badge);
	return 0;
}

uint64_t message_transfer(struct thread *from, struct thread *to, uint64_t badge, uint64_t tag, uint64_t flags) {
	if (unlikely(IPC_TAG_ITEMS(tag))) return message_transfer_items(from, to, badge, tag, flags);
	message_commit_words(from, to, tag | flags, badge);
	return 0;
}
