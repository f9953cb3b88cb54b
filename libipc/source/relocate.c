/* SPDX-License-Identifier: MIT */
/*
 * Self-relocation: a program is loaded anywhere and adds its load address where the linker says.
 *
 * Runs before any pointer in data is right: it may use neither data that holds addresses nor other
 * functions. (System V ABI, AMD64 supplement, 4.4 and 5.2)
 */
#include <stdint.h>

#include "start_internal.h"

struct dynamic_entry {
	int64_t tag;
	uint64_t value;
};

struct relocation {
	uint64_t offset;
	uint64_t info;
	int64_t addend;
};

#define TAG_NULL      0
#define TAG_RELA      7
#define TAG_RELA_SIZE 8
#define TYPE_RELATIVE 8u

void start_relocate(const struct start_info *info, const struct dynamic_entry *dynamic) {
	uint64_t table = 0;
	uint64_t size = 0;
	const struct relocation *relocations;

	if (!dynamic) return;
	for (; dynamic->tag != TAG_NULL; dynamic++) {
		if (dynamic->tag == TAG_RELA)
			table = dynamic->value;
		else if (dynamic->tag == TAG_RELA_SIZE)
			size = dynamic->value;
	}
	relocations = (const struct relocation *)(info->load_address + table);
	for (uint64_t i = 0; i < size / sizeof(*relocations); i++)
		if ((uint32_t)relocations[i].info == TYPE_RELATIVE)
			*(uint64_t *)(info->load_address + relocations[i].offset) =
				info->load_address + (uint64_t)relocations[i].addend;
}
