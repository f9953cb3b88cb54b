/* SPDX-License-Identifier: MIT */
/*
 * Boot: from the first C instruction to kernel_start(), one line a step.
 *
 * The memory map, modules and command line are written into the pages that root is shown. The code
 * of all boot*.c files is in no use afterwards and becomes ordinary memory; their variables stay.
 * Until page_tables_initialize() the first 4 GiB are mapped, and what loader and firmware left there
 * is read in place; nothing is kept by reference.
 */
#include "boot.h"

#include "interrupts.h"
#include "page_tables.h"
#include "panic.h"

#define DEVICES_END BOOT_REACHABLE_END

static _Alignas(PAGE_SIZE) struct boot_info info_pages __attribute__((section(".start.bss")));

static uint64_t page_down(uint64_t address) { return address & ~(PAGE_SIZE - 1); }

static uint64_t page_up(uint64_t address) { return page_down(address + PAGE_SIZE - 1); }

void boot_note_module(struct boot_info *info, uint64_t start, uint64_t size) {
	if (info->module_count == BOOT_MODULES_MAX) panic("boot loader: more than %u modules", BOOT_MODULES_MAX);
	info->modules[info->module_count++] = (struct boot_module){start, size};
}

void boot_note_command_line(struct boot_info *info, const char *text, uint64_t size) {
	for (uint64_t index = 0; index < size && index < BOOT_COMMAND_LINE_SIZE - 1 && text[index]; index++)
		info->command_line[index] = text[index];
}

/* RAM counts in whole pages only; of anything else a part of a page takes all of it. */
static void entry_assign(const struct memory_entry *entry) {
	uint64_t end = entry->start + entry->size;

	if (end < entry->start) return;
	if (entry->type == MEMORY_ENTRY_RAM) boot_map_assign(page_up(entry->start), page_down(end), BOOT_RANGE_MEMORY);
	/* Reserved space above is address space of buses and can be larger than all RAM. */
	else if (entry->type != MEMORY_ENTRY_RESERVED || entry->start < DEVICES_END)
		boot_map_assign(page_down(entry->start), page_up(end), BOOT_RANGE_FIRMWARE);
}

/* What is more binding comes last: RAM, then all that is not RAM, then what the kernel knows itself. */
static void map_fill(const struct loader *loader) {
	boot_map_assign(0, DEVICES_END, BOOT_RANGE_DEVICE);
	for (int is_rest = 0; is_rest <= 1; is_rest++) {
		const uint8_t *at = loader->entries;
		for (uint64_t index = 0; index < loader->entry_count; index++, at += loader->entry_size) {
			const struct memory_entry *entry = (const void *)at;
			if ((entry->type != MEMORY_ENTRY_RAM) == is_rest) entry_assign(entry);
		}
	}
	/* Firmware's data area; and no object is at physical address 0. */
	boot_map_assign(0, PAGE_SIZE, BOOT_RANGE_FIRMWARE);
	boot_map_assign((uint64_t)(uintptr_t)kernel_physical_start, image_physical(kernel_end), BOOT_RANGE_KERNEL);
	boot_map_assign(local_apic_address(), local_apic_address() + PAGE_SIZE, BOOT_RANGE_NONE);
}

static void modules_assign(const struct boot_info *info) {
	for (unsigned int index = 0; index < info->module_count; index++) {
		uint64_t start = info->modules[index].physical, end = page_up(start + info->modules[index].size);
		struct boot_range range = boot_map_find(start);
		if (start % PAGE_SIZE != 0 || end <= start || range.type != BOOT_RANGE_MEMORY ||
		    end > range.physical + range.size)
			panic("boot module %u: %lu bytes at %lx are not free memory in whole pages", index,
			      info->modules[index].size, start);
		boot_map_assign(start, end, BOOT_RANGE_MODULE);
	}
}

/* What only boot needed becomes ordinary memory; nobody writes to it before root runs. */
static void boot_memory_free(void) {
	uint64_t info = image_physical(&info_pages);

	boot_map_assign((uint64_t)(uintptr_t)kernel_physical_start, image_physical(kernel_text_start),
	                BOOT_RANGE_MEMORY);
	boot_map_assign(image_physical(kernel_kept_end), image_physical(kernel_end), BOOT_RANGE_MEMORY);
	boot_map_assign(info, page_up(info + sizeof(info_pages)), BOOT_RANGE_KERNEL);
}

/* Called by boot32.S, which passes the result to kernel_start(). */
struct boot_info *boot_main(uint64_t magic, uint64_t address);

struct boot_info *boot_main(uint64_t magic, uint64_t address) {
	struct boot_info *info = arch_direct((struct physical_address){image_physical(&info_pages)});

	serial_initialize();
	descriptors_initialize();
	processor_initialize();
	struct loader loader =
		magic == MULTIBOOT2_LOADER_MAGIC ? multiboot2_read(address, info) : pvh_read(address, info);
	boot_map_start(info);
	map_fill(&loader);
	modules_assign(info);
	page_tables_initialize();
	console_print("nacre: ABI %u, started by %s, %lu MiB of memory", ABI_VERSION, loader.name,
	              boot_map_total() >> 20);
	interrupts_initialize();
	clock_initialize();
	boot_memory_free();
	return info;
}
