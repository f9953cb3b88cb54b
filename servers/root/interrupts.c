/* SPDX-License-Identifier: MIT */
/*
 * Interrupt lines: which controllers the kernel gets, and which line an ISA interrupt arrives at.
 *
 * The kernel counts lines as the firmware counts the inputs of all I/O APICs. ISA interrupts, which drivers and the
 * boot script count in, may arrive elsewhere. Without the firmware's table the standard places are taken: it is what a
 * PC has whose firmware knows no ACPI.
 */
#include <nacre/abi/boot.h>
#include <nacre/protocol/interrupt.h>
#include <nacre/slot.h>
#include <nacre/start.h>

#include "acpi.h"
#include "root.h"

#define CONTROLLER_USUAL UINT64_C(0xfec00000)
#define CPUS_RUNNING     1u

static capability_t all_lines(void) { return (capability_t)start_info()->slot_base + BOOT_SLOT_INTERRUPTS; }

static void cpu_found(void *context) {
	struct root *root = context;

	root->cpu_count++;
}

/* The page is the kernel's: nobody else may touch it. */
static error_t controller_remember(struct root *root, uint64_t physical) {
	struct controller *controller;
	void *object;

	TRY(arena_take(&root->pager.top.arena, CELLS_OF(struct controller), &object));
	controller = object;
	controller->page = physical & ~(PAGE_BYTES - 1);
	list_append(&root->controllers, &controller->list);
	return ERROR_OK;
}

static void controller_found(void *context, uint64_t physical, uint32_t first_line) {
	struct root *root = context;
	struct text text = {.size = 0};
	uint64_t count = 0;
	error_t error = controller_remember(root, physical);

	if (error == ERROR_OK) error = interrupt_add_controller(all_lines(), physical, first_line, &count);
	root->line_count += count;
	if (error == ERROR_OK) return;
	text_string(&text, "root: interrupt controller at ");
	text_hex(&text, physical);
	text_string(&text, ": ");
	text_string(&text, error_text(error));
	text_string(&text, "; devices at it will not be heard");
	terminal_line(&text);
}

static void isa_found(void *context, unsigned int isa, uint32_t line, unsigned int mode) {
	struct root *root = context;

	root->isa[isa].line = line;
	root->isa[isa].mode = mode;
}

static void count_put(struct text *text, uint64_t count, const char *one, const char *many) {
	text_decimal(text, count);
	text_string(text, count == 1 ? one : many);
}

static void report(const struct root *root) {
	struct text text = {.size = 0};

	text_string(&text, "root: ");
	count_put(&text, root->cpu_count, " CPU found, running on ", " CPUs found, running on ");
	text_decimal(&text, CPUS_RUNNING);
	text_string(&text, "; ");
	count_put(&text, root->line_count, " interrupt line", " interrupt lines");
	terminal_line(&text);
}

void interrupts_open(struct root *root) {
	const struct acpi acpi = machine_acpi(root);
	const struct acpi_visitor visitor = {
		.cpu = cpu_found,
		.controller = controller_found,
		.isa = isa_found,
		.context = root,
	};

	for (unsigned int isa = 0; isa < ACPI_ISA_LINES; isa++) root->isa[isa].line = isa;
	if (!acpi_interrupts_visit(&acpi, &visitor)) {
		terminal_string("root: the firmware does not say where interrupts arrive: using the usual places");
		cpu_found(root);
		controller_found(root, CONTROLLER_USUAL, 0);
	}
	report(root);
}

/* How an ISA interrupt signals is the board's affair; other lines are as their driver says. */
error_t interrupts_derive(const struct root *root, uint64_t number, capability_t *capability) {
	if (number >= ACPI_ISA_LINES) return interrupt_derive(all_lines(), number, 1, capability);
	TRY(interrupt_derive(all_lines(), root->isa[number].line, 1, capability));
	/* Fails while somebody else is bound to it, who then has the same wire. */
	error_ignore(interrupt_configure(*capability, 0, root->isa[number].mode));
	return ERROR_OK;
}
