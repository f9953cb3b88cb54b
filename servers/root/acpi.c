/* SPDX-License-Identifier: MIT */
/*
 * Finding ACPI tables. Read acpi.h first.
 */
#include "acpi.h"

#include <string.h>

#define RSDP_BYTES    20u /* of revision 0 */
#define RSDP_BYTES_2  36u
#define RSDP_REVISION 15u
#define RSDP_RSDT     16u
#define RSDP_XSDT     24u
#define TABLE_LENGTH  4u
#define TABLE_MOST    (16u << 20)

uint32_t acpi_word32(const unsigned char *bytes) {
	uint32_t word;

	memcpy(&word, bytes, sizeof(word));
	return word;
}

uint64_t acpi_word64(const unsigned char *bytes) {
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
	return word;
}

static unsigned char sum(const unsigned char *bytes, size_t size) {
	unsigned char total = 0;

	while (size-- > 0) total = (unsigned char)(total + *bytes++);
	return total;
}

int acpi_table_read(const struct acpi *acpi, const struct acpi_table *table, uint32_t offset, void *to, uint32_t size) {
	if (offset > table->size || size > table->size - offset) return 0;
	return acpi->read(acpi->context, table->physical + offset, to, size);
}

static int table_is_whole(const struct acpi *acpi, const struct acpi_table *table) {
	unsigned char bytes[256], total = 0;
	uint32_t part;

	for (uint32_t done = 0; done < table->size; done += part) {
		part = table->size - done < sizeof(bytes) ? table->size - done : sizeof(bytes);
		if (!acpi_table_read(acpi, table, done, bytes, part)) return 0;
		total = (unsigned char)(total + sum(bytes, part));
	}
	return total == 0;
}

int acpi_table_open(const struct acpi *acpi, uint64_t physical, const char *signature, struct acpi_table *table) {
	unsigned char header[ACPI_HEADER_BYTES];

	if (physical == 0 || !acpi->read(acpi->context, physical, header, sizeof(header))) return 0;
	*table = (struct acpi_table){.physical = physical, .size = acpi_word32(header + TABLE_LENGTH)};
	return memcmp(header, signature, strlen(signature)) == 0 && table->size >= ACPI_HEADER_BYTES &&
	       table->size <= TABLE_MOST && table_is_whole(acpi, table);
}

/* The table of tables, and how wide its entries are. */
static int root_table_find(const struct acpi *acpi, struct acpi_table *table, unsigned int *width) {
	const unsigned char *root = acpi->root_pointer;

	if (memcmp(root, "RSD PTR ", 8) != 0 || sum(root, RSDP_BYTES) != 0) return 0;
	*width = sizeof(uint64_t);
	if (root[RSDP_REVISION] >= 2 && sum(root, RSDP_BYTES_2) == 0 &&
	    acpi_table_open(acpi, acpi_word64(root + RSDP_XSDT), "XSDT", table))
		return 1;
	*width = sizeof(uint32_t);
	return acpi_table_open(acpi, acpi_word32(root + RSDP_RSDT), "RSDT", table);
}

int acpi_table_find(const struct acpi *acpi, const char *signature, struct acpi_table *table) {
	struct acpi_table list;
	unsigned int width;

	if (!root_table_find(acpi, &list, &width)) return 0;
	for (uint32_t at = ACPI_HEADER_BYTES; at + width <= list.size; at += width) {
		unsigned char entry[sizeof(uint64_t)] = {0};

		if (!acpi_table_read(acpi, &list, at, entry, width)) return 0;
		if (acpi_table_open(acpi, acpi_word64(entry), signature, table)) return 1;
	}
	return 0;
}
