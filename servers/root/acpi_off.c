/* SPDX-License-Identifier: MIT */
/*
 * The way into the state "soft off". Read acpi.h first.
 */
#include <string.h>

#include "acpi.h"

#define FADT_BYTES        72u /* what is used of it */
#define FADT_DSDT         40u
#define FADT_COMMAND      48u
#define FADT_ENABLE       52u
#define FADT_PM1A_CONTROL 64u
#define FADT_PM1B_CONTROL 68u

/* \_S5 is Name (_S5_, Package () {a, b, ...}): operation, name, operation, length, count, elements. */
#define S5_NAME          "_S5_"
#define S5_BEFORE        2u /* bytes before the name that are looked at */
#define S5_BYTES_MOST    20u
#define AML_NAME         0x08u
#define AML_ROOT         0x5cu
#define AML_PACKAGE      0x12u
#define AML_BYTE         0x0au
#define AML_LENGTH_SHIFT 6u /* bits 7..6 of the first length byte: how many follow */

#define SLEEP_TYPE_SHIFT 10u
#define SLEEP_TYPE_MASK  7u
#define SLEEP_ENABLE     (1u << 13)

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

/* It is a name's definition, not a mention of it: Name (_S5_ or Name (\_S5_. */
static int s5_is_at(const unsigned char *at) {
	return memcmp(at, S5_NAME, sizeof(S5_NAME) - 1) == 0 &&
	       (at[-1] == AML_NAME || (at[-1] == AML_ROOT && at[-2] == AML_NAME));
}

/* Looks for the name from one piece of the table to the next; pieces overlap by the longest form of what is sought. */
static int s5_find(const struct acpi *acpi, const struct acpi_table *dsdt, unsigned int types[2]) {
	unsigned char bytes[256];

	for (uint32_t done = ACPI_HEADER_BYTES - S5_BEFORE; done < dsdt->size; done += sizeof(bytes) - S5_BYTES_MOST) {
		uint32_t piece = dsdt->size - done < sizeof(bytes) ? dsdt->size - done : sizeof(bytes);

		if (!acpi_table_read(acpi, dsdt, done, bytes, piece)) return 0;
		for (size_t at = S5_BEFORE; at + sizeof(S5_NAME) <= piece; at++)
			if (s5_is_at(bytes + at) && s5_read(bytes + at, bytes + piece, types)) return 1;
	}
	return 0;
}

static uint16_t sleep_value(unsigned int type) {
	return (uint16_t)(((type & SLEEP_TYPE_MASK) << SLEEP_TYPE_SHIFT) | SLEEP_ENABLE);
}

int acpi_off_find(const struct acpi *acpi, struct acpi_off *off) {
	unsigned char fadt[FADT_BYTES];
	struct acpi_table table, dsdt;
	unsigned int types[2];
	uint32_t port_a, port_b, command;

	if (!acpi_table_find(acpi, "FACP", &table) || !acpi_table_read(acpi, &table, 0, fadt, sizeof(fadt)) ||
	    !acpi_table_open(acpi, acpi_word32(fadt + FADT_DSDT), "DSDT", &dsdt) || !s5_find(acpi, &dsdt, types))
		return 0;
	port_a = acpi_word32(fadt + FADT_PM1A_CONTROL);
	port_b = acpi_word32(fadt + FADT_PM1B_CONTROL);
	command = acpi_word32(fadt + FADT_COMMAND);
	if (port_a == 0 || port_a > UINT16_MAX || port_b > UINT16_MAX || command > UINT16_MAX) return 0;
	*off = (struct acpi_off){
		.enable_port = (uint16_t)command,
		.enable_value = fadt[FADT_ENABLE],
		.port_a = (uint16_t)port_a,
		.port_b = (uint16_t)port_b,
		.value_a = sleep_value(types[0]),
		.value_b = sleep_value(types[1]),
	};
	return 1;
}
