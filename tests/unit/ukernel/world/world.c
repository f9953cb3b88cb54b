/* SPDX-License-Identifier: MIT */
/*
 * Booting the kernel on the fake machine. Read world.h first.
 */
#include "world.h"

#include <check.h>
#include <nacre/abi/boot.h>
#include <stdlib.h>
#include <string.h>

#include "actor.h"
#include "frame.h"
#include "invariants.h"

#define SETTLE_LIMIT UINT64_C(100000000)

#define MODULE_START UINT64_C(0x100000)

#define RETURNED_GARBAGE 0xc3

void (*world_on_interrupt)(void);

static unsigned int check_period;
static unsigned int check_countdown;
static uint8_t *types_before; /* of all frames, at the last check */

/* --- Boot ---------------------------------------------------------------------------------------- */

struct elf {
	uint8_t identification[16];
	uint16_t type, machine;
	uint32_t version;
	uint64_t entry, program_offset, section_offset;
	uint32_t flags;
	uint16_t header_size, program_size, program_count, section_size, section_count, section_names;
	/* Its only segment. */
	uint32_t segment_type, segment_flags;
	uint64_t offset, address, physical, file_size, memory_size, alignment;
};

/* The smallest program that the kernel accepts as root. */
static const struct elf root_image = {
	.identification = {0x7f, 'E', 'L', 'F', 2, 1, 1},
	.type = 3,
	.machine = 62,
	.program_offset = offsetof(struct elf, segment_type),
	.program_size = 56,
	.program_count = 1,
	.segment_type = 1,
	.segment_flags = 5,
	.file_size = sizeof(struct elf),
	.memory_size = sizeof(struct elf),
};

static void boot(uint64_t size) {
	const struct machine_module module = {
		.start = {MODULE_START},
		.size = sizeof(root_image),
		.name = "root",
	};
	const struct machine_range ranges[] = {
		{.start = {LOW_START}, .size = LOW_END - LOW_START, .type = BOOT_RANGE_MEMORY},
		{.start = {MODULE_START}, .size = PAGE_SIZE, .type = BOOT_RANGE_MODULE},
		{.start = {MAIN_START}, .size = size - MAIN_START, .type = BOOT_RANGE_MEMORY},
		{.start = {DEVICE_START}, .size = DEVICE_SIZE, .type = BOOT_RANGE_DEVICE},
	};
	const struct machine machine = {
		.ranges = ranges,
		.range_count = sizeof(ranges) / sizeof(ranges[0]),
		.modules = &module,
		.module_count = 1,
		.command_line = "",
		.memory_total = size,
	};

	memcpy(arch_direct(module.start), &root_image, sizeof(root_image));
	kernel_start(&machine);
}

void given_a_machine_with(unsigned int megabytes) {
	const uint64_t size = (uint64_t)megabytes << 20;

	world_on_interrupt = NULL;
	fake_machine_reset(size);
	boot(size);
	free(types_before);
	types_before = calloc(frame_count, 1);
	world_check_every(1);
	world_settle();
	actors_start();
}

void given_a_machine(void) { given_a_machine_with(USUAL_MEGABYTES); }

/* --- Checks -------------------------------------------------------------------------------------- */

static int frame_is_users(const struct frame *frame) { return frame->type == FRAME_USER || frame->type == FRAME_NONE; }

static int page_is_zero(const char *page) {
	static const char zeros[PAGE_SIZE];

	return memcmp(page, zeros, PAGE_SIZE) == 0;
}

/* Frames come back zeroed; their owner writes to them at once, which nothing of the kernel's may notice. */
static void check_returned_frames(void) {
	for (uint64_t number = 0; number < frame_count; number++) {
		const struct frame *frame = &frame_table[number];
		if (types_before[number] && frame_is_users(frame)) {
			ck_assert_msg(page_is_zero(frame_contents(frame)), "frame %lu came back with data in it",
			              number);
			memset(frame_contents(frame), RETURNED_GARBAGE, PAGE_SIZE);
		}
		types_before[number] = !frame_is_users(frame);
	}
}

void world_check(void) {
	kernel_check_invariants();
	fake_translations_check();
	check_returned_frames();
}

void world_check_every(unsigned int period) {
	check_period = period;
	check_countdown = period;
}

uint64_t frames_granted(void) {
	uint64_t count = 0;

	for (uint64_t number = 0; number < frame_count; number++) count += frame_table[number].grant.parent != 0;
	return count;
}

uint64_t present_mappings_counted(void) {
	uint64_t count = 0;

	for (uint64_t number = 0; number < frame_count; number++)
		if (frame_table[number].type == FRAME_USER) count += frame_table[number].present;
	for (uint64_t number = 0; number < frame_count; number += TABLE_ENTRIES)
		count += frame_groups[number / TABLE_ENTRIES].present_large;
	return count;
}

/* --- Time and interrupts ------------------------------------------------------------------------- */

static void interrupt_taken(void) {
	if (world_on_interrupt) world_on_interrupt();
	kernel_timer();
}

void world_settle(void) {
	struct cpu *cpu = arch_cpu();

	for (uint64_t exits = 0;; exits++) {
		ck_assert_msg(exits < SETTLE_LIMIT, "an operation never ends");
		if (--check_countdown == 0) {
			check_countdown = check_period;
			world_check();
		}
		if (fake_interrupt_take()) {
			interrupt_taken();
			continue;
		}
		struct thread *current = cpu->current;
		if (!current) return;
		current->registers.inside = 0;
		if (!current->registers.restart) return;
		actor_enters_ipc(current);
		kernel_ipc();
	}
}

void time_passes(uint64_t ns) {
	const uint64_t end = fake_time + ns;

	while (fake_timer_time <= end) {
		if (fake_timer_time > fake_time) fake_time = fake_timer_time;
		fake_timer_time = TIME_NEVER; /* it fires once */
		kernel_timer();
		world_settle();
	}
	fake_time = end;
}
