/* SPDX-License-Identifier: MIT */
/*
 * What a Multiboot2 loader (GRUB) says. (Multiboot2 specification 2.0, 3.6)
 *
 * Sizes in the information are checked before they are followed; a tag that does not fit ends the
 * reading.
 */
#include "boot.h"
#include "panic.h"

enum { TAG_END = 0, TAG_COMMAND_LINE = 1, TAG_MODULE = 3, TAG_MEMORY_MAP = 6, TAG_ACPI_1 = 14, TAG_ACPI_2 = 15 };

/* Of all kinds; the words are what the kind makes of them. */
struct tag {
	uint32_t type, size;
	uint32_t words[];
};

#define WORDS(count) (sizeof(struct tag) + (count) * sizeof(uint32_t))

/* The map's words are the size of an entry and a version; the entries follow. */
static void memory_map_read(const struct tag *tag, struct loader *loader) {
	if (tag->size < WORDS(2) || tag->words[0] < sizeof(struct memory_entry)) return;
	loader->entry_size = tag->words[0];
	loader->entry_count = (tag->size - WORDS(2)) / loader->entry_size;
	loader->entries = &tag->words[2];
}

static void tag_read(const struct tag *tag, struct loader *loader, struct boot_info *info) {
	uint64_t contents = tag->size - WORDS(0);

	switch (tag->type) {
	case TAG_COMMAND_LINE: boot_note_command_line(info, (const char *)tag->words, contents); break;
	case TAG_MODULE: /* start, end; a name follows */
		if (tag->size >= WORDS(2))
			boot_note_module(info, tag->words[0], (uint64_t)tag->words[1] - tag->words[0]);
		break;
	case TAG_MEMORY_MAP: memory_map_read(tag, loader); break;
	case TAG_ACPI_1:
	case TAG_ACPI_2: /* copies; the new one comes last and says more */
		__builtin_memcpy(info->acpi_rsdp, tag->words, contents < BOOT_RSDP_SIZE ? contents : BOOT_RSDP_SIZE);
		break;
	}
}

struct loader multiboot2_read(uint64_t address, struct boot_info *info) {
	struct loader loader = {.name = "Multiboot2"};
	const uint32_t *information = boot_reach(address, sizeof(uint64_t));
	uint64_t size = information ? *information : 0;

	if (!boot_reach(address, size)) panic("boot loader: Multiboot2 information at %lx cannot be read", address);
	for (uint64_t offset = sizeof(uint64_t); offset + sizeof(struct tag) <= size;) {
		const struct tag *tag = (const void *)((const uint8_t *)information + offset);
		if (tag->type == TAG_END || tag->size < sizeof(*tag) || tag->size > size - offset) break;
		tag_read(tag, &loader, info);
		offset += (tag->size + 7u) & ~UINT64_C(7);
	}
	if (!loader.entries) panic("boot loader: no memory map in the Multiboot2 information");
	return loader;
}
