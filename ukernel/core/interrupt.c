/* SPDX-License-Identifier: MIT */
/*
 * Interrupt lines: delivery, and the messages that their capabilities answer. Read interrupt.h first.
 */
#include "interrupt.h"

#include "derivation.h"
#include "invoke.h"
#include "ipc.h"
#include "schedule.h"
#include "space.h"
#include "table.h"

static struct interrupt_line *interrupt_lines;

void interrupt_start(struct interrupt_line *lines) { interrupt_lines = lines; }

void kernel_interrupt(unsigned int line) {
	struct interrupt_line *entry = &interrupt_lines[line];

	if (entry->slot.object)
		signal_raise_slot(&entry->slot);
	else
		arch_line_mask(line);
	schedule_finish(LEAVE_PREEMPTED);
}

/* Lines are counted from the first of the range, so that whoever hands out lines can choose which. */
static error_t line_decode(const struct invocation *invocation, unsigned int *number) {
	uint64_t badge = invocation->slot->badge;
	uint64_t line = range_first(badge) + invocation_word(invocation, 0);

	if (!range_covers(badge, line, 1)) return ERROR_RANGE;
	*number = (unsigned int)line;
	return ERROR_OK;
}

static error_t interrupt_bind(struct invocation *invocation) {
	unsigned int number;

	TRY(line_decode(invocation, &number));
	TRY(invocation_store_capability(invocation, &interrupt_lines[number].slot, RIGHT_SIGNAL));
	interrupt_lines[number].taken = invocation->items;
	if (invocation->items == 0)
		arch_line_mask(number);
	else
		arch_line_unmask(number);
	return ERROR_OK;
}

static error_t interrupt_configure(struct invocation *invocation) {
	const uint64_t flags = invocation_word(invocation, 1);
	unsigned int number;

	TRY(line_decode(invocation, &number));
	if ((flags & ~(uint64_t)(INTERRUPT_LEVEL | INTERRUPT_ACTIVE_LOW)) != 0) return ERROR_ARGUMENT;
	if (interrupt_lines[number].slot.object) return ERROR_STATE;
	arch_line_configure(number, flags);
	return ERROR_OK;
}

static error_t interrupt_unmask(struct invocation *invocation) {
	unsigned int number;

	TRY(line_decode(invocation, &number));
	if (!interrupt_lines[number].slot.object) return ERROR_STATE;
	arch_line_unmask(number);
	return ERROR_OK;
}

static error_t interrupt_add_controller(struct invocation *invocation) {
	const struct physical_address address = {invocation_word(invocation, 0)};
	const uint64_t first = invocation_word(invocation, 1);
	unsigned int count;

	if (invocation->slot->badge != range_badge(0, ARCH_LINE_COUNT)) return ERROR_RIGHT;
	if (first >= ARCH_LINE_WIRED_COUNT) return ERROR_RANGE;
	if (frame_find(address)) return ERROR_ARGUMENT;
	TRY(arch_line_controller_add(address, (unsigned int)first, &count));
	invocation_answer(invocation, 0, count);
	return ERROR_OK;
}

/* Puts a capability to part of the range into the answer. */
static error_t range_derive(struct invocation *invocation, uint64_t first, uint64_t count) {
	const struct slot contents = {.object = invocation->slot->object, .badge = range_badge(first, count)};

	if (count == 0 || !range_covers(invocation->slot->badge, first, count)) return ERROR_RANGE;
	TRY(invocation_reserve_slots(invocation, 1));
	slot_derive(invocation->slot, invocation->slot_out[0], &contents);
	return ERROR_OK;
}

static error_t interrupt_derive(struct invocation *invocation) {
	uint64_t base = range_first(invocation->slot->badge);

	return range_derive(invocation, base + invocation_word(invocation, 0), invocation_word(invocation, 1));
}

/* The page offered as proof: whoever can make a device write memory may make it raise interrupts. */
static error_t dma_right_check(const struct invocation *invocation) {
	const struct ipc_item *item = &invocation->item[0];

	if ((item->header & ITEM_TYPE_MASK) != ITEM_PAGES || item->source >= USER_ADDRESS_END) return ERROR_ARGUMENT;
	struct table_place place = table_walk(invocation->caller->space, item->source, TABLE_LEVEL_4K);
	enum page_entry_kind kind = page_entry_kind(*place.entry, place.level);
	if (kind != PAGE_ENTRY_HOLD && kind != PAGE_ENTRY_PRESENT) return ERROR_NOT_FOUND;
	return page_entry_attributes(*place.entry) & ENTRY_SOFT_DMA ? ERROR_OK : ERROR_RIGHT;
}

static error_t interrupt_allocate_message(struct invocation *invocation) {
	uint64_t address;
	uint64_t data;

	TRY(dma_right_check(invocation));
	for (unsigned int number = ARCH_LINE_WIRED_COUNT; number < ARCH_LINE_COUNT; number++) {
		if (interrupt_lines[number].taken || !range_covers(invocation->slot->badge, number, 1)) continue;
		TRY(range_derive(invocation, number, 1));
		interrupt_lines[number].taken = 1;
		arch_line_message(number, &address, &data);
		invocation_answer(invocation, 0, address);
		invocation_answer(invocation, 1, data);
		return ERROR_OK;
	}
	return ERROR_NO_MEMORY;
}

const struct method interrupt_methods[] = {
	{INTERRUPT_BIND, 1, 0, 1, interrupt_bind},
	{INTERRUPT_UNMASK, 1, 0, 0, interrupt_unmask},
	{INTERRUPT_DERIVE, 2, 0, 0, interrupt_derive},
	{INTERRUPT_ALLOCATE_MSI, 0, 1, 1, interrupt_allocate_message},
	{INTERRUPT_CONFIGURE, 2, 0, 0, interrupt_configure},
	{INTERRUPT_ADD_CONTROLLER, 2, 0, 0, interrupt_add_controller},
	{0},
};

static error_t port_decode(const struct invocation *invocation) {
	const uint64_t port = invocation_word(invocation, 0);
	const uint64_t width = invocation_word(invocation, 1);

	if (width != 1 && width != 2 && width != 4) return ERROR_ARGUMENT;
	return range_covers(invocation->slot->badge, port, width) ? ERROR_OK : ERROR_RANGE;
}

static error_t port_read(struct invocation *invocation) {
	TRY(port_decode(invocation));
	invocation_answer(
		invocation, 0,
		arch_port_read((uint16_t)invocation_word(invocation, 0), (unsigned int)invocation_word(invocation, 1)));
	return ERROR_OK;
}

static error_t port_write(struct invocation *invocation) {
	TRY(port_decode(invocation));
	arch_port_write((uint16_t)invocation_word(invocation, 0), (unsigned int)invocation_word(invocation, 1),
	                (uint32_t)invocation_word(invocation, 2));
	return ERROR_OK;
}

static error_t ports_derive(struct invocation *invocation) {
	return range_derive(invocation, invocation_word(invocation, 0), invocation_word(invocation, 1));
}

const struct method port_methods[] = {
	{PORTS_READ, 2, 0, 0, port_read},
	{PORTS_WRITE, 3, 0, 0, port_write},
	{PORTS_DERIVE, 2, 0, 0, ports_derive},
	{0},
};
