/* SPDX-License-Identifier: MIT */
/*
 * From machine to first program: what exists when user mode is entered for the first time.
 *
 * One function per step, in the order of kernel_start(). After it the kernel decides nothing by itself.
 */
#include <nacre/abi/boot.h>
#include <nacre/abi/label.h>

#include "boot_image.h"
#include "boot_memory.h"
#include "cpu.h"
#include "derivation.h"
#include "interrupt.h"
#include "mapping.h"
#include "panic.h"
#include "schedule.h"
#include "table.h"

/* Memory at physical address p is held at ROOT_HOLDS + p. */
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

static struct space *root_create_space(void) {
	struct frame *space_frame = boot_frame();
	struct frame *table = boot_frame();
	struct frame *slots = boot_frame();
	struct space *space = frame_contents(space_frame);

	space_frame->type = FRAME_SPACE;
	space_frame->owner = space;
	table->type = FRAME_TABLE;
	table->owner = space;
	slots->type = FRAME_SLOTS;
	slots->owner = space;
	space_create(space, frame_contents(table), CONTROL_BADGE_ALL);
	if (space_add_slots(space, 0, frame_contents(slots)) != ERROR_OK) panic("root has no slots");
	return space;
}

static struct thread *root_create_thread(struct space *space) {
	struct frame *thread_frame = boot_frame();
	struct frame *utcb = boot_frame();
	struct thread *thread = frame_contents(thread_frame);

	boot_map(space, ROOT_UTCB, utcb, PAGE_READ | PAGE_WRITE);
	thread_frame->type = FRAME_THREAD;
	thread_frame->owner = thread;
	utcb->type = FRAME_UTCB;
	utcb->owner = thread;
	table_link_utcb(table_walk(space, ROOT_UTCB, TABLE_LEVEL_4K), utcb);
	thread_create(thread, space, frame_contents(utcb), (struct user_address){ROOT_UTCB}, CONTROL_BADGE_ALL);
	for (uint64_t offset = PAGE_SIZE; offset <= ROOT_STACK_SIZE; offset += PAGE_SIZE)
		boot_map(space, ROOT_STACK_TOP - offset, boot_frame(), PAGE_READ | PAGE_WRITE);
	return thread;
}

static void root_give_capabilities(struct space *space) {
	struct slot *slots = space->slot_pages[0]->slots + ROOT_SLOT_BASE;
	const struct slot control = {
		.object = slot_object_word(space, KIND_SPACE_CONTROL, 0),
		.badge = CONTROL_BADGE_ALL,
	};

	slot_derive(&space->root, &slots[START_SLOT_SPACE], &control);
	slots[BOOT_SLOT_INTERRUPTS].object = slot_object_word(NULL, KIND_INTERRUPT, 0);
	slots[BOOT_SLOT_INTERRUPTS].badge = range_badge(0, arch_line_count());
	slots[BOOT_SLOT_PORTS].object = slot_object_word(NULL, KIND_PORTS, 0);
	slots[BOOT_SLOT_PORTS].badge = range_badge(0, 0x10000);
}

/* Adds the tables that holds of @range need: superpages wherever a whole one fits. */
static void range_tables(struct space *space, const struct machine_range *range) {
	uint64_t end = range->start.value + range->size;

	for (uint64_t block = range->start.value & ~(LARGE_PAGE_SIZE - 1); block < end; block += LARGE_PAGE_SIZE) {
		int whole = block >= range->start.value && block + LARGE_PAGE_SIZE <= end;
		boot_tables(space, ROOT_HOLDS + block, whole ? TABLE_LEVEL_2M : TABLE_LEVEL_4K);
	}
}

static void range_hold(struct space *space, const struct machine_range *range) {
	const int is_memory = range->type == BOOT_RANGE_MEMORY || range->type == BOOT_RANGE_MODULE;
	const unsigned int rights = is_memory ? PAGE_RIGHTS : PAGE_READ | PAGE_WRITE;
	const page_entry_t attributes =
		page_entry_attributes_from_type(is_memory ? MEMORY_WRITE_BACK : MEMORY_UNCACHED);
	uint64_t end = range->start.value + range->size;

	for (uint64_t address = range->start.value; address < end;) {
		struct table_place place = table_walk(space, ROOT_HOLDS + address, TABLE_LEVEL_4K);
		struct physical_address frame = {address};
		page_entry_t large = place.level == TABLE_LEVEL_2M ? ENTRY_LARGE : 0;
		const struct map_plan plan = {
			.entry = place.entry,
			.value = page_entry_hold(frame, rights, attributes, large),
		};
		map_commit(&plan);
		address += UINT64_C(1) << page_table_shift(place.level);
	}
}

/*
 * Tables come from the very memory that is to be held, so they are all made before the first hold. The end of the
 * range they come from moves meanwhile: the last block gets its table when nothing else will be taken.
 */
static void root_give_memory(struct space *space, const struct machine *machine) {
	for (unsigned int index = 0; index < machine->range_count; index++)
		range_tables(space, &machine->ranges[index]);
	for (unsigned int index = 0; index < machine->range_count; index++) {
		struct machine_range range = boot_range(machine, index);
		uint64_t before;
		do {
			before = boot_memory_taken();
			range = boot_range(machine, index);
			range_tables(space, &range);
		} while (boot_memory_taken() != before);
	}
	for (unsigned int index = 0; index < machine->range_count; index++) {
		const struct machine_range range = boot_range(machine, index);
		range_hold(space, &range);
	}
}

static uint64_t string_length(const char *string) {
	uint64_t length = 0;

	while (string[length]) length++;
	return length;
}

static void string_copy(char *to, const char *from, uint64_t size) {
	uint64_t index = 0;

	for (; index + 1 < size && from[index]; index++) to[index] = from[index];
	to[index] = '\0';
}

/* Lays out the pages of boot information; their contents follow when memory is settled. */
static struct boot_info *root_create_info(struct space *space, const struct machine *machine) {
	uint64_t ranges = sizeof(struct boot_info);
	uint64_t modules = ranges + machine->range_count * sizeof(struct boot_range);
	uint64_t command_line = modules + machine->module_count * sizeof(struct boot_module);
	uint64_t size = command_line + string_length(machine->command_line) + 1;
	struct boot_info *info = boot_allocate(size);

	for (uint64_t offset = 0; offset < size; offset += PAGE_SIZE)
		boot_map(space, ROOT_INFO + offset, frame_of((char *)info + offset), PAGE_READ);
	info->magic = BOOT_INFO_MAGIC;
	info->abi_version = ABI_VERSION;
	info->size = (uint32_t)size;
	info->ranges = (uint32_t)ranges;
	info->modules = (uint32_t)modules;
	info->command_line = (uint32_t)command_line;
	return info;
}

static void root_fill_info(struct boot_info *info, const struct machine *machine) {
	struct boot_range *ranges = (void *)((char *)info + info->ranges);
	struct boot_module *modules = (void *)((char *)info + info->modules);

	info->cpu_count = arch_cpu_count();
	info->cpu_running = 1;
	info->memory_total = machine->memory_total;
	info->kernel_memory = machine->kernel_image + boot_memory_taken();
	info->acpi_rsdp = machine->acpi_rsdp;
	info->slots_free_first = ROOT_SLOT_BASE + BOOT_SLOT_COUNT;
	info->slots_backed = SLOTS_PER_PAGE;
	info->interrupt_lines = arch_line_count();
	info->range_count = machine->range_count;
	info->module_count = machine->module_count;
	for (unsigned int index = 0; index < machine->range_count; index++) {
		const struct machine_range range = boot_range(machine, index);
		ranges[index] = (struct boot_range){
			.physical = range.start.value,
			.size = range.size,
			.hold = ROOT_HOLDS + range.start.value,
			.type = range.type,
			.module = range.module,
		};
	}
	for (unsigned int index = 0; index < machine->module_count; index++) {
		modules[index].physical = machine->modules[index].start.value;
		modules[index].size = machine->modules[index].size;
		string_copy(modules[index].name, machine->modules[index].name, sizeof(modules[index].name));
	}
	string_copy((char *)info + info->command_line, machine->command_line, info->size - info->command_line);
}

static void root_start(struct thread *thread, uint64_t entry) {
	const uint64_t arguments[6] = {
		ROOT_SLOT_BASE, ROOT_UTCB, ROOT_WINDOW_BASE, ROOT_WINDOW_SIZE, ROOT_INFO, ROOT_IMAGE,
	};

	if (arch_thread_start(thread, entry, ROOT_STACK_TOP, arguments) != ERROR_OK)
		panic("root: the entry point lies outside its window");
	thread->started = 1;
	budget_set(thread, ROOT_QUANTUM, PRIORITY_MAX);
	if (thread_resume(thread) != ERROR_OK) panic("root cannot run");
}

void kernel_start(const struct machine *machine) {
	if (machine->module_count == 0) panic("no boot module: the boot loader has to load root");
	cpu_start(arch_cpu());
	boot_memory_start(machine);
	interrupt_start(boot_allocate(arch_line_count() * sizeof(struct interrupt_line)));

	struct space *space = root_create_space();
	struct thread *thread = root_create_thread(space);
	uint64_t entry = boot_image_load(space, arch_direct(machine->modules[0].start), machine->modules[0].size);
	struct boot_info *info = root_create_info(space, machine);
	root_give_capabilities(space);
	root_give_memory(space, machine);
	root_fill_info(info, machine);
	root_start(thread, entry);
	schedule_finish(LEAVE_PREEMPTED);
}
