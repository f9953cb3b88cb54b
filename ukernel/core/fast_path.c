/* SPDX-License-Identifier: MIT */
/*
 * The fast path: a call to a waiting server, and its reply that waits for more. Read ipc.c first.
 *
 * Checks only, then commits; whatever is not plainly the common case goes the general way and must end in the same
 * state there. The budget on the CPU is not touched: time follows the call by staying where it is.
 */
#include "cpu.h"
#include "ipc.h"
#include "message.h"
#include "space.h"

/* Only words: no items and no flags. */
static inline int tag_is_plain(uint64_t tag) { return (uint32_t)tag <= IPC_WORDS_MAX; }

/* A message that is longer than registers; apart, so that the usual way needs no stack. */
static __attribute__((noinline)) void fast_switch_long(struct thread *from, struct thread *to) {
	message_copy_words(from->utcb, to->utcb, IPC_TAG_WORDS(to->registers.tag));
	arch_thread_switch(from, LEAVE_VOLUNTARY, to);
}

/* Transfers the message and leaves the CPU, with the budget on it, to @to. */
static inline void fast_switch(struct cpu *cpu, struct thread *from, struct thread *to, uint64_t tag, uint64_t badge) {
	message_commit_registers(from, to, tag, badge);
	cpu->current = to;
	cpu->loaded = to;
	if (unlikely((uint32_t)tag > IPC_WORDS_IN_REGISTERS))
		fast_switch_long(from, to);
	else
		arch_thread_switch(from, LEAVE_VOLUNTARY, to);
}

static inline void fast_call(struct cpu *cpu, struct thread *self) {
	const uint32_t number = (uint32_t)self->registers.target;
	const uint64_t tag = self->registers.tag;

	if (number >= SLOT_COUNT || !tag_is_plain(tag) || self->attention != 0) return ipc_general();
	const struct slot *slot = &self->space->slot_pages[number / SLOTS_PER_PAGE]->slots[number % SLOTS_PER_PAGE];
	if ((slot->object & (SLOT_KIND_MASK | RIGHT_SEND)) != slot_object_word(NULL, KIND_THREAD, RIGHT_SEND))
		return ipc_general();
	struct thread *server = slot_object(slot);
	if (server->receivers.next != &server->receiver_node || server->deadline != TIME_NEVER) return ipc_general();

	list_remove(&server->receiver_node);
	server->state = THREAD_READY;
	server->held = &self->call;
	self->call.holder = server;
	self->call.state = TIE_HELD;
	self->state = THREAD_WAITING;
	fast_switch(cpu, self, server, tag, slot->badge);
}

static inline void fast_reply_receive(struct cpu *cpu, struct thread *self) {
	struct tie *tie = self->held;
	const uint64_t tag = self->registers.tag;

	if (!tie || tie->kind != TIE_CALL || self->registers.target != 0 || !tag_is_plain(tag) || self->attention != 0)
		return ipc_general();
	struct thread *caller = CONTAINER_OF(tie, struct thread, call);
	if (cpu->helping || cpu->budget == &self->budget || caller->fault.label || caller->stops != 0 ||
	    caller->attention != 0)
		return ipc_general();

	tie->state = TIE_IDLE;
	self->held = NULL;
	self->state = THREAD_RECEIVING;
	list_append(&self->receivers, &self->receiver_node);
	self->registers.operation = IPC_RECEIVE;
	caller->state = THREAD_READY;
	fast_switch(cpu, self, caller, tag, 0);
}

void kernel_ipc(void) {
	struct cpu *cpu = arch_cpu();
	struct thread *self = cpu->current;

	if (self->registers.operation == IPC_CALL)
		fast_call(cpu, self);
	else if (self->registers.operation == IPC_REPLY_RECEIVE)
		fast_reply_receive(cpu, self);
	else
		ipc_general();
}
