/* SPDX-License-Identifier: MIT */
/*
 * From machine to first program: what exists when user mode is entered for the first time.
 *
 * One function per step, in the order of kernel_start(). After it the kernel decides nothing by itself.
 */
#include <nacre/abi/label.h>

#include "boot_memory.h"
#include "interrupt.h"
#include "mapping.h"
#include "panic.h"
#include "schedule.h"
#include "table.h"

/* Where the parts of the first program lie in its window. */
#define ROOT_WINDOW_BASE UINT64_C(0x100000000)
#define ROOT_WINDOW_SIZE UINT64_C(0x100000000)
#define ROOT_INFO        (ROOT_WINDOW_BASE + 0x100000)
#define ROOT_IMAGE       (ROOT_WINDOW_BASE + 0x400000)
#define ROOT_UTCB        (ROOT_WINDOW_BASE + ROOT_WINDOW_SIZE - PAGE_SIZE)
#define ROOT_STACK_TOP   (ROOT_WINDOW_BASE + ROOT_WINDOW_SIZE - LARGE_PAGE_SIZE)
#define ROOT_STACK_SIZE  UINT64_C(0x10000)
#define ROOT_IMAGE_MOST  (ROOT_STACK_TOP - ROOT_STACK_SIZE - ROOT_IMAGE)

#define ROOT_HOLDS     UINT64_C(0x400000000000)
#define ROOT_SLOT_BASE 1u
#define ROOT_QUANTUM   UINT64_C(10000000) /* ns; root may change it */

static void cpu_start(struct cpu *cpu) {
	list_initialize(&cpu->wakeups);
	for (unsigned int priority = 0; priority <= PRIORITY_MAX; priority++) list_initialize(&cpu->ready[priority]);
	cpu->next_serial = 1;
	cpu->timer = TIME_NEVER;
	cpu->charged = arch_time_now();
}

static struct frame *object_frame(enum frame_type type, void *owner) {
	struct frame *frame = boot_frame();

	frame->type = (uint8_t)type;
	frame->owner = owner ? owner : frame_contents(frame);
	return frame;
}

/* Adds the tables that an entry of @level at @address needs. Returns how many were missing. */
static unsigned int root_add_tables(struct space *space, uint64_t address, unsigned int level) {
	unsigned int added = 0;

	for (unsigned int at = TABLE_LEVEL_1G; at >= level; at--) {
		struct table_place place;
		if (table_place_decode(space, address, at, &place) != ERROR_OK) continue;
		struct table_frames frames = {.table = object_frame(FRAME_TABLE, space)};
		for (unsigned int quarter = 0; quarter < TABLE_RECORD_FRAMES && at < TABLE_LEVEL_1G; quarter++)
			frames.records[quarter] = object_frame(FRAME_RECORDS, space);
		table_install(space, place, &frames);
		added++;
	}
	return added;
}

/* Maps a frame of the kernel's for good, outside all derivation. */
static void root_map(struct space *space, uint64_t address, const struct frame *frame, unsigned int rights) {
	root_add_tables(space, address, TABLE_LEVEL_4K);
	*table_walk(space, address, TABLE_LEVEL_4K).entry =
		page_entry_make(frame_physical(frame), rights, 0, ENTRY_PRESENT | ENTRY_SOFT_PIN);
}

static struct space *root_create_space(void) {
	struct space *space = frame_contents(object_frame(FRAME_SPACE, NULL));

	space_create(space, frame_contents(object_frame(FRAME_TABLE, space)), CONTROL_BADGE_ALL);
	space_add_slots(space, 0, frame_contents(object_frame(FRAME_SLOTS, space)));
	return space;
}

static struct thread *root_create_thread(struct space *space) {
	struct thread *thread = frame_contents(object_frame(FRAME_THREAD, NULL));
	struct frame *utcb = object_frame(FRAME_UTCB, thread);

	root_map(space, ROOT_UTCB, utcb, PAGE_READ | PAGE_WRITE);
	table_link_utcb(table_walk(space, ROOT_UTCB, TABLE_LEVEL_4K), utcb);
	thread_create(thread, space, frame_contents(utcb), (struct user_address){ROOT_UTCB}, CONTROL_BADGE_ALL);
	for (uint64_t offset = PAGE_SIZE; offset <= ROOT_STACK_SIZE; offset += PAGE_SIZE)
		root_map(space, ROOT_STACK_TOP - offset, boot_frame(), PAGE_READ | PAGE_WRITE);
	return thread;
}

static const struct boot_program *program_check(const struct boot_module *module) {
	const struct boot_program *program = arch_direct((struct physical_address){module->physical});

	if (module->size < PAGE_SIZE || program->magic != BOOT_PROGRAM_MAGIC ||
	    (program->code | program->constants | program->data | program->end) % PAGE_SIZE != 0 ||
	    program->constants > program->data || program->end > ROOT_IMAGE_MOST || program->entry >= program->end ||
	    program->end > module->size - PAGE_SIZE)
		panic("the first boot module is not root as the image build makes it: build the image again");
	return program;
}

/* Root runs where the loader has put it; what follows in its module becomes the next one. Returns the entry. */
static uint64_t root_map_program(struct space *space, struct boot_info *info) {
	const struct boot_module module = info->modules[0];
	const struct boot_program *program = program_check(&module);
	uint64_t end = PAGE_SIZE + program->end;

	boot_map_assign(module.physical, module.physical + end, BOOT_RANGE_KERNEL);
	if (module.size > end && info->module_count < BOOT_MODULES_MAX)
		info->modules[info->module_count++] = (struct boot_module){module.physical + end, module.size - end};
	info->modules[0].size = end;
	for (uint64_t page = 0; page < program->end; page += PAGE_SIZE) {
		int is_code = page >= program->code && page < program->constants;
		root_map(space, ROOT_IMAGE + page, frame_of((const char *)program + PAGE_SIZE + page),
		         PAGE_READ | (is_code ? PAGE_EXECUTE : 0) | (page >= program->data ? PAGE_WRITE : 0));
	}
	return ROOT_IMAGE + program->entry;
}

static void root_give_capabilities(struct space *space) {
	struct slot *slots = space->slot_pages[0]->slots + ROOT_SLOT_BASE;
	const struct slot control = {
		.object = slot_object_word(space, KIND_SPACE_CONTROL, 0),
		.badge = CONTROL_BADGE_ALL,
	};

	slot_derive(&space->root, &slots[START_SLOT_SPACE], &control);
	slots[BOOT_SLOT_INTERRUPTS].object = slot_object_word(NULL, KIND_INTERRUPT, 0);
	slots[BOOT_SLOT_INTERRUPTS].badge = range_badge(0, ARCH_LINE_COUNT);
	slots[BOOT_SLOT_PORTS].object = slot_object_word(NULL, KIND_PORTS, 0);
	slots[BOOT_SLOT_PORTS].badge = range_badge(0, 0x10000);
}

/* Adds the tables that holds of @range need: superpages wherever a whole one fits. Returns how many were missing. */
static unsigned int range_add_tables(struct space *space, struct boot_range range) {
	uint64_t end = range.physical + range.size;
	unsigned int added = 0;

	if (range.type == BOOT_RANGE_NONE || range.type == BOOT_RANGE_KERNEL) return 0;
	for (uint64_t block = range.physical & ~(LARGE_PAGE_SIZE - 1); block < end; block += LARGE_PAGE_SIZE) {
		int whole = block >= range.physical && block + LARGE_PAGE_SIZE <= end;
		added += root_add_tables(space, ROOT_HOLDS + block, whole ? TABLE_LEVEL_2M : TABLE_LEVEL_4K);
	}
	return added;
}

static void range_hold(struct space *space, const struct boot_range *range) {
	const int is_memory = range->type == BOOT_RANGE_MEMORY || range->type == BOOT_RANGE_MODULE;
	const unsigned int rights = is_memory ? PAGE_RIGHTS : PAGE_READ | PAGE_WRITE;
	const page_entry_t attributes =
		page_entry_attributes_from_type(is_memory ? MEMORY_WRITE_BACK : MEMORY_UNCACHED);
	uint64_t end = range->physical + range->size;

	if (range->type == BOOT_RANGE_NONE || range->type == BOOT_RANGE_KERNEL) return;
	for (uint64_t address = range->physical; address < end;) {
		struct table_place place = table_walk(space, ROOT_HOLDS + address, TABLE_LEVEL_4K);
		page_entry_t large = place.level == TABLE_LEVEL_2M ? ENTRY_LARGE : 0;
		page_entry_t hold = page_entry_hold((struct physical_address){address}, rights, attributes, large);
		map_commit(&(struct map_plan){.entry = place.entry, .value = hold});
		address += UINT64_C(1) << page_table_shift(place.level);
	}
}

/*
 * Tables come from the very memory that is to be held, so they are all made before the first hold. Ranges change
 * meanwhile, so they are gone through until no table is missing.
 */
static void root_give_memory(struct space *space, struct boot_info *info) {
	unsigned int added;

	do {
		added = 0;
		for (unsigned int index = 0; index < info->range_count; index++)
			added += range_add_tables(space, info->ranges[index]);
	} while (added > 0);
	for (unsigned int index = 0; index < info->range_count; index++) range_hold(space, &info->ranges[index]);
}

static void root_show_info(struct space *space, struct boot_info *info) {
	for (uint64_t offset = 0; offset < sizeof(*info); offset += PAGE_SIZE)
		root_map(space, ROOT_INFO + offset, frame_of((const char *)info + offset), PAGE_READ);
	info->magic = BOOT_INFO_MAGIC;
	info->abi_version = ABI_VERSION;
	info->slots_free_first = ROOT_SLOT_BASE + BOOT_SLOT_COUNT;
	info->slots_backed = SLOTS_PER_PAGE;
	info->holds = ROOT_HOLDS;
	info->memory_total = boot_map_total();
}

static void root_start(struct thread *thread, uint64_t entry) {
	const uint64_t arguments[6] = {
		ROOT_SLOT_BASE, ROOT_UTCB, ROOT_WINDOW_BASE, ROOT_WINDOW_SIZE, ROOT_INFO, ROOT_IMAGE,
	};

	budget_set(thread, ROOT_QUANTUM, PRIORITY_MAX);
	thread->started = 1;
	if (arch_thread_start(thread, entry, ROOT_STACK_TOP, arguments) != ERROR_OK ||
	    thread_resume(thread) != ERROR_OK)
		panic("root cannot run");
}

void kernel_start(struct boot_info *info) {
	if (info->module_count == 0) panic("no boot module: the boot loader has to load root");
	cpu_start(arch_cpu());
	boot_frames_start();
	interrupt_start(boot_take(ARCH_LINE_COUNT * sizeof(struct interrupt_line), SLOT_PHYSICAL_END));

	struct space *space = root_create_space();
	struct thread *thread = root_create_thread(space);
	uint64_t entry = root_map_program(space, info);
	root_show_info(space, info);
	root_give_capabilities(space);
	root_give_memory(space, info);
	root_start(thread, entry);
	schedule_finish(LEAVE_PREEMPTED);
}
