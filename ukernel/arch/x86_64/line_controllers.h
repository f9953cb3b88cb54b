/* SPDX-License-Identifier: MIT */
/*
 * The two kinds of controller for wired interrupt lines, behind the same five operations.
 *
 * Lines start masked. Configuring leaves a line masked. Line n of the first 16 is ISA interrupt n.
 */
#ifndef NACRE_LINE_CONTROLLERS_H
#define NACRE_LINE_CONTROLLERS_H

#include "boot_acpi.h"

struct line_controller {
	void (*configure)(unsigned int line, uint64_t flags); /* INTERRUPT_* */
	void (*mask)(unsigned int line);
	void (*unmask)(unsigned int line);
	/* Tells the hardware that the CPU has taken an interrupt of the line. */
	void (*end_interrupt)(unsigned int line);
};

extern const struct line_controller io_apic_controller;
extern const struct line_controller i8259_controller;

/* Wired lines that the kernel can tell apart; more inputs are left masked. */
#define WIRED_LINES_MAX 128u

/* Finds the lines of all I/O APICs, masks them, and returns how many there are. */
unsigned int io_apic_initialize(const struct acpi_facts *facts);

#define I8259_LINES 16u
/* Masks all lines and makes line n arrive at @first_vector + n. */
void i8259_initialize(uint8_t first_vector);

#endif
