/* SPDX-License-Identifier: MIT */
/*
 * Control of a thread. What each method takes and answers is label.def.
 */
#include "invoke.h"
#include "ipc.h"
#include "message.h"

#include <nacre/abi/fault.h>

error_t invoke_thread_start(struct invocation *invocation) {
	struct thread *thread = invocation->thread;
	const uint64_t *word = invocation->word;

	if (thread->started || !thread->utcb || thread->stops == 0 || thread->state != THREAD_READY) return ERROR_STATE;
	TRY(arch_thread_start(thread, word[0], word[1], &word[2]));
	thread->started = 1;
	return thread_resume(thread);
}

error_t invoke_thread_stop(struct invocation *invocation) {
	struct thread *thread = invocation->thread;

	/* The caller gets its answer first: a thread that stops itself does so with the call behind it. */
	thread_stop(thread);
	ANSWER(invocation, thread->stops);
	return ERROR_OK;
}

error_t invoke_thread_resume(struct invocation *invocation) {
	struct thread *thread = invocation->thread;

	if (!thread->utcb) return ERROR_STATE;
	TRY(thread_resume(thread));
	ANSWER(invocation, thread->stops);
	return ERROR_OK;
}

error_t invoke_thread_cancel(struct invocation *invocation) {
	thread_cancel(invocation->thread);
	return ERROR_OK;
}

error_t invoke_thread_set_handler(struct invocation *invocation) {
	const uint64_t which = invocation->word[0];

	if (which >= HANDLER_COUNT) return ERROR_RANGE;
	return invocation_store_capability(invocation, &invocation->thread->handlers[which], RIGHT_SEND);
}

error_t invoke_thread_set_budget(struct invocation *invocation) {
	const uint64_t quantum = invocation->word[0];
	const uint64_t priority = invocation->word[1];

	if (priority > PRIORITY_MAX || quantum > BUDGET_QUANTUM_MAX) return ERROR_RANGE;
	if (priority > control_ceiling(invocation->slot->badge)) return ERROR_RIGHT;
	budget_set(invocation->thread, quantum, (unsigned int)priority);
	return ERROR_OK;
}

error_t invoke_thread_set_flags(struct invocation *invocation) {
	invocation->thread->flags = (uint8_t)invocation->word[0];
	return ERROR_OK;
}

error_t invoke_thread_set_bases(struct invocation *invocation) {
	return arch_thread_set_bases(invocation->thread, invocation->word[0], invocation->word[1]);
}

error_t invoke_thread_derive(struct invocation *invocation) {
	struct thread *thread = invocation->thread;
	const struct slot all = {.object = slot_object_word(thread, KIND_THREAD, RIGHTS_ALL)};
	const struct ipc_item item = {
		.header = ITEM_HEADER(ITEM_CAPABILITY, ITEM_DERIVE, invocation->word[0] & RIGHTS_ALL,
	                              invocation->word[2] ? ITEM_BADGE : 0),
		.count = invocation->word[1],
	};
	struct slot contents;

	TRY(slot_grant_decode(&all, &item, &contents));
	TRY(invocation_reserve_slots(invocation, 1));
	slot_derive(&thread->root, invocation->slot_out[0], &contents);
	return ERROR_OK;
}

/* Finishes what was begun before, by whomever; a slot that names the other thread is done. */
static enum step thread_rebind_step(struct thread *thread, struct slot *slot, struct thread *other) {
	TRY_STEP(thread_rebind_finish(thread));
	TRY_STEP(thread_rebind_finish(other));
	if (slot_object(slot) == thread) {
		thread_rebind_begin(thread, slot, other);
		TRY_STEP(thread_rebind_finish(thread));
	}
	return ipc_restart_queue(thread);
}

error_t invoke_thread_rebind(struct invocation *invocation) {
	struct thread *thread = invocation->thread;
	struct slot *slot;
	struct slot *control;

	TRY(invocation_capability(invocation, 0, KIND_THREAD, &slot));
	TRY(invocation_capability(invocation, 1, KIND_THREAD_CONTROL, &control));
	struct thread *other = slot_object(control);
	if (other->dead) return ERROR_GONE;
	if (slot_object(slot) != thread && slot_object(slot) != other) return ERROR_CAPABILITY;
	return invocation_step(invocation, thread_rebind_step(thread, slot, other));
}

error_t invoke_thread_set_death(struct invocation *invocation) {
	return invocation_store_capability(invocation, &invocation->thread->death, RIGHT_SIGNAL);
}

error_t invoke_thread_destroy(struct invocation *invocation) {
	struct thread *thread = invocation->thread;
	enum step step = STEP_DONE;

	/* A thread that ends itself lives on until all is done that can be interrupted. */
	if (thread == invocation->caller)
		step = ipc_fail_queue(thread, ERROR_GONE);
	else
		thread_mark_dead(thread);
	if (step == STEP_DONE) step = derivation_revoke_others(&thread->root, invocation->slot);
	if (step == STEP_DONE) step = drain_frame(frame_of(thread));
	return invocation_step(invocation, step);
}

/* Registers may be read and written while the thread cannot run and no answer will overwrite them. */
static error_t registers_check(const struct thread *thread) {
	return thread->utcb && thread->stops != 0 && (thread->state == THREAD_READY || thread->state == THREAD_HALTED)
	               ? ERROR_OK
	               : ERROR_STATE;
}

error_t invoke_thread_get_registers(struct invocation *invocation) {
	struct abi_registers registers;

	TRY(registers_check(invocation->thread));
	arch_thread_get_registers(invocation->thread, &registers);
	invocation_answer(invocation, ABI_REGISTER_WORDS, (const uint64_t *)&registers);
	return ERROR_OK;
}

error_t invoke_thread_set_registers(struct invocation *invocation) {
	struct thread *thread = invocation->thread;
	struct abi_registers registers;
	uint64_t *words = (uint64_t *)&registers;

	TRY(registers_check(thread));
	for (unsigned int index = 0; index < ABI_REGISTER_WORDS; index++)
		words[index] = message_word(invocation->caller, index);
	TRY(arch_thread_set_registers(thread, &registers));
	thread->fault.label = 0;
	thread->attention &= ~ATTENTION_FAULT;
	thread->state = THREAD_READY;
	thread->started = 1;
	thread->changes++;
	return ERROR_OK;
}

error_t invoke_thread_state(struct invocation *invocation) {
	const struct thread *thread = invocation->thread;

	ANSWER(invocation, thread->state, thread->stops, thread->fault.label, thread->fault.address,
	       thread->budget.consumed, thread->serial, thread->space->serial, thread->budget.priority);
	return ERROR_OK;
}
