/* SPDX-License-Identifier: MIT */
/*
 * Boot: from the first C instruction to kernel_start(), one line a step.
 *
 * The code of all boot*.c files is in no use afterwards and becomes ordinary memory; their
 * variables stay. Until page_tables_initialize() the first 4 GiB are mapped at 0, and what loader
 * and firmware left there is read in place; nothing is kept by reference.
 */
#include "boot_acpi.h"
#include "boot_facts.h"
#include "clock.h"
#include "cpu_area.h"
#include "interrupts.h"
#include "local_apic.h"
#include "page_tables.h"
#include "panic.h"
#include "processor.h"
#include "serial.h"

#include <nacre/abi/feature.h>
#include <nacre/abi/label.h>

static struct boot_facts facts;
static struct acpi_facts acpi;
static struct machine_range ranges[MEMORY_RANGES_MAX];
static struct machine machine;

const char *boot_facts_copy_text(struct boot_facts *into, const char *text, uint64_t size) {
	char *copy = into->text + into->text_used;
	uint64_t room = BOOT_TEXT_SIZE - 1 - into->text_used, length = 0;

	while (length < size && length < room && text[length] != '\0') {
		copy[length] = text[length];
		length++;
	}
	copy[length] = '\0';
	into->text_used += (unsigned int)(length < room ? length + 1 : length);
	return copy;
}

void boot_facts_add_module(struct boot_facts *into, uint64_t start, uint64_t size, const char *name) {
	if (into->module_count == BOOT_MODULES_MAX) panic("boot loader: more than %u modules", BOOT_MODULES_MAX);
	into->modules[into->module_count++] = (struct machine_module){{start}, size, name};
}

static void modules_assign(void) {
	for (unsigned int index = 0; index < facts.module_count; index++) {
		uint64_t start = facts.modules[index].start.value;
		uint64_t end = (start + facts.modules[index].size + PAGE_SIZE - 1) & ~(PAGE_SIZE - 1);
		if (start % PAGE_SIZE != 0 || end <= start || !memory_map_is_free(start, end))
			panic("boot module %u (%s): %lu bytes at %lx are not free memory in whole pages", index,
			      facts.modules[index].name, facts.modules[index].size, start);
		memory_map_assign(start, end, BOOT_RANGE_MODULE, index);
	}
}

/* A loader's copy is moved to a page that users can be shown. */
static void rsdp_keep(void) {
	if (acpi.rsdp == 0 || acpi.rsdp != facts.acpi_rsdp || facts.acpi_rsdp_kind == RSDP_ORIGINAL) return;
	uint8_t copy[ACPI_RSDP_SIZE];
	__builtin_memcpy(copy, (const void *)(uintptr_t)acpi.rsdp, sizeof(copy));
	struct physical_address page = memory_map_take_page(); /* may be the page it was in */
	__builtin_memcpy((void *)(uintptr_t)page.value, copy, sizeof(copy));
	acpi.rsdp = page.value;
	memory_map_assign(page.value, page.value + PAGE_SIZE, BOOT_RANGE_FIRMWARE, 0);
}

static void device_keep(uint64_t address) {
	uint64_t page = address & ~(PAGE_SIZE - 1);

	if (address != 0) memory_map_assign(page, page + PAGE_SIZE, MEMORY_KEPT, 0);
}

static void devices_keep(void) {
	device_keep(local_apic_address());
	device_keep(acpi.hpet);
	for (unsigned int index = 0; index < acpi.io_apic_count; index++) device_keep(acpi.io_apics[index].address);
}

static void machine_fill(void) {
	struct machine_range range;
	uint64_t told = 0;

	for (unsigned int index = 0; memory_map_read(index, &range); index++) {
		if (range.type == MEMORY_KEPT) continue;
		ranges[machine.range_count++] = range;
		if (range.type == BOOT_RANGE_MEMORY || range.type == BOOT_RANGE_MODULE) told += range.size;
	}
	machine.ranges = ranges;
	machine.modules = facts.modules;
	machine.module_count = facts.module_count;
	machine.command_line = facts.command_line;
	machine.acpi_rsdp = acpi.rsdp;
	machine.memory_total = memory_map_total();
	machine.kernel_image = memory_map_total() - told;
}

static const char *feature_name(uint64_t feature, const char *name) { return processor_features & feature ? name : ""; }

static void machine_print(void) {
	console_print("nacre: ABI %u, started by %s, %lu MiB of memory", ABI_VERSION, facts.loader,
	              memory_map_total() >> 20);
	console_print("nacre: %u CPUs found, running on 1:%s%s%s%s%s", processor_count,
	              feature_name(ARCH_FEATURE_AVX, " AVX"), feature_name(ARCH_FEATURE_AVX512, " AVX-512"),
	              feature_name(ARCH_FEATURE_SMEP, " SMEP"), feature_name(ARCH_FEATURE_SMAP, " SMAP"),
	              feature_name(ARCH_FEATURE_UMIP, " UMIP"));
	console_print("nacre: %u interrupt lines by %s", arch_line_wired_count(),
	              acpi.io_apic_count ? "I/O APIC" : "8259");
}

/*
 * Called by boot32.S, which passes the result to kernel_start(). The memory of boot code is in the
 * map by then; nobody writes to it before the first user program runs.
 */
const struct machine *boot_main(uint64_t magic, uint64_t info);

const struct machine *boot_main(uint64_t magic, uint64_t info) {
	serial_initialize();
	descriptors_initialize();
	processor_initialize();
	facts.command_line = boot_facts_copy_text(&facts, "", 0);
	if (magic == MULTIBOOT2_LOADER_MAGIC)
		multiboot2_read(&facts, info);
	else
		pvh_read(&facts, info);
	memory_map_initialize(facts.memory_entry_read);
	modules_assign();
	acpi_read(facts.acpi_rsdp, &acpi);
	processor_count = acpi.cpu_count;
	rsdp_keep();
	page_tables_initialize();
	devices_keep();
	interrupts_initialize(&acpi);
	machine_print();
	clock_initialize(&acpi);
	memory_map_free_boot();
	machine_fill();
	return &machine;
}
