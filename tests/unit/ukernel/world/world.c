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
#include "boot_memory.h"
#include "frame.h"
#include "invariants.h"
#include "ipc.h"

#define SETTLE_LIMIT UINT64_C(100000000)

#define MODULE_START UINT64_C(0x100000)
#define MODULE_SIZE  (3 * PAGE_SIZE)

#define RETURNED_GARBAGE 0xc3

void (*world_on_interrupt)(void);
void (*world_enters)(void) = kernel_ipc;

static unsigned int check_period;
static unsigned int check_countdown;
static uint8_t *types_before; /* of all frames, at the last check */

/* --- Boot ---------------------------------------------------------------------------------------- */

/* Page 0 is firmware's; the boot information lies where the real machine's lies in the kernel. */
#define INFO_START UINT64_C(0xb0000)

static void map_make(struct boot_info *info, uint64_t size) {
	boot_map_start(info);
	boot_map_assign(LOW_START, LOW_END, BOOT_RANGE_MEMORY);
	boot_map_assign(INFO_START, INFO_START + sizeof(*info) + PAGE_SIZE, BOOT_RANGE_KERNEL);
	boot_map_assign(MODULE_START, MODULE_START + MODULE_SIZE, BOOT_RANGE_MODULE);
	boot_map_assign(MAIN_START, size, BOOT_RANGE_MEMORY);
	boot_map_assign(DEVICE_START, DEVICE_START + DEVICE_SIZE, BOOT_RANGE_DEVICE);
}

static void boot(uint64_t size) {
	struct boot_info *info = arch_direct((struct physical_address){INFO_START});
	struct boot_program *root = arch_direct((struct physical_address){MODULE_START});

	memset(info, 0, sizeof(*info));
	info->modules[0] = (struct boot_module){MODULE_START, MODULE_SIZE};
	info->module_count = 1;
	/* The smallest program that the kernel accepts as root, and a page that is the next module. */
	*root = (struct boot_program){
		.magic = BOOT_PROGRAM_MAGIC,
		.constants = PAGE_SIZE,
		.data = PAGE_SIZE,
		.end = PAGE_SIZE,
	};
	map_make(info, size);
	kernel_start(info);
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

void world_enters_slowly(void) { ipc_general(); }

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
		world_enters();
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
