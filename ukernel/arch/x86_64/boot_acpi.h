/* SPDX-License-Identifier: MIT */
/*
 * What the kernel itself wants to know from ACPI: interrupt controllers, CPUs, clocks.
 */
#ifndef NACRE_BOOT_ACPI_H
#define NACRE_BOOT_ACPI_H

#include <stdint.h>

#define ACPI_RSDP_SIZE 36u
#define IO_APICS_MAX   16u
#define ISA_LINES      16u

struct acpi_facts {
	uint64_t rsdp; /* 0: no ACPI */
	unsigned int cpu_count;
	uint64_t hpet; /* physical address, 0: none */
	struct {
		uint64_t address;
		uint32_t first_input; /* global number of its input 0 */
	} io_apics[IO_APICS_MAX];
	unsigned int io_apic_count;
	uint32_t isa_inputs[ISA_LINES]; /* global input that ISA interrupt n arrives at */
};

/* @rsdp: where the loader says the root pointer is, 0 to look for it. Runs on the start tables. */
void acpi_read(uint64_t rsdp, struct acpi_facts *facts);

#endif
