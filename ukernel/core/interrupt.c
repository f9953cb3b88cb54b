/* SPDX-License-Identifier: MIT */
/*
 * Interrupt lines: delivery, and the messages that their capabilities answer. Read interrupt.h first.
 */
#include "interrupt.h"

#include "invoke.h"
#include "ipc.h"
#include "schedule.h"

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
	uint64_t line = range_first(badge) + invocation->word[0];

	if (!range_covers(badge, line, 1)) return ERROR_RANGE;
	*number = (unsigned int)line;
	return ERROR_OK;
}

error_t invoke_interrupt_bind(struct invocation *invocation) {
	unsigned int number;

	TRY(line_decode(invocation, &number));
	TRY(invocation_store_capability(invocation, &interrupt_lines[number].slot, RIGHT_SIGNAL));
	if (invocation->items == 0)
		arch_line_mask(number);
	else
		arch_line_unmask(number);
	return ERROR_OK;
}

error_t invoke_interrupt_configure(struct invocation *invocation) {
	unsigned int number;

	TRY(line_decode(invocation, &number));
	if (interrupt_lines[number].slot.object) return ERROR_STATE;
	arch_line_configure(number, invocation->word[1]);
	return ERROR_OK;
}

error_t invoke_interrupt_unmask(struct invocation *invocation) {
	unsigned int number;

	TRY(line_decode(invocation, &number));
	if (!interrupt_lines[number].slot.object) return ERROR_STATE;
	arch_line_unmask(number);
	return ERROR_OK;
}

error_t invoke_interrupt_add_controller(struct invocation *invocation) {
	const struct physical_address address = {invocation->word[0]};
	const uint64_t first = invocation->word[1];
	unsigned int count;

	if (invocation->slot->badge != range_badge(0, ARCH_LINE_COUNT)) return ERROR_RIGHT;
	if (first >= ARCH_LINE_WIRED_COUNT) return ERROR_RANGE;
	if (frame_find(address)) return ERROR_ARGUMENT;
	TRY(arch_line_controller_add(address, (unsigned int)first, &count));
	ANSWER(invocation, count);
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

error_t invoke_interrupt_derive(struct invocation *invocation) {
	uint64_t base = range_first(invocation->slot->badge);

	return range_derive(invocation, base + invocation->word[0], invocation->word[1]);
}

/* The page offered as proof: whoever can make a device write memory may make it raise interrupts. */
static error_t dma_right_check(const struct invocation *invocation) {
	const struct ipc_item *item = &invocation->item[0];
	struct table_place place;

	if ((item->header & ITEM_TYPE_MASK) != ITEM_PAGES) return ERROR_ARGUMENT;
	return table_find_dma(invocation->caller->space, item->source, &place);
}

/* A line that no capability is left of; its place in the tree and its binding may be those of its last holder. */
static error_t message_line_find(const struct invocation *invocation, unsigned int *number) {
	for (unsigned int line = ARCH_LINE_WIRED_COUNT; line < ARCH_LINE_COUNT; line++) {
		if (interrupt_lines[line].allotted.child || !range_covers(invocation->slot->badge, line, 1)) continue;
		*number = line;
		return ERROR_OK;
	}
	return ERROR_NO_MEMORY;
}

error_t invoke_interrupt_allocate_msi(struct invocation *invocation) {
	unsigned int number;
	uint64_t address;
	uint64_t data;

	TRY(dma_right_check(invocation));
	TRY(message_line_find(invocation, &number));
	TRY(invocation_reserve_slots(invocation, 1));
	const struct slot contents = {.object = invocation->slot->object, .badge = range_badge(number, 1)};
	struct interrupt_line *line = &interrupt_lines[number];
	slot_remove(&line->slot);
	slot_remove(&line->allotted);
	slot_derive(invocation->slot, &line->allotted, &contents);
	slot_derive(&line->allotted, invocation->slot_out[0], &contents);
	arch_line_mask(number);
	arch_line_message(number, &address, &data);
	ANSWER(invocation, address, data);
	return ERROR_OK;
}

static error_t port_decode(const struct invocation *invocation) {
	const uint64_t port = invocation->word[0];
	const uint64_t width = invocation->word[1];

	if (width != 1 && width != 2 && width != 4) return ERROR_ARGUMENT;
	return range_covers(invocation->slot->badge, port, width) ? ERROR_OK : ERROR_RANGE;
}

error_t invoke_ports_read(struct invocation *invocation) {
	TRY(port_decode(invocation));
	ANSWER(invocation, arch_port_read((uint16_t)invocation->word[0], (unsigned int)invocation->word[1]));
	return ERROR_OK;
}

error_t invoke_ports_write(struct invocation *invocation) {
	TRY(port_decode(invocation));
	arch_port_write((uint16_t)invocation->word[0], (unsigned int)invocation->word[1],
	                (uint32_t)invocation->word[2]);
	return ERROR_OK;
}

error_t invoke_ports_derive(struct invocation *invocation) {
	return range_derive(invocation, invocation->word[0], invocation->word[1]);
}
