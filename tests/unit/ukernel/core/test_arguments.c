/* SPDX-License-Identifier: MIT */
/*
 * Bad arguments: every method of every kernel object, through every capability that is none for it, with every
 * impossible address and length. Each has one right error, and none changes anything.
 */
#include "suite.h"

#define LABEL_ASK UINT32_C(0x1000005)

/* --- Every method through every wrong capability ---------------------------------------------------- */

struct method_facts {
	const char *name;
	uint32_t label;
	unsigned int kind; /* whose control answers it */
};

#define KIND_OF_SPACE     KIND_SPACE_CONTROL
#define KIND_OF_THREAD    KIND_THREAD_CONTROL
#define KIND_OF_INTERRUPT KIND_INTERRUPT
#define KIND_OF_PORTS     KIND_PORTS
#define KIND_OF_FAULT     KIND_EMPTY /* the kernel sends these */

static const struct method_facts methods[] = {
#define PROTOCOL(...)
#define METHOD(protocol, name, ...) {#protocol "_" #name, protocol##_##name, KIND_OF_##protocol},
#define MESSAGE(...)                METHOD(__VA_ARGS__)
#include <nacre/abi/label.def>
#undef PROTOCOL
#undef METHOD
#undef MESSAGE
};

#define METHODS (sizeof(methods) / sizeof(methods[0]))

static struct actor *client, *queue;
static uint32_t slots[KIND_PORTS + 1]; /* one of each kind, in the client's space */

/* The interrupt and port capabilities are shared with the client by root. */
static uint32_t given_a_share(uint32_t source) {
	uint32_t slot = given_a_slot_of(client->home);

	puts_capability(&root, client->home->control, ITEM_DERIVE, 0, 0);
	gets(&root, ROOT_SLOT_SPACE, SPACE_CAPABILITY_SHARE, WORDS(source, slot, 0));
	return slot;
}

static void given_one_of_each_kind(void) {
	client = given_somebody();
	queue = given_a_queue(given_a_space());
	struct actor *caller = given_somebody();
	given_a_caller_served(caller, client);
	slots[KIND_REPLY] = given_a_slot_of(client->home);
	ck_assert_uint_eq(saves(client, slots[KIND_REPLY]), ERROR_OK);
	slots[KIND_EMPTY] = given_a_slot_of(client->home);
	slots[KIND_THREAD] = given_a_capability(queue, client->home, RIGHT_SIGNAL, 1);
	slots[KIND_THREAD_CONTROL] = given_control_of(queue, client->home);
	slots[KIND_SPACE_CONTROL] = given_control_of_space(queue->home, client->home);
	slots[KIND_INTERRUPT] = given_a_share(ROOT_SLOT_INTERRUPTS);
	slots[KIND_PORTS] = given_a_share(ROOT_SLOT_PORTS);
}

static error_t expected_of(const struct method_facts *method, unsigned int kind) {
	switch (kind) {
	case KIND_EMPTY:
	case KIND_REPLY: return ERROR_CAPABILITY;
	case KIND_THREAD: return ERROR_RIGHT;
	default: return kind == method->kind ? ERROR_OK : ERROR_UNKNOWN;
	}
}

START_TEST(a_method_is_understood_only_by_what_it_is_a_method_of) {
	given_one_of_each_kind();
	for (size_t index = 0; index < METHODS; index++) {
		for (unsigned int kind = KIND_EMPTY; kind <= KIND_PORTS; kind++) {
			const error_t expected = expected_of(&methods[index], kind);
			if (expected == ERROR_OK) continue;
			const error_t error = asks(client, slots[kind], methods[index].label, WORDS(1, 1, 1, 1, 1, 1));
			ck_assert_msg(error == expected, "%s through kind %u: error %d, not %d", methods[index].name,
			              kind, error, expected);
		}
	}
}
END_TEST

START_TEST(no_method_is_reached_through_slots_that_are_none) {
	static const uint64_t none[] = {0, SLOTS_PER_PAGE * 5, SLOT_COUNT - 1, SLOT_COUNT, 0x7fffffff, UINT32_MAX};

	given_one_of_each_kind();
	for (size_t index = 0; index < METHODS; index++) {
		for (size_t slot = 0; slot < sizeof(none) / sizeof(none[0]); slot++) {
			const error_t error =
				asks(client, (uint32_t)none[slot], methods[index].label, WORDS(1, 1, 1, 1, 1, 1));
			ck_assert_msg(error == ERROR_CAPABILITY, "%s through slot %lx: error %d", methods[index].name,
			              none[slot], error);
		}
	}
}
END_TEST

START_TEST(no_method_is_reached_through_what_was_destroyed) {
	given_one_of_each_kind();
	gets(&root, queue->home->control, SPACE_DESTROY, NO_WORDS);
	for (size_t index = 0; index < METHODS; index++) {
		const uint32_t label = methods[index].label;
		ck_assert_uint_eq(asks(client, slots[KIND_THREAD], label, WORDS(1, 1, 1)), ERROR_CAPABILITY);
		ck_assert_uint_eq(asks(client, slots[KIND_THREAD_CONTROL], label, WORDS(1, 1, 1)), ERROR_CAPABILITY);
		ck_assert_uint_eq(asks(client, slots[KIND_SPACE_CONTROL], label, WORDS(1, 1, 1)), ERROR_CAPABILITY);
	}
}
END_TEST

START_TEST(methods_that_do_not_exist_are_unknown) {
	static const uint32_t labels[] = {
		0, 1, LABEL_ASK, 0x10000, 0x1ffff, 0x20000, 0x200ff, 0x300ff, 0x400ff, 0x60001, UINT32_MAX,
	};

	given_one_of_each_kind();
	for (size_t index = 0; index < sizeof(labels) / sizeof(labels[0]); index++)
		for (unsigned int kind = KIND_THREAD_CONTROL; kind <= KIND_PORTS; kind++)
			if (kind != KIND_REPLY)
				ck_assert_uint_eq(asks(client, slots[kind], labels[index], WORDS(1, 1)), ERROR_UNKNOWN);
}
END_TEST

/* Control answers calls and nothing else. */
START_TEST(control_takes_only_calls) {
	given_one_of_each_kind();
	for (unsigned int kind = KIND_THREAD_CONTROL; kind <= KIND_PORTS; kind++) {
		if (kind == KIND_REPLY) continue;
		sends(client, slots[kind], THREAD_STOP, NO_WORDS);
		assert_failed(client, ERROR_RIGHT);
		replies_to(client, slots[kind], THREAD_STOP, NO_WORDS);
		assert_failed(client, ERROR_CAPABILITY);
		receives_from(client, slots[kind]);
		assert_failed(client, ERROR_CAPABILITY);
	}
	gets(&root, queue->control, THREAD_STATE, NO_WORDS);
	ck_assert_uint_eq(word_of(&root, 1), 1);
}
END_TEST

/* --- Too few words, wrong items --------------------------------------------------------------------- */

struct shape {
	uint32_t label;
	unsigned int words; /* at least */
	unsigned int items_min, items_max;
};

static const struct shape shapes[] = {
	{SPACE_CREATE_SPACE, 0, 1, 2},
	{SPACE_CREATE_THREAD, 1, 1, 2},
	{SPACE_ADD_TABLE, 2, 1, 5},
	{SPACE_ADD_SLOTS, 1, 1, 1},
	{SPACE_MAP, 4, 0, 1},
	{SPACE_UNMAP, 3, 0, 0},
	{SPACE_PROTECT, 3, 0, 0},
	{SPACE_SPLIT, 1, 1, 5},
	{SPACE_LOOK, 3, 0, 0},
	{SPACE_CAPABILITY_DERIVE, 5, 0, 1},
	{SPACE_CAPABILITY_SHARE, 3, 0, 1},
	{SPACE_CAPABILITY_MOVE, 2, 0, 1},
	{SPACE_CAPABILITY_DELETE, 1, 0, 0},
	{SPACE_CAPABILITY_REVOKE, 1, 0, 0},
	{SPACE_CAPABILITY_REPLACE, 2, 0, 1},
	{SPACE_CAPABILITY_READ, 1, 0, 0},
	{SPACE_INFO, 0, 0, 0},
	{SPACE_SET_TIME_OFFSET, 1, 0, 0},
	{SPACE_SET_DEATH, 0, 0, 1},
	{SPACE_DESTROY, 0, 0, 0},
	{SPACE_THREAD, 1, 0, 0},
	{SPACE_PHYSICAL, 1, 0, 0},
	{SPACE_SET_MEMORY_TYPE, 3, 0, 0},
	{SPACE_SERIAL, 0, 0, 0},
	{THREAD_START, 2, 0, 0},
	{THREAD_STOP, 0, 0, 0},
	{THREAD_RESUME, 0, 0, 0},
	{THREAD_CANCEL, 0, 0, 0},
	{THREAD_SET_HANDLER, 1, 0, 1},
	{THREAD_SET_BUDGET, 2, 0, 0},
	{THREAD_SET_FLAGS, 1, 0, 0},
	{THREAD_SET_BASES, 2, 0, 0},
	{THREAD_DERIVE, 3, 0, 0},
	{THREAD_REBIND, 0, 2, 2},
	{THREAD_SET_DEATH, 0, 0, 1},
	{THREAD_DESTROY, 0, 0, 0},
	{THREAD_GET_REGISTERS, 0, 0, 0},
	{THREAD_SET_REGISTERS, 20, 0, 0},
	{THREAD_STATE, 0, 0, 0},
	{INTERRUPT_BIND, 1, 0, 1},
	{INTERRUPT_CONFIGURE, 2, 0, 0},
	{INTERRUPT_ADD_CONTROLLER, 2, 0, 0},
	{INTERRUPT_UNMASK, 1, 0, 0},
	{INTERRUPT_DERIVE, 2, 0, 0},
	{INTERRUPT_ALLOCATE_MSI, 0, 1, 1},
	{PORTS_READ, 2, 0, 0},
	{PORTS_WRITE, 3, 0, 0},
	{PORTS_DERIVE, 2, 0, 0},
};

#define SHAPES (sizeof(shapes) / sizeof(shapes[0]))

static uint32_t slot_for(uint32_t label) {
	for (size_t index = 0; index < METHODS; index++)
		if (methods[index].label == label) return slots[methods[index].kind];
	ck_abort_msg("label %#x has no object", label);
}

static error_t asks_with(uint32_t label, unsigned int words, unsigned int items) {
	static const uint64_t zeros[IPC_WORDS_MAX];

	for (unsigned int item = 0; item < items; item++) puts_capability(client, 0, ITEM_DERIVE, 0, 0);
	return asks(client, slot_for(label), label, zeros, words);
}

START_TEST(every_method_says_how_many_words_and_items_it_takes) {
	given_one_of_each_kind();
	ck_assert_uint_eq(SHAPES, METHODS - 4); /* all but what the kernel sends */
	for (size_t index = 0; index < SHAPES; index++) {
		const struct shape *shape = &shapes[index];
		for (unsigned int words = 0; words < shape->words; words++)
			ck_assert_msg(asks_with(shape->label, words, shape->items_min) == ERROR_ARGUMENT,
			              "%#x with %u words", shape->label, words);
		for (unsigned int items = 0; items <= IPC_ITEMS_MAX; items++) {
			if (items >= shape->items_min && items <= shape->items_max) continue;
			ck_assert_msg(asks_with(shape->label, shape->words, items) == ERROR_ARGUMENT,
			              "%#x with %u items", shape->label, items);
		}
		if (shape->items_max == 0) continue;
		puts_item(client, (struct ipc_item){.header = ITEM_FLAGS_ALL + 1});
		for (unsigned int item = 1; item < shape->items_min; item++)
			puts_capability(client, 0, ITEM_DERIVE, 0, 0);
		ck_assert_msg(asks(client, slot_for(shape->label), shape->label, WORDS(0, 0, 0, 0, 0)) ==
		                      ERROR_ARGUMENT,
		              "%#x with undefined bits in an item", shape->label);
	}
	gets(&root, queue->home->control, SPACE_SERIAL, NO_WORDS);
	gets(&root, queue->control, THREAD_STATE, NO_WORDS);
}
END_TEST

/* --- Addresses and lengths -------------------------------------------------------------------------- */

#define BIT_47 (UINT64_C(1) << 47)
#define BIT_63 (UINT64_C(1) << 63)

static const uint64_t odd_numbers[] = {
	0,
	1,
	UINT64_MAX,
	PAGE_SIZE,
	PAGE_SIZE + 1,
	PAGE_SIZE - 1,
	LARGE_PAGE_SIZE,
	BIT_47 - 1,
	BIT_47,
	BIT_47 + 1,
	BIT_47 - PAGE_SIZE,
	BIT_47 - 2 * PAGE_SIZE,
	BIT_63 - 1,
	BIT_63,
	BIT_63 + 1,
	UINT64_MAX - 1,
	UINT64_MAX - PAGE_SIZE + 1,
	0x800,
	BIT_47 >> 12,
	BIT_63 >> 11,
	BIT_47 - LARGE_PAGE_SIZE,
};

#define ODD (sizeof(odd_numbers) / sizeof(odd_numbers[0]))

/* What a walk over @count pages of @size from @base says of a space in which nothing is mapped there. */
static error_t range_error(uint64_t base, uint64_t count, uint64_t size) {
	if (base % size != 0 || base >= USER_ADDRESS_END) return ERROR_RANGE;
	return count > (USER_ADDRESS_END - base + size - 1) / size ? ERROR_RANGE : ERROR_OK;
}

static void assert_range(const char *what, error_t error, error_t expected, uint64_t base, uint64_t count) {
	ck_assert_msg(error == expected, "%s of %#lx, %#lx: error %d, not %d", what, base, count, error, expected);
}

static void tries_range(uint64_t base, uint64_t count) {
	const uint32_t space = slots[KIND_SPACE_CONTROL];
	const error_t small = range_error(base, count, PAGE_SIZE);
	const error_t large = range_error(base, count, LARGE_PAGE_SIZE);

	/* A walk over all of the space is as fast as its tables are few. */
	assert_range("unmap", asks(client, space, SPACE_UNMAP, WORDS(base, count, 0)), small, base, count);
	assert_range("unmap", asks(client, space, SPACE_UNMAP, WORDS(base, count, UNMAP_LARGE)), large, base, count);
	assert_range("unmap", asks(client, space, SPACE_UNMAP, WORDS(base, count, 4)), ERROR_ARGUMENT, base, count);
	assert_range("protect", asks(client, space, SPACE_PROTECT, WORDS(base, count, 1)), small, base, count);
	assert_range("protect", asks(client, space, SPACE_PROTECT, WORDS(base, count, MAP_LARGE)), large, base, count);
	assert_range("protect", asks(client, space, SPACE_PROTECT, WORDS(base, count, 8)), ERROR_ARGUMENT, base, count);
	assert_range("look", asks(client, space, SPACE_LOOK, WORDS(base, count, 0)),
	             count > 64 ? ERROR_ARGUMENT : small, base, count);
	assert_range("look", asks(client, space, SPACE_LOOK, WORDS(base, count, 1)), ERROR_ARGUMENT, base, count);
	assert_range("type", asks(client, space, SPACE_SET_MEMORY_TYPE, WORDS(base, count, 0)),
	             small == ERROR_OK && count ? ERROR_NOT_FOUND : small, base, count);
	assert_range("type", asks(client, space, SPACE_SET_MEMORY_TYPE, WORDS(base, count, 8)), ERROR_ARGUMENT, base,
	             count);
}

START_TEST(ranges_are_checked_before_anything_is_done) {
	given_one_of_each_kind();
	world_check_every(50);
	for (size_t base = 0; base < ODD; base++)
		for (size_t count = 0; count < ODD; count++) tries_range(odd_numbers[base], odd_numbers[count]);
}
END_TEST

static error_t map_error(uint64_t source, uint64_t destination, uint64_t size) {
	if (source % size || destination % size) return ERROR_RANGE;
	if (source >= USER_ADDRESS_END || destination >= USER_ADDRESS_END) return ERROR_RANGE;
	return destination + size - 1 >= USER_ADDRESS_END ? ERROR_RANGE : ERROR_NOT_FOUND;
}

START_TEST(places_of_mappings_are_checked) {
	given_one_of_each_kind();
	world_check_every(50);
	for (size_t first = 0; first < ODD; first++) {
		for (size_t second = 0; second < ODD; second++) {
			const uint64_t source = odd_numbers[first];
			const uint64_t destination = odd_numbers[second];
			const uint32_t space = slots[KIND_SPACE_CONTROL];
			assert_range("map", asks(client, space, SPACE_MAP, WORDS(source, destination, 1, 1)),
			             map_error(source, destination, PAGE_SIZE), source, destination);
			assert_range(
				"map",
				asks(client, space, SPACE_MAP, WORDS(source, destination, UINT64_MAX, 1 | MAP_LARGE)),
				map_error(source, destination, LARGE_PAGE_SIZE), source, destination);
			assert_range("map", asks(client, space, SPACE_MAP, WORDS(source, destination, 0, 1)), ERROR_OK,
			             source, destination);
			assert_range("map", asks(client, space, SPACE_MAP, WORDS(source, destination, 1, 8)),
			             ERROR_ARGUMENT, source, destination);
		}
	}
}
END_TEST

static error_t address_error(uint64_t address) { return address < USER_ADDRESS_END ? ERROR_OK : ERROR_RANGE; }

START_TEST(single_addresses_and_numbers_are_checked) {
	given_one_of_each_kind();
	for (size_t index = 0; index < ODD; index++) {
		const uint64_t value = odd_numbers[index];
		const error_t address = address_error(value);
		assert_range("physical", asks(client, slots[KIND_SPACE_CONTROL], SPACE_PHYSICAL, WORDS(value)),
		             address == ERROR_OK ? ERROR_NOT_FOUND : address, value, 0);
		assert_range("thread", asks(client, slots[KIND_SPACE_CONTROL], SPACE_THREAD, WORDS(value)),
		             address == ERROR_OK ? ERROR_NOT_FOUND : address, value, 0);
		assert_range("bases", asks(client, slots[KIND_THREAD_CONTROL], THREAD_SET_BASES, WORDS(value, 0)),
		             address, value, 0);
		assert_range("bases", asks(client, slots[KIND_THREAD_CONTROL], THREAD_SET_BASES, WORDS(0, value)),
		             address, 0, value);
		assert_range("handler", asks(client, slots[KIND_THREAD_CONTROL], THREAD_SET_HANDLER, WORDS(value)),
		             value < HANDLER_COUNT ? ERROR_OK : ERROR_RANGE, value, 0);
		assert_range("flags", asks(client, slots[KIND_THREAD_CONTROL], THREAD_SET_FLAGS, WORDS(value)),
		             value <= THREAD_FOREIGN ? ERROR_OK : ERROR_ARGUMENT, value, 0);
		assert_range("budget", asks(client, slots[KIND_THREAD_CONTROL], THREAD_SET_BUDGET, WORDS(0, value)),
		             value <= PRIORITY_MAX ? ERROR_OK : ERROR_RANGE, value, 0);
		assert_range("quantum", asks(client, slots[KIND_THREAD_CONTROL], THREAD_SET_BUDGET, WORDS(value, 0)),
		             value <= BUDGET_QUANTUM_MAX ? ERROR_OK : ERROR_RANGE, value, 0);
		assert_range("read", asks(client, slots[KIND_SPACE_CONTROL], SPACE_CAPABILITY_READ, WORDS(value)),
		             value < SLOTS_PER_PAGE ? ERROR_OK : ERROR_CAPABILITY, value, 0);
	}
}
END_TEST

/* Only what lies in backed pages can be a source, only what is empty there a destination. */
static error_t slot_error(uint64_t slot) {
	if (slot == 0 || slot >= SLOT_COUNT) return ERROR_RANGE;
	return slot < SLOTS_PER_PAGE ? ERROR_OK : ERROR_NO_MEMORY;
}

START_TEST(slot_numbers_are_checked) {
	given_one_of_each_kind();
	const uint32_t space = client->home->own;
	for (size_t index = 0; index < ODD; index++) {
		const uint64_t slot = odd_numbers[index] == 1 ? 100 : odd_numbers[index];
		assert_range(
			"derive",
			asks(client, space, SPACE_CAPABILITY_DERIVE, WORDS(slots[KIND_THREAD], slot, RIGHTS_ALL, 0, 0)),
			slot_error(slot), slots[KIND_THREAD], slot);
		assert_range("delete", asks(client, space, SPACE_CAPABILITY_DELETE, WORDS(slot)),
		             slot < SLOTS_PER_PAGE ? ERROR_OK : ERROR_CAPABILITY, slot, 0);
		assert_range("derive", asks(client, space, SPACE_CAPABILITY_DERIVE, WORDS(slot, 101, 7, 0, 0)),
		             ERROR_CAPABILITY, slot, 101);
		assert_range("share", asks(client, space, SPACE_CAPABILITY_SHARE, WORDS(slot, 101, 7)),
		             ERROR_CAPABILITY, slot, 101);
		assert_range("move", asks(client, space, SPACE_CAPABILITY_MOVE, WORDS(slot, 101)), ERROR_CAPABILITY,
		             slot, 101);
		assert_range("revoke", asks(client, space, SPACE_CAPABILITY_REVOKE, WORDS(slot)), ERROR_CAPABILITY,
		             slot, 0);
		assert_range("replace", asks(client, space, SPACE_CAPABILITY_REPLACE, WORDS(slots[KIND_THREAD], slot)),
		             ERROR_CAPABILITY, slots[KIND_THREAD], slot);
	}
}
END_TEST

SUITE("kernel arguments", a_method_is_understood_only_by_what_it_is_a_method_of,
      no_method_is_reached_through_slots_that_are_none, no_method_is_reached_through_what_was_destroyed,
      methods_that_do_not_exist_are_unknown, control_takes_only_calls,
      every_method_says_how_many_words_and_items_it_takes, ranges_are_checked_before_anything_is_done,
      places_of_mappings_are_checked, single_addresses_and_numbers_are_checked, slot_numbers_are_checked)
