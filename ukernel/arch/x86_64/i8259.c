/* SPDX-License-Identifier: MIT */
/*
 * The two 8259 interrupt controllers of the PC: silenced where there is an I/O APIC, used where
 * there is none. (Intel 8259A data sheet; edge and level: ports 0x4d0 and 0x4d1 as in EISA)
 */
#include <nacre/abi/label.h>

#include "instructions.h"
#include "line_controllers.h"
#include "memory_layout.h"

#define COMMAND(controller) ((uint16_t)((controller) == 0 ? 0x20 : 0xa0))
#define DATA(controller)    ((uint16_t)((controller) == 0 ? 0x21 : 0xa1))
#define LEVEL(controller)   ((uint16_t)((controller) == 0 ? 0x4d0 : 0x4d1))

#define INITIALIZE       0x11 /* edge, cascade, four words */
#define MODE_8086        0x01
#define CASCADE_LINE     2u
#define END_OF_INTERRUPT 0x20

static uint8_t masks[2];

static void masks_write(void) {
	port_write_byte(DATA(0), masks[0]);
	port_write_byte(DATA(1), masks[1]);
}

static void line_mask(unsigned int line) {
	masks[line / 8] |= (uint8_t)(1u << line % 8);
	masks_write();
}

static void line_unmask(unsigned int line) {
	masks[line / 8] &= (uint8_t) ~(1u << line % 8);
	masks_write();
}

/* There is no choice of polarity. */
static void line_configure(unsigned int line, uint64_t flags) {
	uint8_t bit = (uint8_t)(1u << line % 8);
	uint8_t levels = port_read_byte(LEVEL(line / 8));

	line_mask(line);
	levels = flags & INTERRUPT_LEVEL ? levels | bit : levels & (uint8_t)~bit;
	port_write_byte(LEVEL(line / 8), levels);
}

/*
 * Not specific, so that an interrupt that vanished after it was signalled (it arrives as line 7 or
 * 15 with nothing in service) ends nothing else: nothing else can be in service, because interrupts
 * are off.
 */
static void line_end_interrupt(unsigned int line) {
	if (line >= 8) port_write_byte(COMMAND(1), END_OF_INTERRUPT);
	port_write_byte(COMMAND(0), END_OF_INTERRUPT);
}

const struct line_controller i8259_controller = {
	.configure = line_configure,
	.mask = line_mask,
	.unmask = line_unmask,
	.end_interrupt = line_end_interrupt,
};

BOOT_CODE void i8259_initialize(uint8_t first_vector) {
	for (unsigned int controller = 0; controller < 2; controller++) {
		port_write_byte(COMMAND(controller), INITIALIZE);
		port_write_byte(DATA(controller), (uint8_t)(first_vector + 8 * controller));
		port_write_byte(DATA(controller), controller == 0 ? 1u << CASCADE_LINE : CASCADE_LINE);
		port_write_byte(DATA(controller), MODE_8086);
	}
	masks[0] = (uint8_t) ~(1u << CASCADE_LINE);
	masks[1] = 0xff;
	masks_write();
}
