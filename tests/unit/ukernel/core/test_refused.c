/* SPDX-License-Identifier: MIT */
/*
 * What is refused changes nothing: for each operation that needs memory or room, the Nth piece of it is made missing,
 * busy or of the wrong kind, and all of the machine's memory is compared before and after.
 */
#include "suite.h"

#include "frame.h"
#include "table.h"

#define LABEL_ASK UINT32_C(0x1000005)
#define AREA      UINT64_C(0x80000000) /* of the receiver's windows: a table for each 2 MiB */

/* --- Nothing has changed ---------------------------------------------------------------------------- */

static char *memory_before;

static void remembers_memory(void) {
	free(memory_before);
	memory_before = malloc(fake_memory_size);
	ck_assert_ptr_nonnull(memory_before);
	memcpy(memory_before, fake_memory, fake_memory_size);
}

/* But the caller's registers and message buffer. */
static void assert_nothing_changed(const struct actor *caller) {
	for (uint64_t number = 0; number < frame_count; number++) {
		const struct frame *frame = &frame_table[number];
		const char *contents = fake_memory + (number << PAGE_SHIFT);
		if (frame == frame_of(caller->thread) || frame == frame_of(caller->thread->utcb)) continue;
		ck_assert_msg(memcmp(contents, memory_before + (number << PAGE_SHIFT), PAGE_SIZE) == 0,
		              "frame %lx of type %u has changed", number, frame->type);
	}
}

/* --- Frames ------------------------------------------------------------------------------------------ */

/* What can be wrong with one of several frames. */
enum defect {
	FRAME_NOT_HELD,
	FRAME_MAPPED,
	FRAME_GRANTED,
	FRAME_READ_ONLY,
	FRAME_FOR_DMA,
	FRAME_OF_A_SUPERPAGE,
	FRAME_TWICE,
	DEFECTS
};

static const error_t defect_errors[DEFECTS] = {
	ERROR_NOT_FOUND, ERROR_BUSY, ERROR_BUSY, ERROR_RIGHT, ERROR_RIGHT, ERROR_STATE, ERROR_BUSY,
};

static struct home *home;
static uint64_t good[5];        /* frames that nothing is wrong with */
static uint64_t bad[DEFECTS];   /* one for each defect */
static uint64_t read_only_home; /* an address where root holds a frame without write */

static void given_good_and_bad_frames(void) {
	struct home *other = given_a_space();

	home = given_a_space();
	given_tables(home, AREA, TABLE_LEVEL_2M);
	given_tables(&root_home, UINT64_C(0x100000000), TABLE_LEVEL_4K);
	read_only_home = UINT64_C(0x100000000);
	for (unsigned int index = 0; index < 5; index++) good[index] = given_a_frame();
	bad[FRAME_NOT_HELD] = UINT64_C(0x12345000);
	bad[FRAME_MAPPED] = given_a_frame();
	given_mapping(other, bad[FRAME_MAPPED], 1, PAGE_READ);
	bad[FRAME_GRANTED] = ROOT_HOLDS + frame_physical(frame_of(other->space)).value;
	bad[FRAME_READ_ONLY] = read_only_home;
	gets(&root, ROOT_SLOT_SPACE, SPACE_MAP, WORDS(given_a_frame(), read_only_home, 1, PAGE_READ | MAP_HOLD));
	bad[FRAME_FOR_DMA] = given_a_frame();
	gets(&root, ROOT_SLOT_SPACE, SPACE_SET_MEMORY_TYPE, WORDS(bad[FRAME_FOR_DMA], 1, MEMORY_DMA));
	bad[FRAME_OF_A_SUPERPAGE] = given_a_superpage();
}

struct operation {
	uint32_t label;
	unsigned int frames;
	uint64_t words[2];
};

static const struct operation operations[] = {
	{SPACE_CREATE_SPACE, 2, {0, 0}},
	{SPACE_CREATE_THREAD, 1, {0, 0}},
	{SPACE_CREATE_THREAD, 2, {UINT64_C(0x40010000), 0}},
	{SPACE_ADD_TABLE, 5, {AREA, TABLE_LEVEL_4K}},
	{SPACE_ADD_TABLE, 5, {UINT64_C(0x100000000), TABLE_LEVEL_2M}},
	{SPACE_ADD_TABLE, 1, {UINT64_C(0x140000000), TABLE_LEVEL_2M}},
	{SPACE_ADD_TABLE, 1, {UINT64_C(0x8000000000), TABLE_LEVEL_1G}},
	{SPACE_ADD_SLOTS, 1, {7, 0}},
	{SPACE_SPLIT, 5, {AREA + LARGE_PAGE_SIZE, 0}},
};

#define OPERATIONS (sizeof(operations) / sizeof(operations[0]))

/* Offers good frames, but as number @nth (from 0; none if there are fewer) one with @defect. */
static error_t tries(const struct operation *operation, unsigned int nth, enum defect defect) {
	for (unsigned int index = 0; index < operation->frames; index++) {
		/* cppcheck-suppress arrayIndexOutOfBoundsCond ; @nth may be a number that no frame has */
		uint64_t frame = index == nth ? bad[defect] : good[index];
		if (index == nth && defect == FRAME_TWICE) frame = good[index ? 0 : 1];
		puts_pages(&root, frame, 1, PAGE_RIGHTS, ITEM_HOLD, 0);
	}
	return asks(&root, home->control, operation->label, WORDS(operation->words[0], operation->words[1]));
}

START_TEST(whichever_frame_is_wrong_in_whichever_way_nothing_changes) {
	given_good_and_bad_frames();
	puts_capability(&root, home->control, ITEM_DERIVE, 0, 0);
	gets(&root, ROOT_SLOT_SPACE, SPACE_MAP,
	     WORDS(given_a_superpage(), AREA + LARGE_PAGE_SIZE, 1, PAGE_RIGHTS | MAP_LARGE));
	uint32_t slot = given_a_slot();
	(void)given_a_slot();
	accepts_slots(&root, slot, 2);
	remembers_memory();
	for (size_t index = 0; index < OPERATIONS; index++) {
		for (unsigned int nth = 0; nth < operations[index].frames; nth++) {
			for (unsigned int defect = 0; defect < DEFECTS; defect++) {
				if (defect == FRAME_TWICE && operations[index].frames == 1) continue;
				const error_t error = tries(&operations[index], nth, defect);
				ck_assert_msg(error == defect_errors[defect],
				              "%#x, frame %u, defect %u: error %d, not %d", operations[index].label,
				              nth, defect, error, defect_errors[defect]);
				assert_nothing_changed(&root);
			}
		}
	}
	/* Nothing was wrong with the rest. */
	for (size_t index = 0; index < OPERATIONS; index++) {
		ck_assert_uint_eq(tries(&operations[index], UINT32_MAX, 0), ERROR_OK);
		for (unsigned int frame = 0; frame < operations[index].frames; frame++) good[frame] = given_a_frame();
		accepts_slots(&root, given_a_slot(), 2);
		(void)given_a_slot();
	}
}
END_TEST

START_TEST(whichever_slot_for_the_answer_is_missing_nothing_changes) {
	static const struct operation answered[] = {
		{SPACE_CREATE_SPACE, 2, {0, 0}},
		{SPACE_CREATE_THREAD, 1, {0, 0}},
		{SPACE_CREATE_THREAD, 2, {UINT64_C(0x40010000), 0}},
		{SPACE_THREAD, 0, {0, 0}},
	};
	const uint32_t missing = SLOTS_PER_PAGE * 9;
	const struct {
		uint32_t first, count;
		error_t error;
	} windows[] = {
		{missing, 2, ERROR_NO_MEMORY}, {ROOT_SLOT_SPACE, 2, ERROR_EXISTS}, {0, 2, ERROR_RANGE},
		{missing, 0, ERROR_RANGE},     {SLOT_COUNT, 2, ERROR_RANGE},       {UINT32_MAX, 2, ERROR_RANGE},
	};

	given_good_and_bad_frames();
	remembers_memory();
	for (size_t index = 0; index < sizeof(answered) / sizeof(answered[0]); index++) {
		for (size_t window = 0; window < sizeof(windows) / sizeof(windows[0]); window++) {
			accepts_slots(&root, windows[window].first, windows[window].count);
			if (answered[index].label == SPACE_THREAD)
				ck_assert_uint_eq(asks(&root, ROOT_SLOT_SPACE, SPACE_THREAD, WORDS(0)),
				                  windows[window].error);
			else
				ck_assert_uint_eq(tries(&answered[index], UINT32_MAX, 0), windows[window].error);
			assert_nothing_changed(&root);
		}
	}
	/* The second of two. */
	while ((given_a_slot() + 1) % SLOTS_PER_PAGE) continue;
	remembers_memory();
	accepts_slots(&root, root_home.next_slot - 1, 2);
	ck_assert_uint_eq(tries(&answered[1], UINT32_MAX, 0), ERROR_NO_MEMORY);
	assert_nothing_changed(&root);
}
END_TEST

START_TEST(whichever_table_is_missing_above_a_place_nothing_changes) {
	static const uint64_t places[] = {AREA, UINT64_C(0x100000000), UINT64_C(0x8000000000)};
	static const uint64_t utcb = UINT64_C(0x200000);

	given_good_and_bad_frames();
	accepts_slots(&root, given_a_slot(), 2);
	(void)given_a_slot();
	remembers_memory();
	for (size_t index = 0; index < sizeof(places) / sizeof(places[0]); index++) {
		const struct operation thread = {SPACE_CREATE_THREAD, 2, {places[index] + utcb, 0}};
		const struct operation table = {SPACE_ADD_TABLE, 5, {places[index] + utcb, TABLE_LEVEL_4K}};
		ck_assert_uint_eq(tries(&thread, UINT32_MAX, 0), ERROR_NO_MEMORY);
		if (index) ck_assert_uint_eq(tries(&table, UINT32_MAX, 0), ERROR_NO_MEMORY);
		puts_capability(&root, home->control, ITEM_DERIVE, 0, 0);
		ck_assert_uint_eq(asks(&root, ROOT_SLOT_SPACE, SPACE_MAP, WORDS(good[0], places[index], 1, PAGE_READ)),
		                  ERROR_NO_MEMORY);
		assert_nothing_changed(&root);
	}
}
END_TEST

/* --- Messages ---------------------------------------------------------------------------------------- */

static struct actor *sender, *receiver;
static uint32_t to_receiver;

/* Item n lands in a table, or a slot page, of its own; number @missing has none. */
static void given_a_receiver_without(unsigned int missing_table, unsigned int missing_page) {
	sender = given_somebody();
	receiver = given_somebody();
	to_receiver = given_a_capability(receiver, sender->home, RIGHT_SEND, 1);
	accepts_pages(receiver, AREA, IPC_ITEMS_MAX * LARGE_PAGE_SIZE);
	accepts_slots(receiver, SLOTS_PER_PAGE, IPC_ITEMS_MAX * SLOTS_PER_PAGE);
	for (unsigned int index = 0; index < IPC_ITEMS_MAX; index++) {
		if (index != missing_table)
			given_tables(receiver->home, AREA + index * LARGE_PAGE_SIZE, TABLE_LEVEL_4K);
		if (index == missing_page) continue;
		puts_pages(&root, given_a_frame(), 1, PAGE_RIGHTS, ITEM_HOLD, 0);
		gets(&root, receiver->home->control, SPACE_ADD_SLOTS, WORDS(1 + index));
	}
	receives(receiver);
}

static void sends_pages(uint64_t page) {
	for (unsigned int index = 0; index < IPC_ITEMS_MAX; index++)
		puts_pages(sender, page + index * PAGE_SIZE, 1, PAGE_RIGHTS, index % 2 ? ITEM_HOLD : 0,
		           index * LARGE_PAGE_SIZE);
	does(sender, IPC_SEND, to_receiver, LABEL_ASK, WORDS(1, 2, 3));
}

static void sends_capabilities(const uint32_t *slots) {
	static const uint64_t actions[] = {ITEM_DERIVE, ITEM_SHARE, ITEM_MOVE};

	for (unsigned int index = 0; index < IPC_ITEMS_MAX; index++)
		puts_capability(sender, slots[index], actions[index % 3], RIGHT_SEND, index * SLOTS_PER_PAGE);
	does(sender, IPC_SEND, to_receiver, LABEL_ASK, WORDS(1, 2, 3));
}

static void assert_refused(unsigned int item, error_t error) {
	ck_assert_msg(is_back(sender), "the sender learns it");
	ck_assert_uint_eq(result_of(sender), error | IPC_RESULT_RECEIVER | (item << IPC_RESULT_ITEM_SHIFT));
	assert_waiting(receiver);
	assert_nothing_changed(sender);
}

START_TEST(whichever_table_a_page_lacks_nothing_of_the_message_arrives) {
	for (unsigned int missing = 0; missing < IPC_ITEMS_MAX; missing++) {
		given_a_machine();
		given_a_receiver_without(missing, IPC_ITEMS_MAX);
		uint64_t pages = given_pages(sender->home, IPC_ITEMS_MAX, PAGE_RIGHTS);
		runs(sender);
		remembers_memory();
		sends_pages(pages);
		assert_refused(missing, ERROR_NO_MEMORY);
		given_tables(receiver->home, AREA + missing * LARGE_PAGE_SIZE, TABLE_LEVEL_4K);
		sends_pages(pages);
		ck_assert_uint_eq(error_of(sender), ERROR_OK);
		assert_got(receiver, LABEL_ASK, 1);
	}
}
END_TEST

START_TEST(whichever_slot_page_a_capability_lacks_nothing_of_the_message_arrives) {
	for (unsigned int missing = 0; missing < IPC_ITEMS_MAX; missing++) {
		uint32_t slots[IPC_ITEMS_MAX];
		given_a_machine();
		given_a_receiver_without(IPC_ITEMS_MAX, missing);
		struct actor *other = given_somebody();
		for (unsigned int index = 0; index < IPC_ITEMS_MAX; index++)
			slots[index] = given_a_capability(other, sender->home, RIGHT_SEND, index);
		runs(sender);
		remembers_memory();
		sends_capabilities(slots);
		assert_refused(missing, ERROR_NO_MEMORY);
		puts_pages(&root, given_a_frame(), 1, PAGE_RIGHTS, ITEM_HOLD, 0);
		gets(&root, receiver->home->control, SPACE_ADD_SLOTS, WORDS(1 + missing));
		sends_capabilities(slots);
		ck_assert_uint_eq(error_of(sender), ERROR_OK);
		assert_got(receiver, LABEL_ASK, 1);
	}
}
END_TEST

START_TEST(a_right_that_finds_no_slot_stays_with_the_server) {
	given_a_receiver_without(IPC_ITEMS_MAX, 0);
	gets(&root, receiver->control, THREAD_CANCEL, NO_WORDS);
	given_a_caller_served(sender, receiver);
	runs(receiver);
	static const struct {
		uint32_t slot;
		error_t error;
	} places[] = {
		{SLOTS_PER_PAGE, ERROR_NO_MEMORY}, {1, ERROR_EXISTS}, {0, ERROR_RANGE}, {SLOT_COUNT, ERROR_RANGE}};
	for (size_t index = 0; index < sizeof(places) / sizeof(places[0]); index++) {
		remembers_memory();
		ck_assert_uint_eq(saves(receiver, places[index].slot), places[index].error);
		/* The reply right, in the receiver's own frame, is where it was. */
		assert_nothing_changed(receiver);
	}
	replies(receiver, ERROR_OK, NO_WORDS);
	assert_got(sender, ERROR_OK, 0);
}
END_TEST

SUITE("kernel refused", whichever_frame_is_wrong_in_whichever_way_nothing_changes,
      whichever_slot_for_the_answer_is_missing_nothing_changes,
      whichever_table_is_missing_above_a_place_nothing_changes,
      whichever_table_a_page_lacks_nothing_of_the_message_arrives,
      whichever_slot_page_a_capability_lacks_nothing_of_the_message_arrives,
      a_right_that_finds_no_slot_stays_with_the_server)
