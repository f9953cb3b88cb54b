/* SPDX-License-Identifier: MIT */
#include "fake_ipc.h"

#include <string.h>

#include <nacre/protocol/space.h>
#include <nacre/slot.h>
#include <nacre/start.h>

struct fake fake;
static struct utcb *current = &fake.client;

struct thread_block *thread_block_get(void) {
	fake.block.utcb = current;
	return &fake.block;
}

struct utcb *utcb_get(void) {
	return current;
}

capability_t start_space(void) { return FAKE_SPACE; }

void fake_start(const struct server_protocol *protocols, unsigned int count, uint64_t badge) {
	memset(&fake, 0, sizeof(fake));
	current = &fake.client;
	slots_start(FAKE_SLOT_FIRST, FAKE_SLOT_FIRST + FAKE_SLOTS, NULL, NULL);
	fake.loop.protocols = protocols;
	fake.loop.protocol_count = count;
	fake.loop.capability_window = 2;
	fake.badge = badge;
}

/* Moves items from a sender's buffer to a receiver's; false if its window has no room. */
static int items_pass(const struct utcb *from, struct utcb *to, unsigned int count) {
	for (unsigned int i = 0; i < count; i++) {
		struct ipc_item item = from->items[i];
		uint64_t type = item.header & ITEM_TYPE_MASK;

		if (type == ITEM_CAPABILITY && fake.own_item) {
			item.header |= ITEM_OWN;
			item.count = fake.own_item;
		} else if (type == ITEM_CAPABILITY || type == ITEM_REPLY_RIGHT) {
			if (item.destination >= to->window_slot_count) return 0;
			item.source = to->window_slot + item.destination;
		} else {
			if (item.destination + item.count * 4096 > to->window_size) return 0;
			item.source = to->window_address + item.destination;
		}
		to->received[i] = item;
	}
	return 1;
}

static uint64_t capability_tell(uint64_t *tag, uint64_t *words) {
	const uint64_t kind = words[0] == fake.saved ? KIND_REPLY : KIND_EMPTY;

	*tag = IPC_TAG(ERROR_OK, 4, 0);
	words[0] = kind;
	words[1] = 0;
	words[2] = 0;
	words[3] = kind == KIND_REPLY ? fake.caller : 0;
	return 0;
}

static uint64_t space_control(uint64_t *tag, uint64_t *words) {
	if (IPC_TAG_LABEL(*tag) == SPACE_CAPABILITY_READ) return capability_tell(tag, words);
	if (IPC_TAG_LABEL(*tag) != SPACE_CAPABILITY_DELETE) return ERROR_UNKNOWN;
	fake.deleted++;
	fake.deleted_last = (capability_t)words[0];
	*tag = IPC_TAG(ERROR_OK, 0, 0);
	return 0;
}

/* The client calls: the server's loop does one round, and what it would send next is the reply. */
static uint64_t client_call(uint64_t *tag, uint64_t *words) {
	unsigned int items;

	memcpy(fake.client.words, words, IPC_WORDS_IN_REGISTERS * sizeof(*words));
	fake.request_tag = *tag;
	do {
		current = &fake.server;
		server_step(&fake.loop, &fake.reply);
		current = &fake.client;
	} while (fake.request_tag != 0 && !fake.result);
	if (!fake.reply.pending) return ERROR_PEER_LOST; /* deferred */
	fake.reply.pending = 0;
	*tag = fake.reply.tag;
	items = IPC_TAG_ITEMS(*tag);
	memcpy(fake.client.words, fake.server.words, sizeof(fake.client.words));
	memcpy(words, fake.server.words, IPC_WORDS_IN_REGISTERS * sizeof(*words));
	if (items != 0 && (fake.refuse || !items_pass(&fake.server, &fake.client, items)))
		*tag = (IPC_TAG(IPC_TAG_LABEL(*tag), IPC_TAG_WORDS(*tag), 0)) | IPC_TAG_REFUSED;
	fake.reply_tag = *tag;
	return 0;
}

static uint64_t server_receive(uint64_t *target, uint64_t *tag, uint64_t *words) {
	uint64_t result = fake.result;

	fake.result = 0;
	if (result != 0) return result;
	if (fake.signals != 0) {
		fake.signals--;
		*tag = IPC_TAG_SIGNAL;
		words[0] = 0x5;
		return 0;
	}
	*target = fake.badge;
	*tag = fake.request_tag;
	fake.request_tag = 0;
	memcpy(fake.server.words, fake.client.words, sizeof(fake.server.words));
	memcpy(words, fake.client.words, IPC_WORDS_IN_REGISTERS * sizeof(*words));
	if (!items_pass(&fake.client, &fake.server, IPC_TAG_ITEMS(*tag)))
		*tag = IPC_TAG(IPC_TAG_LABEL(*tag), IPC_TAG_WORDS(*tag), 0);
	return 0;
}

static uint64_t late_reply(uint64_t *tag, const uint64_t *words) {
	fake.late_tag = *tag;
	memcpy(fake.late_words, current->words, sizeof(fake.late_words));
	memcpy(fake.late_words, words, IPC_WORDS_IN_REGISTERS * sizeof(*words));
	return fake.late_result;
}

uint64_t ipc_system_call(uint64_t operation, uint64_t *target, uint64_t *tag, uint64_t words[IPC_WORDS_IN_REGISTERS]) {
	if (operation == IPC_SAVE) {
		fake.saved = current->save_slot;
		return 0;
	}
	if (operation & IPC_RECEIVE) {
		if ((operation & IPC_SEND_MASK) == IPC_REPLY) fake.replies++;
		return server_receive(target, tag, words);
	}
	if (operation == IPC_REPLY) return late_reply(tag, words);
	if ((uint32_t)*target == FAKE_SPACE) return space_control(tag, words);
	return (uint32_t)*target == FAKE_SERVER ? client_call(tag, words) : ERROR_CAPABILITY;
}

uint64_t fake_call(uint64_t tag) {
	uint64_t words[IPC_WORDS_IN_REGISTERS];

	memcpy(words, fake.client.words, sizeof(words));
	if (client_call(&tag, words) != 0) return 0;
	return tag;
}
