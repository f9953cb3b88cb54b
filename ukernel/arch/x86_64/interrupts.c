/* SPDX-License-Identifier: MIT */
/*
 * Interrupts: taken and noted wherever they happen, told to the core on the way out.
 *
 * Owns the vectors and what is noted in struct cpu_area. Interrupts are on only in user
 * mode, while the CPU waits, and for one instruction where the core asks whether one is pending.
 * Their handler acknowledges and notes, nothing else; so asking is cheap (no look into the
 * controllers' registers, which would cost up to eight uncached reads), and the core is entered in
 * one way only, between user threads.
 */
#include "interrupts.h"

#include "boot.h"
#include "cpu.h"
#include "cpu_area.h"
#include "instructions.h"
#include "numbers.h"

/* Masks of the PC's two 8259 interrupt controllers. (Intel 8259A data sheet) */
#define I8259_MASK_FIRST  0x21
#define I8259_MASK_SECOND 0xa1

_Static_assert(VECTOR_LINE_FIRST + ARCH_LINE_COUNT <= VECTOR_TIMER, "vectors are used once");

/*
 * The 8259s first: what they had signalled is withdrawn while the local APIC still listens. QEMU
 * would deliver it afterwards, as no vector at all.
 */
BOOT_CODE void interrupts_initialize(void) {
	port_write_byte(I8259_MASK_FIRST, 0xff);
	port_write_byte(I8259_MASK_SECOND, 0xff);
	local_apic_initialize();
}

void interrupt_record(unsigned int vector) {
	struct cpu_area *area = cpu_area();

	if (vector != VECTOR_TIMER) line_taken(vector - VECTOR_LINE_FIRST);
	local_apic_end_interrupt();
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
