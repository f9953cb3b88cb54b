/* SPDX-License-Identifier: MIT */
/*
 * Interrupt lines: delivery, and the messages that their capabilities answer. Read interrupt.h first.
 */
#include "interrupt.h"

#include "cpu.h"
#include "derivation.h"
#include "invoke.h"
#include "schedule.h"
#include "signal.h"
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

static error_t line_decode(const struct invocation *invocation, struct interrupt_line **line) {
	uint64_t number = invocation_word(invocation, 0);

	if (number >= arch_line_count() || !range_covers(invocation->slot->badge, number, 1)) return ERROR_RANGE;
	*line = &interrupt_lines[number];
	return ERROR_OK;
}

static error_t interrupt_bind(struct invocation *invocation) {
	const uint64_t flags = invocation_word(invocation, 1);
	const unsigned int number = (unsigned int)invocation_word(invocation, 0);
	struct interrupt_line *line;

	TRY(line_decode(invocation, &line));
	if ((flags & ~(uint64_t)(INTERRUPT_LEVEL | INTERRUPT_ACTIVE_LOW)) != 0) return ERROR_ARGUMENT;
	TRY(invocation_store_capability(invocation, &line->slot, RIGHT_SIGNAL));
	arch_line_mask(number);
	line->taken = invocation->items;
	if (invocation->items == 0) return ERROR_OK;
	line->flags = flags;
	arch_line_configure(number, flags);
	arch_line_unmask(number);
	return ERROR_OK;
}

static error_t interrupt_unmask(struct invocation *invocation) {
	struct interrupt_line *line;

	TRY(line_decode(invocation, &line));
	if (!line->slot.object) return ERROR_STATE;
	arch_line_unmask((unsigned int)invocation_word(invocation, 0));
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

static error_t range_derive_method(struct invocation *invocation) {
	return range_derive(invocation, invocation_word(invocation, 0), invocation_word(invocation, 1));
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
	for (unsigned int number = arch_line_wired_count(); number < arch_line_count(); number++) {
		if (interrupt_lines[number].taken || !range_covers(invocation->slot->badge, number, 1)) continue;
		TRY(range_derive(invocation, number, 1));
		interrupt_lines[number].taken = 1;
		arch_line_message(number, &address, &data);
		invocation_answer(invocation, 0, number);
		invocation_answer(invocation, 1, address);
		invocation_answer(invocation, 2, data);
		return ERROR_OK;
	}
	return ERROR_NO_MEMORY;
}

const struct method interrupt_methods[] = {
	{INTERRUPT_BIND, 2, 0, 1, interrupt_bind},
	{INTERRUPT_UNMASK, 1, 0, 0, interrupt_unmask},
	{INTERRUPT_DERIVE, 2, 0, 0, range_derive_method},
	{INTERRUPT_ALLOCATE_MSI, 0, 1, 1, interrupt_allocate_message},
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

const struct method port_methods[] = {
	{PORTS_READ, 2, 0, 0, port_read},
	{PORTS_WRITE, 3, 0, 0, port_write},
	{PORTS_DERIVE, 2, 0, 0, range_derive_method},
	{0},
};
