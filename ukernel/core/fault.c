/* SPDX-License-Identifier: MIT */
/*
 * Faults as calls. Read ipc.h first.
 */
#include "ipc.h"

#include "message.h"
#include "schedule.h"

#include <nacre/abi/fault.h>

void fault_send(struct thread *thread) {
	const unsigned int which = thread->fault.label == FAULT_PAGE ? HANDLER_PAGER : HANDLER_EXCEPTION;
	const struct slot *slot = &thread->handlers[which];
	struct thread *handler = slot->object ? slot_object(slot) : NULL;

	thread->attention &= ~ATTENTION_FAULT;
	if (!handler || handler->dead) {
		fault_lost(thread);
		return;
	}
	struct thread *receiver = ipc_receiver(handler);
	if (unlikely(!receiver)) {
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

void fault_deliver(const struct thread *thread, struct thread *receiver, uint64_t badge) {
	const struct fault *fault = &thread->fault;

	if (likely(fault->label == FAULT_PAGE)) {
		const uint64_t words[] = {fault->address, fault->number, arch_thread_instruction(thread)};
		message_deliver(receiver, IPC_TAG(FAULT_PAGE, 3, 0), badge, words, 3);
		return;
	}
	uint64_t words[FAULT_REGISTERS_FIRST_WORD + ABI_REGISTER_WORDS] = {fault->number, fault->code, fault->address};
	const unsigned int count = sizeof(words) / sizeof(words[0]);
	arch_thread_get_registers(thread, (struct abi_registers *)&words[FAULT_REGISTERS_FIRST_WORD]);
	message_deliver(receiver, IPC_TAG(fault->label, count, 0), badge, words, count);
}

/*
 * Nobody has cured the fault: the exception handler learns of a page fault, with @number and @code; any other halts the
 * thread.
 */
static void fault_unresolved(struct thread *thread, uint64_t number, uint64_t code) {
	if (thread->fault.label != FAULT_PAGE) {
		thread_halt(thread);
		return;
	}
	thread->fault.label = FAULT_EXCEPTION;
	thread->fault.number = number;
	thread->fault.code = code;
	thread->attention |= ATTENTION_FAULT;
	thread->state = THREAD_READY;
}

void fault_lost(struct thread *thread) { fault_unresolved(thread, FAULT_PAGER_LOST, 0); }

/* Pages for a page fault. What is mapped there already may be the cure: the thread tries. */
static error_t pages_take(struct thread *thread, struct thread *replier, uint64_t tag) {
	struct message message;
	const error_t error = IPC_RESULT_ERROR(message_decode(replier, thread, tag, &message));

	if (error == ERROR_OK) message_commit_items(&message);
	return error == ERROR_EXISTS ? ERROR_OK : error;
}

/* Registers for any other fault, or none. */
static error_t registers_take(struct thread *thread, const struct thread *replier, uint64_t tag) {
	struct abi_registers registers;
	uint64_t *words = (uint64_t *)&registers;

	if (IPC_TAG_WORDS(tag) < ABI_REGISTER_WORDS) return ERROR_OK;
	for (unsigned int index = 0; index < ABI_REGISTER_WORDS; index++) words[index] = message_word(replier, index);
	return arch_thread_set_registers(thread, &registers);
}

void fault_answer(struct thread *thread, struct thread *replier, uint64_t tag) {
	uint64_t error = IPC_TAG_LABEL(tag);

	if (error == ERROR_OK)
		error = thread->fault.label == FAULT_PAGE ? pages_take(thread, replier, tag)
		                                          : registers_take(thread, replier, tag);
	if (unlikely(error != ERROR_OK)) {
		fault_unresolved(thread, FAULT_VECTOR_PAGE, error);
		return;
	}
	thread->fault.label = 0;
	thread->state = THREAD_READY;
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
