/* SPDX-License-Identifier: MIT */
/*
 * Any listing: reading it ends, and what is read can be packed again.
 */
#include <stdlib.h>

#include <nacre/entries.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	struct entry entry;
	size_t position = 0;
	size_t before = 0;

	while (entries_next(data, size, &position, &entry)) {
		uint8_t packed[ENTRY_HEADER_SIZE + ENTRY_NAME_MAX];
		size_t used = 0;

		if (!entries_put(packed, sizeof(packed), &used, &entry) || used != position - before) abort();
		before = position;
	}
	return 0;
}
