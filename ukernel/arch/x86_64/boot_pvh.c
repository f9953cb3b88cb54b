/* SPDX-License-Identifier: MIT */
/*
 * What a PVH loader (`qemu -kernel`) says. (Xen public/arch-x86/hvm/start_info.h, version 1)
 */
#include "boot.h"
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

struct loader pvh_read(uint64_t address, struct boot_info *info) {
	const struct start_info *start = boot_reach(address, sizeof(*start));

	if (!start || start->magic != START_INFO_MAGIC)
		panic("unknown boot loader: Multiboot2 (GRUB) or PVH (qemu -kernel) is needed");
	const struct loader loader = {
		.name = "PVH",
		.entries = boot_reach(start->memory_map, start->memory_map_count * sizeof(struct memory_entry)),
		.entry_count = start->memory_map_count,
		.entry_size = sizeof(struct memory_entry),
	};
	if (start->version < 1 || start->memory_map_count == 0 || !loader.entries)
		panic("boot loader: no memory map in the PVH start information");

	const char *text = boot_reach(start->command_line, 1);
	if (text) boot_note_command_line(info, text, BOOT_REACHABLE_END - start->command_line);
	const void *root_pointer = boot_reach(start->acpi_rsdp, BOOT_RSDP_SIZE);
	if (root_pointer) __builtin_memcpy(info->acpi_rsdp, root_pointer, BOOT_RSDP_SIZE);
	const struct module *modules = boot_reach(start->modules, (uint64_t)start->module_count * sizeof(*modules));
	for (unsigned int index = 0; modules && index < start->module_count; index++)
		boot_note_module(info, modules[index].start, modules[index].size);
	return loader;
}
