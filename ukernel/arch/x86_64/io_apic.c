/* SPDX-License-Identifier: MIT */
/*
 * I/O APICs, and the lines that are their inputs. (Intel 82093AA data sheet, 3)
 *
 * A line is a global input. Where I/O APICs are, at which input an ISA interrupt arrives and how it
 * signals is not known here: the first program reads ACPI and says so.
 */
#include <nacre/abi/label.h>

#include "arch.h"
#include "interrupts.h"
#include "numbers.h"
#include "page_tables.h"

#define SELECT_REGISTER 0x00
#define DATA_REGISTER   0x10
#define REGISTERS_ALIGN 0x400u
#define ADDRESS_END     UINT64_C(0x100000000)

#define REGISTER_VERSION     0x01u
#define REGISTER_REDIRECTION 0x10u

#define REDIRECTION_ACTIVE_LOW (1u << 13)
#define REDIRECTION_LEVEL      (1u << 15)
#define REDIRECTION_MASKED     (1u << 16)

/* Those that are no input of an I/O APIC have none: nothing is written for them. */
static struct line {
	volatile uint8_t *io_apic;
	uint32_t redirection; /* lower half of the entry; the upper, the CPU, is set once */
	uint32_t input;       /* of that I/O APIC */
} lines[ARCH_LINE_COUNT];

static uint32_t register_read(volatile uint8_t *io_apic, uint32_t number) {
	*(volatile uint32_t *)(io_apic + SELECT_REGISTER) = number;
	return *(volatile uint32_t *)(io_apic + DATA_REGISTER);
}

static void register_write(volatile uint8_t *io_apic, uint32_t number, uint32_t value) {
	*(volatile uint32_t *)(io_apic + SELECT_REGISTER) = number;
	*(volatile uint32_t *)(io_apic + DATA_REGISTER) = value;
}

static void redirection_write(struct line *line, uint32_t value) {
	if (!line->io_apic) return;
	line->redirection = value;
	register_write(line->io_apic, REGISTER_REDIRECTION + 2 * line->input, value);
}

void arch_line_mask(unsigned int line) {
	redirection_write(&lines[line], lines[line].redirection | REDIRECTION_MASKED);
}

void arch_line_unmask(unsigned int line) {
	redirection_write(&lines[line], lines[line].redirection & ~REDIRECTION_MASKED);
}

void arch_line_configure(unsigned int line, uint64_t flags) {
	redirection_write(&lines[line], REDIRECTION_MASKED | (VECTOR_LINE_FIRST + line) |
	                                        (flags & INTERRUPT_LEVEL ? REDIRECTION_LEVEL : 0) |
	                                        (flags & INTERRUPT_ACTIVE_LOW ? REDIRECTION_ACTIVE_LOW : 0));
}

void line_taken(unsigned int line) {
	if (lines[line].redirection & REDIRECTION_LEVEL) arch_line_mask(line);
}

void arch_line_message(unsigned int line, uint64_t *address, uint64_t *data) {
	*address = local_apic_message_address();
	*data = VECTOR_LINE_FIRST + line; /* edge, fixed delivery */
}

static error_t inputs_check(unsigned int first, uint32_t inputs) {
	if (inputs > ARCH_LINE_WIRED_COUNT - first) return ERROR_RANGE;
	for (uint32_t input = 0; input < inputs; input++)
		if (lines[first + input].io_apic) return ERROR_EXISTS;
	return ERROR_OK;
}

error_t arch_line_controller_add(struct physical_address address, unsigned int first, unsigned int *count) {
	/* A CPU as MSI addresses name it, in the place where redirection entries do. */
	uint32_t destination = (uint32_t)(local_apic_message_address() >> 12 & 0xff) << 24;
	volatile uint8_t *io_apic;

	if (address.value % REGISTERS_ALIGN != 0 || address.value >= ADDRESS_END) return ERROR_ARGUMENT;
	TRY(page_tables_map_device(address, &io_apic));
	uint32_t version = register_read(io_apic, REGISTER_VERSION);
	uint32_t inputs = (version >> 16 & 0xff) + 1;
	if (version == 0 || version == UINT32_MAX) return ERROR_NOT_FOUND;
	TRY(inputs_check(first, inputs));
	for (uint32_t input = 0; input < inputs; input++) {
		lines[first + input] = (struct line){.io_apic = io_apic, .input = input};
		register_write(io_apic, REGISTER_REDIRECTION + 2 * input + 1, destination);
		arch_line_configure(first + input, INTERRUPT_EDGE | INTERRUPT_ACTIVE_HIGH);
	}
	*count = inputs;
	return ERROR_OK;
}
