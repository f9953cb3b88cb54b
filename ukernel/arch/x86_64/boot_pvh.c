/* SPDX-License-Identifier: MIT */
/*
 * What a PVH loader (`qemu -kernel`) says. (Xen public/arch-x86/hvm/start_info.h, version 1)
 */
#include "boot_facts.h"

#include "panic.h"

#define START_INFO_MAGIC 0x336ec578u

struct start_info {
	uint32_t magic, version, flags, module_count;
	uint64_t modules, command_line, acpi_rsdp;
	/* From version 1. */
	uint64_t memory_map;
	uint32_t memory_map_count, reserved;
};

struct module {
	uint64_t start, size, command_line, reserved;
};

struct map_entry {
	uint64_t start, size;
	uint32_t type, reserved;
};

static const struct map_entry *map_entries;
static unsigned int map_count;

static int memory_entry_read(unsigned int index, struct memory_entry *entry) {
	if (index >= map_count) return 0;
	*entry = (struct memory_entry){map_entries[index].start, map_entries[index].size, map_entries[index].type};
	return 1;
}

static const char *text_read(struct boot_facts *facts, uint64_t address) {
	const char *text = boot_reach(address, 1);

	return boot_facts_copy_text(facts, text, text ? BOOT_REACHABLE_END - address : 0);
}

static const struct start_info *start_info_find(uint64_t address) {
	const struct start_info *info = boot_reach(address, sizeof(*info));

	if (info && info->magic == START_INFO_MAGIC) return info;
	panic("unknown boot loader: Multiboot2 (GRUB) or PVH (qemu -kernel) is needed");
}

void pvh_read(struct boot_facts *facts, uint64_t address) {
	const struct start_info *info = start_info_find(address);

	map_count = info->memory_map_count;
	map_entries = boot_reach(info->memory_map, (uint64_t)map_count * sizeof(*map_entries));
	if (info->version < 1 || map_count == 0 || !map_entries)
		panic("boot loader: no memory map in the PVH start information");
	facts->loader = "PVH";
	facts->memory_entry_read = memory_entry_read;
	facts->acpi_rsdp = info->acpi_rsdp;
	facts->command_line = text_read(facts, info->command_line);

	const struct module *modules = boot_reach(info->modules, (uint64_t)info->module_count * sizeof(*modules));
	for (unsigned int index = 0; modules && index < info->module_count; index++)
		boot_facts_add_module(facts, modules[index].start, modules[index].size,
		                      text_read(facts, modules[index].command_line));
}
