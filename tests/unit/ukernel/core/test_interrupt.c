/* SPDX-License-Identifier: MIT */
/*
 * Interrupt lines and I/O ports: binding, masking, coalescing, message-signalled lines, ranges.
 */
#include "suite.h"

#define LINE 5u

static struct actor *driver;

static error_t configures(uint64_t line, uint64_t flags) {
	return asks(&root, ROOT_SLOT_INTERRUPTS, INTERRUPT_CONFIGURE, WORDS(line, flags));
}

static error_t binds_through(uint32_t slot, uint64_t line, const struct actor *actor, uint64_t bits) {
	if (actor) puts_badged(&root, actor->capability, RIGHT_SIGNAL, bits, 0);
	return asks(&root, slot, INTERRUPT_BIND, WORDS(line));
}

static error_t binds(uint64_t line, const struct actor *actor, uint64_t bits) {
	return binds_through(ROOT_SLOT_INTERRUPTS, line, actor, bits);
}

static void assert_signalled(struct actor *actor, uint64_t bits) {
	does(actor, IPC_RECEIVE | IPC_RECEIVE_NONBLOCK, 0, 0, NO_WORDS);
	assert_got(actor, 0, 0);
	ck_assert_uint_ne(tag_of(actor) & IPC_TAG_SIGNAL, 0);
	ck_assert_uint_eq(word_of(actor, 0), bits);
}

static void assert_not_signalled(struct actor *actor) {
	does(actor, IPC_RECEIVE | IPC_RECEIVE_NONBLOCK, 0, 0, NO_WORDS);
	assert_failed(actor, ERROR_WOULD_BLOCK);
}

static void raises(unsigned int line) {
	fake_line_raise(line);
	world_settle();
}

static void given_a_driver(uint64_t flags) {
	driver = given_somebody();
	ck_assert_uint_eq(configures(LINE, flags), ERROR_OK);
	ck_assert_int_eq(fake_lines[LINE].masked, 1);
	ck_assert_uint_eq(binds(LINE, driver, 0x20), ERROR_OK);
	ck_assert_int_eq(fake_lines[LINE].masked, 0);
	ck_assert_uint_eq(fake_lines[LINE].flags, flags);
}

START_TEST(an_interrupt_wakes_its_driver_with_its_bit) {
	given_a_driver(INTERRUPT_EDGE);
	receives(driver);
	raises(LINE);
	assert_got(driver, 0, 0);
	ck_assert_uint_eq(word_of(driver, 0), 0x20);
	raises(LINE + 1);
	assert_not_signalled(driver);
}
END_TEST

START_TEST(edges_are_never_masked_and_coalesce) {
	given_a_driver(INTERRUPT_EDGE);
	for (unsigned int edge = 0; edge < 3; edge++) raises(LINE);
	ck_assert_int_eq(fake_lines[LINE].masked, 0);
	assert_signalled(driver, 0x20);
	assert_not_signalled(driver);
	raises(LINE);
	assert_signalled(driver, 0x20);
}
END_TEST

START_TEST(a_level_line_stays_masked_until_its_driver_unmasks_it) {
	given_a_driver(INTERRUPT_LEVEL | INTERRUPT_ACTIVE_LOW);
	raises(LINE);
	raises(LINE);
	ck_assert_int_eq(fake_lines[LINE].masked, 1);
	assert_signalled(driver, 0x20);
	raises(LINE);
	assert_not_signalled(driver);
	gets(&root, ROOT_SLOT_INTERRUPTS, INTERRUPT_UNMASK, WORDS(LINE));
	ck_assert_int_eq(fake_lines[LINE].masked, 0);
	raises(LINE);
	assert_signalled(driver, 0x20);
}
END_TEST

START_TEST(lines_bound_to_one_word_gather_there) {
	given_a_driver(INTERRUPT_EDGE);
	ck_assert_uint_eq(configures(LINE + 1, INTERRUPT_LEVEL), ERROR_OK);
	ck_assert_uint_eq(binds(LINE + 1, driver, 0x40), ERROR_OK);
	raises(LINE + 1);
	raises(LINE);
	assert_signalled(driver, 0x60);
}
END_TEST

START_TEST(an_unbound_line_is_masked_and_cannot_be_unmasked) {
	given_a_driver(INTERRUPT_LEVEL);
	ck_assert_uint_eq(binds(LINE, NULL, 0), ERROR_OK);
	ck_assert_int_eq(fake_lines[LINE].masked, 1);
	ck_assert_uint_eq(asks(&root, ROOT_SLOT_INTERRUPTS, INTERRUPT_UNMASK, WORDS(LINE)), ERROR_STATE);
	ck_assert_uint_eq(asks(&root, ROOT_SLOT_INTERRUPTS, INTERRUPT_UNMASK, WORDS(LINE + 1)), ERROR_STATE);
	ck_assert_int_eq(fake_lines[LINE].masked, 1);
	raises(LINE);
	assert_not_signalled(driver);
}
END_TEST

START_TEST(binding_again_replaces_and_a_refused_binding_changes_nothing) {
	struct actor *other = given_somebody();
	uint32_t send_only = given_a_slot();

	given_a_driver(INTERRUPT_LEVEL);
	const unsigned int configured = fake_lines[LINE].configured;
	puts_capability(&root, ROOT_SLOT_SPACE, ITEM_DERIVE, 0, 0);
	gets(&root, ROOT_SLOT_SPACE, SPACE_CAPABILITY_DERIVE, WORDS(other->capability, send_only, RIGHT_SEND, 0, 0));
	puts_capability(&root, send_only, ITEM_DERIVE, RIGHTS_ALL, 0);
	ck_assert_uint_eq(asks(&root, ROOT_SLOT_INTERRUPTS, INTERRUPT_BIND, WORDS(LINE)), ERROR_RIGHT);
	puts_capability(&root, other->control, ITEM_DERIVE, RIGHTS_ALL, 0);
	ck_assert_uint_eq(asks(&root, ROOT_SLOT_INTERRUPTS, INTERRUPT_BIND, WORDS(LINE)), ERROR_CAPABILITY);
	ck_assert_uint_eq(fake_lines[LINE].configured, configured);
	raises(LINE);
	assert_signalled(driver, 0x20);

	ck_assert_uint_eq(binds(LINE, other, 1), ERROR_OK);
	raises(LINE);
	assert_signalled(other, 1);
	assert_not_signalled(driver);
}
END_TEST

START_TEST(how_a_wire_signals_is_said_before_it_is_bound) {
	static const uint64_t undefined[] = {4, 8, UINT64_C(1) << 32, UINT64_MAX};

	given_a_driver(INTERRUPT_LEVEL);
	const unsigned int configured = fake_lines[LINE].configured;
	ck_assert_uint_eq(configures(LINE, INTERRUPT_EDGE), ERROR_STATE);
	for (unsigned int index = 0; index < sizeof(undefined) / sizeof(undefined[0]); index++)
		ck_assert_uint_eq(configures(LINE + 1, undefined[index]), ERROR_ARGUMENT);
	ck_assert_uint_eq(fake_lines[LINE].configured, configured);
	ck_assert_uint_eq(fake_lines[LINE + 1].configured, 0);
	ck_assert_uint_eq(binds(LINE, NULL, 0), ERROR_OK);
	ck_assert_uint_eq(configures(LINE, INTERRUPT_EDGE | INTERRUPT_ACTIVE_LOW), ERROR_OK);
	ck_assert_uint_eq(fake_lines[LINE].flags, INTERRUPT_EDGE | INTERRUPT_ACTIVE_LOW);
}
END_TEST

START_TEST(when_its_driver_dies_a_line_falls_silent) {
	given_a_driver(INTERRUPT_EDGE);
	gets(&root, driver->control, THREAD_DESTROY, NO_WORDS);
	raises(LINE);
	ck_assert_int_eq(fake_lines[LINE].masked, 1);
	driver = given_somebody();
	ck_assert_uint_eq(binds(LINE, driver, 2), ERROR_OK);
	raises(LINE);
	assert_signalled(driver, 2);
}
END_TEST

START_TEST(an_interrupt_preempts_whoever_has_a_lower_priority) {
	given_a_driver(INTERRUPT_EDGE);
	receives(driver);
	gets(&root, driver->control, THREAD_SET_BUDGET, WORDS(USUAL_QUANTUM, USUAL_PRIORITY + 1));
	struct actor *spinner = given_somebody();
	runs(spinner);
	raises(LINE);
	ck_assert_ptr_eq(arch_cpu()->current, driver->thread);
}
END_TEST

START_TEST(an_interrupt_ends_idleness) {
	given_a_driver(INTERRUPT_EDGE);
	receives(driver);
	receives(&root);
	ck_assert_ptr_null(arch_cpu()->current);
	raises(LINE);
	ck_assert_ptr_eq(arch_cpu()->current, driver->thread);
}
END_TEST

/* --- Ranges -------------------------------------------------------------------------------------- */

/* A derived capability in root's own space. */
static error_t derives(uint32_t from, uint32_t label, uint64_t first, uint64_t count, uint32_t *slot) {
	*slot = given_a_slot();
	accepts_slots(&root, *slot, 1);
	return asks(&root, from, label, WORDS(first, count));
}

/* Of a range of four, counted from its first. */
static const uint64_t wrong_ranges[][2] = {
	{0, 0},
	{4, 1},
	{3, 2},
	{0, 5},
	{UINT64_MAX, 1},
	{UINT64_MAX, 2},
	{UINT64_MAX - 3, 4},
	{UINT64_MAX - 3, 8},
	{0, UINT64_MAX},
	{1, UINT64_MAX},
	{UINT64_C(1) << 32, 1},
	{0, UINT64_C(1) << 32},
	{1, (UINT64_C(1) << 32) + 1},
	{UINT64_C(1) << 63, 4},
	{1, UINT64_C(1) << 63},
};

static void assert_nothing_wider(uint32_t part, uint32_t label, uint64_t first) {
	uint32_t none;

	for (unsigned int index = 0; index < sizeof(wrong_ranges) / sizeof(wrong_ranges[0]); index++) {
		const uint64_t *range = wrong_ranges[index];
		ck_assert_uint_eq(derives(part, label, first + range[0], range[1], &none), ERROR_RANGE);
	}
}

START_TEST(part_of_the_lines_can_be_passed_on_and_no_more) {
	uint32_t part, smaller;

	driver = given_somebody();
	ck_assert_uint_eq(derives(ROOT_SLOT_INTERRUPTS, INTERRUPT_DERIVE, 4, 4, &part), ERROR_OK);
	assert_nothing_wider(part, INTERRUPT_DERIVE, 0);
	ck_assert_uint_eq(derives(part, INTERRUPT_DERIVE, 3, 1, &smaller), ERROR_OK);
	gets(&root, ROOT_SLOT_SPACE, SPACE_CAPABILITY_READ, WORDS(smaller));
	ck_assert_uint_eq(word_of(&root, 0), KIND_INTERRUPT);
	ck_assert_uint_eq(word_of(&root, 2), 7 | UINT64_C(1) << 32);
	/* Lines are counted from the first of the range. */
	ck_assert_uint_eq(binds_through(smaller, 0, driver, 0x80), ERROR_OK);
	raises(7);
	assert_signalled(driver, 0x80);
	for (unsigned int index = 0; index < sizeof(wrong_ranges) / sizeof(wrong_ranges[0]); index++) {
		const uint64_t line = wrong_ranges[index][0];
		if (line < 4) continue;
		ck_assert_uint_eq(binds_through(part, line, driver, 1), ERROR_RANGE);
		ck_assert_uint_eq(asks(&root, part, INTERRUPT_UNMASK, WORDS(line)), ERROR_RANGE);
		ck_assert_uint_eq(asks(&root, part, INTERRUPT_CONFIGURE, WORDS(line, 0)), ERROR_RANGE);
	}
	gets(&root, ROOT_SLOT_SPACE, SPACE_CAPABILITY_REVOKE, WORDS(part));
	ck_assert_uint_eq(asks(&root, smaller, INTERRUPT_UNMASK, WORDS(0)), ERROR_CAPABILITY);
}
END_TEST

START_TEST(lines_that_the_machine_does_not_have_are_out_of_range) {
	driver = given_somebody();
	ck_assert_uint_eq(binds(ARCH_LINE_COUNT - 1, driver, 1), ERROR_OK);
	ck_assert_uint_eq(binds(ARCH_LINE_COUNT, driver, 1), ERROR_RANGE);
	ck_assert_uint_eq(binds(UINT64_C(1) << 32, driver, 1), ERROR_RANGE);
	ck_assert_uint_eq(binds(LINE + (UINT64_C(1) << 32), driver, 1), ERROR_RANGE);
	ck_assert_uint_eq(binds(UINT64_MAX, driver, 1), ERROR_RANGE);
}
END_TEST

static error_t adds_controller(uint32_t slot, uint64_t address, uint64_t first) {
	return asks(&root, slot, INTERRUPT_ADD_CONTROLLER, WORDS(address, first));
}

START_TEST(a_controller_is_added_by_whoever_has_all_lines) {
	uint32_t part;

	ck_assert_uint_eq(adds_controller(ROOT_SLOT_INTERRUPTS, FAKE_CONTROLLER, 8), ERROR_OK);
	ck_assert_uint_eq(word_of(&root, 0), ARCH_LINE_WIRED_COUNT - 8);
	ck_assert_uint_eq(adds_controller(ROOT_SLOT_INTERRUPTS, FAKE_CONTROLLER + PAGE_SIZE, 0), ERROR_NOT_FOUND);
	ck_assert_uint_eq(adds_controller(ROOT_SLOT_INTERRUPTS, MAIN_START, 0), ERROR_ARGUMENT);
	ck_assert_uint_eq(adds_controller(ROOT_SLOT_INTERRUPTS, FAKE_CONTROLLER, ARCH_LINE_WIRED_COUNT), ERROR_RANGE);
	ck_assert_uint_eq(adds_controller(ROOT_SLOT_INTERRUPTS, FAKE_CONTROLLER, UINT64_C(1) << 32), ERROR_RANGE);
	ck_assert_uint_eq(derives(ROOT_SLOT_INTERRUPTS, INTERRUPT_DERIVE, 0, ARCH_LINE_COUNT - 1, &part), ERROR_OK);
	ck_assert_uint_eq(adds_controller(part, FAKE_CONTROLLER, 8), ERROR_RIGHT);
}
END_TEST

/* --- Message-signalled lines ---------------------------------------------------------------------- */

static error_t allocates(uint64_t proof, uint32_t slot) {
	accepts_slots(&root, slot, 1);
	puts_pages(&root, proof, 1, PAGE_RIGHTS, ITEM_HOLD, 0);
	return asks(&root, ROOT_SLOT_INTERRUPTS, INTERRUPT_ALLOCATE_MSI, NO_WORDS);
}

static uint64_t given_a_dma_page(void) {
	const uint64_t page = given_a_frame();

	gets(&root, ROOT_SLOT_SPACE, SPACE_SET_MEMORY_TYPE, WORDS(page, 1, MEMORY_DMA));
	return page;
}

START_TEST(a_line_for_messages_is_given_to_holders_of_dma_memory) {
	const uint64_t granted = frames_granted();
	const uint64_t proof = given_a_dma_page();
	const uint32_t slot = given_a_slot();

	ck_assert_uint_eq(allocates(given_a_frame(), slot), ERROR_RIGHT);
	ck_assert_uint_eq(allocates(UINT64_C(0x1234000), slot), ERROR_NOT_FOUND);
	ck_assert_uint_eq(allocates(UINT64_MAX - PAGE_SIZE + 1, slot), ERROR_RANGE);
	ck_assert_uint_eq(allocates(proof, slot), ERROR_OK);
	ck_assert_uint_eq(frames_granted(), granted);
	const unsigned int line = ARCH_LINE_WIRED_COUNT;
	uint64_t address, data;
	arch_line_message(line, &address, &data);
	ck_assert_uint_eq(word_of(&root, 0), address);
	ck_assert_uint_eq(word_of(&root, 1), data);

	driver = given_somebody();
	ck_assert_uint_eq(binds_through(slot, 0, driver, 4), ERROR_OK);
	raises(line);
	raises(line);
	ck_assert_int_eq(fake_lines[line].masked, 0);
	assert_signalled(driver, 4);
	ck_assert_uint_eq(binds_through(slot, 1, driver, 4), ERROR_RANGE);
	ck_assert_uint_eq(binds_through(slot, UINT64_MAX, driver, 4), ERROR_RANGE);
}
END_TEST

START_TEST(a_line_for_messages_is_free_again_when_its_last_capability_goes) {
	const uint64_t proof = given_a_dma_page();
	uint32_t slots[ARCH_LINE_COUNT - ARCH_LINE_WIRED_COUNT];

	for (unsigned int index = 0; index < ARCH_LINE_COUNT - ARCH_LINE_WIRED_COUNT; index++) {
		slots[index] = given_a_slot();
		ck_assert_uint_eq(allocates(proof, slots[index]), ERROR_OK);
		gets(&root, ROOT_SLOT_SPACE, SPACE_CAPABILITY_READ, WORDS(slots[index]));
		ck_assert_uint_eq(word_of(&root, 2), (ARCH_LINE_WIRED_COUNT + index) | UINT64_C(1) << 32);
	}
	ck_assert_uint_eq(allocates(proof, given_a_slot()), ERROR_NO_MEMORY);
	driver = given_somebody();
	ck_assert_uint_eq(binds_through(slots[3], 0, driver, 4), ERROR_OK);
	gets(&root, slots[3], INTERRUPT_BIND, WORDS(0));
	ck_assert_uint_eq(allocates(proof, given_a_slot()), ERROR_NO_MEMORY);
	ck_assert_uint_eq(binds_through(slots[3], 0, driver, 4), ERROR_OK);
	gets(&root, ROOT_SLOT_SPACE, SPACE_CAPABILITY_DELETE, WORDS(slots[3]));
	ck_assert_uint_eq(allocates(proof, slots[2]), ERROR_EXISTS);
	ck_assert_uint_eq(allocates(proof, slots[3]), ERROR_OK);
	raises(ARCH_LINE_WIRED_COUNT + 3); /* what the last holder had bound is forgotten */
	assert_not_signalled(driver);
	ck_assert_uint_eq(allocates(proof, given_a_slot()), ERROR_NO_MEMORY);
}
END_TEST

/* --- Ports --------------------------------------------------------------------------------------- */

static error_t reads_port(uint32_t slot, uint64_t port, uint64_t width) {
	return asks(&root, slot, PORTS_READ, WORDS(port, width));
}

START_TEST(ports_are_read_and_written_in_three_widths) {
	for (unsigned int width = 1; width <= 4; width *= 2) {
		fake_port_read.value = 0x12;
		ck_assert_uint_eq(reads_port(ROOT_SLOT_PORTS, 0x3f8, width), ERROR_OK);
		ck_assert_uint_eq(word_of(&root, 0), 0x12);
		ck_assert_uint_eq(fake_port_read.port, 0x3f8);
		ck_assert_uint_eq(fake_port_read.width, width);
		gets(&root, ROOT_SLOT_PORTS, PORTS_WRITE, WORDS(0x2f8, width, 0xffffffff12345678));
		ck_assert_uint_eq(fake_port_written.port, 0x2f8);
		ck_assert_uint_eq(fake_port_written.width, width);
		ck_assert_uint_eq(fake_port_written.value, 0x12345678);
	}
	ck_assert_uint_eq(fake_port_read.count, 3);
	ck_assert_uint_eq(fake_port_written.count, 3);
}
END_TEST

START_TEST(ports_outside_the_range_and_other_widths_are_not_touched) {
	static const uint64_t widths[] = {0, 3, 5, 8, UINT64_C(1) << 32, UINT64_MAX};
	uint32_t part;

	for (unsigned int index = 0; index < sizeof(widths) / sizeof(widths[0]); index++) {
		ck_assert_uint_eq(reads_port(ROOT_SLOT_PORTS, 0x80, widths[index]), ERROR_ARGUMENT);
		ck_assert_uint_eq(asks(&root, ROOT_SLOT_PORTS, PORTS_WRITE, WORDS(0x80, widths[index], 0)),
		                  ERROR_ARGUMENT);
	}
	ck_assert_uint_eq(reads_port(ROOT_SLOT_PORTS, 0xffff, 2), ERROR_RANGE);
	ck_assert_uint_eq(reads_port(ROOT_SLOT_PORTS, 0xfffd, 4), ERROR_RANGE);
	ck_assert_uint_eq(reads_port(ROOT_SLOT_PORTS, 0x10000, 1), ERROR_RANGE);
	ck_assert_uint_eq(reads_port(ROOT_SLOT_PORTS, 0x80 + (UINT64_C(1) << 32), 1), ERROR_RANGE);
	ck_assert_uint_eq(reads_port(ROOT_SLOT_PORTS, UINT64_MAX, 1), ERROR_RANGE);
	ck_assert_uint_eq(derives(ROOT_SLOT_PORTS, PORTS_DERIVE, 4, 4, &part), ERROR_OK);
	assert_nothing_wider(part, PORTS_DERIVE, 4);
	ck_assert_uint_eq(reads_port(part, 3, 1), ERROR_RANGE);
	ck_assert_uint_eq(reads_port(part, 6, 4), ERROR_RANGE);
	ck_assert_uint_eq(reads_port(part, 8, 1), ERROR_RANGE);
	ck_assert_uint_eq(fake_port_read.count, 0);
	ck_assert_uint_eq(fake_port_written.count, 0);
	ck_assert_uint_eq(reads_port(part, 4, 4), ERROR_OK);
	ck_assert_uint_eq(reads_port(ROOT_SLOT_PORTS, 0xffff, 1), ERROR_OK);
}
END_TEST

SUITE("kernel interrupt", an_interrupt_wakes_its_driver_with_its_bit, edges_are_never_masked_and_coalesce,
      a_level_line_stays_masked_until_its_driver_unmasks_it, lines_bound_to_one_word_gather_there,
      an_unbound_line_is_masked_and_cannot_be_unmasked, binding_again_replaces_and_a_refused_binding_changes_nothing,
      how_a_wire_signals_is_said_before_it_is_bound, when_its_driver_dies_a_line_falls_silent,
      an_interrupt_preempts_whoever_has_a_lower_priority, an_interrupt_ends_idleness,
      part_of_the_lines_can_be_passed_on_and_no_more, lines_that_the_machine_does_not_have_are_out_of_range,
      a_controller_is_added_by_whoever_has_all_lines, a_line_for_messages_is_given_to_holders_of_dma_memory,
      a_line_for_messages_is_free_again_when_its_last_capability_goes, ports_are_read_and_written_in_three_widths,
      ports_outside_the_range_and_other_widths_are_not_touched)
