/* SPDX-License-Identifier: MIT */
/*
 * Messages: words and items, decoded first, then transferred.
 *
 * Knows nothing of who waits for whom (ipc.c). message_decode() changes nothing; message_commit_*() cannot fail.
 */
#ifndef NACRE_CORE_MESSAGE_H
#define NACRE_CORE_MESSAGE_H

#include "mapping.h"
#include "thread.h"

struct message {
	struct thread *from, *to;
	uint64_t tag; /* as sent */
	unsigned int page_count;
	unsigned int capability_count;
	struct map_plan pages[IPC_ENTRIES_MAX];
	struct capability_plan capabilities[IPC_ITEMS_MAX]; /* source NULL: the sender's unsaved reply right */
	struct ipc_item received[IPC_ITEMS_MAX];
};

/* ERROR_ARGUMENT for counts or flags a sender may not use. */
static inline error_t message_tag_check(uint64_t tag) {
	const uint64_t fixed = tag & UINT64_C(0xfffff000) & ~IPC_TAG_SENDER_FLAGS;

	if (likely((uint32_t)tag <= IPC_WORDS_MAX)) return ERROR_OK;
	return fixed || IPC_TAG_WORDS(tag) > IPC_WORDS_MAX || IPC_TAG_ITEMS(tag) > IPC_ITEMS_MAX ? ERROR_ARGUMENT
	                                                                                         : ERROR_OK;
}

/*
 * Checks everything that @from's message to @to asks for. Returns a result word: 0, or an error with the item and side.
 * A thread with a page fault accepts pages anywhere in its space, and nothing else.
 */
uint64_t message_decode(struct thread *from, struct thread *to, uint64_t tag, struct message *message);

/* Copies words 8..@words-1. */
void message_copy_words(const struct utcb *from, struct utcb *to, unsigned int words);

/* Transfers the words that travel in registers, whatever the count, and writes the result of the receive. */
static inline void message_commit_registers(const struct thread *from, struct thread *to, uint64_t tag,
                                            uint64_t badge) {
	const uint64_t *restrict source = from->registers.words;
	uint64_t *restrict destination = to->registers.words;

#pragma GCC unroll 8
	for (unsigned int index = 0; index < IPC_WORDS_IN_REGISTERS; index++) destination[index] = source[index];
	to->registers.operation = 0;
	to->registers.target = badge;
	to->registers.tag = tag;
}

/* Transfers words alone: all that a message without items needs. */
static inline void message_commit_words(const struct thread *from, struct thread *to, uint64_t tag, uint64_t badge) {
	const unsigned int words = IPC_TAG_WORDS(tag);

	if (unlikely(words > IPC_WORDS_IN_REGISTERS)) message_copy_words(from->utcb, to->utcb, words);
	message_commit_registers(from, to, tag, badge);
}

/* Transfers the items of a decoded message; an answer to a fault leaves no trace of them in the message buffer. */
void message_commit_items(const struct message *message);

/*
 * Decodes and transfers in one go; @flags (IPC_TAG_*) are added to the tag. Returns a result word as message_decode().
 */
uint64_t message_transfer(struct thread *from, struct thread *to, uint64_t badge, uint64_t tag, uint64_t flags);

/* Writes a message of the kernel's own: words beyond @count are zero. */
void message_deliver(struct thread *to, uint64_t tag, uint64_t badge, const uint64_t *words, unsigned int count);

/* Word @index of the message that @thread has just sent. */
uint64_t message_word(const struct thread *thread, unsigned int index);

/* Reads a field that other threads may be writing, once. */
#define READ_ONCE(field) (*(const volatile __typeof__(field) *)&(field))

static inline struct ipc_item item_read(const volatile struct ipc_item *shared) {
	return (struct ipc_item){shared->header, shared->source, shared->count, shared->destination};
}

#endif
