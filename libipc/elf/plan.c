/* SPDX-License-Identifier: MIT */
/*
 * The program headers: what to map where, or why not.
 *
 * Owns the checks of segments, alone and against each other. Knows nothing of the file's contents
 * beyond its size. Read nacre/elf.h first.
 */
#include <string.h>

#include <nacre/abi/rights.h>
#include <nacre/elf.h>

#include "format.h"

#define PAGE_BYTES UINT64_C(4096)

static uint64_t page_floor(uint64_t address) { return address & ~(PAGE_BYTES - 1); }

static uint64_t page_ceiling(uint64_t address) { return page_floor(address + PAGE_BYTES - 1); }

/* The segment within the file, and its alignment: both have nothing to do with where it goes. */
static enum elf_problem segment_file_check(const struct elf_program_header *program, uint64_t file_size) {
	if (program->file_size > program->memory_size) return ELF_SEGMENT_SIZES;
	if (program->offset > file_size || program->file_size > file_size - program->offset)
		return ELF_SEGMENT_BEYOND_FILE;
	if (program->address % PAGE_BYTES != program->offset % PAGE_BYTES) return ELF_SEGMENT_ALIGNMENT;
	/*
	 * 0 and 1 mean "any"; what is coarser than a page would have to hold for the load address
	 * too.
	 */
	if ((program->alignment & (program->alignment - 1)) != 0 || program->alignment > PAGE_BYTES)
		return ELF_SEGMENT_ALIGNMENT;
	return ELF_FINE;
}

/* Computed so that no sum can wrap: limit never exceeds ELF_USER_END, which is far below 2^64. */
static enum elf_problem segment_place_check(const struct elf_program_header *program, const struct elf_place *place) {
	uint64_t user_room = ELF_USER_END - place->load;
	uint64_t room = place->limit - place->load;

	if (program->address > user_room || program->memory_size > user_room - program->address)
		return ELF_SEGMENT_IN_KERNEL;
	if (program->address > room || program->memory_size > room - program->address) return ELF_SEGMENT_BEYOND_WINDOW;
	return ELF_FINE;
}

static enum elf_problem segment_rights(const struct elf_program_header *program, uint32_t *rights) {
	*rights = PAGE_READ;
	if (program->flags & FORMAT_FLAG_WRITE) *rights |= PAGE_WRITE;
	if (program->flags & FORMAT_FLAG_EXECUTE) *rights |= PAGE_EXECUTE;
	if ((*rights & PAGE_WRITE) && (*rights & PAGE_EXECUTE)) return ELF_WRITE_AND_EXECUTE;
	return ELF_FINE;
}

/* Keeps the plan's segments in order of address; the page ranges must not touch the same page. */
static enum elf_problem segment_insert(struct elf_plan *plan, const struct elf_segment *segment) {
	uint32_t index = plan->segment_count;

	if (plan->segment_count == ELF_SEGMENTS_MAX) return ELF_TOO_MANY_SEGMENTS;
	while (index > 0 && plan->segments[index - 1].address > segment->address) {
		plan->segments[index] = plan->segments[index - 1];
		index--;
	}
	plan->segments[index] = *segment;
	plan->segment_count++;
	return ELF_FINE;
}

static enum elf_problem segment_add(struct elf_plan *plan, const struct elf_program_header *program,
                                    const struct elf_header *header, const struct elf_place *place) {
	uint64_t lead = program->address % PAGE_BYTES;
	struct elf_segment segment;
	enum elf_problem problem;
	uint32_t rights;

	problem = segment_file_check(program, header->file_size);
	if (problem == ELF_FINE) problem = segment_place_check(program, place);
	if (problem == ELF_FINE) problem = segment_rights(program, &rights);
	if (problem != ELF_FINE || program->memory_size == 0) return problem;
	segment = (struct elf_segment){
		.address = place->load + program->address - lead,
		.file_offset = program->offset - lead,
		.file_bytes = program->file_size ? program->file_size + lead : 0,
		.size = page_ceiling(lead + program->memory_size),
		.rights = rights,
	};
	return segment_insert(plan, &segment);
}

static enum elf_problem program_header_take(struct elf_plan *plan, const struct elf_program_header *program,
                                            const struct elf_header *header, const struct elf_place *place) {
	switch (program->type) {
	case FORMAT_SEGMENT_LOAD: return segment_add(plan, program, header, place);
	case FORMAT_SEGMENT_INTERPRETER: return ELF_INTERPRETER;
	case FORMAT_SEGMENT_STACK: plan->stack_size = program->memory_size; return ELF_FINE;
	default: return ELF_FINE;
	}
}

static enum elf_problem overlap_check(const struct elf_plan *plan) {
	for (uint32_t index = 1; index < plan->segment_count; index++) {
		const struct elf_segment *before = &plan->segments[index - 1];

		if (before->address + before->size > plan->segments[index].address) return ELF_SEGMENTS_OVERLAP;
	}
	return ELF_FINE;
}

static enum elf_problem entry_check(const struct elf_plan *plan) {
	for (uint32_t index = 0; index < plan->segment_count; index++) {
		const struct elf_segment *segment = &plan->segments[index];

		if ((segment->rights & PAGE_EXECUTE) && plan->entry >= segment->address &&
		    plan->entry - segment->address < segment->size)
			return ELF_FINE;
	}
	return ELF_ENTRY_OUTSIDE;
}

static enum elf_problem whole_check(struct elf_plan *plan) {
	const struct elf_segment *first = &plan->segments[0];
	const struct elf_segment *last;
	enum elf_problem problem;

	if (plan->segment_count == 0) return ELF_NO_SEGMENTS;
	last = &plan->segments[plan->segment_count - 1];
	problem = overlap_check(plan);
	if (problem != ELF_FINE) return problem;
	/* A start-up routine finds its relocations and its TLS image through the header (r9). */
	if (first->address != plan->load || first->file_offset != 0 || first->file_bytes < ELF_HEADER_BYTES)
		return ELF_HEADER_NOT_LOADED;
	plan->end = last->address + last->size;
	return entry_check(plan);
}

enum elf_problem elf_plan_make(const struct elf_header *header, const void *program_headers, size_t count,
                               const struct elf_place *place, struct elf_plan *plan) {
	const unsigned char *bytes = program_headers;
	enum elf_problem problem = ELF_FINE;
	struct elf_plan made = {
		.load = place->load,
		.entry = place->load + header->entry,
	};

	if ((place->load | place->limit) % PAGE_BYTES != 0 || place->limit > ELF_USER_END || place->load > place->limit)
		return ELF_SEGMENT_BEYOND_WINDOW;
	if (count < header->program_headers_size) return ELF_PROGRAM_HEADERS_TRUNCATED;
	for (uint64_t offset = 0; offset + sizeof(struct elf_program_header) <= header->program_headers_size;
	     offset += sizeof(struct elf_program_header)) {
		struct elf_program_header program;

		memcpy(&program, bytes + offset, sizeof(program));
		problem = program_header_take(&made, &program, header, place);
		if (problem != ELF_FINE) return problem;
	}
	problem = whole_check(&made);
	if (problem == ELF_FINE) *plan = made;
	return problem;
}

enum elf_problem elf_plan_image(const void *image, size_t size, const struct elf_place *place, struct elf_plan *plan) {
	struct elf_header header;
	enum elf_problem problem = elf_header_read(image, size, size, &header);

	if (problem != ELF_FINE) return problem;
	return elf_plan_make(&header, (const unsigned char *)image + header.program_headers_offset,
	                     (size_t)header.program_headers_size, place, plan);
}
