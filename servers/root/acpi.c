/* SPDX-License-Identifier: MIT */
/*
 * ACPI tables. Read acpi.h first.
 */
#include "acpi.h"

#include <string.h>

#define RSDP_BYTES         20u /* of revision 0 */
#define RSDP_BYTES_2       36u
#define RSDP_REVISION      15u
#define RSDP_RSDT          16u
#define RSDP_XSDT          24u
#define TABLE_HEADER_BYTES 36u
#define TABLE_LENGTH       4u
#define TABLES_MOST        256u /* so many tables are looked at */
#define FADT_BYTES         72u  /* what is used of it */
#define FADT_DSDT          40u
#define FADT_PM1A_CONTROL  64u
#define FADT_PM1B_CONTROL  68u

/* \_S5 is Name (_S5_, Package () {a, b, ...}): operation, name, operation, length, count, elements. */
#define S5_NAME          "_S5_"
#define S5_BYTES_MOST    20u
#define AML_PACKAGE      0x12u
#define AML_BYTE         0x0au
#define AML_LENGTH_SHIFT 6u /* bits 7..6 of the first length byte: how many follow */

#define SLEEP_TYPE_SHIFT 10u
#define SLEEP_TYPE_MASK  7u
#define SLEEP_ENABLE     (1u << 13)

static uint32_t word32(const unsigned char *bytes) {
	uint32_t word;

	memcpy(&word, bytes, sizeof(word));
	return word;
}

static uint64_t word64(const unsigned char *bytes) {
	uint64_t word;

	memcpy(&word, bytes, sizeof(word));
	return word;
}

static int table_read(const struct acpi_memory *memory, uint64_t at, void *to, size_t size) {
	return at != 0 && memory->read(memory->context, at, to, size);
}

/* The table of tables, and how wide its entries are. */
static int root_table_find(const struct acpi_memory *memory, uint64_t rsdp, uint64_t *table, unsigned int *width) {
	unsigned char bytes[RSDP_BYTES_2] = {0};

	if (!table_read(memory, rsdp, bytes, RSDP_BYTES) || memcmp(bytes, "RSD PTR ", 8) != 0) return 0;
	*table = word32(bytes + RSDP_RSDT);
	*width = sizeof(uint32_t);
	if (bytes[RSDP_REVISION] < 2 || !table_read(memory, rsdp, bytes, RSDP_BYTES_2) ||
	    word64(bytes + RSDP_XSDT) == 0)
		return 1;
	*table = word64(bytes + RSDP_XSDT);
	*width = sizeof(uint64_t);
	return 1;
}

static int fadt_find(const struct acpi_memory *memory, uint64_t rsdp, unsigned char *fadt) {
	unsigned char header[TABLE_HEADER_BYTES];
	unsigned char entry[sizeof(uint64_t)];
	unsigned int width;
	uint64_t table;
	uint32_t count;

	if (!root_table_find(memory, rsdp, &table, &width) || !table_read(memory, table, header, sizeof(header)) ||
	    word32(header + TABLE_LENGTH) < TABLE_HEADER_BYTES)
		return 0;
	count = (word32(header + TABLE_LENGTH) - TABLE_HEADER_BYTES) / width;
	for (uint32_t index = 0; index < count && index < TABLES_MOST; index++) {
		memset(entry, 0, sizeof(entry));
		if (!table_read(memory, table + TABLE_HEADER_BYTES + index * width, entry, width)) return 0;
		if (table_read(memory, word64(entry), fadt, FADT_BYTES) && memcmp(fadt, "FACP", 4) == 0 &&
		    word32(fadt + TABLE_LENGTH) >= FADT_BYTES)
			return 1;
	}
	return 0;
}

/* A small number in AML: Zero, One, or a byte. */
static int number_take(const unsigned char **at, const unsigned char *end, unsigned int *number) {
	if (*at < end && **at <= 1) {
		*number = *(*at)++;
		return 1;
	}
	if (end - *at < 2 || **at != AML_BYTE) return 0;
	*number = (*at)[1];
	*at += 2;
	return 1;
}

/* Reads the package behind the name \_S5. */
static int s5_read(const unsigned char *at, const unsigned char *end, unsigned int types[2]) {
	at += sizeof(S5_NAME) - 1;
	if (end - at < 2 || *at++ != AML_PACKAGE) return 0;
	at += 1 + (*at >> AML_LENGTH_SHIFT); /* the length */
	at += 1;                             /* the count */
	return at < end && number_take(&at, end, &types[0]) && number_take(&at, end, &types[1]);
}

/* Looks for the name from one piece of the table to the next; pieces overlap by the longest form of what is sought. */
static int s5_find(const struct acpi_memory *memory, uint64_t dsdt, unsigned int types[2]) {
	unsigned char bytes[256];
	uint32_t length;

	if (!table_read(memory, dsdt, bytes, TABLE_HEADER_BYTES)) return 0;
	length = word32(bytes + TABLE_LENGTH);
	for (uint32_t done = TABLE_HEADER_BYTES; done < length; done += sizeof(bytes) - S5_BYTES_MOST) {
		size_t piece = length - done < sizeof(bytes) ? length - done : sizeof(bytes);

		if (!table_read(memory, dsdt + done, bytes, piece)) return 0;
		for (size_t at = 0; at + sizeof(S5_NAME) <= piece; at++) {
			if (memcmp(bytes + at, S5_NAME, sizeof(S5_NAME) - 1) == 0 &&
			    s5_read(bytes + at, bytes + piece, types))
				return 1;
		}
	}
	return 0;
}

static uint16_t sleep_value(unsigned int type) {
	return (uint16_t)(((type & SLEEP_TYPE_MASK) << SLEEP_TYPE_SHIFT) | SLEEP_ENABLE);
}

int acpi_off_find(const struct acpi_memory *memory, uint64_t rsdp, struct acpi_off *off) {
	unsigned char fadt[FADT_BYTES];
	unsigned int types[2];
	uint32_t port_a, port_b;

	if (!fadt_find(memory, rsdp, fadt) || !s5_find(memory, word32(fadt + FADT_DSDT), types)) return 0;
	port_a = word32(fadt + FADT_PM1A_CONTROL);
	port_b = word32(fadt + FADT_PM1B_CONTROL);
	if (port_a == 0 || port_a > UINT16_MAX || port_b > UINT16_MAX) return 0;
	*off = (struct acpi_off){
		.port_a = (uint16_t)port_a,
		.port_b = (uint16_t)port_b,
		.value_a = sleep_value(types[0]),
		.value_b = sleep_value(types[1]),
	};
	return 1;
}
