/* SPDX-License-Identifier: MIT */
/*
 * What the kernel itself wants to know from ACPI. (ACPI specification 6.4, 5.2; IA-PC HPET
 * specification 1.0a, 3.2.4)
 *
 * Only static tables, and of them only the APIC table (MADT) and HPET. All sizes are checked before
 * they are followed, all checksums before anything is believed. A table that is wrong is left out.
 * Fields are named by their offsets, because few are wanted and most are not aligned.
 */
#include "boot_acpi.h"

#include "boot_facts.h"
#include "panic.h"

#define BIOS_AREA_START    0xe0000u
#define BIOS_AREA_END      0x100000u
#define EBDA_SEGMENT_PLACE 0x40eu
#define EBDA_SEARCH_SIZE   1024u
#define RSDP_ALIGN         16u
#define TABLE_SIZE_MOST    (16u << 20)

#define RSDP_OLD_SIZE 20u
#define RSDP_REVISION 15 /* 0: only the old size */
#define RSDP_RSDT     16
#define RSDP_XSDT     24

#define TABLE_LENGTH 4
#define TABLE_BODY   36

#define MADT_ENTRIES 44

#define HPET_ADDRESS_SPACE 40 /* 0: memory */
#define HPET_ADDRESS       44
#define HPET_SIZE          56u

enum madt_type { MADT_CPU = 0, MADT_IO_APIC = 1, MADT_ISA_OVERRIDE = 2, MADT_CPU_X2APIC = 9 };

static const uint8_t madt_size_least[] = {
	[MADT_CPU] = 8,
	[MADT_IO_APIC] = 12,
	[MADT_ISA_OVERRIDE] = 10,
	[MADT_CPU_X2APIC] = 12,
};

#define MADT_CPU_ENABLED 1u

static uint64_t load(const uint8_t *from, unsigned int size) {
	uint64_t value = 0;

	__builtin_memcpy(&value, from, size);
	return value;
}

static int has_name(const uint8_t *table, const char *name) {
	while (*name)
		if (*table++ != (uint8_t)*name++) return 0;
	return 1;
}

static int sums_to_zero(const uint8_t *bytes, uint64_t size) {
	uint8_t sum = 0;

	while (size-- > 0) sum = (uint8_t)(sum + *bytes++);
	return sum == 0;
}

static const uint8_t *root_pointer_check(uint64_t address) {
	const uint8_t *root = boot_reach(address, ACPI_RSDP_SIZE);

	if (!root || !has_name(root, "RSD PTR ") || !sums_to_zero(root, RSDP_OLD_SIZE)) return NULL;
	return root[RSDP_REVISION] == 0 || sums_to_zero(root, ACPI_RSDP_SIZE) ? root : NULL;
}

static const uint8_t *root_pointer_search(uint64_t start, uint64_t end) {
	const uint8_t *root = NULL;

	for (; !root && start < end; start += RSDP_ALIGN) root = root_pointer_check(start);
	return root;
}

static const uint8_t *root_pointer_find(uint64_t told) {
	const uint8_t *root = root_pointer_check(told);

	if (!root) {
		const uint16_t *segment = boot_reach(EBDA_SEGMENT_PLACE, sizeof(*segment));
		uint64_t area = (uint64_t)*segment << 4;
		root = root_pointer_search(area, area + EBDA_SEARCH_SIZE);
	}
	return root ? root : root_pointer_search(BIOS_AREA_START, BIOS_AREA_END);
}

static const uint8_t *table_check(uint64_t address) {
	const uint8_t *table = boot_reach(address, TABLE_BODY);
	uint64_t length = table ? load(table + TABLE_LENGTH, 4) : 0;

	if (length >= TABLE_BODY && length <= TABLE_SIZE_MOST && boot_reach(address, length) &&
	    sums_to_zero(table, length))
		return table;
	console_print("nacre: ACPI table at %lx is damaged and left out", address);
	return NULL;
}

static void io_apic_add(const uint8_t *entry, struct acpi_facts *facts) {
	if (facts->io_apic_count == IO_APICS_MAX) {
		console_print("nacre: more than %u I/O APICs; one is left out", IO_APICS_MAX);
		return;
	}
	facts->io_apics[facts->io_apic_count].address = load(entry + 4, 4);
	facts->io_apics[facts->io_apic_count++].first_input = (uint32_t)load(entry + 8, 4);
}

static void madt_entry_read(const uint8_t *entry, struct acpi_facts *facts) {
	switch (entry[0]) {
	case MADT_CPU: facts->cpu_count += entry[4] & MADT_CPU_ENABLED; break;
	case MADT_CPU_X2APIC: facts->cpu_count += entry[8] & MADT_CPU_ENABLED; break;
	case MADT_IO_APIC: io_apic_add(entry, facts); break;
	case MADT_ISA_OVERRIDE: /* byte 2: the bus, 0 for ISA */
		if (entry[2] == 0 && entry[3] < ISA_LINES) facts->isa_inputs[entry[3]] = (uint32_t)load(entry + 4, 4);
		break;
	}
}

static void madt_read(const uint8_t *madt, uint64_t size, struct acpi_facts *facts) {
	for (uint64_t offset = MADT_ENTRIES; offset + 2 <= size;) {
		const uint8_t *entry = madt + offset;
		if (entry[1] < 2 || entry[1] > size - offset) break;
		if (entry[0] < sizeof(madt_size_least) && entry[1] >= madt_size_least[entry[0]])
			madt_entry_read(entry, facts);
		offset += entry[1];
	}
}

static void table_read(uint64_t address, struct acpi_facts *facts) {
	const uint8_t *table = boot_reach(address, TABLE_BODY);

	if (!table || !(has_name(table, "APIC") || has_name(table, "HPET")) || !table_check(address)) return;
	uint64_t size = load(table + TABLE_LENGTH, 4);
	if (has_name(table, "APIC") && size >= MADT_ENTRIES) madt_read(table, size, facts);
	if (has_name(table, "HPET") && size >= HPET_SIZE && table[HPET_ADDRESS_SPACE] == 0)
		facts->hpet = load(table + HPET_ADDRESS, 8);
}

static void tables_read(const uint8_t *root, struct acpi_facts *facts) {
	uint64_t xsdt = root[RSDP_REVISION] ? load(root + RSDP_XSDT, 8) : 0;
	unsigned int entry_size = xsdt ? 8 : 4;
	const uint8_t *list = table_check(xsdt ? xsdt : load(root + RSDP_RSDT, 4));
	uint64_t size = list ? load(list + TABLE_LENGTH, 4) : 0;

	for (uint64_t offset = TABLE_BODY; offset + entry_size <= size; offset += entry_size)
		table_read(load(list + offset, entry_size), facts);
}

void acpi_read(uint64_t rsdp, struct acpi_facts *facts) {
	const uint8_t *root = root_pointer_find(rsdp);

	for (unsigned int line = 0; line < ISA_LINES; line++) facts->isa_inputs[line] = line;
	if (root) {
		facts->rsdp = (uint64_t)(uintptr_t)root;
		tables_read(root, facts);
	}
	if (facts->cpu_count == 0) facts->cpu_count = 1;
}
