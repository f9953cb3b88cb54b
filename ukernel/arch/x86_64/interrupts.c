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
#include "clock.h"
#include "cpu.h"
#include "cpu_area.h"
#include "instructions.h"
#include "memory_layout.h"
#include "traps.h"
#include "vectors.h"

/* The PC's two 8259 interrupt controllers. (Intel 8259A data sheet) */
#define I8259_COMMAND(controller) ((uint16_t)((controller) == 0 ? 0x20 : 0xa0))
#define I8259_DATA(controller)    ((uint16_t)(I8259_COMMAND(controller) + 1))
#define I8259_INITIALIZE          0x11 /* edge, cascade, four words */
#define I8259_MODE_8086           0x01
#define I8259_CASCADE_LINE        2u

_Static_assert(VECTOR_LINE_FIRST + ARCH_LINE_COUNT <= VECTOR_TIMER, "vectors are used once");

static BOOT_CODE void i8259_silence(unsigned int controller) {
	port_write_byte(I8259_COMMAND(controller), I8259_INITIALIZE);
	port_write_byte(I8259_DATA(controller), (uint8_t)(VECTOR_SPURIOUS_FIRST + 8 * controller));
	port_write_byte(I8259_DATA(controller), controller == 0 ? 1u << I8259_CASCADE_LINE : I8259_CASCADE_LINE);
	port_write_byte(I8259_DATA(controller), I8259_MODE_8086);
	port_write_byte(I8259_DATA(controller), 0xff);
}

/*
 * The 8259s first: what they had signalled is withdrawn while the local APIC still listens. QEMU
 * would deliver it afterwards, as no vector at all.
 */
BOOT_CODE void interrupts_initialize(void) {
	i8259_silence(0);
	i8259_silence(1);
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
