/* SPDX-License-Identifier: MIT */
/*
 * Faults as calls. Read fault.h first.
 */
#include "fault.h"

#include "cpu.h"
#include "ipc.h"
#include "message.h"
#include "schedule.h"
#include "signal.h"

#include <nacre/abi/fault.h>

static const struct slot *fault_handler(const struct thread *thread) {
	return &thread->handlers[thread->fault.label == FAULT_PAGE ? HANDLER_PAGER : HANDLER_EXCEPTION];
}

void fault_send(struct thread *thread) {
	const struct slot *slot = fault_handler(thread);
	struct thread *handler = slot->object ? slot_object(slot) : NULL;

	thread->attention &= ~ATTENTION_FAULT;
	if (!handler || handler->dead) {
		fault_lost(thread);
		return;
	}
	struct thread *receiver = ipc_receiver(handler);
	if (!receiver) {
		tie_enqueue(&thread->call, handler, slot->badge);
		thread->state = THREAD_SENDING;
		schedule_leave(QUEUE_HEAD);
		return;
	}
	thread_take_receiver(receiver);
	fault_deliver(thread, receiver, slot->badge);
	thread->state = THREAD_WAITING;
	tie_hold(&thread->call, receiver);
	schedule_hand_over(receiver);
}

void fault_deliver(struct thread *thread, struct thread *receiver, uint64_t badge) {
	const struct fault *fault = &thread->fault;
	uint64_t words[FAULT_REGISTERS_FIRST_WORD + ABI_REGISTER_WORDS];

	if (fault->label == FAULT_PAGE) {
		words[0] = fault->address;
		words[1] = fault->number;
		words[2] = arch_thread_instruction(thread);
		message_deliver(receiver, IPC_TAG(FAULT_PAGE, 3, 0), badge, words, 3);
		return;
	}
	words[0] = fault->number;
	words[1] = fault->code;
	words[2] = fault->address;
	arch_thread_get_registers(thread, (struct abi_registers *)&words[FAULT_REGISTERS_FIRST_WORD]);
	message_deliver(receiver, IPC_TAG(fault->label, sizeof(words) / sizeof(words[0]), 0), badge, words,
	                sizeof(words) / sizeof(words[0]));
}

/* Another try for a handler: the exception handler learns of a page fault that stays unresolved. */
static void fault_becomes_exception(struct thread *thread, uint64_t number, uint64_t code) {
	thread->fault.label = FAULT_EXCEPTION;
	thread->fault.number = number;
	thread->fault.code = code;
	thread->attention |= ATTENTION_FAULT;
	thread->state = THREAD_READY;
}

static void page_answer(struct thread *thread, struct thread *replier, uint64_t tag) {
	struct message message;

	if (IPC_TAG_LABEL(tag) != ERROR_OK) {
		fault_becomes_exception(thread, FAULT_VECTOR_PAGE, IPC_TAG_LABEL(tag));
		return;
	}
	if (message_decode(replier, thread, tag, &message) == 0) message_commit_items(replier, thread, &message);
	thread->fault.label = 0;
	thread->state = THREAD_READY;
}

static void exception_answer(struct thread *thread, struct thread *replier, uint64_t tag) {
	struct abi_registers registers;
	uint64_t *words = (uint64_t *)&registers;

	if (IPC_TAG_LABEL(tag) != ERROR_OK) {
		thread_halt(thread);
		return;
	}
	if (IPC_TAG_WORDS(tag) >= ABI_REGISTER_WORDS) {
		for (unsigned int index = 0; index < ABI_REGISTER_WORDS; index++)
			words[index] = message_word(replier, index);
		if (arch_thread_set_registers(thread, &registers) != ERROR_OK) {
			thread_halt(thread);
			return;
		}
	}
	thread->fault.label = 0;
	thread->state = THREAD_READY;
}

void fault_answer(struct thread *thread, struct thread *replier, uint64_t tag) {
	if (thread->fault.label == FAULT_PAGE)
		page_answer(thread, replier, tag);
	else
		exception_answer(thread, replier, tag);
}

void fault_lost(struct thread *thread) {
	if (thread->fault.label == FAULT_PAGE)
		fault_becomes_exception(thread, FAULT_PAGER_LOST, 0);
	else
		thread_halt(thread);
}

static void fault_raise(uint32_t label, uint64_t number, uint64_t code, uint64_t address) {
	struct thread *thread = arch_cpu()->current;

	thread->fault = (struct fault){.label = label, .number = number, .code = code, .address = address};
	fault_send(thread);
	schedule_finish(LEAVE_PREEMPTED);
}

void kernel_page_fault(struct user_address address, unsigned int access) {
	fault_raise(FAULT_PAGE, access, 0, address.value);
}

void kernel_exception(uint64_t vector, uint64_t code, uint64_t address) {
	fault_raise(FAULT_EXCEPTION, vector, code, address);
}

void kernel_foreign_call(uint64_t number) { fault_raise(FAULT_FOREIGN, number, 0, 0); }
