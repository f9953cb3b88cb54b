/* SPDX-License-Identifier: MIT */
/*
 * Group map: mapping and removing one page within this space, by control of it.
 */
#include <nacre/abi/label.h>
#include <nacre/abi/rights.h>
#include <nacre/protocol/memory.h>
#include <nacre/protocol/space.h>
#include <nacre/start.h>

#include "bench.h"

#define PAGE_BYTES UINT64_C(4096)

error_t bench_map(void) {
	struct measure map = {0};
	struct measure unmap = {0};
	uint64_t address, next, destination, left;
	error_t error = memory_allocate(start_memory(), 0, 2 * PAGE_BYTES, PAGE_READ | PAGE_WRITE, 0, &address);

	if (error != ERROR_OK) return error;
	*(volatile uint64_t *)(uintptr_t)address = 1;
	while (error == ERROR_OK && measure_goes_on(&unmap)) {
		uint64_t start = measure_stamp();
		error = space_map(start_space(), address, address + PAGE_BYTES, 1, PAGE_READ | PAGE_WRITE, item_none(),
		                  &next, &destination, &left);
		measure_add(&map, start, measure_stamp());
		if (error != ERROR_OK) break;
		start = measure_stamp();
		error = space_unmap(start_space(), address + PAGE_BYTES, 1, 0, &next, &left);
		measure_add(&unmap, start, measure_stamp());
	}
	if (error != ERROR_OK) return error;
	measure_print(&map, "map.page.1");
	measure_print(&unmap, "unmap.page.1");
	return memory_unmap(start_memory(), address, 2 * PAGE_BYTES);
}
