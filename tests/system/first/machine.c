/* SPDX-License-Identifier: MIT */
/*
 * Frames, slots, addresses, time. Read first/machine.h first.
 */
#include <first/machine.h>

#include <stdio.h>

#include <nacre/capability.h>
#include <nacre/start.h>

#include <first/actor.h>
#include <first/child.h>
#include <first/console.h>
#include <first/kernel.h>
#include <first/tap.h>

#define PAGE       UINT64_C(4096)
#define LARGE_PAGE (UINT64_C(1) << 21)
/* A split costs five frames of low memory, of which there are some 150. */
#define POOL_BLOCKS   14u
#define SPLIT_FRAMES  5u
#define SLOTS_FIRST   128u
#define SLOTS_END     (SLOTS_FIRST + 8u * SLOTS_PER_PAGE)
#define MAIN_QUANTUM  UINT64_C(10000000)
#define PRIORITY_IDLE 1u

/* Permanent slots, beside those in machine.h. */
#define SLOT_PAUSE 124u

/* Frames: [pool_first, pool_kept) stay, [pool_kept, pool_next) are the running test's. */
static uint64_t pool_first, pool_kept, pool_next, pool_end;
static uint64_t low_next, low_end;
static uint32_t slots_kept, slots_next;
static uint64_t tsc_zero, tsc_scale;
static int counts_instructions;
static struct actor idle;

static const struct boot_range *ranges(void) {
	const struct boot_info *boot = start_info()->boot;

	return boot->ranges;
}

const char *machine_command_line(void) {
	const struct boot_info *boot = start_info()->boot;

	return boot->command_line;
}

static _Noreturn void give_up(const char *why) {
	console_write("Bail out! ");
	console_write(why);
	console_write("\n");
	console_power_off(1);
}

static void require(uint64_t result, const char *what) {
	if (result == ERROR_OK) return;
	tap_note("%s: %#llx", what, (unsigned long long)result);
	give_up(what);
}

/* Low memory comes as 4 KiB holds: the tables of the first splits are made of it. */
static void low_memory_find(void) {
	const struct boot_range *range = ranges();

	for (uint32_t index = 0; index < start_info()->boot->range_count; index++, range++) {
		if (range->type != BOOT_RANGE_MEMORY || range->physical >= UINT64_C(0x100000)) continue;
		low_next = start_info()->boot->holds + range->physical;
		low_end = low_next + range->size;
		if (range->size >= UINT64_C(64) * PAGE) return;
	}
	give_up("no low memory for the first tables");
}

static const struct boot_range *largest_range(void) {
	const struct boot_range *range = ranges();
	const struct boot_range *best = range;

	for (uint32_t index = 0; index < start_info()->boot->range_count; index++, range++)
		if (range->type == BOOT_RANGE_MEMORY && range->size > best->size) best = range;
	return best;
}

static void pool_make(void) {
	const struct boot_range *range = largest_range();
	uint64_t start = start_info()->boot->holds + range->physical;
	uint64_t end = start + range->size;

	pool_first = (start + LARGE_PAGE - 1) & ~(LARGE_PAGE - 1);
	pool_end = pool_first;
	for (unsigned int block = 0; block < POOL_BLOCKS && pool_end + 2 * LARGE_PAGE <= end; block++) {
		if (low_end - low_next < SPLIT_FRAMES * PAGE) break;
		give_frames(low_next, SPLIT_FRAMES);
		low_next += SPLIT_FRAMES * PAGE;
		require(KERNEL(SLOT_SPACE, SPACE_SPLIT, pool_end), "split of a superpage");
		pool_end += LARGE_PAGE;
	}
	pool_next = pool_first;
}

uint64_t frames_take(uint64_t count) {
	uint64_t first = pool_next;

	if (count * PAGE > pool_end - pool_next) {
		(void)tap_check(0, __FILE__, __LINE__, "there are frames left");
		return pool_first;
	}
	pool_next += count * PAGE;
	return first;
}

void frames_check_returned(uint64_t address, uint64_t count) {
	const volatile uint64_t *word = (const volatile uint64_t *)SCRATCH_PEEK;

	for (; count > 0; count--, address += PAGE) {
		give_frames(address, 1);
		CHECK_OK(KERNEL(SLOT_SPACE, SPACE_ADD_SLOTS, SLOT_PAGES - 1));
		CHECK_OK(KERNEL(SLOT_SPACE, SPACE_UNMAP, address, 1, UNMAP_CHILDREN));
		CHECK_OK(KERNEL(SLOT_SPACE, SPACE_MAP, address, SCRATCH_PEEK, 1, PAGE_READ));
		for (uint64_t index = 0; index < PAGE / sizeof(*word); index++) CHECK_EQUAL(word[index], 0);
		CHECK_OK(KERNEL(SLOT_SPACE, SPACE_UNMAP, address, 1, UNMAP_CHILDREN));
	}
}

uint64_t superpage_take(void) { return pool_end; }

uint64_t frames_left(void) { return (pool_end - pool_next) / PAGE; }

uint32_t slots_take(uint32_t count) {
	uint32_t first = slots_next;

	if (!tap_check(count <= SLOTS_END - slots_next, __FILE__, __LINE__, "there are slots left")) return SLOTS_FIRST;
	slots_next += count;
	return first;
}

uint32_t slots_expect(uint32_t count) {
	main_utcb->window_slot = slots_take(count);
	main_utcb->window_slot_count = count;
	return main_utcb->window_slot;
}

void table_add(uint64_t address) {
	give_frames(frames_take(5), 5);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_ADD_TABLE, address, TABLE_LEVEL_4K));
}

void pages_map(uint64_t address, uint64_t count) {
	uint64_t frames = frames_take(count);
	volatile uint64_t *word = (volatile uint64_t *)address;

	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_MAP, frames, address, count, PAGE_READ | PAGE_WRITE));
	for (uint64_t index = 0; index < count * PAGE / sizeof(*word); index++) word[index] = 0;
}

uint64_t machine_now(void) { return (uint64_t)(((unsigned __int128)(raw_tsc() - tsc_zero) * tsc_scale) >> 32); }

int machine_counts_instructions(void) { return counts_instructions; }

uint64_t machine_patience(void) { return counts_instructions ? UINT64_C(2000000000) : UINT64_C(60000000000); }

/* A loop of two instructions, often: if the TSC counts exactly them, it counts instructions. */
static void time_start(void) {
	uint64_t rounds = 1000000;
	uint64_t before;
	uint64_t ticks;

	require(KERNEL(SLOT_SPACE, SPACE_INFO), "info");
	tsc_zero = answer.words[6];
	tsc_scale = answer.words[7];
	before = raw_tsc();
	__asm__ volatile("1:\tdecq %0\n\tjnz 1b" : "+r"(rounds));
	ticks = raw_tsc() - before;
	counts_instructions = ticks >= 2000000 && ticks < 2100000;
}

static void slots_make(void) {
	for (uint64_t page = 1; page <= (SLOTS_END - SLOTS_FIRST) / SLOTS_PER_PAGE; page++) {
		give_frames(frames_take(1), 1);
		require(KERNEL(SLOT_SPACE, SPACE_ADD_SLOTS, page), "slots");
	}
	slots_next = SLOTS_FIRST;
}

static void tables_make(void) {
	give_frames(frames_take(5), 5);
	require(KERNEL(SLOT_SPACE, SPACE_ADD_TABLE, SCRATCH, TABLE_LEVEL_2M), "table of 1 GiB");
	for (uint64_t address = ACTOR_REGION; address < CHILD_VIEWS + CHILD_VIEWS_SIZE; address += LARGE_PAGE)
		table_add(address);
}

/* Signals back whenever it gets to run, which is when nobody else wants to. */
static _Noreturn void idle_run(void) {
	for (;;) {
		struct raw_ipc ipc = {.operation = IPC_RECEIVE};
		raw_ipc(&ipc);
		ipc = (struct raw_ipc){.operation = IPC_SEND, .target = SLOT_PAUSE + 2};
		raw_ipc(&ipc);
	}
}

/* The queue on which the main thread waits without hearing what is sent to it. */
static void pause_make(void) {
	main_utcb->window_slot = SLOT_PAUSE;
	main_utcb->window_slot_count = 2;
	give_frames(frames_take(1), 1);
	require(KERNEL(SLOT_SPACE, SPACE_CREATE_THREAD, 0), "a queue");
	require(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, SLOT_PAUSE + 1, SLOT_PAUSE + 2, RIGHT_SIGNAL, 1, 1),
	        "a signal");
}

static void self_find(void) {
	main_utcb->window_slot = SLOT_CONTROL;
	main_utcb->window_slot_count = 1;
	require(KERNEL(SLOT_SPACE, SPACE_THREAD, 0), "control of the main thread");
	main_utcb->window_slot = SLOT_SELF;
	require(KERNEL(SLOT_CONTROL, THREAD_DERIVE, RIGHTS_ALL, 0, 0), "the own queue");
}

void machine_start(void) {
	main_utcb = (struct utcb *)start_info()->utcb;
	self_find();
	low_memory_find();
	pool_make();
	slots_make();
	tables_make();
	time_start();
	pause_make();
	actor_create(&idle);
	actor_set_budget(&idle, MAIN_QUANTUM, PRIORITY_IDLE);
	actor_start(&idle, ENTRY(idle_run), 0);
	if (tap_has_failed()) give_up("the machine does not come up");
}

void machine_keep(void) {
	pool_kept = pool_next;
	slots_kept = slots_next;
	actors_keep();
}

static void main_reset(void) {
	for (uint64_t handler = 0; handler < HANDLER_COUNT; handler++)
		CHECK_OK(KERNEL(SLOT_CONTROL, THREAD_SET_HANDLER, handler));
	CHECK_OK(KERNEL(SLOT_CONTROL, THREAD_SET_DEATH));
	CHECK_OK(KERNEL(SLOT_CONTROL, THREAD_SET_BUDGET, MAIN_QUANTUM, PRIORITY_MAX));
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_SET_TIME_OFFSET, 0));
	main_utcb->window_size = 0;
	main_utcb->window_slot_count = 0;
}

void machine_reset(void) {
	main_reset();
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_UNMAP, pool_kept, (pool_next - pool_kept) / PAGE, UNMAP_CHILDREN));
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_UNMAP, superpage_take(), 1, UNMAP_CHILDREN | UNMAP_LARGE));
	for (; slots_next > slots_kept; slots_next--)
		CHECK_OK(KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DELETE, slots_next - 1));
	while (receive_now() == 0) (void)REPLY(ERROR_GONE);
	CHECK_ERROR(answer.operation, ERROR_WOULD_BLOCK | IPC_RESULT_IN_RECEIVE);
	pool_next = pool_kept;
	actors_forget();
	children_forget();
}

void machine_sleep(uint64_t nanoseconds) {
	CHECK_ERROR(receive_until(SLOT_PAUSE + 1, machine_now() + nanoseconds), ERROR_TIMEOUT | IPC_RESULT_IN_RECEIVE);
}

void settle(void) {
	CHECK_OK(send_now(idle.signal, 0));
	CHECK_OK(receive_until(SLOT_PAUSE + 1, machine_now() + machine_patience()));
}
