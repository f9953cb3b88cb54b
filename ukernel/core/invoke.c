/* SPDX-License-Identifier: MIT */
/*
 * Messages that the kernel answers: dispatch, arguments, answers. Read invoke.h first.
 */
#include "invoke.h"

#include <nacre/abi/fault.h>

#include "cpu.h"
#include "message.h"

void invocation_answer(struct invocation *invocation, unsigned int count, const uint64_t *words) {
	for (unsigned int index = 0; index < count; index++) invocation->word_out[index] = words[index];
	invocation->words_out = count;
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

error_t invocation_capability(const struct invocation *invocation, unsigned int index, unsigned int kind,
                              struct slot **slot) {
	const struct ipc_item *item = &invocation->item[index];

	if ((item->header & ITEM_TYPE_MASK) != ITEM_CAPABILITY) return ERROR_ARGUMENT;
	return slot_find_kind(invocation->caller->space, item->source, kind, slot);
}

error_t invocation_store_capability(struct invocation *invocation, struct slot *holder, unsigned int right) {
	struct ipc_item item = invocation->item[0];
	struct capability_plan plan = {.slot = holder};

	if (invocation->items != 0) {
		TRY(invocation_capability(invocation, 0, KIND_THREAD, &plan.source));
		const uint64_t action = item.header & ITEM_ACTION_MASK;
		if (action > ITEM_SHARE) return ERROR_ARGUMENT;
		item.header = ITEM_HEADER(ITEM_CAPABILITY, action, right, item.header & ITEM_BADGE);
		TRY(capability_plan_decode(invocation->caller->space, &item, &plan));
	}
	slot_remove(holder);
	if (plan.source) capability_plan_commit(&plan);
	return ERROR_OK;
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

struct method {
	error_t (*handler)(struct invocation *);
	uint8_t words; /* at least */
	uint8_t items_least, items_most;
	uint8_t flags_word;     /* the word that is flags, */
	uint64_t flags_unknown; /* and those it may not have */
};

#define FLAGS(word, known) .flags_word = (word), .flags_unknown = ~(uint64_t)(known)
#define METHOD(protocol, label, number, name, least_words, least_items, most_items, ...) \
	[PROTOCOL_##protocol][number] = {.handler = invoke_##name,                       \
	                                 .words = (least_words),                         \
	                                 .items_least = (least_items),                   \
	                                 .items_most = (most_items),                     \
	                                 __VA_ARGS__},
#define METHODS_MAX 40
static const struct method methods[][METHODS_MAX] = {
#include <nacre/abi/label.def>
};

static const uint8_t protocol_of_kind[] = {
	[KIND_THREAD_CONTROL] = PROTOCOL_THREAD,
	[KIND_SPACE_CONTROL] = PROTOCOL_SPACE,
	[KIND_INTERRUPT] = PROTOCOL_INTERRUPT,
	[KIND_PORTS] = PROTOCOL_PORTS,
};

/* An object on its way out can only be destroyed to the end. */
static error_t object_check(const struct invocation *invocation, uint32_t label) {
	const unsigned int kind = slot_kind(invocation->slot);

	if (kind == KIND_SPACE_CONTROL && (invocation->space->flags & SPACE_DEAD) && label != SPACE_DESTROY)
		return ERROR_GONE;
	if (kind == KIND_THREAD_CONTROL && invocation->thread->dead && label != THREAD_DESTROY) return ERROR_GONE;
	return LABEL_PROTOCOL(label) == protocol_of_kind[kind] ? ERROR_OK : ERROR_UNKNOWN;
}

static error_t invocation_execute(struct invocation *invocation) {
	const uint64_t tag = invocation->caller->registers.tag;
	const uint32_t label = IPC_TAG_LABEL(tag);

	TRY(object_check(invocation, label));
	if (LABEL_METHOD(label) >= METHODS_MAX) return ERROR_UNKNOWN;
	const struct method *method = &methods[LABEL_PROTOCOL(label)][LABEL_METHOD(label)];
	if (!method->handler) return ERROR_UNKNOWN;
	invocation->items = IPC_TAG_ITEMS(tag);
	if (IPC_TAG_WORDS(tag) < method->words || invocation->items < method->items_least ||
	    invocation->items > method->items_most)
		return ERROR_ARGUMENT;
	for (unsigned int index = 0; index < IPC_WORDS_IN_REGISTERS; index++)
		invocation->word[index] = index < IPC_TAG_WORDS(tag) ? invocation->caller->registers.words[index] : 0;
	if (invocation->word[method->flags_word] & method->flags_unknown) return ERROR_ARGUMENT;
	for (unsigned int index = 0; index < invocation->items; index++) {
		invocation->item[index] = item_read(&invocation->caller->utcb->items[index]);
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

static void invocation_restart(const struct invocation *invocation) {
	struct registers *registers = &invocation->caller->registers;

	for (unsigned int index = 0; index < invocation->words_out; index++)
		registers->words[index] = invocation->word_out[index];
	if (IPC_TAG_WORDS(registers->tag) < invocation->words_out)
		registers->tag = (registers->tag & ~IPC_TAG_WORDS_MASK) | invocation->words_out;
	arch_thread_restart_ipc(invocation->caller);
}

uint64_t invoke(struct thread *self, struct slot *slot) {
	error_t error = message_tag_check(self->registers.tag);

	if (error != ERROR_OK) return error;

	struct invocation invocation;
	invocation.caller = self;
	invocation.slot = slot;
	invocation.space = slot_object(slot);
	invocation.again = 0;
	invocation.words_out = 0;
	invocation.items_out = 0;
	error = invocation_execute(&invocation);
	/* It may have destroyed itself: if that was the last step, even the struct is gone. */
	if (arch_cpu()->current != self) return INVOKE_ANSWERED;
	if (invocation.again)
		invocation_restart(&invocation);
	else
		invocation_reply(&invocation, error);
	return INVOKE_ANSWERED;
}
