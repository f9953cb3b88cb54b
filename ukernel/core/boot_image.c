/* SPDX-License-Identifier: MIT */
/*
 * The first program's image. Read boot_image.h first. (ELF-64 Object File Format, version 1.5)
 */
#include "boot_image.h"

#include "boot_memory.h"
#include "panic.h"
#include "table.h"

struct elf_header {
	uint8_t magic[4];
	uint8_t class, data, ident_version, pad[9];
	uint16_t type, machine;
	uint32_t version;
	uint64_t entry, program_offset, section_offset;
	uint32_t flags;
	uint16_t header_size, program_size, program_count, section_size, section_count, section_names;
};

struct elf_segment {
	uint32_t type, flags;
	uint64_t offset, address, physical, file_size, memory_size, alignment;
};

#define ELF_CLASS_64       2
#define ELF_TYPE_SHARED    3 /* static-PIE */
#define ELF_MACHINE_X86_64 62
#define ELF_SEGMENT_LOAD   1
#define ELF_FLAG_EXECUTE   1u
#define ELF_FLAG_WRITE     2u

static struct frame *boot_table_frame(enum frame_type type) {
	struct frame *frame = boot_frame();

	frame->type = (uint8_t)type;
	return frame;
}

void boot_tables(struct space *space, uint64_t address, unsigned int level) {
	for (unsigned int at = TABLE_LEVEL_1G; at >= level; at--) {
		struct table_place place;
		if (table_place_decode(space, address, at, &place) != ERROR_OK) continue;
		struct table_frames frames = {.table = boot_table_frame(FRAME_TABLE)};
		for (unsigned int quarter = 0; quarter < TABLE_RECORD_FRAMES && at < TABLE_LEVEL_1G; quarter++)
			frames.records[quarter] = boot_table_frame(FRAME_RECORDS);
		table_install(space, place, &frames);
	}
}

void boot_map(struct space *space, uint64_t address, struct frame *frame, unsigned int rights) {
	boot_tables(space, address, TABLE_LEVEL_4K);
	struct table_place place = table_walk(space, address, TABLE_LEVEL_4K);
	*place.entry = page_entry_make(frame_physical(frame), rights, 0, ENTRY_PRESENT | ENTRY_SOFT_PIN);
}

static void copy_bytes(void *to, const void *from, uint64_t size) {
	uint8_t *destination = to;
	const uint8_t *source = from;

	while (size-- > 0) *destination++ = *source++;
}

static uint64_t smaller(uint64_t a, uint64_t b) { return a < b ? a : b; }

/* Segments begin and end on pages of their own (linked with separate code), so each page belongs to one. */
static void segment_load(struct space *space, const uint8_t *file, const struct elf_segment *segment) {
	unsigned int rights = PAGE_READ | ((segment->flags & ELF_FLAG_WRITE) ? PAGE_WRITE : 0) |
	                      ((segment->flags & ELF_FLAG_EXECUTE) ? PAGE_EXECUTE : 0);
	uint64_t end = segment->address + segment->memory_size;

	for (uint64_t page = segment->address & ~(PAGE_SIZE - 1); page < end; page += PAGE_SIZE) {
		struct frame *frame = boot_frame();
		uint64_t skip = page < segment->address ? segment->address - page : 0;
		uint64_t done = page + skip - segment->address;
		if (done < segment->file_size)
			copy_bytes((uint8_t *)frame_contents(frame) + skip, file + segment->offset + done,
			           smaller(segment->file_size - done, PAGE_SIZE - skip));
		boot_map(space, ROOT_IMAGE + page, frame, rights);
	}
}

static void segment_check(const struct elf_segment *segment, uint64_t size) {
	const uint64_t limit = ROOT_STACK_TOP - ROOT_STACK_SIZE - ROOT_IMAGE;

	if (segment->offset > size || segment->file_size > size - segment->offset ||
	    segment->file_size > segment->memory_size || segment->memory_size > limit ||
	    segment->address > limit - segment->memory_size)
		panic("root: a segment lies outside the file or the window; build the image again");
}

uint64_t boot_image_load(struct space *space, const void *file, uint64_t size) {
	const struct elf_header *header = file;

	if (size < sizeof(*header) || header->magic[0] != 0x7f || header->magic[1] != 'E' || header->magic[2] != 'L' ||
	    header->magic[3] != 'F' || header->class != ELF_CLASS_64 || header->machine != ELF_MACHINE_X86_64 ||
	    header->type != ELF_TYPE_SHARED || header->program_size != sizeof(struct elf_segment) ||
	    header->program_offset % 8 != 0 || header->program_offset > size ||
	    header->program_count > (size - header->program_offset) / sizeof(struct elf_segment))
		panic("the first boot module is not a static-PIE x86-64 ELF program (root)");

	const struct elf_segment *segments = (const void *)((const uint8_t *)file + header->program_offset);
	for (unsigned int index = 0; index < header->program_count; index++) {
		if (segments[index].type != ELF_SEGMENT_LOAD) continue;
		segment_check(&segments[index], size);
		segment_load(space, file, &segments[index]);
	}
	return ROOT_IMAGE + header->entry;
}
