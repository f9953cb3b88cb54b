/* SPDX-License-Identifier: MIT */
/*
 * Messages: decode, then transfer. Read message.h first.
 */
#include "message.h"

#include "derivation.h"
#include "panic.h"

#include <nacre/abi/fault.h>

/* Where things may land at the receiver, read once. */
struct window {
	uint64_t address, size;
	uint32_t slot, slot_count;
};

/* Which side an item failed on. */
struct item_failure {
	error_t error;
	uint64_t side; /* IPC_RESULT_RECEIVER or 0 */
};

#define SENDER_FAILS(code)   ((struct item_failure){.error = (code)})
#define RECEIVER_FAILS(code) ((struct item_failure){.error = (code), .side = IPC_RESULT_RECEIVER})
#define ITEM_FINE            ((struct item_failure){.error = ERROR_OK})

static struct window window_read(const struct thread *to) {
	const struct utcb *utcb = to->utcb;

	if (to->fault.label == FAULT_PAGE) return (struct window){.size = USER_ADDRESS_END};
	if (to->fault.label) return (struct window){0};
	return (struct window){
		.address = READ_ONCE(utcb->window_address),
		.size = READ_ONCE(utcb->window_size),
		.slot = READ_ONCE(utcb->window_slot),
		.slot_count = READ_ONCE(utcb->window_slot_count),
	};
}

/* No entry may be written twice, nor be both source and destination in one message. */
static int page_planned(const struct message *message, const struct map_plan *plan) {
	for (unsigned int index = 0; index < message->page_count; index++) {
		const struct map_plan *other = &message->pages[index];
		if (other->entry == plan->entry || other->source == plan->entry || other->entry == plan->source)
			return 1;
	}
	return 0;
}

static struct item_failure page_failure(error_t error) {
	switch (error) {
	case ERROR_NO_MEMORY:
	case ERROR_EXISTS: return RECEIVER_FAILS(error);
	default: return SENDER_FAILS(error);
	}
}

static struct item_failure pages_decode(struct thread *from, struct thread *to, const struct window *window,
                                        const struct ipc_item *item, struct message *message,
                                        struct ipc_item *received) {
	unsigned int shift = (item->header & ITEM_LARGE) ? LARGE_PAGE_SHIFT : PAGE_SHIFT;
	uint64_t room = window->size >> shift;

	if ((item->header & (ITEM_ACTION_MASK | ITEM_BADGE)) != 0 || item->count == 0 ||
	    item->count > IPC_ENTRIES_MAX - message->page_count - message->capability_count)
		return SENDER_FAILS(ERROR_ARGUMENT);
	if (item->count > room || item->destination > window->size - (item->count << shift) ||
	    window->size > USER_ADDRESS_END || window->address > USER_ADDRESS_END - window->size)
		return RECEIVER_FAILS(ERROR_RANGE);

	struct map_request request = {
		.from = from->space,
		.to = to->space,
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
		if (error != ERROR_OK) return page_failure(error);
		if (page_planned(message, plan)) return SENDER_FAILS(ERROR_EXISTS);
		message->page_count++;
		request.source += UINT64_C(1) << shift;
		request.destination += UINT64_C(1) << shift;
	}
	return ITEM_FINE;
}

/* No slot may be filled twice, and nothing may be taken from a slot that is moved. */
static int slot_planned(const struct message *message, const struct capability_plan *plan) {
	for (unsigned int index = 0; index < message->capability_count; index++) {
		const struct capability_plan *other = &message->capabilities[index];
		if (plan->slot && other->slot == plan->slot) return 1;
		if (other->source == plan->source && (other->action == ITEM_MOVE || plan->action == ITEM_MOVE))
			return 1;
	}
	return 0;
}

static struct item_failure capability_source_decode(struct thread *from, struct thread *to, const struct ipc_item *item,
                                                    struct capability_plan *plan) {
	if ((item->header & ITEM_TYPE_MASK) == ITEM_REPLY_RIGHT) {
		if (!from->held) return SENDER_FAILS(ERROR_STATE);
		plan->action = ITEM_MOVE;
		return ITEM_FINE;
	}
	plan->source = slot_find(from->space, item->source);
	if (!plan->source || plan->source->object == 0) return SENDER_FAILS(ERROR_CAPABILITY);
	if (plan->action == ITEM_MOVE) {
		plan->contents = *plan->source;
	} else {
		struct slot_grant grant = {
			.rights = (unsigned int)((item->header & ITEM_RIGHTS_MASK) >> ITEM_RIGHTS_SHIFT),
			.badge = item->count,
			.badge_action = (item->header & ITEM_BADGE) ? BADGE_FIX : BADGE_KEEP,
		};
		if (plan->action == ITEM_SHARE && grant.badge_action == BADGE_FIX) return SENDER_FAILS(ERROR_ARGUMENT);
		error_t error = slot_grant_decode(plan->source, &grant, &plan->contents);
		if (error != ERROR_OK) return SENDER_FAILS(error);
	}
	const struct thread *object = slot_object(plan->source);
	plan->own = slot_kind(plan->source) == KIND_THREAD &&
	            (object == to || (object == to->served && object->serial == to->served_serial));
	if (plan->own && plan->action == ITEM_MOVE && plan->source->child) return SENDER_FAILS(ERROR_BUSY);
	return ITEM_FINE;
}

static struct item_failure capability_decode(struct thread *from, struct thread *to, const struct window *window,
                                             const struct ipc_item *item, struct message *message,
                                             struct ipc_item *received) {
	struct capability_plan *plan = &message->capabilities[message->capability_count];

	if ((item->header & (ITEM_HOLD | ITEM_LARGE)) != 0 || (item->header & ITEM_ACTION_MASK) > ITEM_MOVE ||
	    message->page_count + message->capability_count == IPC_ENTRIES_MAX)
		return SENDER_FAILS(ERROR_ARGUMENT);
	*plan = (struct capability_plan){.action = item->header & ITEM_ACTION_MASK};
	struct item_failure failure = capability_source_decode(from, to, item, plan);
	if (failure.error != ERROR_OK) return failure;

	*received = (struct ipc_item){.header = item->header & ~(ITEM_BADGE | ITEM_ACTION_MASK),
	                              .destination = item->destination};
	if (plan->own) {
		received->header |= ITEM_OWN;
		received->count = plan->contents.badge;
	} else {
		if (item->destination >= window->slot_count) return RECEIVER_FAILS(ERROR_RANGE);
		received->source = window->slot + item->destination;
		error_t error = slot_find_empty(to->space, received->source, &plan->slot);
		if (error != ERROR_OK) return RECEIVER_FAILS(error);
	}
	if (slot_planned(message, plan)) return SENDER_FAILS(ERROR_EXISTS);
	message->capability_count++;
	return ITEM_FINE;
}

static struct item_failure item_decode(struct thread *from, struct thread *to, const struct window *window,
                                       const struct ipc_item *item, struct message *message,
                                       struct ipc_item *received) {
	if ((item->header & ~ITEM_FLAGS_ALL) != 0) return SENDER_FAILS(ERROR_ARGUMENT);
	switch (item->header & ITEM_TYPE_MASK) {
	case ITEM_PAGES: return pages_decode(from, to, window, item, message, received);
	case ITEM_CAPABILITY:
	case ITEM_REPLY_RIGHT: return capability_decode(from, to, window, item, message, received);
	default: return SENDER_FAILS(ERROR_ARGUMENT);
	}
}

uint64_t message_decode(struct thread *from, struct thread *to, uint64_t tag, struct message *message) {
	unsigned int count = IPC_TAG_ITEMS(tag);

	message->tag = tag;
	message->page_count = 0;
	message->capability_count = 0;
	struct window window = window_read(to);
	for (unsigned int index = 0; index < count; index++) {
		const volatile struct ipc_item *shared = &from->utcb->items[index];
		struct ipc_item item = {shared->header, shared->source, shared->count, shared->destination};
		struct item_failure failure = item_decode(from, to, &window, &item, message, &message->received[index]);
		if (failure.error != ERROR_OK)
			return (uint64_t)failure.error | failure.side | ((uint64_t)index << IPC_RESULT_ITEM_SHIFT);
	}
	return 0;
}

static void capability_commit(struct thread *from, const struct capability_plan *plan) {
	if (!plan->source) {
		struct tie *tie = from->held;
		budget_note_lender(tie_owner(tie), from);
		tie_save(tie, plan->slot);
		return;
	}
	if (plan->own) {
		if (plan->action == ITEM_MOVE) slot_remove(plan->source);
		return;
	}
	switch (plan->action) {
	case ITEM_DERIVE: slot_derive(plan->source, plan->slot, &plan->contents); break;
	case ITEM_SHARE: slot_share(plan->source, plan->slot, &plan->contents); break;
	default: slot_move(plan->source, plan->slot); break;
	}
}

void message_commit_items(struct thread *from, struct thread *to, const struct message *message) {
	for (unsigned int index = 0; index < message->page_count; index++) map_commit(&message->pages[index]);
	for (unsigned int index = 0; index < message->capability_count; index++)
		capability_commit(from, &message->capabilities[index]);
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

void message_commit(struct thread *from, struct thread *to, const struct message *message, uint64_t badge) {
	message_commit_items(from, to, message);
	message_commit_words(from, to, message->tag, badge);
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
	message.tag |= flags;
	message_commit(from, to, &message, badge);
	return 0;
}

uint64_t message_transfer(struct thread *from, struct thread *to, uint64_t badge, uint64_t tag, uint64_t flags) {
	if (unlikely(IPC_TAG_ITEMS(tag))) return message_transfer_items(from, to, badge, tag, flags);
	message_commit_words(from, to, tag | flags, badge);
	return 0;
}
