/* SPDX-License-Identifier: MIT */
/*
 * Messages that the kernel answers: dispatch, arguments, answers. Read invoke.h first.
 */
#include "invoke.h"

#include "cpu.h"
#include "derivation.h"
#include "message.h"
#include "space.h"

uint64_t invocation_word(const struct invocation *invocation, unsigned int index) {
	return index < invocation->words ? message_word(invocation->caller, index) : 0;
}

void invocation_keep_word(struct invocation *invocation, unsigned int index, uint64_t value) {
	invocation->caller->registers.words[index] = value;
	if (index >= invocation->words) {
		invocation->words = index + 1;
		invocation->caller->registers.tag =
			(invocation->caller->registers.tag & ~IPC_TAG_WORDS_MASK) | (index + 1);
	}
}

void invocation_answer(struct invocation *invocation, unsigned int index, uint64_t value) {
	invocation->word_out[index] = value;
	if (index >= invocation->words_out) invocation->words_out = index + 1;
}

error_t invocation_reserve_slots(struct invocation *invocation, unsigned int count) {
	const struct utcb *utcb = invocation->caller->utcb;
	uint32_t first = READ_ONCE(utcb->window_slot);

	if (READ_ONCE(utcb->window_slot_count) < count) return ERROR_RANGE;
	for (unsigned int index = 0; index < count; index++)
		TRY(slot_find_empty(invocation->caller->space, (uint64_t)first + index, &invocation->slot_out[index]));
	invocation->slot_out_first = first;
	invocation->items_out = count;
	return ERROR_OK;
}

unsigned int invocation_frame_count(const struct invocation *invocation) {
	uint64_t count = 0;

	for (unsigned int index = 0; index < invocation->items; index++) {
		const struct ipc_item *item = &invocation->item[index];
		if ((item->header & ITEM_TYPE_MASK) == ITEM_PAGES && item->count <= IPC_ENTRIES_MAX)
			count += item->count;
	}
	return (unsigned int)count;
}

error_t invocation_frames(const struct invocation *invocation, unsigned int count, struct frame_offer *offers) {
	unsigned int found = 0;

	for (unsigned int index = 0; index < invocation->items; index++) {
		const struct ipc_item *item = &invocation->item[index];
		if ((item->header & (ITEM_TYPE_MASK | ITEM_LARGE)) != ITEM_PAGES || item->count > count - found)
			return ERROR_ARGUMENT;
		for (uint64_t page = 0; page < item->count; page++) {
			struct user_address address = {item->source + (page << PAGE_SHIFT)};
			TRY(frame_offer_decode(invocation->caller->space, address, &offers[found]));
			for (unsigned int other = 0; other < found; other++)
				if (offers[other].frame == offers[found].frame) return ERROR_BUSY;
			found++;
		}
	}
	return found == count ? ERROR_OK : ERROR_ARGUMENT;
}

error_t frame_offer_check_slots(const struct frame_offer *offer) {
	return frame_physical(offer->frame).value < SLOT_PHYSICAL_END ? ERROR_OK : ERROR_RANGE;
}

error_t invocation_capability(const struct invocation *invocation, unsigned int index, unsigned int kind,
                              struct slot **slot) {
	const struct ipc_item *item = &invocation->item[index];

	if ((item->header & ITEM_TYPE_MASK) != ITEM_CAPABILITY) return ERROR_ARGUMENT;
	return slot_find_kind(invocation->caller->space, item->source, kind, slot);
}

error_t invocation_store_capability(struct invocation *invocation, struct slot *holder, unsigned int right) {
	const struct ipc_item *item = &invocation->item[0];
	struct slot *source;
	struct slot contents;

	if (invocation->items == 0) {
		slot_remove(holder);
		return ERROR_OK;
	}
	TRY(invocation_capability(invocation, 0, KIND_THREAD, &source));
	struct slot_grant grant = {
		.rights = right,
		.badge = item->count,
		.badge_action = (item->header & ITEM_BADGE) ? BADGE_FIX : BADGE_KEEP,
	};
	TRY(slot_grant_decode(source, &grant, &contents));
	slot_remove(holder);
	if ((item->header & ITEM_ACTION_MASK) == ITEM_SHARE)
		slot_share(source, holder, &contents);
	else
		slot_derive(source, holder, &contents);
	return ERROR_OK;
}

struct space *invocation_space(const struct invocation *invocation) {
	return slot_object(invocation->slot);
}

error_t invocation_other_space(const struct invocation *invocation, struct space **space) {
	struct slot *slot = invocation->slot;

	if (invocation->items != 0) TRY(invocation_capability(invocation, 0, KIND_SPACE_CONTROL, &slot));
	*space = slot_object(slot);
	return (*space)->flags & SPACE_DEAD ? ERROR_GONE : ERROR_OK;
}

error_t invocation_step(struct invocation *invocation, enum step step) {
	invocation->again = step == STEP_AGAIN;
	return ERROR_OK;
}

static const struct method *method_find(const struct method *methods, uint32_t label) {
	for (; methods->label != 0; methods++)
		if (methods->label == label) return methods;
	return NULL;
}

/* The methods of the object; one on its way out can only be destroyed to the end. */
static error_t methods_of(const struct slot *slot, uint32_t label, const struct method **method) {
	switch (slot_kind(slot)) {
	case KIND_SPACE_CONTROL:
		if ((((struct space *)slot_object(slot))->flags & SPACE_DEAD) && label != SPACE_DESTROY)
			return ERROR_GONE;
		*method = method_find(space_methods, label);
		if (!*method) *method = method_find(capability_methods, label);
		break;
	case KIND_THREAD_CONTROL:
		if (((struct thread *)slot_object(slot))->dead && label != THREAD_DESTROY) return ERROR_GONE;
		*method = method_find(thread_methods, label);
		break;
	case KIND_INTERRUPT: *method = method_find(interrupt_methods, label); break;
	default: *method = method_find(port_methods, label); break;
	}
	return *method ? ERROR_OK : ERROR_UNKNOWN;
}

static error_t invocation_execute(struct invocation *invocation) {
	const uint64_t tag = invocation->caller->registers.tag;
	const struct method *method;

	TRY(methods_of(invocation->slot, IPC_TAG_LABEL(tag), &method));
	invocation->words = IPC_TAG_WORDS(tag);
	invocation->items = IPC_TAG_ITEMS(tag);
	if (invocation->words < method->words || invocation->items < method->items_min ||
	    invocation->items > method->items_max)
		return ERROR_ARGUMENT;
	for (unsigned int index = 0; index < invocation->items; index++) {
		const volatile struct ipc_item *shared = &invocation->caller->utcb->items[index];
		invocation->item[index] =
			(struct ipc_item){shared->header, shared->source, shared->count, shared->destination};
		if (invocation->item[index].header & ~ITEM_FLAGS_ALL) return ERROR_ARGUMENT;
	}
	return method->handler(invocation);
}

static void invocation_reply(const struct invocation *invocation, error_t error) {
	struct thread *caller = invocation->caller;
	unsigned int items = error == ERROR_OK ? invocation->items_out : 0;

	for (unsigned int index = 0; index < items; index++) {
		caller->utcb->received[index] = (struct ipc_item){
			.header = ITEM_CAPABILITY,
			.source = invocation->slot_out_first + index,
			.destination = index,
		};
	}
	message_deliver(caller, IPC_TAG(error, invocation->words_out, items), 0, invocation->word_out,
	                invocation->words_out);
}

uint64_t invoke(struct thread *self, struct slot *slot) {
	error_t error = message_tag_check(self->registers.tag);

	if (error != ERROR_OK) return error;

	struct invocation invocation;
	invocation.caller = self;
	invocation.slot = slot;
	invocation.again = 0;
	invocation.words_out = 0;
	invocation.items_out = 0;
	error = invocation_execute(&invocation);
	if (arch_cpu()->current != self) {
		/* It destroyed itself: if that was the last step, even the struct is gone. */
		return INVOKE_ANSWERED;
	}
	if (invocation.again)
		arch_thread_restart_ipc(self);
	else
		invocation_reply(&invocation, error);
	return INVOKE_ANSWERED;
}
