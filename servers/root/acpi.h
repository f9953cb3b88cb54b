/* SPDX-License-Identifier: MIT */
/*
 * Switching a machine off as its firmware describes it.
 *
 * Owns the reading of the few ACPI tables that say how (ACPI Specification 6.4: 5.2.5 RSDP, 5.2.7 RSDT, 5.2.8
 * XSDT, 5.2.9 FADT, 7.4.2 \_Sx, 20.2 AML). Trusts nothing in them. Makes no system call: memory is read through a
 * function.
 */
#ifndef ROOT_ACPI_H
#define ROOT_ACPI_H

#include <stddef.h>
#include <stdint.h>

/* Copies @size bytes of physical memory; false if there is no such memory. */
struct acpi_memory {
	int (*read)(void *context, uint64_t physical, void *to, size_t size);
	void *context;
};

/* Writing the values to the ports (16 bits each; port_b may be 0: none) enters the state "soft off". */
struct acpi_off {
	uint16_t port_a;
	uint16_t port_b;
	uint16_t value_a;
	uint16_t value_b;
};

/* False if the tables at @rsdp do not say how. */
int acpi_off_find(const struct acpi_memory *memory, uint64_t rsdp, struct acpi_off *off);

#endif
