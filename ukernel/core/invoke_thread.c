/* SPDX-License-Identifier: MIT */
/*
 * Control of a thread. What each method takes and answers is label.def.
 */
#include "derivation.h"
#include "drain.h"
#include "invoke.h"
#include "ipc.h"
#include "message.h"
#include "space.h"

#include <nacre/abi/fault.h>

static struct thread *invocation_thread(const struct invocation *invocation) { return slot_object(invocation->slot); }

static error_t thread_start_method(struct invocation *invocation) {
	struct thread *thread = invocation_thread(invocation);
	uint64_t arguments[6];

	if (thread->started || !thread->utcb) return ERROR_STATE;
	for (unsigned int index = 0; index < 6; index++) arguments[index] = invocation_word(invocation, 2 + index);
	TRY(arch_thread_start(thread, invocation_word(invocation, 0), invocation_word(invocation, 1), arguments));
	thread->started = 1;
	return thread_resume(thread);
}

static error_t thread_stop_method(struct invocation *invocation) {
	struct thread *thread = invocation_thread(invocation);

	/* The caller gets its answer first: a thread that stops itself does so with the call behind it. */
	thread_stop(thread);
	invocation_answer(invocation, 0, thread->stops);
	return ERROR_OK;
}

static error_t thread_resume_method(struct invocation *invocation) {
	struct thread *thread = invocation_thread(invocation);

	if (!thread->utcb) return ERROR_STATE;
	TRY(thread_resume(thread));
	invocation_answer(invocation, 0, thread->stops);
	return ERROR_OK;
}

static error_t thread_cancel_method(struct invocation *invocation) {
	thread_cancel(invocation_thread(invocation));
	return ERROR_OK;
}

static error_t thread_set_handler(struct invocation *invocation) {
	const uint64_t which = invocation_word(invocation, 0);

	if (which >= HANDLER_COUNT) return ERROR_RANGE;
	return invocation_store_capability(invocation, &invocation_thread(invocation)->handlers[which], RIGHT_SEND);
}

static error_t thread_set_budget(struct invocation *invocation) {
	const uint64_t quantum = invocation_word(invocation, 0);
	const uint64_t priority = invocation_word(invocation, 1);

	if (priority > PRIORITY_MAX || quantum > BUDGET_QUANTUM_MAX) return ERROR_RANGE;
	if (priority > control_ceiling(invocation->slot->badge)) return ERROR_RIGHT;
	budget_set(invocation_thread(invocation), quantum, (unsigned int)priority);
	return ERROR_OK;
}

static error_t thread_set_flags(struct invocation *invocation) {
	const uint64_t flags = invocation_word(invocation, 0);

	if ((flags & ~(uint64_t)THREAD_FOREIGN) != 0) return ERROR_ARGUMENT;
	invocation_thread(invocation)->flags = (uint8_t)flags;
	return ERROR_OK;
}

static error_t thread_set_bases(struct invocation *invocation) {
	return arch_thread_set_bases(invocation_thread(invocation), invocation_word(invocation, 0),
	                             invocation_word(invocation, 1));
}

static error_t thread_derive(struct invocation *invocation) {
	struct thread *thread = invocation_thread(invocation);
	const struct slot all = {.object = slot_object_word(thread, KIND_THREAD, RIGHTS_ALL)};
	const struct slot_grant grant = {
		.rights = (unsigned int)invocation_word(invocation, 0) & RIGHTS_ALL,
		.badge = invocation_word(invocation, 1),
		.badge_action = invocation_word(invocation, 2) ? BADGE_FIX : BADGE_KEEP,
	};
	struct slot contents;

	TRY(slot_grant_decode(&all, &grant, &contents));
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

static error_t thread_rebind(struct invocation *invocation) {
	struct thread *thread = invocation_thread(invocation);
	struct slot *slot;
	struct slot *control;

	TRY(invocation_capability(invocation, 0, KIND_THREAD, &slot));
	TRY(invocation_capability(invocation, 1, KIND_THREAD_CONTROL, &control));
	struct thread *other = slot_object(control);
	if (other->dead) return ERROR_GONE;
	if (slot_object(slot) != thread && slot_object(slot) != other) return ERROR_CAPABILITY;
	return invocation_step(invocation, thread_rebind_step(thread, slot, other));
}

static error_t thread_set_death(struct invocation *invocation) {
	return invocation_store_capability(invocation, &invocation_thread(invocation)->death, RIGHT_SIGNAL);
}

static error_t thread_destroy_method(struct invocation *invocation) {
	struct thread *thread = invocation_thread(invocation);
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

static error_t thread_get_registers(struct invocation *invocation) {
	struct thread *thread = invocation_thread(invocation);
	struct abi_registers registers;
	const uint64_t *words = (const uint64_t *)&registers;

	TRY(registers_check(thread));
	arch_thread_get_registers(thread, &registers);
	for (unsigned int index = 0; index < ABI_REGISTER_WORDS; index++)
		invocation_answer(invocation, index, words[index]);
	return ERROR_OK;
}

static error_t thread_set_registers(struct invocation *invocation) {
	struct thread *thread = invocation_thread(invocation);
	struct abi_registers registers;
	uint64_t *words = (uint64_t *)&registers;

	TRY(registers_check(thread));
	for (unsigned int index = 0; index < ABI_REGISTER_WORDS; index++)
		words[index] = invocation_word(invocation, index);
	TRY(arch_thread_set_registers(thread, &registers));
	thread->fault.label = 0;
	thread->attention &= ~ATTENTION_FAULT;
	thread->state = THREAD_READY;
	thread->started = 1;
	thread->changes++;
	return ERROR_OK;
}

static uint64_t thread_state_told(const struct thread *thread) {
	switch ((enum thread_state)thread->state) {
	case THREAD_READY: return THREAD_STATE_READY;
	case THREAD_RECEIVING: return THREAD_STATE_RECEIVING;
	case THREAD_SENDING: return THREAD_STATE_SENDING;
	case THREAD_WAITING: return THREAD_STATE_WAITING;
	case THREAD_HALTED: return THREAD_STATE_HALTED;
	case THREAD_QUEUE: break;
	}
	return THREAD_STATE_QUEUE;
}

static error_t thread_state_method(struct invocation *invocation) {
	const struct thread *thread = invocation_thread(invocation);
	const uint64_t words[] = {
		thread_state_told(thread), thread->stops,  thread->fault.label,   thread->fault.address,
		thread->budget.consumed,   thread->serial, thread->space->serial, thread->budget.priority,
	};

	for (unsigned int index = 0; index < sizeof(words) / sizeof(words[0]); index++)
		invocation_answer(invocation, index, words[index]);
	return ERROR_OK;
}

const struct method thread_methods[] = {
	{THREAD_START, 2, 0, 0, thread_start_method},
	{THREAD_STOP, 0, 0, 0, thread_stop_method},
	{THREAD_RESUME, 0, 0, 0, thread_resume_method},
	{THREAD_CANCEL, 0, 0, 0, thread_cancel_method},
	{THREAD_SET_HANDLER, 1, 0, 1, thread_set_handler},
	{THREAD_SET_BUDGET, 2, 0, 0, thread_set_budget},
	{THREAD_SET_FLAGS, 1, 0, 0, thread_set_flags},
	{THREAD_SET_BASES, 2, 0, 0, thread_set_bases},
	{THREAD_DERIVE, 3, 0, 0, thread_derive},
	{THREAD_REBIND, 0, 2, 2, thread_rebind},
	{THREAD_SET_DEATH, 0, 0, 1, thread_set_death},
	{THREAD_DESTROY, 0, 0, 0, thread_destroy_method},
	{THREAD_GET_REGISTERS, 0, 0, 0, thread_get_registers},
	{THREAD_SET_REGISTERS, ABI_REGISTER_WORDS, 0, 0, thread_set_registers},
	{THREAD_STATE, 0, 0, 0, thread_state_method},
	{0},
};
