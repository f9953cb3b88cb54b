/* SPDX-License-Identifier: MIT */
/*
 * Messages of the main thread: to the kernel, to others, and from them.
 *
 * Owns the building of messages word by word and item by item. Only for the program's first thread:
 * others do what actor.h describes.
 */
#ifndef FIRST_KERNEL_H
#define FIRST_KERNEL_H

#include <nacre/abi/error.h>
#include <nacre/abi/fault.h>
#include <nacre/abi/item.h>
#include <nacre/abi/label.h>
#include <nacre/abi/rights.h>
#include <nacre/abi/utcb.h>

#include <first/raw.h>

/* The UTCB of the main thread. */
extern struct utcb *main_utcb;

/* What the last message of the main thread brought: result, badge, tag and words. */
extern struct raw_ipc answer;

/* Adds an item to the next message. */
void give_item(struct ipc_item item);
/* @count 4 KiB frames (holds) from @address on, for the kernel to keep. */
void give_frames(uint64_t address, uint64_t count);
void give_capability(uint32_t slot);

/* Result of kernel_call() if `ipc` itself failed: this and its result word. */
#define CALL_FAILED UINT64_C(0x10000)

/* Calls @slot with @count words and the items given; returns the label of the reply. */
uint64_t kernel_call(uint32_t slot, uint32_t label, const uint64_t *words, uint64_t count);

/* One more word than listed, before them, because an array cannot be empty. */
#define KERNEL_WORDS(...) ((const uint64_t[]){0, ##__VA_ARGS__})
/* KERNEL(slot, label, words...): a call whose words are listed. */
#define KERNEL(slot, label, ...) \
	kernel_call((slot), (label), KERNEL_WORDS(__VA_ARGS__) + 1, sizeof(KERNEL_WORDS(__VA_ARGS__)) / 8 - 1)

/* Word @index of the last answer, wherever it travels. */
uint64_t answer_word(unsigned int index);

/* Receives on the own queue; returns the result word. Gives up after some seconds. */
uint64_t receive(void);
/* The same on the queue to which @queue gives the serve right, until @deadline. */
uint64_t receive_until(uint32_t queue, uint64_t deadline);
/* Receives only what is there now. */
uint64_t receive_now(void);

/* Answers the call being served with @count words and the items given. */
uint64_t reply_words(uint32_t label, const uint64_t *words, uint64_t count);
#define REPLY(label, ...) reply_words((label), KERNEL_WORDS(__VA_ARGS__) + 1, sizeof(KERNEL_WORDS(__VA_ARGS__)) / 8 - 1)
/* The same through the reply right in @slot. */
uint64_t reply_to(uint32_t slot, uint32_t label);
/* Saves the right to answer the call being served. */
uint64_t reply_save(uint32_t slot);

/* Sends one way, without waiting for a receiver; for signal capabilities, too. */
uint64_t send_now(uint32_t slot, uint32_t label);

#endif
