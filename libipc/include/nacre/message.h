/* SPDX-License-Identifier: MIT */
/*
 * Messages: the calls that generated stubs are made of, and reading and writing of their contents.
 *
 * Owns short calls (all in registers), long ones (through the UTCB), packing of strings and bytes,
 * and the receive window while a call is under way. The layout of messages is in
 * docs/interfaces.md. The receive windows in the UTCB are closed except during a call that wants
 * items and in a server's receive.
 */
#ifndef NACRE_MESSAGE_H
#define NACRE_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#include <nacre/abi/fault.h>
#include <nacre/abi/utcb.h>
#include <nacre/capability.h>
#include <nacre/item.h>
#include <nacre/system_call.h>

/* Words 0..7 of a message. */
struct message {
	uint64_t words[IPC_WORDS_IN_REGISTERS];
};

/* Why a reply's tag is not the one that was wanted. Never ERROR_OK. */
error_t message_reply_error(uint64_t tag);

/* Calls with words only, in registers; the reply must have @reply_words words and nothing else. */
static inline __attribute__((always_inline)) NACRE_MUST_CHECK error_t message_call(struct message *message,
                                                                                   capability_t to, uint64_t tag,
                                                                                   unsigned int reply_words) {
	uint64_t target = to;
	uint64_t result = ipc_system_call(IPC_CALL, &target, &tag, message->words);

	if (result != 0) return IPC_RESULT_ERROR(result);
	if (tag != IPC_TAG(ERROR_OK, reply_words, 0)) return message_reply_error(tag);
	return ERROR_OK;
}

/* Signals through a capability; it never waits. Errors: capability, right, gone. */
NACRE_MUST_CHECK error_t signal_send(capability_t to);

/*
 * Does one `ipc` with all words in the UTCB: words 0..7 are taken from there and put there.
 * @target and @tag as for ipc_system_call().
 */
uint64_t message_transfer(uint64_t operation, uint64_t *target, uint64_t *tag);

/* A call through the UTCB whose reply may bring items. */
struct exchange {
	unsigned int capability_count; /* capabilities that the reply may bring */
	capability_t first_slot;       /* where they land */
	uint64_t page_window;          /* where pages may land; size 0: none */
	uint64_t page_window_size;
	uint64_t tag; /* of the reply */
};

/*
 * Calls with words and items from the UTCB. After ERROR_OK the caller checks the reply and then
 * either takes all items or calls message_discard(). After an error nothing has been received.
 */
NACRE_MUST_CHECK error_t message_exchange(struct exchange *exchange, capability_t to, uint64_t tag);

/* Deletes capabilities and unmaps pages that a reply brought, and gives unused slots back. */
void message_discard(struct exchange *exchange);

enum message_items_follow {
	ITEMS_END,  /* nothing comes after the capabilities */
	ITEMS_MORE, /* pages may come after them */
};

/*
 * Takes @required to @maximum capabilities from the start of the reply's items; those missing
 * become CAPABILITY_NONE. False if the items are others.
 */
int message_take_capabilities(struct exchange *exchange, unsigned int required, unsigned int maximum,
                              enum message_items_follow follow, capability_t *capabilities);

/*
 * Lists the pages in the reply, which come after @capabilities others. False if there are fewer
 * than @least.
 */
int message_take_pages(struct exchange *exchange, unsigned int capabilities, unsigned int least,
                       struct page_list *pages);

enum message_item_need { ITEM_REQUIRED, ITEM_OPTIONAL };

/* Adds a capability to the UTCB's items. False if it is none and required. */
int message_put_capability(struct utcb *utcb, unsigned int *items, const struct ipc_item *item,
                           enum message_item_need need);

/* Adds pages to the UTCB's items. False if they are too many. */
int message_put_pages(struct utcb *utcb, unsigned int *items, const struct page_list *pages);

/* Copies @size bytes to word @position on, filled up with zeros. Returns the word after them. */
unsigned int message_put(uint64_t *words, unsigned int position, const void *data, size_t size);

/* Where the next string or bytes of a message lie. */
struct message_reader {
	const uint64_t *words;
	unsigned int position;
	unsigned int end;
	unsigned int valid; /* the message has at least the words that come before */
};

/* Begins at word @fixed_words of a message with @tag. */
struct message_reader message_reader(const uint64_t *words, uint64_t tag, unsigned int fixed_words);

/* Whether the next @size bytes are there and at most @maximum; goes on behind them. */
int message_check_bytes(struct message_reader *reader, uint64_t size, uint64_t maximum);

/* The same for a string: it must have no NUL byte in it. */
int message_check_string(struct message_reader *reader, uint64_t size, uint64_t maximum);

/* Whether the message ends here. */
int message_at_end(const struct message_reader *reader);

/* Copies what message_check_bytes() has allowed. */
void message_take_bytes(struct message_reader *reader, void *to, size_t size);

/* Copies what message_check_string() has allowed and ends it with NUL. */
void message_take_string(struct message_reader *reader, char *to, size_t size);

#endif
