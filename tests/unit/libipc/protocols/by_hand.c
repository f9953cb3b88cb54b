/* SPDX-License-Identifier: MIT */
#include "by_hand.h"

#include <string.h>

#define PARENT UINT64_C(0x100)
#define NAME   UINT64_C(0x101)

static struct by_hand begin(uint64_t protocol, unsigned int method) {
	return (struct by_hand){.label = protocol << 16 | method};
}

static void add(struct by_hand *message, uint64_t word) { message->words[message->count++] = word; }

/* Byte by byte: word n/8, bits 8 * (n % 8). */
static void add_bytes(struct by_hand *message, const char *bytes, uint64_t size) {
	for (uint64_t i = 0; i < size; i++)
		message->words[message->count + i / 8] |= (uint64_t)(unsigned char)bytes[i] << 8 * (i % 8);
	message->count += (unsigned int)((size + 7) / 8);
}

static void add_string(struct by_hand *message, const char *string) {
	add(message, strlen(string));
	add_bytes(message, string, strlen(string));
}

struct by_hand hand_parent_get(const char *name) {
	struct by_hand message = begin(PARENT, 1);

	add_string(&message, name);
	return message;
}

struct by_hand hand_parent_get_reply(uint64_t protocol) {
	struct by_hand message = {.items = 1};

	add(&message, protocol);
	return message;
}

struct by_hand hand_parent_read(unsigned int method, uint64_t offset) {
	struct by_hand message = begin(PARENT, method);

	add(&message, offset);
	return message;
}

struct by_hand hand_parent_read_reply(uint64_t total, const char *data, uint64_t size) {
	struct by_hand message = {0};

	add(&message, total);
	add(&message, size);
	add_bytes(&message, data, size);
	return message;
}

struct by_hand hand_parent_exit(int64_t status) {
	struct by_hand message = begin(PARENT, 4);

	add(&message, (uint64_t)status);
	return message;
}

struct by_hand hand_parent_ready(void) {
	return begin(PARENT, 5);
}

struct by_hand hand_parent_offer(uint64_t protocol, const char *name) {
	struct by_hand message = begin(PARENT, 6);

	add(&message, protocol);
	add_string(&message, name);
	message.items = 1;
	return message;
}

struct by_hand hand_name_lookup(uint64_t flags, const char *path) {
	struct by_hand message = begin(NAME, 1);

	add(&message, flags);
	add_string(&message, path);
	return message;
}

struct by_hand hand_name_lookup_reply(uint64_t protocol, const char *rest) {
	struct by_hand message = {.items = 1};

	add(&message, protocol);
	add_string(&message, rest);
	return message;
}

struct by_hand hand_name_register(uint64_t protocol, const char *path) {
	struct by_hand message = begin(NAME, 2);

	add(&message, protocol);
	add_string(&message, path);
	message.items = 1;
	return message;
}

struct by_hand hand_name_number_reply(uint64_t number) {
	struct by_hand message = {0};

	add(&message, number);
	return message;
}

struct by_hand hand_name_path(unsigned int method, const char *path, unsigned int items) {
	struct by_hand message = begin(NAME, method);

	add_string(&message, path);
	message.items = items;
	return message;
}

struct by_hand hand_name_list(uint64_t cursor, const char *path) {
	struct by_hand message = begin(NAME, 4);

	add(&message, cursor);
	add_string(&message, path);
	return message;
}

struct by_hand hand_name_list_reply(uint64_t cursor, const char *data, uint64_t size) {
	return hand_parent_read_reply(cursor, data, size);
}

struct by_hand hand_name_view(uint64_t rights, const char *path) {
	struct by_hand message = begin(NAME, 8);

	add(&message, rights);
	add_string(&message, path);
	return message;
}
