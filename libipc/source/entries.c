/* SPDX-License-Identifier: MIT */
/*
 * Packing and reading of directory entries. What is read comes from a server and is not trusted.
 */
#include <string.h>

#include <nacre/entries.h>

int entries_put(void *data, size_t capacity, size_t *used, const struct entry *entry) {
	size_t length = strlen(entry->name);
	uint8_t *to = (uint8_t *)data + *used;

	if (length == 0 || length > ENTRY_NAME_MAX || *used > capacity || capacity - *used < ENTRY_HEADER_SIZE + length)
		return 0;
	memcpy(to, &entry->size, 8);
	to[8] = (uint8_t)entry->protocol;
	to[9] = (uint8_t)(entry->protocol >> 8);
	to[10] = (uint8_t)entry->kind;
	to[11] = (uint8_t)length;
	memcpy(to + ENTRY_HEADER_SIZE, entry->name, length);
	*used += ENTRY_HEADER_SIZE + length;
	return 1;
}

int entries_next(const void *data, size_t size, size_t *position, struct entry *entry_out) {
	const uint8_t *from = (const uint8_t *)data + *position;
	size_t room = size - *position;
	size_t length;

	if (*position > size || room < ENTRY_HEADER_SIZE) return 0;
	length = from[11];
	if (length == 0 || room - ENTRY_HEADER_SIZE < length || memchr(from + ENTRY_HEADER_SIZE, '\0', length))
		return 0;
	memcpy(&entry_out->size, from, 8);
	entry_out->protocol = (uint32_t)from[8] | (uint32_t)from[9] << 8;
	entry_out->kind = from[10];
	memcpy(entry_out->name, from + ENTRY_HEADER_SIZE, length);
	entry_out->name[length] = '\0';
	*position += ENTRY_HEADER_SIZE + length;
	return 1;
}
