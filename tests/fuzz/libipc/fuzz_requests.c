/* SPDX-License-Identifier: MIT */
/*
 * Any request to any dispatcher: none may be read beyond its end or reach a handler with a length,
 * a number or a count that its interface does not allow.
 *
 * Input: protocol, method, word count, item count, what the items are (a byte each), then words.
 */
#include <stdlib.h>
#include <string.h>

#include <nacre/protocols.h>
#include <nacre/server.h>

#include "fake_ipc.h"

#define DISPATCH(name) uint64_t name##_dispatch(struct request *request, const void *handlers)
DISPATCH(parent);
DISPATCH(name);
DISPATCH(file);
DISPATCH(stream);
DISPATCH(memory);
DISPATCH(region);
DISPATCH(context);
DISPATCH(factory);
DISPATCH(clock);
DISPATCH(log);
DISPATCH(hostlink);
DISPATCH(power);
DISPATCH(fault);

#define HANDLERS_MAX 64

/*
 * Stands for every handler: on x86-64 a function may be called with more arguments than it takes.
 */
static error_t handle(struct request *request) {
	static unsigned int turn;

	for (unsigned int i = 0; i < request->capability_count; i++)
		if (turn++ % 5 == 0) request_keep(request, &request->capabilities[i]);
	return turn++ % 3 == 0 ? ERROR_RIGHT : ERROR_OK;
}

static error_t (*const handlers[HANDLERS_MAX])(struct request *) = {[0 ... HANDLERS_MAX - 1] = handle};

#define SPEAK(number_, name) \
	{ .number = (number_), .badges = SERVER_BADGES_ANY, .dispatch = name##_dispatch, .handlers = handlers }

static const struct server_protocol protocols[] = {
	SPEAK(PROTOCOL_PARENT, parent),   SPEAK(PROTOCOL_NAME, name),         SPEAK(PROTOCOL_FILE, file),
	SPEAK(PROTOCOL_STREAM, stream),   SPEAK(PROTOCOL_MEMORY, memory),     SPEAK(PROTOCOL_REGION, region),
	SPEAK(PROTOCOL_CONTEXT, context), SPEAK(PROTOCOL_FACTORY, factory),   SPEAK(PROTOCOL_CLOCK, clock),
	SPEAK(PROTOCOL_LOG, log),         SPEAK(PROTOCOL_HOSTLINK, hostlink), SPEAK(PROTOCOL_POWER, power),
	SPEAK(PROTOCOL_FAULT, fault),
};

#define PROTOCOL_COUNT (sizeof(protocols) / sizeof(protocols[0]))
#define HEAD_BYTES     (4 + IPC_ITEMS_MAX)

static void items_make(const uint8_t *kinds, unsigned int count) {
	unsigned int capabilities = 0;

	for (unsigned int i = 0; i < count; i++) {
		if (kinds[i] % 3 == 0) {
			fake.client.items[i] = item_pages(0, 1, PAGE_READ, 0, i * 4096);
		} else {
			fake.client.items[i] = item_share(5);
			fake.client.items[i].destination = capabilities++;
		}
	}
	fake.own_item = kinds[0] % 7 == 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	const struct server_protocol *protocol;
	unsigned int words;
	unsigned int items;

	if (size < HEAD_BYTES) return 0;
	protocol = &protocols[data[0] % PROTOCOL_COUNT];
	words = data[2] % (IPC_WORDS_MAX + 1);
	items = data[3] % (IPC_ITEMS_MAX + 1);
	fake_start(protocols, PROTOCOL_COUNT, 1);
	fake.loop.capability_window = IPC_ITEMS_MAX;
	fake.loop.page_window_size = (uint64_t)IPC_ITEMS_MAX * 4096;
	items_make(data + 4, items);
	size -= HEAD_BYTES;
	memcpy(fake.client.words, data + HEAD_BYTES,
	       size < sizeof(fake.client.words) ? size : sizeof(fake.client.words));
	fake_call(IPC_TAG(LABEL(protocol->number, data[1] % 32), words, items));
	return 0;
}
