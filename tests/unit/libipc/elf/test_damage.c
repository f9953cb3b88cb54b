/* SPDX-License-Identifier: MIT */
/*
 * Headers damaged at random.
 */
#include <stdlib.h>

#include "image.h"

static bool segment_keeps_promises(const struct elf_segment *segment, size_t size) {
	const uint32_t both = PAGE_WRITE | PAGE_EXECUTE;

	return (segment->address | segment->file_offset | segment->size) % 4096 == 0 && segment->size > 0 &&
	       segment->size <= LIMIT - segment->address && segment->file_bytes <= segment->size &&
	       (!segment->file_bytes || segment->file_offset <= size - segment->file_bytes) &&
	       (segment->rights & both) != both;
}

/* What is accepted must keep every promise that nacre/elf.h makes, whatever the bytes were. */
static bool promises_are_kept(size_t size) {
	bool entry_inside = false;
	uint64_t end = LOAD;

	for (uint32_t index = 0; index < plan.segment_count; index++) {
		const struct elf_segment *segment = &plan.segments[index];

		if (segment->address < end || !segment_keeps_promises(segment, size)) return false;
		end = segment->address + segment->size;
		if ((segment->rights & PAGE_EXECUTE) && plan.entry >= segment->address && plan.entry < end)
			entry_inside = true;
	}
	return entry_inside && plan.end == end;
}

START_TEST(damaged_headers_are_refused_or_give_a_plan_that_keeps_its_promises) {
	static const unsigned char values[] = {0, 1, 2, 4, 0x10, 0x7f, 0x80, 0xff};
	unsigned int accepted = 0;

	srand(4711);
	for (int round = 0; round < 200000; round++) {
		int changes = 1 + rand() % 4;

		given_a_sound_program();
		for (int change = 0; change < changes; change++)
			((unsigned char *)&image)[(size_t)rand() % offsetof(struct image, rest)] =
				values[(size_t)rand() % sizeof(values)];
		if (planned() != ELF_FINE) continue;
		if (!promises_are_kept(sizeof(image))) ck_abort_msg("a promise is broken in round %d", round);
		accepted++;
	}
	ck_assert_uint_gt(accepted, 1000);
}
END_TEST

void damage_tests_add(TCase *tests) {
	tcase_add_test(tests, damaged_headers_are_refused_or_give_a_plan_that_keeps_its_promises);
}
