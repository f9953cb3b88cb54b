/* SPDX-License-Identifier: MIT */
/*
 * Interrupt lines, I/O ports and the facts a space is told.
 */
#include <nacre/abi/boot.h>
#include <nacre/start.h>

#include <first/actor.h>
#include <first/kernel.h>
#include <first/machine.h>

#include "topics.h"

#define MILLISECOND UINT64_C(1000000)
/* Where QEMU has its I/O APIC, and how many inputs that has. */
#define CONTROLLER       UINT64_C(0xfec00000)
#define CONTROLLER_LINES 24u
/* The PC's interval timer (8254): ISA interrupt 0 arrives at input 2; channel 0, mode 2, 1193182 Hz. */
#define TIMER_LINE    2u
#define TIMER_DATA    0x40u
#define TIMER_COMMAND 0x43u
#define TIMER_MODE    0x34u
#define TIMER_STOP    0x30u
#define TIMER_DIVISOR 1193u /* 1 kHz */

static uint64_t port_write(uint32_t slot, uint64_t port, uint64_t value) {
	return KERNEL(slot, PORTS_WRITE, port, 1, value);
}

static uint32_t signal_make(uint64_t bits) {
	uint32_t slot = slots_take(1);

	if (KERNEL(SLOT_SPACE, SPACE_CAPABILITY_DERIVE, SLOT_SELF, slot, RIGHT_SIGNAL, bits, 1) != ERROR_OK)
		(void)tap_check(0, __FILE__, __LINE__, "a signal capability");
	return slot;
}

static void timer_start(void) {
	CHECK_OK(port_write(SLOT_PORTS, TIMER_COMMAND, TIMER_MODE));
	CHECK_OK(port_write(SLOT_PORTS, TIMER_DATA, TIMER_DIVISOR & 0xff));
	CHECK_OK(port_write(SLOT_PORTS, TIMER_DATA, TIMER_DIVISOR >> 8));
}

static void timer_stop(void) {
	CHECK_OK(port_write(SLOT_PORTS, TIMER_COMMAND, TIMER_STOP));
	CHECK_OK(KERNEL(SLOT_INTERRUPTS, INTERRUPT_BIND, TIMER_LINE));
}

static void an_interrupt_arrives_as_the_signal_bound_to_its_line(void) {
	give_capability(signal_make(16));
	CHECK_OK(KERNEL(SLOT_INTERRUPTS, INTERRUPT_BIND, TIMER_LINE));
	timer_start();
	for (unsigned int index = 0; index < 5; index++) {
		CHECK_OK(receive());
		CHECK_EQUAL(answer.tag, IPC_TAG(0, 1, 0) | IPC_TAG_SIGNAL);
		CHECK_EQUAL(answer.words[0], 16);
	}
	timer_stop();
	/* One may be on its way. */
	(void)receive_now();
	CHECK_ERROR(receive_until(0, machine_now() + 5 * MILLISECOND), ERROR_TIMEOUT | IPC_RESULT_IN_RECEIVE);
}

static void an_interrupt_wakes_a_thread_while_another_computes(void) {
	uint64_t rounds = 0;

	give_capability(signal_make(1));
	CHECK_OK(KERNEL(SLOT_INTERRUPTS, INTERRUPT_BIND, TIMER_LINE));
	timer_start();
	while (receive_now() != 0 && rounds < 1000000000) rounds++;
	CHECK_EQUAL(answer.words[0], 1);
	CHECK(rounds > 0);
	timer_stop();
}

static void a_dead_receiver_silences_its_line(void) {
	struct actor actor;

	actor_create(&actor);
	give_capability(actor.signal);
	CHECK_OK(KERNEL(SLOT_INTERRUPTS, INTERRUPT_BIND, TIMER_LINE));
	timer_start();
	machine_sleep(3 * MILLISECOND);
	CHECK_OK(KERNEL(actor.control, THREAD_DESTROY));
	machine_sleep(5 * MILLISECOND);
	CHECK_ERROR(KERNEL(SLOT_INTERRUPTS, INTERRUPT_UNMASK, TIMER_LINE), ERROR_STATE);
	timer_stop();
}

static void lines_are_bound_within_their_range_only(void) {
	uint32_t signal = signal_make(1);
	uint32_t part = slots_expect(1);

	give_capability(signal);
	CHECK_ERROR(KERNEL(SLOT_INTERRUPTS, INTERRUPT_BIND, 100000), ERROR_RANGE);
	give_capability(signal);
	CHECK_ERROR(KERNEL(SLOT_INTERRUPTS, INTERRUPT_BIND, ~UINT64_C(0)), ERROR_RANGE);
	give_capability(SLOT_CONTROL);
	CHECK_ERROR(KERNEL(SLOT_INTERRUPTS, INTERRUPT_BIND, TIMER_LINE), ERROR_CAPABILITY);
	CHECK_ERROR(KERNEL(SLOT_INTERRUPTS, INTERRUPT_UNMASK, 5), ERROR_STATE);
	CHECK_ERROR(KERNEL(SLOT_INTERRUPTS, INTERRUPT_DERIVE, 0, 0), ERROR_RANGE);
	CHECK_ERROR(KERNEL(SLOT_INTERRUPTS, INTERRUPT_DERIVE, ~UINT64_C(0), 2), ERROR_RANGE);
	CHECK_OK(KERNEL(SLOT_INTERRUPTS, INTERRUPT_DERIVE, 5, 2));
	give_capability(signal);
	CHECK_ERROR(KERNEL(part, INTERRUPT_BIND, ~UINT64_C(0)), ERROR_RANGE);
	give_capability(signal);
	CHECK_ERROR(KERNEL(part, INTERRUPT_BIND, 2), ERROR_RANGE);
	give_capability(signal);
	CHECK_OK(KERNEL(part, INTERRUPT_BIND, 1));
	CHECK_OK(KERNEL(part, INTERRUPT_UNMASK, 1));
	/* Lines are counted from the first of the range: it is the same one. */
	CHECK_OK(KERNEL(SLOT_INTERRUPTS, INTERRUPT_UNMASK, 6));
	CHECK_OK(KERNEL(part, INTERRUPT_BIND, 1));
	CHECK_ERROR(KERNEL(SLOT_INTERRUPTS, INTERRUPT_UNMASK, 6), ERROR_STATE);
	(void)slots_expect(1);
	CHECK_ERROR(KERNEL(part, INTERRUPT_DERIVE, 0, 3), ERROR_RANGE);
	CHECK_ERROR(KERNEL(part, INTERRUPT_DERIVE, 1, 2), ERROR_RANGE);
	CHECK_ERROR(KERNEL(part, INTERRUPT_DERIVE, ~UINT64_C(0), 1), ERROR_RANGE);
}

static void a_line_is_configured_while_nobody_is_bound_to_it(void) {
	CHECK_ERROR(KERNEL(SLOT_INTERRUPTS, INTERRUPT_CONFIGURE, 6, 4), ERROR_ARGUMENT);
	CHECK_ERROR(KERNEL(SLOT_INTERRUPTS, INTERRUPT_CONFIGURE, 100000, 0), ERROR_RANGE);
	CHECK_OK(KERNEL(SLOT_INTERRUPTS, INTERRUPT_CONFIGURE, 6, INTERRUPT_LEVEL | INTERRUPT_ACTIVE_LOW));
	give_capability(signal_make(1));
	CHECK_OK(KERNEL(SLOT_INTERRUPTS, INTERRUPT_BIND, 6));
	CHECK_ERROR(KERNEL(SLOT_INTERRUPTS, INTERRUPT_CONFIGURE, 6, INTERRUPT_EDGE), ERROR_STATE);
	CHECK_OK(KERNEL(SLOT_INTERRUPTS, INTERRUPT_BIND, 6));
	CHECK_OK(KERNEL(SLOT_INTERRUPTS, INTERRUPT_CONFIGURE, 6, INTERRUPT_EDGE));
}

/* The first test of interrupts: it makes the lines of the others. */
static void a_controller_is_made_known_once_and_through_all_lines_only(void) {
	uint32_t part = slots_expect(1);

	CHECK_OK(KERNEL(SLOT_INTERRUPTS, INTERRUPT_DERIVE, 0, CONTROLLER_LINES));
	CHECK_ERROR(KERNEL(part, INTERRUPT_ADD_CONTROLLER, CONTROLLER, 0), ERROR_RIGHT);
	CHECK_ERROR(KERNEL(SLOT_INTERRUPTS, INTERRUPT_ADD_CONTROLLER, UINT64_C(0x100000), 0), ERROR_ARGUMENT);
	CHECK_ERROR(KERNEL(SLOT_INTERRUPTS, INTERRUPT_ADD_CONTROLLER, CONTROLLER + 4, 0), ERROR_ARGUMENT);
	CHECK_ERROR(KERNEL(SLOT_INTERRUPTS, INTERRUPT_ADD_CONTROLLER, CONTROLLER + (UINT64_C(1) << 40), 0),
	            ERROR_ARGUMENT);
	CHECK_ERROR(KERNEL(SLOT_INTERRUPTS, INTERRUPT_ADD_CONTROLLER, CONTROLLER, 100000), ERROR_RANGE);
	CHECK_ERROR(KERNEL(SLOT_INTERRUPTS, INTERRUPT_ADD_CONTROLLER, CONTROLLER, 127), ERROR_RANGE);
	CHECK_ERROR(KERNEL(SLOT_INTERRUPTS, INTERRUPT_ADD_CONTROLLER, CONTROLLER + 0x10000, 0), ERROR_NOT_FOUND);
	CHECK_OK(KERNEL(SLOT_INTERRUPTS, INTERRUPT_ADD_CONTROLLER, CONTROLLER, 0));
	CHECK_EQUAL(answer.words[0], CONTROLLER_LINES);
	CHECK_ERROR(KERNEL(SLOT_INTERRUPTS, INTERRUPT_ADD_CONTROLLER, CONTROLLER, 0), ERROR_EXISTS);
}

static void message_signalled_interrupts_take_a_dma_right(void) {
	uint64_t frame = frames_take(1);
	uint32_t line = slots_expect(1);

	give_frames(frame, 1);
	CHECK_ERROR(KERNEL(SLOT_INTERRUPTS, INTERRUPT_ALLOCATE_MSI), ERROR_RIGHT);
	give_frames(SCRATCH, 1);
	CHECK_ERROR(KERNEL(SLOT_INTERRUPTS, INTERRUPT_ALLOCATE_MSI), ERROR_NOT_FOUND);
	give_capability(SLOT_SELF);
	CHECK_ERROR(KERNEL(SLOT_INTERRUPTS, INTERRUPT_ALLOCATE_MSI), ERROR_ARGUMENT);
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_SET_MEMORY_TYPE, frame, 1, MEMORY_DMA));
	give_frames(frame, 1);
	CHECK_OK(KERNEL(SLOT_INTERRUPTS, INTERRUPT_ALLOCATE_MSI));
	CHECK_EQUAL(answer.words[0] >> 20, 0xfee);
	give_capability(signal_make(1));
	CHECK_OK(KERNEL(line, INTERRUPT_BIND, 0));
	CHECK_OK(KERNEL(line, INTERRUPT_BIND, 0));
	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_SET_MEMORY_TYPE, frame, 1, MEMORY_WRITE_BACK));
}

static void ports_are_reached_within_their_range_only(void) {
	uint32_t part = slots_expect(1);

	CHECK_ERROR(KERNEL(SLOT_PORTS, PORTS_READ, 0x10000, 1), ERROR_RANGE);
	CHECK_ERROR(KERNEL(SLOT_PORTS, PORTS_READ, 0xffff, 2), ERROR_RANGE);
	CHECK_ERROR(KERNEL(SLOT_PORTS, PORTS_READ, ~UINT64_C(0), 1), ERROR_RANGE);
	CHECK_ERROR(KERNEL(SLOT_PORTS, PORTS_READ, 0x80, 3), ERROR_ARGUMENT);
	CHECK_ERROR(KERNEL(SLOT_PORTS, PORTS_READ, 0x80, 0), ERROR_ARGUMENT);
	CHECK_ERROR(KERNEL(SLOT_PORTS, PORTS_WRITE, 0x80, 8, 0), ERROR_ARGUMENT);
	CHECK_ERROR(KERNEL(SLOT_PORTS, PORTS_WRITE, 0x80, 1), ERROR_ARGUMENT);
	CHECK_OK(KERNEL(SLOT_PORTS, PORTS_DERIVE, 0x3f8, 8));
	CHECK_OK(KERNEL(part, PORTS_READ, 0x3fd, 1));
	CHECK_ERROR(KERNEL(part, PORTS_READ, 0x3ff, 2), ERROR_RANGE);
	CHECK_ERROR(KERNEL(part, PORTS_READ, 0x3f7, 1), ERROR_RANGE);
	CHECK_ERROR(KERNEL(part, PORTS_READ, 0x400, 1), ERROR_RANGE);
	(void)slots_expect(1);
	CHECK_ERROR(KERNEL(part, PORTS_DERIVE, 0x3f8, 9), ERROR_RANGE);
	CHECK_ERROR(KERNEL(part, PORTS_DERIVE, 0x3f8, 0), ERROR_RANGE);
	CHECK_ERROR(KERNEL(part, PORTS_DERIVE, 0x3f8, ~UINT64_C(0)), ERROR_RANGE);
}

static void the_facts_of_a_space_agree_with_what_is_seen(void) {
	uint64_t before = machine_now();

	CHECK_OK(KERNEL(SLOT_SPACE, SPACE_INFO));
	CHECK_EQUAL(answer.words[0], ABI_VERSION);
	CHECK_EQUAL(answer.words[2], 1);
	CHECK(answer.words[3] > 1000000);
	CHECK(answer.words[4] >= before && answer.words[4] <= machine_now());
	CHECK_EQUAL(answer.words[5], 0);
	CHECK_EQUAL(start_info()->boot->magic, BOOT_INFO_MAGIC);
}

static void time_never_goes_back(void) {
	uint64_t last = 0;

	for (unsigned int index = 0; index < 10000; index++) {
		CHECK_OK(KERNEL(SLOT_SPACE, SPACE_INFO));
		CHECK(answer.words[4] >= last);
		last = answer.words[4];
	}
}

const struct test interrupt_tests[] = {
	TEST(a_controller_is_made_known_once_and_through_all_lines_only),
	TEST(an_interrupt_arrives_as_the_signal_bound_to_its_line),
	TEST(an_interrupt_wakes_a_thread_while_another_computes),
	TEST(a_dead_receiver_silences_its_line),
	TEST(lines_are_bound_within_their_range_only),
	TEST(a_line_is_configured_while_nobody_is_bound_to_it),
	TEST(message_signalled_interrupts_take_a_dma_right),
	TEST(ports_are_reached_within_their_range_only),
	TEST(the_facts_of_a_space_agree_with_what_is_seen),
	TEST(time_never_goes_back),
	TESTS_END,
};
