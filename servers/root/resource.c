/* SPDX-License-Identifier: MIT */
/*
 * Resources by name. Read resource.h first.
 */
#include "resource.h"

#define PORT_END     0x10000u
#define PAGE_BYTES   4096u
#define PRIORITY_TOP 254u /* root's own is above all others */

static unsigned int digit_value(char digit) {
	if (digit >= '0' && digit <= '9') return (unsigned int)(digit - '0');
	if (digit >= 'a' && digit <= 'f') return (unsigned int)(digit - 'a') + 10;
	if (digit >= 'A' && digit <= 'F') return (unsigned int)(digit - 'A') + 10;
	return UINT32_MAX;
}

/* Takes a number from the front: false if there is none or it is too large. */
static int number_take(struct piece *text, uint64_t *number) {
	unsigned int base = piece_after(*text, "0x", text) ? 16 : 10;
	size_t at = 0;

	*number = 0;
	for (; at < text->size && digit_value(text->bytes[at]) < base; at++) {
		if (*number > (UINT64_MAX - 15) / base) return 0;
		*number = *number * base + digit_value(text->bytes[at]);
	}
	text->bytes += at;
	text->size -= at;
	return at > 0;
}

static int number_read(struct piece text, uint64_t *number) { return number_take(&text, number) && text.size == 0; }

static int size_read(struct piece text, uint64_t *bytes) {
	static const struct {
		const char *name;
		unsigned int shift;
	} units[] = {{"", 0}, {"K", 10}, {"M", 20}, {"G", 30}};

	if (!number_take(&text, bytes)) return 0;
	for (unsigned int unit = 0; unit < sizeof(units) / sizeof(units[0]); unit++) {
		if (!piece_is(text, units[unit].name) || *bytes > UINT64_MAX >> units[unit].shift) continue;
		*bytes <<= units[unit].shift;
		return 1;
	}
	return 0;
}

/* FIRST:COUNT within [0, end), COUNT not 0. */
static int range_read(struct piece text, uint64_t end, struct resource *resource) {
	if (!number_take(&text, &resource->first) || !piece_after(text, ":", &text) ||
	    !size_read(text, &resource->count))
		return 0;
	return resource->count > 0 && resource->first < end && resource->count <= end - resource->first;
}

static const char *ports_read_words(struct piece text, struct resource *resource) {
	resource->kind = RESOURCE_PORTS;
	return range_read(text, PORT_END, resource) ? NULL : "write ports:FIRST:COUNT, with ports below 0x10000";
}

static const char *interrupt_read(struct piece text, struct resource *resource) {
	resource->kind = RESOURCE_INTERRUPT;
	resource->count = 1;
	return number_read(text, &resource->first) ? NULL : "write interrupt:LINE";
}

static const char *device_read(struct piece text, struct resource *resource) {
	resource->kind = RESOURCE_DEVICE;
	if (!range_read(text, UINT64_C(1) << 52, resource) || (resource->first | resource->count) % PAGE_BYTES != 0)
		return "write device:ADDRESS:SIZE, both multiples of 4096";
	return NULL;
}

static const char *offer_read(struct piece text, struct resource *resource) {
	resource->kind = RESOURCE_OFFER;
	resource->name = text;
	return text.size > 0 ? NULL : "write offer:NAME";
}

static const char *memory_read(struct piece text, struct resource *resource) {
	resource->kind = piece_after(text, "-", &text) ? RESOURCE_MEMORY_BUT : RESOURCE_MEMORY;
	return size_read(text, &resource->first) && resource->first > 0
	               ? NULL
	               : "write memory:SIZE or memory:-SIZE, for example memory:4M";
}

static const char *priority_read(struct piece text, struct resource *resource) {
	resource->kind = RESOURCE_PRIORITY;
	return number_read(text, &resource->first) && resource->first >= 1 && resource->first <= PRIORITY_TOP
	               ? NULL
	               : "write priority:N, with N from 1 to 254";
}

static const struct {
	const char *prefix;
	const char *(*read)(struct piece text, struct resource *resource);
} forms[] = {
	{"ports:", ports_read_words}, {"interrupt:", interrupt_read}, {"device:", device_read},
	{"offer:", offer_read},       {"memory:", memory_read},       {"priority:", priority_read},
};

const char *resource_read(struct piece word, struct resource *resource) {
	struct piece rest;

	*resource = (struct resource){.kind = RESOURCE_NAME, .name = word};
	for (unsigned int form = 0; form < sizeof(forms) / sizeof(forms[0]); form++) {
		if (piece_after(word, forms[form].prefix, &rest)) return forms[form].read(rest, resource);
	}
	for (size_t at = 0; at < word.size; at++) {
		if (word.bytes[at] == ':') return "there is no such kind of resource";
	}
	return NULL;
}

int resource_covers(const struct resource *granted, const struct resource *wanted) {
	if (granted->kind != wanted->kind) return 0;
	if (granted->kind == RESOURCE_NAME || granted->kind == RESOURCE_OFFER)
		return piece_equal(granted->name, wanted->name);
	return wanted->first >= granted->first && wanted->first - granted->first <= granted->count &&
	       wanted->count <= granted->count - (wanted->first - granted->first);
}
