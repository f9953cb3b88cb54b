/* SPDX-License-Identifier: MIT */
/*
 * Signals. Read ipc.h first.
 */
#include "ipc.h"

#include "message.h"

void signal_raise(struct thread *queue, uint64_t bits) {
	if (bits == 0 || queue->dead) return;
	queue->signals |= bits;
	queue->attention |= ATTENTION_SIGNALS;

	struct thread *receiver = ipc_receiver(queue);
	if (!receiver) return;
	thread_take_receiver(receiver);
	signal_deliver(queue, receiver);
	thread_make_ready(receiver);
}

void signal_raise_slot(const struct slot *slot) {
	if (slot->object) signal_raise(slot_object(slot), slot->badge);
}

void signal_deliver(struct thread *queue, struct thread *receiver) {
	const uint64_t word = queue->signals;

	queue->signals = 0;
	queue->attention &= ~ATTENTION_SIGNALS;
	message_deliver(receiver, IPC_TAG(0, 1, 0) | IPC_TAG_SIGNAL, 0, &word, 1);
}
