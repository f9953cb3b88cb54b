/* SPDX-License-Identifier: MIT */
/*
 * Clocks of known rate. (IA-PC HPET specification 1.0a, 2.3; Intel 8254 data sheet)
 */
#include "boot_reference_clock.h"

#include "instructions.h"
#include "page_tables.h"

#define HPET_PERIOD      0x04 /* femtoseconds a tick */
#define HPET_CONTROL     0x10
#define HPET_COUNTER     0xf0
#define HPET_ENABLE      1u
#define HPET_PERIOD_MOST 100000000u

#define PIT_FEMTOSECONDS UINT64_C(838095345) /* 1.193182 MHz */
#define PIT_CHANNEL2     0x42
#define PIT_COMMAND      0x43
#define PIT_GATES        0x61
#define PIT_GATE2        0x01
#define PIT_SPEAKER      0x02
#define PIT_COUNT_DOWN2  0xb0 /* channel 2, both bytes, counts down from what is written */
#define PIT_LATCH2       0x80

static volatile uint8_t *hpet_page;

static volatile uint32_t *hpet_register(unsigned int offset) { return (volatile uint32_t *)(hpet_page + offset); }

static uint32_t hpet_read(void) { return *hpet_register(HPET_COUNTER); }

static uint32_t pit_read(void) {
	port_write_byte(PIT_COMMAND, PIT_LATCH2);
	uint32_t low = port_read_byte(PIT_CHANNEL2);
	uint32_t high = port_read_byte(PIT_CHANNEL2);
	return 0xffff - (high << 8 | low);
}

static void pit_start(void) {
	uint8_t gates = port_read_byte(PIT_GATES);

	port_write_byte(PIT_GATES, (uint8_t)((gates & ~PIT_SPEAKER) | PIT_GATE2));
	port_write_byte(PIT_COMMAND, PIT_COUNT_DOWN2);
	port_write_byte(PIT_CHANNEL2, 0xff);
	port_write_byte(PIT_CHANNEL2, 0xff);
}

struct reference_clock reference_clock_start(uint64_t hpet) {
	if (hpet != 0) {
		hpet_page = page_tables_map_device((struct physical_address){hpet});
		uint32_t period = *hpet_register(HPET_PERIOD);
		*hpet_register(HPET_CONTROL) |= HPET_ENABLE;
		if (period != 0 && period <= HPET_PERIOD_MOST)
			return (struct reference_clock){"HPET", hpet_read, period, UINT32_MAX};
	}
	pit_start();
	return (struct reference_clock){"PIT", pit_read, PIT_FEMTOSECONDS, 0xffff};
}
