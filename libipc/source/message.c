/* SPDX-License-Identifier: MIT */
/*
 * Messages through the UTCB: calls, items that come back, packing.
 *
 * Owns the receive window of a call: opened for what the reply may bring, closed after it. Read
 * nacre/message.h first. Nothing here trusts what the other side wrote.
 */
#include <string.h>

#include <nacre/abi/label.h>
#include <nacre/message.h>
#include <nacre/protocol/space.h>
#include <nacre/slot.h>
#include <nacre/start.h>

error_t message_reply_error(uint64_t tag) {
	uint32_t label = IPC_TAG_LABEL(tag);

	if (label == ERROR_OK) return ERROR_ARGUMENT;
	return label < ERROR_COUNT ? (error_t)label : ERROR_UNKNOWN;
}

error_t signal_send(capability_t to) {
	struct message message = {.words = {0}};
	uint64_t target = to;
	uint64_t tag = 0;

	return IPC_RESULT_ERROR(ipc_system_call(IPC_SEND | IPC_SEND_NONBLOCK, &target, &tag, message.words));
}

uint64_t message_transfer(uint64_t operation, uint64_t *target, uint64_t *tag) {
	struct utcb *utcb = utcb_get();
	uint64_t words[IPC_WORDS_IN_REGISTERS];
	uint64_t result;

	memcpy(words, utcb->words, sizeof(words));
	result = ipc_system_call(operation, target, tag, words);
	/*
	 * Not kept over the system call: it costs one instruction to find again, a spill costs two.
	 */
	memcpy(utcb_get()->words, words, sizeof(words));
	return result;
}

static void window_open(struct utcb *utcb, const struct exchange *exchange) {
	utcb->window_slot = exchange->first_slot;
	utcb->window_slot_count = exchange->capability_count;
	utcb->window_address = exchange->page_window;
	utcb->window_size = exchange->page_window_size;
}

static void window_close(struct utcb *utcb) {
	utcb->window_slot_count = 0;
	utcb->window_size = 0;
}

error_t message_exchange(struct exchange *exchange, capability_t to, uint64_t tag) {
	struct utcb *utcb = utcb_get();
	uint64_t target = to;
	error_t error;

	if (exchange->capability_count != 0) {
		error = slot_allocate(exchange->capability_count, &exchange->first_slot);
		if (error != ERROR_OK) return error;
	}
	window_open(utcb, exchange);
	error = IPC_RESULT_ERROR(message_transfer(IPC_CALL, &target, &tag));
	window_close(utcb);
	exchange->tag = tag;
	if (error != ERROR_OK) {
		if (exchange->capability_count != 0) slot_free(exchange->first_slot, exchange->capability_count);
		return error;
	}
	if (IPC_TAG_LABEL(tag) == ERROR_OK && !(tag & IPC_TAG_REFUSED)) return ERROR_OK;
	/* Refused: the items did not fit the window. Servers can say so themselves, and send some nevertheless. */
	error = IPC_TAG_LABEL(tag) == ERROR_OK ? ERROR_ARGUMENT : message_reply_error(tag);
	message_discard(exchange);
	return error;
}

static unsigned int received_type(const struct ipc_item *item) { return (unsigned int)(item->header & ITEM_TYPE_MASK); }

static void pages_discard(const struct ipc_item *item) {
	uint64_t flags = item->header & ITEM_LARGE ? UNMAP_LARGE : 0;
	uint64_t next, left;

	/* It cannot fail: they have just been mapped. */
	error_ignore(space_unmap(start_space(), item->source, item->count, flags, &next, &left));
}

void message_discard(struct exchange *exchange) {
	const struct utcb *utcb = utcb_get();
	unsigned int items = exchange->page_window_size != 0 ? IPC_TAG_ITEMS(exchange->tag) : 0;

	for (unsigned int i = 0; i < items; i++)
		if (received_type(&utcb->received[i]) == ITEM_PAGES) pages_discard(&utcb->received[i]);
	/* Deleting an empty slot is allowed, so what came need not be looked at. */
	for (unsigned int i = 0; i < exchange->capability_count; i++) capability_delete(exchange->first_slot + i);
}

/* Whether a received item is a capability in a slot of the exchange; that offset in the window. */
static int capability_offset(const struct exchange *exchange, const struct ipc_item *item, unsigned int *offset_out) {
	uint64_t offset = item->source - exchange->first_slot;

	if (received_type(item) != ITEM_CAPABILITY || (item->header & ITEM_OWN) || offset >= exchange->capability_count)
		return 0;
	*offset_out = (unsigned int)offset;
	return 1;
}

int message_take_capabilities(struct exchange *exchange, unsigned int required, unsigned int maximum,
                              enum message_items_follow follow, capability_t *capabilities) {
	const struct utcb *utcb = utcb_get();
	unsigned int items = IPC_TAG_ITEMS(exchange->tag);
	unsigned int count = items;
	unsigned int used = 0;

	if (follow == ITEMS_MORE)
		for (count = 0; count < items && received_type(&utcb->received[count]) != ITEM_PAGES;) count++;
	if (count < required || count > maximum) return 0;
	for (unsigned int i = 0; i < count; i++) {
		unsigned int offset;

		if (!capability_offset(exchange, &utcb->received[i], &offset)) return 0;
		capabilities[i] = exchange->first_slot + offset;
		used |= 1u << offset;
	}
	for (unsigned int i = count; i < maximum; i++) capabilities[i] = CAPABILITY_NONE;
	for (unsigned int i = 0; i < exchange->capability_count; i++)
		if (!(used & 1u << i)) slot_free(exchange->first_slot + i, 1);
	return 1;
}

int message_take_pages(struct exchange *exchange, unsigned int capabilities, unsigned int least,
                       struct page_list *pages) {
	const struct utcb *utcb = utcb_get();
	unsigned int items = IPC_TAG_ITEMS(exchange->tag);
	unsigned int first = 0;

	while (first < items && first < capabilities && received_type(&utcb->received[first]) != ITEM_PAGES) first++;
	pages->count = items - first;
	for (unsigned int i = 0; i < pages->count; i++) {
		if (received_type(&utcb->received[first + i]) != ITEM_PAGES) return 0;
		pages->items[i] = utcb->received[first + i];
	}
	return pages->count >= least;
}

int message_put_capability(struct utcb *utcb, unsigned int *items, const struct ipc_item *item,
                           enum message_item_need need) {
	if (item->header == 0) return need == ITEM_OPTIONAL;
	if (*items >= IPC_ITEMS_MAX) return 0;
	utcb->items[*items] = *item;
	utcb->items[*items].destination = *items;
	(*items)++;
	return 1;
}

int message_put_pages(struct utcb *utcb, unsigned int *items, const struct page_list *pages) {
	if (pages->count > IPC_ITEMS_MAX - *items) return 0;
	memcpy(&utcb->items[*items], pages->items, pages->count * sizeof(pages->items[0]));
	*items += pages->count;
	return 1;
}

unsigned int message_put(uint64_t *words, unsigned int position, const void *data, size_t size) {
	unsigned int count = (unsigned int)((size + sizeof(uint64_t) - 1) / sizeof(uint64_t));

	if (count != 0) {
		words[position + count - 1] = 0;
		memcpy(&words[position], data, size);
	}
	return position + count;
}

struct message_reader message_reader(const uint64_t *words, uint64_t tag, unsigned int fixed_words) {
	unsigned int count = IPC_TAG_WORDS(tag);

	return (struct message_reader){
		.words = words,
		.position = fixed_words,
		.end = count,
		.valid = count >= fixed_words && count <= IPC_WORDS_MAX,
	};
}

int message_check_bytes(struct message_reader *reader, uint64_t size, uint64_t maximum) {
	uint64_t room = (uint64_t)(reader->end - reader->position) * sizeof(uint64_t);

	if (size > maximum || size > room) return 0;
	reader->position += (unsigned int)((size + sizeof(uint64_t) - 1) / sizeof(uint64_t));
	return 1;
}

int message_check_string(struct message_reader *reader, uint64_t size, uint64_t maximum) {
	const uint64_t *start = reader->words + reader->position;

	return message_check_bytes(reader, size, maximum) && memchr(start, '\0', (size_t)size) == NULL;
}

int message_at_end(const struct message_reader *reader) { return reader->position == reader->end; }

void message_take_bytes(struct message_reader *reader, void *to, size_t size) {
	if (size != 0) memcpy(to, reader->words + reader->position, size);
	reader->position += (unsigned int)((size + sizeof(uint64_t) - 1) / sizeof(uint64_t));
}

void message_take_string(struct message_reader *reader, char *to, size_t size) {
	message_take_bytes(reader, to, size);
	to[size] = '\0';
}
