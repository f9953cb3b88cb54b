/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as a program file: refused, or planned as nacre/elf.h promises.
 */
#include <stdlib.h>

#include <nacre/abi/rights.h>
#include <nacre/elf.h>
#include <nacre/process_layout.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct process_window window = {.base = UINT64_C(1) << 40, .size = UINT64_C(1) << 32};

/* Where the last mapping ended: they must come in order, within the window. */
static uint64_t mapped;

static void expect(_Bool holds) {
	if (!holds) abort();
}

static error_t map(uint64_t address, uint64_t size, uint32_t rights) {
	const uint32_t both = PAGE_WRITE | PAGE_EXECUTE;

	expect(address % PROCESS_PAGE_BYTES == 0 && size > 0 && (rights & both) != both);
	expect(address >= mapped && size <= window.base + window.size - address);
	mapped = address + (size + PROCESS_PAGE_BYTES - 1) / PROCESS_PAGE_BYTES * PROCESS_PAGE_BYTES;
	return ERROR_OK;
}

static error_t map_file(void *context, uint64_t address, uint64_t file_offset, uint64_t file_bytes, uint32_t rights) {
	const size_t *size = context;

	expect(file_offset % PROCESS_PAGE_BYTES == 0 && file_offset <= *size && file_bytes <= *size - file_offset);
	return map(address, file_bytes, rights);
}

static error_t map_zero(void *context, uint64_t address, uint64_t size, uint32_t rights) {
	(void)context;
	return map(address, size, rights);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	const struct process_mapper mapper = {map_file, map_zero, &size};
	static struct elf_plan plan;
	struct process_layout layout;
	struct elf_place place;

	expect(process_place(&window, &place) == ERROR_OK);
	if (elf_plan_image(data, size, &place, &plan) != ELF_FINE) return 0;
	expect(plan.entry >= plan.load && plan.entry < plan.end && plan.end <= place.limit);
	if (process_layout_make(&window, &plan, &layout) != ERROR_OK) return 0;
	mapped = window.base;
	expect(process_map(&plan, &layout, &mapper) == ERROR_OK);
	expect(mapped <= layout.utcb);
	return 0;
}
