/* SPDX-License-Identifier: MIT */
/*
 * What ACPI tables say, from tables made here: right ones, and every way of damaging them.
 */
#include <string.h>

#include <nacre/abi/label.h>

#include "../../../../servers/root/acpi.h"
#include "../suite.h"

#define BASE UINT64_C(0x7fe0000)
#define RSDP 0x000u
#define RSDT 0x100u
#define XSDT 0x200u
#define FADT 0x300u
#define MADT 0x400u
#define DSDT 0x500u

#define RSDP_BYTES   20u
#define RSDP_BYTES_2 36u
#define FADT_BYTES   116u

static unsigned char tables[8192];

static int tables_read(void *context, uint64_t physical, void *to, size_t size) {
	(void)context;
	if (physical < BASE || physical - BASE > sizeof(tables) || size > sizeof(tables) - (physical - BASE)) return 0;
	memcpy(to, tables + (physical - BASE), size);
	return 1;
}

static const struct acpi acpi = {.root_pointer = tables + RSDP, .read = tables_read};

static void put32(unsigned int at, uint32_t value) { memcpy(tables + at, &value, sizeof(value)); }

/* Makes the @size bytes at @at sum to zero by changing byte @where of them. */
static void sum_right(unsigned int at, unsigned int size, unsigned int where) {
	unsigned char sum = 0;

	tables[at + where] = 0;
	for (unsigned int index = 0; index < size; index++) sum = (unsigned char)(sum + tables[at + index]);
	tables[at + where] = (unsigned char)-sum;
}

static void table_finish(unsigned int at, const char *signature, unsigned int size) {
	memcpy(tables + at, signature, 4);
	put32(at + 4, size);
	sum_right(at, size, 9);
}

static void root_pointer_finish(void) {
	sum_right(RSDP, RSDP_BYTES, 8);
	sum_right(RSDP, RSDP_BYTES_2, 32);
}

static void lists_make(unsigned int revision) {
	memcpy(tables + RSDP, "RSD PTR ", 8);
	tables[RSDP + 15] = (unsigned char)revision;
	put32(RSDP + 16, (uint32_t)BASE + RSDT);
	if (revision >= 2) put32(RSDP + 24, (uint32_t)BASE + XSDT);
	root_pointer_finish();
	put32(RSDT + 36, (uint32_t)BASE + DSDT);
	put32(RSDT + 40, (uint32_t)BASE + FADT);
	put32(RSDT + 44, (uint32_t)BASE + MADT);
	table_finish(RSDT, "RSDT", 36 + 4 * 3);
	put32(XSDT + 36, (uint32_t)BASE + FADT);
	put32(XSDT + 44, (uint32_t)BASE + MADT);
	table_finish(XSDT, "XSDT", 36 + 8 * 2);
}

static const unsigned char controllers[] = {
	0, 8,  0,    0,  1,  0,    0,    0,                   /* a CPU */
	0, 8,  1,    1,  0,  0,    0,    0,                   /* one that is switched off */
	1, 12, 0,    0,  0,  0,    0xc0, 0xfe, 0,    0, 0, 0, /* I/O APIC at 0xfec00000, from 0 */
	1, 12, 1,    0,  0,  0x10, 0xc0, 0xfe, 24,   0, 0, 0, 2, 10, 0, 0, 2, 0, 0, 0, 0, 0, /* ISA 0 is input 2 */
	2, 10, 0,    9,  20, 0,    0,    0,    0x0f, 0,                    /* ISA 9 is input 20, level and active low */
	2, 10, 1,    3,  9,  0,    0,    0,    0,    0,                    /* another bus */
	2, 10, 0,    16, 9,  0,    0,    0,    0,    0,                    /* no ISA interrupt */
	4, 6,  0xff, 0,  0,  1,                                            /* something else */
	9, 16, 0,    0,  7,  0,    0,    0,    1,    0, 0, 0, 0, 0,  0, 0, /* a CPU with a large number */
};

/* @s5 lies @where bytes into the DSDT. */
static void tables_make(unsigned int revision, unsigned int where) {
	static const unsigned char s5[] = {0x08, '_', 'S', '5', '_', 0x12, 0x08, 0x04, 0x0a, 0x05, 0x01, 0x00, 0x00};

	memset(tables, 0, sizeof(tables));
	lists_make(revision);
	put32(FADT + 40, (uint32_t)BASE + DSDT);
	put32(FADT + 48, 0xb2);
	tables[FADT + 52] = 0xa0;
	put32(FADT + 64, 0x604);
	table_finish(FADT, "FACP", FADT_BYTES);
	memcpy(tables + MADT + 44, controllers, sizeof(controllers));
	table_finish(MADT, "APIC", 44 + sizeof(controllers));
	memcpy(tables + DSDT + where, s5, sizeof(s5));
	table_finish(DSDT, "DSDT", where + (unsigned int)sizeof(s5));
}

START_TEST(the_tables_say_which_value_goes_to_which_port) {
	struct acpi_off off;

	for (unsigned int revision = 0; revision <= 2; revision++) {
		tables_make(revision, 100);
		ck_assert(acpi_off_find(&acpi, &off));
		ck_assert_uint_eq(off.enable_port, 0xb2);
		ck_assert_uint_eq(off.enable_value, 0xa0);
		ck_assert_uint_eq(off.port_a, 0x604);
		ck_assert_uint_eq(off.port_b, 0);
		ck_assert_uint_eq(off.value_a, (5u << 10) | (1u << 13));
		ck_assert_uint_eq(off.value_b, (1u << 10) | (1u << 13));
	}
}
END_TEST

START_TEST(the_package_is_found_wherever_it_lies) {
	struct acpi_off off;

	for (unsigned int where = 36; where < 1200; where++) {
		tables_make(0, where);
		ck_assert_msg(acpi_off_find(&acpi, &off), "%u", where);
	}
}
END_TEST

START_TEST(a_mention_of_the_name_is_not_its_definition) {
	struct acpi_off off;

	tables_make(0, 100);
	tables[DSDT + 100] = 0x5c;
	table_finish(DSDT, "DSDT", 113);
	ck_assert(!acpi_off_find(&acpi, &off));
	tables[DSDT + 99] = 0x08;
	table_finish(DSDT, "DSDT", 113);
	ck_assert(acpi_off_find(&acpi, &off));
}
END_TEST

START_TEST(tables_that_say_nothing_or_nonsense_lead_to_no_port) {
	struct acpi_off off;

	tables_make(0, 100);
	tables[RSDP + 1] = 0;
	ck_assert(!acpi_off_find(&acpi, &off));
	memset(tables, 0, sizeof(tables));
	ck_assert(!acpi_off_find(&acpi, &off));
	tables_make(0, 100);
	put32(FADT + 64, 0);
	table_finish(FADT, "FACP", FADT_BYTES);
	ck_assert(!acpi_off_find(&acpi, &off));
	put32(FADT + 64, 0x10604);
	table_finish(FADT, "FACP", FADT_BYTES);
	ck_assert(!acpi_off_find(&acpi, &off));
	tables_make(0, 100);
	table_finish(RSDT, "RSDT", 36);
	ck_assert(!acpi_off_find(&acpi, &off));
	put32(RSDT + 4, UINT32_MAX);
	ck_assert(!acpi_off_find(&acpi, &off));
	tables_make(0, 100);
	memset(tables + DSDT + 100, 0, 13);
	table_finish(DSDT, "DSDT", 113);
	ck_assert(!acpi_off_find(&acpi, &off));
	put32(DSDT + 4, UINT32_MAX);
	ck_assert(!acpi_off_find(&acpi, &off));
}
END_TEST

static struct {
	unsigned int cpus;
	unsigned int controller_count;
	uint64_t controllers[8];
	uint32_t first[8];
	uint32_t line[ACPI_ISA_LINES];
	unsigned int mode[ACPI_ISA_LINES];
} found;

static void cpu_found(void *context) {
	(void)context;
	found.cpus++;
}

static void controller_found(void *context, uint64_t physical, uint32_t first) {
	(void)context;
	if (found.controller_count == 8) return;
	found.controllers[found.controller_count] = physical;
	found.first[found.controller_count++] = first;
}

static void isa_found(void *context, unsigned int isa, uint32_t line, unsigned int mode) {
	(void)context;
	found.line[isa] = line;
	found.mode[isa] = mode;
}

static int visit(void) {
	const struct acpi_visitor visitor = {.cpu = cpu_found, .controller = controller_found, .isa = isa_found};

	memset(&found, 0, sizeof(found));
	return acpi_interrupts_visit(&acpi, &visitor);
}

START_TEST(cpus_controllers_and_isa_interrupts_are_told) {
	for (unsigned int revision = 0; revision <= 2; revision++) {
		tables_make(revision, 100);
		ck_assert(visit());
		ck_assert_uint_eq(found.cpus, 2);
		ck_assert_uint_eq(found.controller_count, 2);
		ck_assert_uint_eq(found.controllers[0], 0xfec00000);
		ck_assert_uint_eq(found.first[0], 0);
		ck_assert_uint_eq(found.controllers[1], 0xfec01000);
		ck_assert_uint_eq(found.first[1], 24);
		ck_assert_uint_eq(found.line[0], 2);
		ck_assert_uint_eq(found.mode[0], INTERRUPT_EDGE | INTERRUPT_ACTIVE_HIGH);
		ck_assert_uint_eq(found.line[9], 20);
		ck_assert_uint_eq(found.mode[9], INTERRUPT_LEVEL | INTERRUPT_ACTIVE_LOW);
		ck_assert_uint_eq(found.line[3], 0);
	}
}
END_TEST

START_TEST(a_list_of_controllers_ends_where_an_entry_does_not_fit) {
	tables_make(0, 100);
	for (unsigned int size = 0; size <= sizeof(controllers); size++) {
		table_finish(MADT, "APIC", 44 + size);
		ck_assert(visit());
		ck_assert_uint_eq(found.controller_count, size < 28 ? 0 : size < 40 ? 1 : 2);
	}
	tables[MADT + 44 + 1] = 0;
	table_finish(MADT, "APIC", 44 + sizeof(controllers));
	ck_assert(visit());
	ck_assert_uint_eq(found.cpus, 0);
}
END_TEST

/* Every table has a sum; the DSDT's may be damaged in its unused part only. */
START_TEST(no_damage_of_one_bit_is_believed) {
	struct acpi_off off;

	tables_make(0, 50);
	for (unsigned int at = 0; at < DSDT + 63; at++) {
		for (unsigned int bit = 0; bit < 8; bit++) {
			tables[at] ^= (unsigned char)(1u << bit);
			if (acpi_off_find(&acpi, &off)) ck_assert_uint_eq(off.port_a, 0x604);
			if (visit()) ck_assert_uint_eq(found.controllers[0], 0xfec00000);
			tables[at] ^= (unsigned char)(1u << bit);
		}
	}
	ck_assert(acpi_off_find(&acpi, &off));
}
END_TEST

SUITE("acpi", the_tables_say_which_value_goes_to_which_port, the_package_is_found_wherever_it_lies,
      a_mention_of_the_name_is_not_its_definition, tables_that_say_nothing_or_nonsense_lead_to_no_port,
      cpus_controllers_and_isa_interrupts_are_told, a_list_of_controllers_ends_where_an_entry_does_not_fit,
      no_damage_of_one_bit_is_believed)
