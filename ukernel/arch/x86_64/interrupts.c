/* SPDX-License-Identifier: MIT */
/*
 * Interrupts: taken and noted wherever they happen, told to the core on the way out.
 *
 * Owns the vectors of lines and what is noted in struct cpu_area. Interrupts are on only in user
 * mode, while the CPU waits, and for one instruction where the core asks whether one is pending.
 * Their handler acknowledges and notes, nothing else; so asking is cheap (no look into the
 * controllers' registers, which would cost up to eight uncached reads and could not see an 8259),
 * and the core is entered in one way only, between user threads.
 */
#include "interrupts.h"

#include <nacre/abi/label.h>

#include "clock.h"
#include "cpu.h"
#include "cpu_area.h"
#include "line_controllers.h"
#include "local_apic.h"
#include "memory_layout.h"
#include "traps.h"
#include "vectors.h"

static const struct line_controller *controller;
static unsigned int wired_count;
static uint8_t line_levels[VECTOR_LINE_COUNT]; /* configured as level */

_Static_assert(VECTOR_LINE_COUNT <= INTERRUPT_LINES_MAX, "the core keeps that many");
_Static_assert(VECTOR_LINE_FIRST + VECTOR_LINE_COUNT <= VECTOR_TIMER, "vectors are used once");

/*
 * The 8259s first: what they had signalled is withdrawn while the local APIC still listens. QEMU
 * would deliver it afterwards, as no vector at all.
 */
BOOT_CODE void interrupts_initialize(const struct acpi_facts *facts) {
	if (facts->io_apic_count) {
		i8259_initialize(VECTOR_SPURIOUS_FIRST);
		local_apic_initialize(LEGACY_IGNORED);
		wired_count = io_apic_initialize(facts);
		controller = &io_apic_controller;
	} else {
		i8259_initialize(VECTOR_LINE_FIRST);
		local_apic_initialize(LEGACY_WIRED);
		wired_count = I8259_LINES;
		controller = &i8259_controller;
	}
}

unsigned int arch_line_count(void) { return VECTOR_LINE_COUNT; }

unsigned int arch_line_wired_count(void) { return wired_count; }

void arch_line_configure(unsigned int line, uint64_t flags) {
	if (line >= wired_count) return;
	line_levels[line] = (flags & INTERRUPT_LEVEL) != 0;
	controller->configure(line, flags);
}

/* A message-signalled line has no mask; one that nobody is bound to is ignored by the core. */
void arch_line_mask(unsigned int line) {
	if (line < wired_count) controller->mask(line);
}

void arch_line_unmask(unsigned int line) {
	if (line < wired_count) controller->unmask(line);
}

void arch_line_message(unsigned int line, uint64_t *address, uint64_t *data) {
	*address = local_apic_message_address();
	*data = VECTOR_LINE_FIRST + line; /* edge, fixed delivery */
}

void interrupt_record(unsigned int vector) {
	struct cpu_area *area = cpu_area();
	unsigned int line = vector - VECTOR_LINE_FIRST;

	/* A level line would come again at once: masked before its end is told. */
	if (vector == VECTOR_TIMER || line >= wired_count) {
		local_apic_end_interrupt();
	} else {
		if (line_levels[line]) controller->mask(line);
		controller->end_interrupt(line);
	}
	area->recorded[vector / 64] |= UINT64_C(1) << vector % 64;
	area->any_recorded = 1;
}

int arch_interrupt_is_pending(void) {
	/* STI takes effect after the instruction that follows it. */
	__asm__ volatile("sti\n\tnop\n\tcli" : : : "memory");
	return cpu_area()->any_recorded != 0;
}

static void interrupts_tell(struct cpu_area *area) {
	area->any_recorded = 0;
	for (unsigned int word = 0; word < VECTOR_COUNT / 64; word++) {
		while (area->recorded[word] != 0) {
			unsigned int bit = (unsigned int)__builtin_ctzll(area->recorded[word]);
			unsigned int vector = word * 64 + bit;
			area->recorded[word] &= ~(UINT64_C(1) << bit);
			if (vector == VECTOR_TIMER)
				clock_timer_fired();
			else
				kernel_interrupt(vector - VECTOR_LINE_FIRST);
		}
	}
}

void interrupts_settle(void) {
	struct cpu_area *area = cpu_area();

	for (;;) {
		if (area->any_recorded)
			interrupts_tell(area);
		else if (arch_cpu()->current)
			return;
		else
			idle_wait();
	}
}
