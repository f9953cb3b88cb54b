/* SPDX-License-Identifier: MIT */
/*
 * What the kernel itself wants to know from ACPI. (ACPI specification 6.4, 5.2; IA-PC HPET
 * specification 1.0a, 3.2.4)
 *
 * Only static tables, and of them only the APIC table (MADT), FADT and HPET. All sizes are checked
 * before they are followed, all checksums before anything is believed. A table that is wrong is
 * left out.
 */
#include "boot_acpi.h"

#include "boot_facts.h"
#include "panic.h"

#define BIOS_AREA_START    0xe0000u
#define BIOS_AREA_END      0x100000u
#define EBDA_SEGMENT_PLACE 0x40eu
#define EBDA_SEARCH_SIZE   1024u
#define RSDP_ALIGN         16u
#define RSDP_SIZE_OLD      20u
#define TABLE_SIZE_MOST    (16u << 20)

struct __attribute__((packed)) root_pointer {
	char signature[8];
	uint8_t checksum;
	char maker[6];
	uint8_t revision; /* 0: ends after rsdt */
	uint32_t rsdt;
	uint32_t length;
	uint64_t xsdt;
	uint8_t extended_checksum, reserved[3];
};

struct __attribute__((packed)) table_header {
	uint32_t signature;
	uint32_t length;
	uint8_t revision, checksum;
	char maker[6], table[8];
	uint32_t maker_revision, creator, creator_revision;
};

_Static_assert(sizeof(struct root_pointer) == ACPI_RSDP_SIZE, "fixed by ACPI");
_Static_assert(sizeof(struct table_header) == 36, "fixed by ACPI");

#define SIGNATURE(a, b, c, d) \
	((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24)
#define SIGNATURE_MADT SIGNATURE('A', 'P', 'I', 'C')
#define SIGNATURE_FADT SIGNATURE('F', 'A', 'C', 'P')
#define SIGNATURE_HPET SIGNATURE('H', 'P', 'E', 'T')

struct __attribute__((packed)) fadt {
	struct table_header header;
	uint8_t fields1[40];
	uint32_t power_timer_block;
	uint8_t fields2[11];
	uint8_t power_timer_length;
};

struct __attribute__((packed)) hpet {
	struct table_header header;
	uint32_t block;
	uint8_t address_space, fields[3]; /* 0: memory */
	uint64_t address;
};

struct __attribute__((packed)) madt {
	struct table_header header;
	uint32_t local_apic, flags;
	uint8_t entries[];
};

enum madt_type {
	MADT_CPU = 0,
	MADT_IO_APIC = 1,
	MADT_ISA_OVERRIDE = 2,
	MADT_LOCAL_APIC_ADDRESS = 5,
	MADT_CPU_X2APIC = 9,
};

#define MADT_CPU_ENABLED 1u

/* One entry; which part of the union depends on the type. */
struct __attribute__((packed)) madt_entry {
	uint8_t type, length;
	union {
		struct __attribute__((packed)) {
			uint8_t processor, apic;
			uint32_t flags;
		} cpu;
		struct __attribute__((packed)) {
			uint8_t id, reserved;
			uint32_t address, first_input;
		} io_apic;
		struct __attribute__((packed)) {
			uint8_t bus, source;
			uint32_t input;
			uint16_t flags;
		} isa_override;
		struct __attribute__((packed)) {
			uint16_t reserved;
			uint64_t address;
		} local_apic_address;
		struct __attribute__((packed)) {
			uint16_t reserved;
			uint32_t apic, flags;
		} cpu_x2apic;
	};
};

static const uint8_t madt_length_least[] = {
	[MADT_CPU] = 8,           [MADT_IO_APIC] = 12,
	[MADT_ISA_OVERRIDE] = 10, [MADT_LOCAL_APIC_ADDRESS] = 12,
	[MADT_CPU_X2APIC] = 12,
};

static uint8_t byte_sum(const void *start, uint64_t size)
{
	const uint8_t *bytes = start;
	uint8_t sum = 0;

	for (uint64_t index = 0; index < size; index++)
		sum = (uint8_t)(sum + bytes[index]);
	return sum;
}

static const struct root_pointer *root_pointer_check(uint64_t address)
{
	static const char signature[] = "RSD PTR ";
	const struct root_pointer *root = boot_reach(address, sizeof(*root));

	if (!root)
		return NULL;
	for (unsigned int index = 0; index < sizeof(root->signature); index++)
		if (root->signature[index] != signature[index])
			return NULL;
	if (byte_sum(root, RSDP_SIZE_OLD) != 0)
		return NULL;
	return root->revision == 0 || byte_sum(root, sizeof(*root)) == 0 ? root : NULL;
}

static const struct root_pointer *root_pointer_search(uint64_t start, uint64_t end)
{
	for (uint64_t address = start; address < end; address += RSDP_ALIGN) {
		const struct root_pointer *root = root_pointer_check(address);
		if (root)
			return root;
	}
	return NULL;
}

static const struct root_pointer *root_pointer_find(uint64_t told)
{
	const struct root_pointer *root = root_pointer_check(told);

	if (!root) {
		const uint16_t *segment = boot_reach(EBDA_SEGMENT_PLACE, sizeof(*segment));
		uint64_t area = (uint64_t)*segment << 4;
		root = root_pointer_search(area, area + EBDA_SEARCH_SIZE);
	}
	return root ? root : root_pointer_search(BIOS_AREA_START, BIOS_AREA_END);
}

static const struct table_header *table_check(uint64_t address)
{
	const struct table_header *table = boot_reach(address, sizeof(*table));

	if (!table || table->length < sizeof(*table) || table->length > TABLE_SIZE_MOST ||
	    !boot_reach(address, table->length) || byte_sum(table, table->length) != 0) {
		console_print("nacre: ACPI table at %lx is damaged and left out", address);
		return NULL;
	}
	return table;
}

static void io_apic_add(struct acpi_facts *facts, uint64_t address, uint32_t first_input)
{
	if (facts->io_apic_count == IO_APICS_MAX) {
		console_print("nacre: more than %u interrupt controllers; one is left out",
		              IO_APICS_MAX);
		return;
	}
	facts->io_apics[facts->io_apic_count].address = address;
	facts->io_apics[facts->io_apic_count++].first_input = first_input;
}

static void madt_entry_read(const struct madt_entry *entry, struct acpi_facts *facts)
{
	switch (entry->type) {
	case MADT_CPU:
		facts->cpu_count += entry->cpu.flags & MADT_CPU_ENABLED;
		break;
	case MADT_CPU_X2APIC:
		facts->cpu_count += entry->cpu_x2apic.flags & MADT_CPU_ENABLED;
		break;
	case MADT_IO_APIC:
		io_apic_add(facts, entry->io_apic.address, entry->io_apic.first_input);
		break;
	case MADT_ISA_OVERRIDE:
		if (entry->isa_override.bus == 0 && entry->isa_override.source < ISA_LINES)
			facts->isa_inputs[entry->isa_override.source] = entry->isa_override.input;
		break;
	case MADT_LOCAL_APIC_ADDRESS:
		facts->local_apic = entry->local_apic_address.address;
		break;
	}
}

static void madt_read(const struct madt *madt, struct acpi_facts *facts)
{
	if (madt->header.length < sizeof(*madt))
		return;
	facts->local_apic = madt->local_apic;

	uint64_t size = madt->header.length - sizeof(*madt), offset = 0;
	while (offset + 2 <= size) {
		const struct madt_entry *entry =
			(const struct madt_entry *)(madt->entries + offset);
		if (entry->length < 2 || entry->length > size - offset)
			break;
		if (entry->type <= MADT_CPU_X2APIC &&
		    entry->length >= madt_length_least[entry->type])
			madt_entry_read(entry, facts);
		offset += entry->length;
	}
}

static void table_read(uint64_t address, struct acpi_facts *facts)
{
	const struct table_header *table = boot_reach(address, sizeof(*table));

	if (!table || (table->signature != SIGNATURE_MADT && table->signature != SIGNATURE_FADT &&
	               table->signature != SIGNATURE_HPET))
		return;
	if (!table_check(address))
		return;
	if (table->signature == SIGNATURE_MADT)
		madt_read((const struct madt *)table, facts);
	if (table->signature == SIGNATURE_FADT && table->length >= sizeof(struct fadt)) {
		const struct fadt *fadt = (const struct fadt *)table;
		if (fadt->power_timer_length == 4 && fadt->power_timer_block <= UINT16_MAX)
			facts->power_timer_port = (uint16_t)fadt->power_timer_block;
	}
	if (table->signature == SIGNATURE_HPET && table->length >= sizeof(struct hpet)) {
		const struct hpet *hpet = (const struct hpet *)table;
		if (hpet->address_space == 0)
			facts->hpet = hpet->address;
	}
}

static void tables_read(const struct root_pointer *root, struct acpi_facts *facts)
{
	int extended = root->revision != 0 && root->xsdt != 0;
	const struct table_header *list = table_check(extended ? root->xsdt : root->rsdt);
	uint64_t entry_size = extended ? 8 : 4;

	if (!list)
		return;
	const uint8_t *entries = (const uint8_t *)(list + 1);
	for (uint64_t offset = 0; offset + entry_size <= list->length - sizeof(*list);
	     offset += entry_size) {
		uint64_t address = 0;
		__builtin_memcpy(&address, entries + offset, extended ? 8 : 4);
		table_read(address, facts);
	}
}

void acpi_read(uint64_t rsdp, struct acpi_facts *facts)
{
	const struct root_pointer *root = root_pointer_find(rsdp);

	for (unsigned int line = 0; line < ISA_LINES; line++)
		facts->isa_inputs[line] = line;
	if (root) {
		facts->rsdp = (uint64_t)(uintptr_t)root;
		tables_read(root, facts);
	}
	if (facts->cpu_count == 0)
		facts->cpu_count = 1;
}
