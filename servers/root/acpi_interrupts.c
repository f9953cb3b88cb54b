/* SPDX-License-Identifier: MIT */
/*
 * The table of interrupt controllers and CPUs (MADT). Read acpi.h first.
 */
#include <nacre/abi/label.h>

#include "acpi.h"

#define ENTRIES 44u

enum entry_type {
	ENTRY_CPU = 0,
	ENTRY_IO_APIC = 1,
	ENTRY_ISA_OVERRIDE = 2,
	ENTRY_CPU_X2APIC = 9,
	ENTRY_TYPES,
};

#define ENTRY_MOST 12u /* of which so much is looked at */

static const unsigned char bytes_least[ENTRY_TYPES] = {
	[ENTRY_CPU] = 8,
	[ENTRY_IO_APIC] = 12,
	[ENTRY_ISA_OVERRIDE] = 10,
	[ENTRY_CPU_X2APIC] = 12,
};

#define CPU_ENABLED 1u

/* Two bits each in the flags of an override: 0 is as the bus has it, edge and active high. */
#define FLAGS_LOW   3u
#define FLAGS_LEVEL (3u << 2)

static void isa_override_tell(const struct acpi_visitor *visitor, const unsigned char *entry) {
	unsigned int mode = INTERRUPT_EDGE | INTERRUPT_ACTIVE_HIGH;

	if (entry[2] != 0 || entry[3] >= ACPI_ISA_LINES) return; /* bus 0 is ISA */
	if ((entry[8] & FLAGS_LOW) == FLAGS_LOW) mode |= INTERRUPT_ACTIVE_LOW;
	if ((entry[8] & FLAGS_LEVEL) == FLAGS_LEVEL) mode |= INTERRUPT_LEVEL;
	visitor->isa(visitor->context, entry[3], acpi_word32(entry + 4), mode);
}

static void entry_tell(const struct acpi_visitor *visitor, const unsigned char *entry) {
	switch (entry[0]) {
	case ENTRY_CPU:
		if (entry[4] & CPU_ENABLED) visitor->cpu(visitor->context);
		break;
	case ENTRY_CPU_X2APIC:
		if (entry[8] & CPU_ENABLED) visitor->cpu(visitor->context);
		break;
	case ENTRY_IO_APIC:
		visitor->controller(visitor->context, acpi_word32(entry + 4), acpi_word32(entry + 8));
		break;
	case ENTRY_ISA_OVERRIDE: isa_override_tell(visitor, entry); break;
	}
}

int acpi_interrupts_visit(const struct acpi *acpi, const struct acpi_visitor *visitor) {
	unsigned char entry[ENTRY_MOST] = {0};
	struct acpi_table madt;

	if (!acpi_table_find(acpi, "APIC", &madt)) return 0;
	for (uint32_t at = ENTRIES; acpi_table_read(acpi, &madt, at, entry, 2); at += entry[1]) {
		uint32_t size = entry[1] < ENTRY_MOST ? entry[1] : ENTRY_MOST;

		if (entry[1] < 2 || !acpi_table_read(acpi, &madt, at, entry, size)) break;
		if (entry[0] < ENTRY_TYPES && bytes_least[entry[0]] != 0 && entry[1] >= bytes_least[entry[0]])
			entry_tell(visitor, entry);
	}
	return 1;
}
