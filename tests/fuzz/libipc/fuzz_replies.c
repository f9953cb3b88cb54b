/* SPDX-License-Identifier: MIT */
/*
 * Any reply to a client's stub: it must be refused, or be whole; strings end where they may.
 *
 * Input: which call, label, word count, item count, then words.
 */
#include <stdlib.h>
#include <string.h>

#include <nacre/protocol/context.h>
#include <nacre/protocol/factory.h>
#include <nacre/protocol/file.h>
#include <nacre/protocol/log.h>
#include <nacre/protocol/memory.h>
#include <nacre/protocol/name.h>
#include <nacre/protocol/parent.h>

#include "fake_ipc.h"

static const uint8_t *reply;
static size_t reply_size;

static void answer(struct request *request, const void *handlers) {
	struct utcb *utcb = utcb_get();
	size_t size = reply_size < sizeof(utcb->words) ? reply_size : sizeof(utcb->words);

	(void)request;
	(void)handlers;
	memset(utcb->words, 0, sizeof(utcb->words));
	memcpy(utcb->words, reply, size);
	for (unsigned int i = 0; i < IPC_ITEMS_MAX; i++) {
		utcb->items[i] = i % 2 == size % 2 ? item_share(5) : item_pages(0, 1, PAGE_READ, 0, i * 4096);
		if (i % 2 == size % 2) utcb->items[i].destination = i / 2;
	}
}

static uint64_t reply_tag;

static uint64_t answer_tag(struct request *request, const void *handlers) {
	answer(request, handlers);
	return reply_tag;
}

static const struct server_protocol protocols[] = {
	{.number = PROTOCOL_FILE, .badges = SERVER_BADGES_ANY, .dispatch = answer_tag},
	{.number = PROTOCOL_NAME, .badges = SERVER_BADGES_ANY, .dispatch = answer_tag},
	{.number = PROTOCOL_CONTEXT, .badges = SERVER_BADGES_ANY, .dispatch = answer_tag},
	{.number = PROTOCOL_FACTORY, .badges = SERVER_BADGES_ANY, .dispatch = answer_tag},
	{.number = PROTOCOL_LOG, .badges = SERVER_BADGES_ANY, .dispatch = answer_tag},
	{.number = PROTOCOL_MEMORY, .badges = SERVER_BADGES_ANY, .dispatch = answer_tag},
	{.number = PROTOCOL_PARENT, .badges = SERVER_BADGES_ANY, .dispatch = answer_tag},
};

static void require(int holds) {
	if (!holds) abort();
}

static void call_file(void) {
	struct file_lookup_answer found;
	uint8_t data[100];
	size_t size = 0;
	uint64_t cursor;

	if (file_lookup(FAKE_SERVER, "x", &found) == ERROR_OK) require(found.node != CAPABILITY_NONE);
	if (file_list(FAKE_SERVER, 0, "", &cursor, data, sizeof(data), &size) == ERROR_OK)
		require(size <= sizeof(data));
}

static void call_strings(void) {
	struct context_list_answer list;
	struct name_lookup_answer found;
	struct log_read_answer line;

	if (context_list(FAKE_SERVER, 0, &list) == ERROR_OK) require(strlen(list.program) <= CONTEXT_LIST_PROGRAM_MAX);
	if (name_lookup(FAKE_SERVER, 0, "/", &found) == ERROR_OK) require(strlen(found.rest) <= NAME_LOOKUP_REST_MAX);
	if (log_read(FAKE_SERVER, 0, 0, &line) == ERROR_OK) require(strlen(line.text) <= LOG_READ_TEXT_MAX);
}

static void call_items(void) {
	struct factory_supply_answer job;
	struct page_list pages;
	uint32_t frames;
	uint32_t protocol;
	capability_t capability = CAPABILITY_NONE;

	if (factory_supply(FAKE_SERVER, 0, 0, "", item_none(), item_none(), &job) == ERROR_OK)
		require(job.exception != CAPABILITY_NONE);
	if (memory_take(FAKE_SERVER, 0, 8, &frames, 0x10000, 8 * 4096, &pages) == ERROR_OK)
		require(pages.count >= 1 && pages.count <= IPC_ITEMS_MAX);
	if (parent_get(FAKE_SERVER, "x", &protocol, &capability) == ERROR_OK) require(capability != CAPABILITY_NONE);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	if (size < 4) return 0;
	fake_start(protocols, sizeof(protocols) / sizeof(protocols[0]), 1);
	fake.own_item = data[0] / 3 % 5 == 1;
	reply_tag =
		IPC_TAG(data[1] % 4 ? 0 : data[1] / 4, data[2] % (IPC_WORDS_MAX + 1), data[3] % (IPC_ITEMS_MAX + 1));
	reply = data + 4;
	reply_size = size - 4;
	if (data[0] % 3 == 0)
		call_file();
	else if (data[0] % 3 == 1)
		call_strings();
	else
		call_items();
	return 0;
}
