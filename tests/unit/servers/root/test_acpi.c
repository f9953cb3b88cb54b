/* SPDX-License-Identifier: MIT */
/*
 * The way to switch off, from tables made here: right ones, and every way of damaging them.
 */
#include <string.h>

#include "../../../../servers/root/acpi.h"
#include "../suite.h"

#define BASE UINT64_C(0x7fe0000)
#define RSDP 0x000u
#define RSDT 0x100u
#define XSDT 0x200u
#define FADT 0x300u
#define DSDT 0x400u

static unsigned char tables[8192];

static int tables_read(void *context, uint64_t physical, void *to, size_t size) {
	(void)context;
	if (physical < BASE || physical - BASE > sizeof(tables) || size > sizeof(tables) - (physical - BASE)) return 0;
	memcpy(to, tables + (physical - BASE), size);
	return 1;
}

static const struct acpi_memory memory = {.read = tables_read};

static void put32(unsigned int at, uint32_t value) { memcpy(tables + at, &value, sizeof(value)); }

/* @s5 lies @where bytes into the DSDT. */
static void tables_make(unsigned int revision, unsigned int where) {
	static const unsigned char s5[] = {0x08, '_', 'S', '5', '_', 0x12, 0x08, 0x04, 0x0a, 0x05, 0x01, 0x00, 0x00};

	memset(tables, 0, sizeof(tables));
	memcpy(tables + RSDP, "RSD PTR ", 8);
	tables[RSDP + 15] = (unsigned char)revision;
	put32(RSDP + 16, (uint32_t)BASE + RSDT);
	if (revision >= 2) put32(RSDP + 24, (uint32_t)BASE + XSDT);
	memcpy(tables + RSDT, "RSDT", 4);
	put32(RSDT + 4, 36 + 4 * 2);
	put32(RSDT + 36, (uint32_t)BASE + DSDT);
	put32(RSDT + 40, (uint32_t)BASE + FADT);
	memcpy(tables + XSDT, "XSDT", 4);
	put32(XSDT + 4, 36 + 8);
	put32(XSDT + 36, (uint32_t)BASE + FADT);
	memcpy(tables + FADT, "FACP", 4);
	put32(FADT + 4, 116);
	put32(FADT + 40, (uint32_t)BASE + DSDT);
	put32(FADT + 64, 0x604);
	memcpy(tables + DSDT, "DSDT", 4);
	put32(DSDT + 4, where + sizeof(s5));
	memcpy(tables + DSDT + where, s5, sizeof(s5));
}

START_TEST(the_tables_say_which_value_goes_to_which_port) {
	struct acpi_off off;

	for (unsigned int revision = 0; revision <= 2; revision++) {
		tables_make(revision, 100);
		ck_assert(acpi_off_find(&memory, BASE + RSDP, &off));
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
		ck_assert_msg(acpi_off_find(&memory, BASE + RSDP, &off), "%u", where);
	}
}
END_TEST

START_TEST(tables_that_say_nothing_or_nonsense_lead_to_no_port) {
	struct acpi_off off;

	tables_make(0, 100);
	ck_assert(!acpi_off_find(&memory, 0, &off));
	ck_assert(!acpi_off_find(&memory, BASE + 16, &off));
	ck_assert(!acpi_off_find(&memory, UINT64_MAX - 4, &off));
	put32(FADT + 64, 0);
	ck_assert(!acpi_off_find(&memory, BASE + RSDP, &off));
	put32(FADT + 64, 0x10604);
	ck_assert(!acpi_off_find(&memory, BASE + RSDP, &off));
	tables_make(0, 100);
	put32(RSDT + 4, 0);
	ck_assert(!acpi_off_find(&memory, BASE + RSDP, &off));
	put32(RSDT + 4, UINT32_MAX);
	put32(RSDT + 40, 0);
	put32(XSDT + 36, 0);
	ck_assert(!acpi_off_find(&memory, BASE + RSDP, &off));
	tables_make(0, 100);
	put32(DSDT + 4, UINT32_MAX);
	memset(tables + DSDT + 100, 0, 20);
	ck_assert(!acpi_off_find(&memory, BASE + RSDP, &off));
}
END_TEST

START_TEST(no_damage_of_one_byte_does_harm) {
	struct acpi_off off;

	tables_make(2, 50);
	for (unsigned int at = 0; at < DSDT + 80; at++) {
		for (unsigned int bit = 0; bit < 8; bit++) {
			tables[at] ^= (unsigned char)(1u << bit);
			(void)acpi_off_find(&memory, BASE + RSDP, &off);
			tables[at] ^= (unsigned char)(1u << bit);
		}
	}
	ck_assert(acpi_off_find(&memory, BASE + RSDP, &off));
}
END_TEST

SUITE("acpi", the_tables_say_which_value_goes_to_which_port, the_package_is_found_wherever_it_lies,
      tables_that_say_nothing_or_nonsense_lead_to_no_port, no_damage_of_one_byte_does_harm)
