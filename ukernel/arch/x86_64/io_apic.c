/* SPDX-License-Identifier: MIT */
/*
 * I/O APICs. (Intel 82093AA data sheet, 3)
 *
 * A line is a global input, except that ISA interrupts change places with the inputs that firmware
 * says they arrive at, so that ISA interrupt n is line n. Trigger and polarity are what the driver
 * says, not what firmware says.
 */
#include <nacre/abi/label.h>

#include "line_controllers.h"
#include "local_apic.h"
#include "memory_layout.h"
#include "page_tables.h"
#include "vectors.h"

#define SELECT_REGISTER 0x00
#define DATA_REGISTER   0x10

#define REGISTER_VERSION     0x01u
#define REGISTER_REDIRECTION 0x10u

#define REDIRECTION_ACTIVE_LOW (1u << 13)
#define REDIRECTION_LEVEL      (1u << 15)
#define REDIRECTION_MASKED     (1u << 16)

struct line {
	volatile uint8_t *io_apic; /* NULL: no such input */
	uint32_t redirection;      /* lower half of the entry; the upper, the CPU, is set once */
	uint8_t input;             /* of that I/O APIC */
};

static struct line lines[WIRED_LINES_MAX];

static uint32_t register_read(volatile uint8_t *io_apic, uint32_t number) {
	*(volatile uint32_t *)(io_apic + SELECT_REGISTER) = number;
	return *(volatile uint32_t *)(io_apic + DATA_REGISTER);
}

static void register_write(volatile uint8_t *io_apic, uint32_t number, uint32_t value) {
	*(volatile uint32_t *)(io_apic + SELECT_REGISTER) = number;
	*(volatile uint32_t *)(io_apic + DATA_REGISTER) = value;
}

static void redirection_write(unsigned int number, uint32_t value) {
	struct line *line = &lines[number];

	line->redirection = value;
	if (line->io_apic) register_write(line->io_apic, REGISTER_REDIRECTION + 2u * line->input, value);
}

static void line_mask(unsigned int line) { redirection_write(line, lines[line].redirection | REDIRECTION_MASKED); }

static void line_unmask(unsigned int line) { redirection_write(line, lines[line].redirection & ~REDIRECTION_MASKED); }

static void line_configure(unsigned int line, uint64_t flags) {
	redirection_write(line, REDIRECTION_MASKED | (VECTOR_LINE_FIRST + line) |
	                                (flags & INTERRUPT_LEVEL ? REDIRECTION_LEVEL : 0) |
	                                (flags & INTERRUPT_ACTIVE_LOW ? REDIRECTION_ACTIVE_LOW : 0));
}

static void line_end_interrupt(unsigned int line) {
	(void)line;
	local_apic_end_interrupt();
}

const struct line_controller io_apic_controller = {
	.configure = line_configure,
	.mask = line_mask,
	.unmask = line_unmask,
	.end_interrupt = line_end_interrupt,
};

/* Returns one past the last global input. */
static BOOT_CODE unsigned int io_apic_add(uint64_t address, uint32_t first) {
	volatile uint8_t *io_apic = page_tables_map_device((struct physical_address){address});
	uint32_t inputs = (register_read(io_apic, REGISTER_VERSION) >> 16 & 0xff) + 1;
	/* A CPU as MSI addresses name it, in the place where redirection entries do. */
	uint32_t destination = (uint32_t)(local_apic_message_address() >> 12 & 0xff) << 24;

	for (uint32_t input = 0; input < inputs; input++) {
		register_write(io_apic, REGISTER_REDIRECTION + 2 * input, REDIRECTION_MASKED);
		register_write(io_apic, REGISTER_REDIRECTION + 2 * input + 1, destination);
		if (first + input >= WIRED_LINES_MAX) continue;
		lines[first + input].io_apic = io_apic;
		lines[first + input].input = (uint8_t)input;
	}
	return first + inputs < WIRED_LINES_MAX ? first + inputs : WIRED_LINES_MAX;
}

static BOOT_CODE void lines_swap(unsigned int first, unsigned int second) {
	struct line line = lines[first];

	lines[first] = lines[second];
	lines[second] = line;
}

BOOT_CODE unsigned int io_apic_initialize(const struct acpi_facts *facts) {
	unsigned int count = 0;

	for (unsigned int index = 0; index < facts->io_apic_count; index++) {
		uint32_t first = facts->io_apics[index].first_input;
		unsigned int end = first < WIRED_LINES_MAX ? io_apic_add(facts->io_apics[index].address, first) : 0;
		count = end > count ? end : count;
	}
	for (unsigned int line = 0; line < ISA_LINES && line < count; line++)
		if (facts->isa_inputs[line] != line && facts->isa_inputs[line] < count)
			lines_swap(line, facts->isa_inputs[line]);
	for (unsigned int line = 0; line < count; line++) line_configure(line, INTERRUPT_EDGE | INTERRUPT_ACTIVE_HIGH);
	return count;
}
