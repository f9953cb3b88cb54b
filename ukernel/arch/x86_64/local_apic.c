/* SPDX-License-Identifier: MIT */
/*
 * The local APIC, reached through its page. (SDM vol. 3A, ch. 10)
 */
#include "instructions.h"
#include "interrupts.h"
#include "numbers.h"
#include "page_tables.h"
#include "panic.h"

#define APIC_BASE_X2APIC  (UINT64_C(1) << 10)
#define APIC_BASE_ENABLED (UINT64_C(1) << 11)
#define APIC_BASE_ADDRESS UINT64_C(0x000ffffffffff000)

enum apic_register {
	APIC_ID = 0x20,
	APIC_TASK_PRIORITY = 0x80,
	APIC_END_OF_INTERRUPT = 0xb0,
	APIC_SPURIOUS = 0xf0,
	APIC_TIMER = 0x320, /* first of six sources of interrupts */
	APIC_LINT1 = 0x360,
	APIC_ERROR = 0x370, /* the last */
	APIC_TIMER_INITIAL = 0x380,
	APIC_TIMER_CURRENT = 0x390,
	APIC_TIMER_DIVIDE = 0x3e0,
};

#define SOURCE_STEP       0x10
#define SPURIOUS_ENABLE   (1u << 8)
#define LINE_MASKED       (1u << 16)
#define LINE_NMI          (4u << 8)
#define TIMER_DIVIDE_BY_1 0xbu

#define MESSAGE_ADDRESS UINT64_C(0xfee00000)

static volatile uint8_t *apic_page;

static uint32_t apic_read(enum apic_register number) { return *(volatile uint32_t *)(apic_page + number); }

static void apic_write(enum apic_register number, uint32_t value) {
	*(volatile uint32_t *)(apic_page + number) = value;
}

BOOT_CODE uint64_t local_apic_address(void) { return msr_read(MSR_APIC_BASE) & APIC_BASE_ADDRESS; }

BOOT_CODE void local_apic_initialize(void) {
	uint64_t base = msr_read(MSR_APIC_BASE);

	if (base & APIC_BASE_X2APIC) panic("local APIC in x2APIC mode: switch x2APIC off in the firmware's setup");
	msr_write(MSR_APIC_BASE, base | APIC_BASE_ENABLED);
	if (page_tables_map_device((struct physical_address){local_apic_address()}, &apic_page) != ERROR_OK)
		panic("no room for the local APIC");

	apic_write(APIC_TASK_PRIORITY, 0);
	apic_write(APIC_SPURIOUS, SPURIOUS_ENABLE | VECTOR_SPURIOUS);
	for (enum apic_register source = APIC_TIMER; source <= APIC_ERROR; source += SOURCE_STEP)
		apic_write(source, LINE_MASKED);
	apic_write(APIC_LINT1, LINE_NMI);
	apic_write(APIC_TIMER_DIVIDE, TIMER_DIVIDE_BY_1);
	apic_write(APIC_TIMER, VECTOR_TIMER);
	local_apic_end_interrupt();
}

void local_apic_end_interrupt(void) { apic_write(APIC_END_OF_INTERRUPT, 0); }

uint64_t local_apic_message_address(void) { return MESSAGE_ADDRESS | (uint64_t)(apic_read(APIC_ID) >> 24) << 12; }

void local_apic_timer_start(uint32_t count) { apic_write(APIC_TIMER_INITIAL, count); }

BOOT_CODE uint32_t local_apic_timer_left(void) { return apic_read(APIC_TIMER_CURRENT); }
