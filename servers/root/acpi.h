/* SPDX-License-Identifier: MIT */
/*
 * What the machine's firmware says in ACPI tables: interrupt controllers, CPUs, and how to switch off.
 *
 * Owns the reading of the few tables that say so (ACPI Specification 6.4: 5.2.5 RSDP, 5.2.7 RSDT, 5.2.8 XSDT, 5.2.9
 * FADT, 5.2.12 MADT, 7.4.2 \_Sx, 20.2 AML). Trusts nothing in them: sizes are checked before they are followed, sums
 * before anything is believed. Makes no system call: memory is read through a function.
 */
#ifndef ROOT_ACPI_H
#define ROOT_ACPI_H

#include <stddef.h>
#include <stdint.h>

#define ACPI_HEADER_BYTES 36u /* of every table */

/* Where the tables are. */
struct acpi {
	const unsigned char *root_pointer; /* BOOT_RSDP_SIZE bytes; all zero if the loader told none */
	/* Copies @size bytes of physical memory; false if there is no such memory. */
	int (*read)(void *context, uint64_t physical, void *to, size_t size);
	void *context;
};

/* A table whose sum is right. */
struct acpi_table {
	uint64_t physical;
	uint32_t size;
};

/* acpi.c. False if there is no such table, or it is damaged. */
int acpi_table_find(const struct acpi *acpi, const char *signature, struct acpi_table *table);
/* The table at @physical, if it has that signature and its sum is right. */
int acpi_table_open(const struct acpi *acpi, uint64_t physical, const char *signature, struct acpi_table *table);
/* Copies part of a table; false if it does not reach so far. */
int acpi_table_read(const struct acpi *acpi, const struct acpi_table *table, uint32_t offset, void *to, uint32_t size);

/*
 * Writing the values to the ports (16 bits each; port_b may be 0: none) enters the state "soft off". Firmware that has
 * not given ACPI's registers away yet (bit 0 of port_a) does so for a byte to enable_port (0: it has none).
 */
struct acpi_off {
	uint16_t enable_port;
	uint8_t enable_value;
	uint16_t port_a;
	uint16_t port_b;
	uint16_t value_a;
	uint16_t value_b;
};

/* acpi_off.c. False if the tables do not say how. */
int acpi_off_find(const struct acpi *acpi, struct acpi_off *off);

/* Who is told what the table of interrupt controllers lists. */
struct acpi_visitor {
	void (*cpu)(void *context);
	void (*controller)(void *context, uint64_t physical, uint32_t first_line);
	/* ISA interrupt @isa arrives at @line. @mode: INTERRUPT_* trigger and polarity */
	void (*isa)(void *context, unsigned int isa, uint32_t line, unsigned int mode);
	void *context;
};

#define ACPI_ISA_LINES 16u

/* acpi_interrupts.c. False if there is no such table, or it is damaged. */
int acpi_interrupts_visit(const struct acpi *acpi, const struct acpi_visitor *visitor);

/* Little-endian numbers in tables. */
uint32_t acpi_word32(const unsigned char *bytes);
uint64_t acpi_word64(const unsigned char *bytes);

#endif
