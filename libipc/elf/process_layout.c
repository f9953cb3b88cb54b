/* SPDX-License-Identifier: MIT */
/*
 * The layout of a window and the order of mapping. Read nacre/process_layout.h first.
 */
#include <nacre/abi/rights.h>
#include <nacre/process_layout.h>

/* One page below the stack stays empty, so that an overflow is a fault. */
#define GUARD_BYTES PROCESS_PAGE_BYTES

static uint64_t page_ceiling(uint64_t bytes) { return (bytes + PROCESS_PAGE_BYTES - 1) & ~(PROCESS_PAGE_BYTES - 1); }

error_t process_place(const struct process_window *window, struct elf_place *place) {
	if ((window->base | window->size) % PROCESS_PAGE_BYTES != 0 || window->base > ELF_USER_END ||
	    window->size > ELF_USER_END - window->base || window->size < PROCESS_IMAGE_OFFSET + PROCESS_UTCB_BYTES)
		return ERROR_RANGE;
	*place = (struct elf_place){
		.load = window->base + PROCESS_IMAGE_OFFSET,
		.limit = window->base + window->size - PROCESS_UTCB_BYTES,
	};
	return ERROR_OK;
}

error_t process_layout_make(const struct process_window *window, const struct elf_plan *plan,
                            struct process_layout *layout) {
	uint64_t stack_end = window->base + window->size - PROCESS_UTCB_BYTES;
	uint64_t room = stack_end - plan->end;
	uint64_t wanted = plan->stack_size ? plan->stack_size : PROCESS_STACK_DEFAULT;

	if (wanted > room || page_ceiling(wanted) + GUARD_BYTES > room) return ERROR_NO_MEMORY;
	wanted = page_ceiling(wanted);
	*layout = (struct process_layout){
		.stack = stack_end - wanted,
		.stack_size = wanted,
		.utcb = window->base + window->size - PROCESS_PAGE_BYTES,
	};
	return ERROR_OK;
}

static error_t segment_map(const struct elf_segment *segment, const struct process_mapper *mapper) {
	uint64_t from_file = page_ceiling(segment->file_bytes);
	error_t error = ERROR_OK;

	if (segment->file_bytes)
		error = mapper->map_file(mapper->context, segment->address, segment->file_offset, segment->file_bytes,
		                         segment->rights);
	if (error == ERROR_OK && from_file < segment->size)
		error = mapper->map_zero(mapper->context, segment->address + from_file, segment->size - from_file,
		                         segment->rights);
	return error;
}

error_t process_map(const struct elf_plan *plan, const struct process_layout *layout,
                    const struct process_mapper *mapper) {
	for (uint32_t index = 0; index < plan->segment_count; index++) {
		error_t error = segment_map(&plan->segments[index], mapper);

		if (error != ERROR_OK) return error;
	}
	return mapper->map_zero(mapper->context, layout->stack, layout->stack_size, PAGE_READ | PAGE_WRITE);
}

void process_start_words(const struct process_start *start, const struct elf_plan *plan,
                         const struct process_layout *layout, uint64_t words[PROCESS_START_WORDS]) {
	words[0] = plan->entry;
	words[1] = layout->stack + layout->stack_size;
	words[2] = start->slot_base;
	words[3] = layout->utcb;
	words[4] = start->window.base;
	words[5] = start->window.size;
	words[6] = start->boot_info;
	words[7] = plan->load;
}
