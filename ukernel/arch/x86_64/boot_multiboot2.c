/* SPDX-License-Identifier: MIT */
/*
 * What a Multiboot2 loader (GRUB) says. (Multiboot2 specification 2.0, 3.6)
 *
 * Sizes in the information are checked before they are followed; a tag that does not fit ends the
 * reading.
 */
#include "boot_acpi.h"
#include "boot_facts.h"
#include "panic.h"

enum { TAG_END = 0, TAG_COMMAND_LINE = 1, TAG_MODULE = 3, TAG_MEMORY_MAP = 6, TAG_ACPI = 15 };

/* Of all kinds; the words are what the kind makes of them. */
struct tag {
	uint32_t type, size;
	uint32_t words[];
};

#define WORDS(count) (sizeof(struct tag) + (count) * sizeof(uint32_t))

static const uint32_t tag_size_least[] = {
	[TAG_MODULE] = WORDS(2),     /* start, end; the name follows */
	[TAG_MEMORY_MAP] = WORDS(2), /* size of an entry, version; the entries follow */
	[TAG_ACPI] = WORDS(0) + ACPI_RSDP_SIZE,
};

static const struct tag *memory_map_tag;

static int memory_entry_read(unsigned int index, struct memory_entry *entry) {
	uint32_t entry_size = memory_map_tag->words[0];

	if (index >= (memory_map_tag->size - WORDS(2)) / entry_size) return 0;
	const uint8_t *entries = (const uint8_t *)&memory_map_tag->words[2];
	*entry = *(const struct memory_entry *)(entries + (uint64_t)index * entry_size);
	return 1;
}

static const char *text_read(struct boot_facts *facts, const struct tag *tag, unsigned int word) {
	return boot_facts_copy_text(facts, (const char *)&tag->words[word], tag->size - WORDS(word));
}

static void tag_read(struct boot_facts *facts, const struct tag *tag) {
	if (tag->type > TAG_ACPI || tag->size < tag_size_least[tag->type]) return;
	switch (tag->type) {
	case TAG_COMMAND_LINE: facts->command_line = text_read(facts, tag, 0); break;
	case TAG_MODULE:
		boot_facts_add_module(facts, tag->words[0], (uint64_t)tag->words[1] - tag->words[0],
		                      text_read(facts, tag, 2));
		break;
	case TAG_MEMORY_MAP:
		if (tag->words[0] >= sizeof(struct memory_entry)) memory_map_tag = tag;
		break;
	case TAG_ACPI:
		facts->acpi_rsdp = (uint64_t)(uintptr_t)tag->words;
		facts->acpi_rsdp_kind = RSDP_COPY;
		break;
	}
}

void multiboot2_read(struct boot_facts *facts, uint64_t address) {
	const uint32_t *information = boot_reach(address, sizeof(uint64_t));
	uint64_t size = information ? *information : 0;

	if (!boot_reach(address, size)) panic("boot loader: Multiboot2 information at %lx cannot be read", address);
	facts->loader = "Multiboot2";
	facts->memory_entry_read = memory_entry_read;

	for (uint64_t offset = sizeof(uint64_t); offset + sizeof(struct tag) <= size;) {
		const struct tag *tag = (const struct tag *)(uintptr_t)(address + offset);
		if (tag->type == TAG_END || tag->size < sizeof(*tag) || tag->size > size - offset) break;
		tag_read(facts, tag);
		offset += (tag->size + 7u) & ~UINT64_C(7);
	}
	if (!memory_map_tag) panic("boot loader: no memory map in the Multiboot2 information");
}
