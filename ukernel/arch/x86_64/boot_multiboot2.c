/* SPDX-License-Identifier: MIT */
/*
 * What a Multiboot2 loader (GRUB) says. (Multiboot2 specification 2.0, 3.6)
 *
 * Sizes in the information are checked before they are followed; a tag that does not fit ends the
 * reading.
 */
#include "boot_facts.h"

#include "panic.h"

enum tag_type {
	TAG_END = 0,
	TAG_COMMAND_LINE = 1,
	TAG_MODULE = 3,
	TAG_MEMORY_MAP = 6,
	TAG_ACPI_OLD = 14,
	TAG_ACPI_NEW = 15,
};

struct tag {
	uint32_t type, size;
};

struct information {
	uint32_t size, reserved;
	struct tag first;
};

struct tag_text {
	struct tag tag;
	char text[];
};

struct tag_module {
	struct tag tag;
	uint32_t start, end;
	char name[];
};

struct tag_acpi {
	struct tag tag;
	uint8_t root_pointer[];
};

struct tag_memory_map {
	struct tag tag;
	uint32_t entry_size, entry_version;
	uint8_t entries[];
};

static const struct tag_memory_map *memory_map_tag;

static int memory_entry_read(unsigned int index, struct memory_entry *entry)
{
	const struct tag_memory_map *tag = memory_map_tag;
	uint32_t count = (tag->tag.size - (uint32_t)sizeof(*tag)) / tag->entry_size;

	if (index >= count)
		return 0;
	*entry = *(const struct memory_entry *)(tag->entries + (uint64_t)index * tag->entry_size);
	return 1;
}

static void module_read(struct boot_facts *facts, const struct tag_module *tag)
{
	uint64_t size = tag->end > tag->start ? tag->end - tag->start : 0;

	boot_facts_add_module(facts, tag->start, size,
	                      boot_facts_copy_text(facts, tag->name, tag->tag.size - sizeof(*tag)));
}

static void memory_map_read(const struct tag_memory_map *tag)
{
	if (tag->entry_size < sizeof(struct memory_entry))
		panic("boot loader: memory map entries of %u bytes", tag->entry_size);
	memory_map_tag = tag;
}

static const uint32_t tag_size_least[] = {
	[TAG_COMMAND_LINE] = sizeof(struct tag_text),
	[TAG_MODULE] = sizeof(struct tag_module),
	[TAG_MEMORY_MAP] = sizeof(struct tag_memory_map),
	[TAG_ACPI_OLD] = sizeof(struct tag_acpi) + 20,
	[TAG_ACPI_NEW] = sizeof(struct tag_acpi) + 36,
};

static void tag_read(struct boot_facts *facts, const struct tag *tag)
{
	if (tag->type <= TAG_ACPI_NEW && tag->size < tag_size_least[tag->type])
		return;
	switch (tag->type) {
	case TAG_COMMAND_LINE:
		facts->command_line =
			boot_facts_copy_text(facts, ((const struct tag_text *)tag)->text,
		                             tag->size - sizeof(struct tag_text));
		break;
	case TAG_MODULE:
		module_read(facts, (const struct tag_module *)tag);
		break;
	case TAG_MEMORY_MAP:
		memory_map_read((const struct tag_memory_map *)tag);
		break;
	case TAG_ACPI_OLD:
		if (facts->acpi_rsdp != 0)
			break;
		/* fall through */
	case TAG_ACPI_NEW:
		facts->acpi_rsdp =
			(uint64_t)(uintptr_t)((const struct tag_acpi *)tag)->root_pointer;
		facts->acpi_rsdp_kind = RSDP_COPY;
		break;
	}
}

void multiboot2_read(struct boot_facts *facts, uint64_t address)
{
	const struct information *information = boot_reach(address, sizeof(*information));

	if (!information || !boot_reach(address, information->size))
		panic("boot loader: Multiboot2 information at %lx cannot be read", address);
	facts->loader = "Multiboot2";
	facts->memory_entry_read = memory_entry_read;

	uint64_t offset = offsetof(struct information, first);
	while (offset + sizeof(struct tag) <= information->size) {
		const struct tag *tag = (const struct tag *)(uintptr_t)(address + offset);
		if (tag->type == TAG_END || tag->size < sizeof(*tag) ||
		    tag->size > information->size - offset)
			break;
		tag_read(facts, tag);
		offset += (tag->size + 7u) & ~UINT64_C(7);
	}
	if (!memory_map_tag)
		panic("boot loader: no memory map in the Multiboot2 information");
}
