/* SPDX-License-Identifier: MIT */
/*
 * Items: pages and capabilities that travel with messages.
 */
#include "suite.h"

#include "frame.h"
#include "table.h"

#define LABEL_ASK UINT32_C(0x1000005)

static struct actor *client, *server;
static uint32_t to_server;
static uint32_t server_slot;  /* first of eight that it accepts */
static uint64_t server_pages; /* window of eight pages */

static void given_client_and_server(void) {
	client = given_somebody();
	server = given_somebody();
	to_server = given_a_capability(server, client->home, RIGHT_SEND, 42);
	server_slot = given_a_slot_of(server->home);
	for (unsigned int index = 1; index < 8; index++) given_a_slot_of(server->home);
	server_pages = server->home->next_page;
	server->home->next_page += 32 * PAGE_SIZE;
	accepts_slots(server, server_slot, 8);
	accepts_pages(server, server_pages, 8 * PAGE_SIZE);
}

static page_entry_t entry_at(struct home *home, uint64_t address) {
	struct table_place place = table_walk(home->space, address, TABLE_LEVEL_4K);

	return place.level == TABLE_LEVEL_4K ? *place.entry : 0;
}

static unsigned int kind_in(struct home *home, uint32_t slot) { return slot_kind(slot_find(home->space, slot)); }

/* The client's message with the items it has put is refused for @error of item @index. */
#define assert_refused(error, index, receiver)                                                \
	do {                                                                                  \
		sends(client, to_server, LABEL_ASK, NO_WORDS);                                \
		assert_failed(client, (error));                                               \
		ck_assert_uint_eq(IPC_RESULT_ITEM(result_of(client)), (index));               \
		ck_assert_int_eq((result_of(client) & IPC_RESULT_RECEIVER) != 0, (receiver)); \
		assert_waiting(server);                                                       \
	} while (0)

START_TEST(pages_arrive_in_the_window_with_the_rights_both_allow) {
	given_client_and_server();
	uint64_t pages = given_pages(client->home, 2, PAGE_READ | PAGE_WRITE);
	receives(server);
	puts_pages(client, pages, 2, PAGE_READ | PAGE_EXECUTE, 0, PAGE_SIZE);
	sends(client, to_server, LABEL_ASK, NO_WORDS);
	assert_got(server, LABEL_ASK, 42);
	ck_assert_uint_eq(IPC_TAG_ITEMS(tag_of(server)), 1);
	ck_assert_uint_eq(item_of(server, 0)->source, server_pages + PAGE_SIZE);
	ck_assert_uint_eq(item_of(server, 0)->count, 2);
	for (unsigned int page = 0; page < 2; page++) {
		page_entry_t sent = entry_at(client->home, pages + page * PAGE_SIZE);
		page_entry_t got = entry_at(server->home, server_pages + (1 + page) * PAGE_SIZE);
		ck_assert_uint_eq(page_entry_frame(sent).value, page_entry_frame(got).value);
		ck_assert_uint_eq(page_entry_rights(got), PAGE_READ);
		ck_assert_uint_ne(got & ENTRY_PRESENT, 0);
	}
}
END_TEST

START_TEST(a_hold_arrives_as_a_hold_and_gives_no_access) {
	given_client_and_server();
	uint64_t page = given_pages(client->home, 1, PAGE_RIGHTS | MAP_HOLD);
	receives(server);
	puts_pages(client, page, 1, PAGE_RIGHTS, ITEM_HOLD, 0);
	sends(client, to_server, LABEL_ASK, NO_WORDS);
	ck_assert_int_eq(page_entry_kind(entry_at(server->home, server_pages), 1), PAGE_ENTRY_HOLD);
	ck_assert_int_eq(fake_access(server->home->space, server_pages, PAGE_READ), ACCESS_FAULT);
}
END_TEST

START_TEST(a_capability_arrives_in_the_slot_range) {
	given_client_and_server();
	struct actor *third = given_somebody();
	uint32_t slot = given_a_capability(third, client->home, RIGHT_SEND, 6);
	receives(server);
	puts_capability(client, slot, ITEM_DERIVE, RIGHTS_ALL, 3);
	sends(client, to_server, LABEL_ASK, NO_WORDS);
	ck_assert_uint_eq(item_of(server, 0)->source, server_slot + 3);
	ck_assert_uint_eq(item_of(server, 0)->header & ITEM_TYPE_MASK, ITEM_CAPABILITY);
	receives(third);
	sends(server, server_slot + 3, LABEL_ASK, NO_WORDS);
	assert_got(third, LABEL_ASK, 6);
}
END_TEST

START_TEST(derived_shared_and_moved_capabilities_live_as_long_as_they_should) {
	given_client_and_server();
	struct actor *third = given_somebody();
	uint32_t slot = given_a_capability(third, client->home, RIGHT_SEND, 6);
	uint32_t other = given_a_capability(third, client->home, RIGHT_SEND, 7);
	receives(server);
	puts_capability(client, slot, ITEM_DERIVE, RIGHTS_ALL, 0);
	puts_capability(client, slot, ITEM_SHARE, RIGHTS_ALL, 1);
	puts_capability(client, other, ITEM_MOVE, RIGHTS_ALL, 2);
	sends(client, to_server, LABEL_ASK, NO_WORDS);
	assert_got(server, LABEL_ASK, 42);
	ck_assert_uint_eq(kind_in(client->home, other), KIND_EMPTY);
	gets(client, client->home->own, SPACE_CAPABILITY_DELETE, WORDS(slot));
	ck_assert_uint_eq(kind_in(server->home, server_slot), KIND_EMPTY);
	ck_assert_uint_eq(kind_in(server->home, server_slot + 1), KIND_THREAD);
	ck_assert_uint_eq(kind_in(server->home, server_slot + 2), KIND_THREAD);
}
END_TEST

START_TEST(a_badge_can_be_fixed_on_the_way) {
	given_client_and_server();
	struct actor *third = given_somebody();
	uint32_t slot = given_an_unbadged_capability(third, client->home, RIGHTS_ALL);
	receives(server);
	puts_badged(client, slot, RIGHT_SEND, 99, 0);
	sends(client, to_server, LABEL_ASK, NO_WORDS);
	receives(third);
	sends(server, server_slot, LABEL_ASK, NO_WORDS);
	assert_got(third, LABEL_ASK, 99);
}
END_TEST

START_TEST(a_capability_to_the_receivers_own_queue_arrives_as_its_badge) {
	given_client_and_server();
	uint32_t slot = given_a_capability(server, client->home, RIGHT_SEND, 1234);
	accepts_slots(server, 0, 0);
	receives(server);
	puts_capability(client, slot, ITEM_DERIVE, RIGHTS_ALL, 0);
	sends(client, to_server, LABEL_ASK, NO_WORDS);
	assert_got(server, LABEL_ASK, 42);
	ck_assert_uint_ne(item_of(server, 0)->header & ITEM_OWN, 0);
	ck_assert_uint_eq(item_of(server, 0)->count, 1234);
	ck_assert_uint_eq(kind_in(client->home, slot), KIND_THREAD);
}
END_TEST

START_TEST(a_worker_recognises_capabilities_to_the_queue_it_serves) {
	struct actor *queue = given_a_queue(given_a_space());
	struct actor *worker = given_somebody();
	client = given_somebody();
	uint32_t serve = given_an_unbadged_capability(queue, worker->home, RIGHT_SERVE);
	uint32_t to_queue = given_a_capability(queue, client->home, RIGHT_SEND, 5);
	accepts_slots(worker, 0, 0);
	receives_from(worker, serve);
	puts_capability(client, to_queue, ITEM_SHARE, RIGHTS_ALL, 0);
	sends(client, to_queue, LABEL_ASK, NO_WORDS);
	assert_got(worker, LABEL_ASK, 5);
	ck_assert_uint_ne(item_of(worker, 0)->header & ITEM_OWN, 0);
	ck_assert_uint_eq(item_of(worker, 0)->count, 5);
}
END_TEST

START_TEST(a_queue_that_was_served_and_is_gone_forges_no_badge) {
	struct home *home = given_a_space();
	struct actor *queue = given_a_queue(home);
	struct actor *worker = given_somebody();
	client = given_somebody();
	uint32_t serve = given_an_unbadged_capability(queue, worker->home, RIGHT_SERVE);
	uint32_t to_worker = given_a_capability(worker, client->home, RIGHT_SEND, 5);
	struct thread *old = queue->thread;
	uint64_t frame = ROOT_HOLDS + arch_physical(old).value;

	does(worker, IPC_RECEIVE | IPC_RECEIVE_NONBLOCK, IPC_TARGET(0, serve), 0, NO_WORDS);
	gets(&root, queue->control, THREAD_DESTROY, NO_WORDS);
	uint32_t slots = given_a_slot();
	(void)given_a_slot();
	puts_pages(&root, frame, 1, PAGE_RIGHTS, ITEM_HOLD, 0);
	accepts_slots(&root, slots, 2);
	gets(&root, home->control, SPACE_CREATE_THREAD, WORDS(0));
	struct actor *next = given_actor_of(old, home, slots, slots + 1);
	uint32_t forged = given_a_capability(next, client->home, RIGHT_SEND, 4711);
	uint32_t place = given_a_slot_of(worker->home);
	accepts_slots(worker, place, 1);
	receives(worker);
	puts_capability(client, forged, ITEM_DERIVE, RIGHTS_ALL, 0);
	sends(client, to_worker, LABEL_ASK, NO_WORDS);
	assert_got(worker, LABEL_ASK, 5);
	ck_assert_uint_eq(item_of(worker, 0)->header & ITEM_OWN, 0);
	ck_assert_uint_eq(kind_in(worker->home, place), KIND_THREAD);
}
END_TEST

START_TEST(a_moved_own_capability_is_gone_for_the_sender) {
	given_client_and_server();
	uint32_t slot = given_a_capability(server, client->home, RIGHT_SEND, 1234);
	receives(server);
	puts_capability(client, slot, ITEM_MOVE, RIGHTS_ALL, 0);
	sends(client, to_server, LABEL_ASK, NO_WORDS);
	ck_assert_uint_eq(item_of(server, 0)->count, 1234);
	ck_assert_uint_eq(kind_in(client->home, slot), KIND_EMPTY);
}
END_TEST

START_TEST(an_own_capability_with_children_cannot_be_moved_away) {
	given_client_and_server();
	uint32_t slot = given_an_unbadged_capability(server, client->home, RIGHT_SEND);
	uint32_t child = given_a_slot_of(client->home);
	gets(client, client->home->own, SPACE_CAPABILITY_DERIVE, WORDS(slot, child, RIGHT_SEND, 0, 0));
	receives(server);
	puts_capability(client, slot, ITEM_MOVE, RIGHTS_ALL, 0);
	assert_refused(ERROR_BUSY, 0, 0);
}
END_TEST

START_TEST(a_message_with_a_refused_item_transfers_nothing) {
	given_client_and_server();
	uint64_t page = given_pages(client->home, 1, PAGE_RIGHTS);
	uint32_t slot = given_a_capability(given_somebody(), client->home, RIGHT_SEND, 6);
	uint64_t present = present_mappings_counted();
	receives(server);
	puts_pages(client, page, 1, PAGE_RIGHTS, 0, 0);
	puts_capability(client, slot, ITEM_MOVE, RIGHTS_ALL, 0);
	puts_capability(client, given_a_slot_of(client->home), ITEM_DERIVE, RIGHTS_ALL, 1);
	assert_refused(ERROR_CAPABILITY, 2, 0);
	ck_assert_uint_eq(kind_in(server->home, server_slot), KIND_EMPTY);
	ck_assert_uint_eq(kind_in(client->home, slot), KIND_THREAD);
	ck_assert_uint_eq(entry_at(server->home, server_pages), 0);
	ck_assert_uint_eq(present_mappings_counted(), present);
}
END_TEST

START_TEST(the_receivers_windows_are_kept) {
	given_client_and_server();
	uint64_t page = given_pages(client->home, 1, PAGE_RIGHTS);
	uint32_t slot = given_a_capability(given_somebody(), client->home, RIGHT_SEND, 6);
	receives(server);
	puts_pages(client, page, 1, PAGE_RIGHTS, 0, 8 * PAGE_SIZE);
	assert_refused(ERROR_RANGE, 0, 1);
	puts_pages(client, page, 1, PAGE_RIGHTS, 0, UINT64_MAX - PAGE_SIZE + 1);
	assert_refused(ERROR_RANGE, 0, 1);
	puts_capability(client, slot, ITEM_DERIVE, RIGHTS_ALL, 8);
	assert_refused(ERROR_RANGE, 0, 1);
	puts_capability(client, slot, ITEM_DERIVE, RIGHTS_ALL, UINT64_MAX);
	assert_refused(ERROR_RANGE, 0, 1);
	accepts_pages(server, UINT64_MAX - PAGE_SIZE + 1, 2 * PAGE_SIZE);
	puts_pages(client, page, 1, PAGE_RIGHTS, 0, 0);
	assert_refused(ERROR_RANGE, 0, 1);
	accepts_pages(server, USER_ADDRESS_END - PAGE_SIZE, UINT64_MAX);
	puts_pages(client, page, 1, PAGE_RIGHTS, 0, PAGE_SIZE);
	assert_refused(ERROR_RANGE, 0, 1);
}
END_TEST

START_TEST(occupied_places_are_refused) {
	given_client_and_server();
	uint64_t pages = given_pages(client->home, 2, PAGE_RIGHTS);
	uint32_t slot = given_a_capability(given_somebody(), client->home, RIGHT_SEND, 6);
	receives(server);
	puts_pages(client, pages, 1, PAGE_RIGHTS, 0, 0);
	puts_capability(client, slot, ITEM_DERIVE, RIGHTS_ALL, 0);
	sends(client, to_server, LABEL_ASK, NO_WORDS);
	receives(server);
	puts_pages(client, pages + PAGE_SIZE, 1, PAGE_RIGHTS, 0, 0);
	assert_refused(ERROR_EXISTS, 0, 1);
	puts_capability(client, slot, ITEM_DERIVE, RIGHTS_ALL, 0);
	assert_refused(ERROR_EXISTS, 0, 1);
}
END_TEST

START_TEST(the_same_page_again_changes_its_rights) {
	given_client_and_server();
	uint64_t page = given_pages(client->home, 1, PAGE_RIGHTS);
	static const unsigned int rights[] = {PAGE_READ, PAGE_RIGHTS, PAGE_READ | PAGE_WRITE, PAGE_READ | PAGE_EXECUTE};

	for (unsigned int turn = 0; turn < 4; turn++) {
		receives(server);
		puts_pages(client, page, 1, rights[turn], 0, 0);
		sends(client, to_server, LABEL_ASK, NO_WORDS);
		assert_got(server, LABEL_ASK, 42);
		ck_assert_uint_eq(page_entry_rights(entry_at(server->home, server_pages)), rights[turn]);
		fake_access(server->home->space, server_pages, PAGE_READ);
		if (rights[turn] & PAGE_WRITE) fake_access(server->home->space, server_pages, PAGE_WRITE);
	}
	receives(server);
	puts_pages(client, page, 1, PAGE_READ, ITEM_HOLD, 0);
	sends(client, to_server, LABEL_ASK, NO_WORDS);
	ck_assert_int_eq(fake_access(server->home->space, server_pages, PAGE_READ), ACCESS_FAULT);
}
END_TEST

START_TEST(nothing_may_be_written_twice_or_moved_twice_in_one_message) {
	given_client_and_server();
	uint64_t pages = given_pages(client->home, 2, PAGE_RIGHTS);
	uint32_t slot = given_a_capability(given_somebody(), client->home, RIGHT_SEND, 6);
	receives(server);
	puts_pages(client, pages, 2, PAGE_RIGHTS, 0, 0);
	puts_pages(client, pages, 1, PAGE_RIGHTS, 0, PAGE_SIZE);
	assert_refused(ERROR_EXISTS, 1, 0);
	puts_capability(client, slot, ITEM_DERIVE, RIGHTS_ALL, 0);
	puts_capability(client, slot, ITEM_DERIVE, RIGHTS_ALL, 0);
	assert_refused(ERROR_EXISTS, 1, 0);
	puts_capability(client, slot, ITEM_MOVE, RIGHTS_ALL, 0);
	puts_capability(client, slot, ITEM_MOVE, RIGHTS_ALL, 1);
	assert_refused(ERROR_EXISTS, 1, 0);
	puts_capability(client, slot, ITEM_DERIVE, RIGHTS_ALL, 0);
	puts_capability(client, slot, ITEM_MOVE, RIGHTS_ALL, 1);
	assert_refused(ERROR_EXISTS, 1, 0);
}
END_TEST

START_TEST(within_one_space_a_page_is_not_source_and_place_in_one_message) {
	struct home *home = given_a_space();
	client = given_a_thread(home);
	server = given_a_thread(home);
	to_server = given_a_capability(server, home, RIGHT_SEND, 42);
	uint64_t pages = given_pages(home, 1, PAGE_RIGHTS);
	accepts_pages(server, pages, 16 * PAGE_SIZE);
	receives(server);
	puts_pages(client, pages, 1, PAGE_RIGHTS, 0, 4 * PAGE_SIZE);
	sends(client, to_server, LABEL_ASK, NO_WORDS);
	assert_got(server, LABEL_ASK, 42);
	receives(server);
	/* The first item narrows what the second would give. */
	puts_pages(client, pages, 1, PAGE_READ, 0, 4 * PAGE_SIZE);
	puts_pages(client, pages + 4 * PAGE_SIZE, 1, PAGE_RIGHTS, 0, 5 * PAGE_SIZE);
	assert_refused(ERROR_EXISTS, 1, 0);
}
END_TEST

START_TEST(a_message_touches_at_most_sixteen_entries) {
	given_client_and_server();
	uint64_t pages = given_pages(client->home, 17, PAGE_RIGHTS);
	uint32_t slot = given_a_capability(given_somebody(), client->home, RIGHT_SEND, 6);
	accepts_pages(server, server_pages, 32 * PAGE_SIZE);
	receives(server);
	puts_pages(client, pages, 17, PAGE_RIGHTS, 0, 0);
	assert_refused(ERROR_ARGUMENT, 0, 0);
	puts_pages(client, pages, 10, PAGE_RIGHTS, 0, 0);
	puts_pages(client, pages, 7, PAGE_RIGHTS, 0, 10 * PAGE_SIZE);
	assert_refused(ERROR_ARGUMENT, 1, 0);
	puts_pages(client, pages, 16, PAGE_RIGHTS, 0, 0);
	puts_capability(client, slot, ITEM_DERIVE, RIGHTS_ALL, 0);
	assert_refused(ERROR_ARGUMENT, 1, 0);
	puts_pages(client, pages, UINT64_MAX, PAGE_RIGHTS, 0, 0);
	assert_refused(ERROR_ARGUMENT, 0, 0);
	puts_pages(client, pages, 0, PAGE_RIGHTS, 0, 0);
	assert_refused(ERROR_ARGUMENT, 0, 0);
	puts_pages(client, pages, 15, PAGE_RIGHTS, 0, 0);
	puts_capability(client, slot, ITEM_DERIVE, RIGHTS_ALL, 0);
	sends(client, to_server, LABEL_ASK, NO_WORDS);
	assert_got(server, LABEL_ASK, 42);
}
END_TEST

START_TEST(malformed_items_are_refused) {
	given_client_and_server();
	uint64_t page = given_pages(client->home, 1, PAGE_RIGHTS);
	uint32_t slot = given_a_capability(given_somebody(), client->home, RIGHT_SEND, 6);
	receives(server);
	static const uint64_t page_headers[] = {0,
	                                        4,
	                                        ITEM_PAGES | ITEM_MOVE,
	                                        ITEM_PAGES | ITEM_BADGE,
	                                        ITEM_PAGES | UINT64_C(1) << 15,
	                                        ITEM_PAGES | UINT64_C(1) << 40};
	for (unsigned int index = 0; index < sizeof(page_headers) / sizeof(page_headers[0]); index++) {
		puts_item(client, (struct ipc_item){page_headers[index] | ITEM_RIGHTS_MASK, page, 1, 0});
		assert_refused(ERROR_ARGUMENT, 0, 0);
	}
	static const uint64_t headers[] = {ITEM_CAPABILITY | ITEM_HOLD, ITEM_CAPABILITY | ITEM_LARGE,
	                                   ITEM_CAPABILITY | 0x30, ITEM_CAPABILITY | ITEM_SHARE | ITEM_BADGE};
	for (unsigned int index = 0; index < sizeof(headers) / sizeof(headers[0]); index++) {
		puts_item(client, (struct ipc_item){headers[index] | ITEM_RIGHTS_MASK, slot, 1, 0});
		assert_refused(ERROR_ARGUMENT, 0, 0);
	}
	puts_pages(client, page + 1, 1, PAGE_RIGHTS, 0, 0);
	assert_refused(ERROR_RANGE, 0, 0);
	puts_pages(client, USER_ADDRESS_END, 1, PAGE_RIGHTS, 0, 0);
	assert_refused(ERROR_RANGE, 0, 0);
	puts_pages(client, UINT64_C(0xffff800000000000), 1, PAGE_RIGHTS, 0, 0);
	assert_refused(ERROR_RANGE, 0, 0);
	puts_pages(client, page, 1, 0, 0, 0);
	assert_refused(ERROR_RIGHT, 0, 0);
	puts_pages(client, page + 8 * PAGE_SIZE, 1, PAGE_RIGHTS, 0, 0);
	assert_refused(ERROR_NOT_FOUND, 0, 0);
	puts_reply_right(client, 0);
	assert_refused(ERROR_STATE, 0, 0);
}
END_TEST

START_TEST(missing_tables_and_slots_say_that_the_receiver_ran_out) {
	given_client_and_server();
	uint64_t page = given_pages(client->home, 1, PAGE_RIGHTS);
	uint32_t slot = given_a_capability(given_somebody(), client->home, RIGHT_SEND, 6);
	static const uint64_t places[] = {UINT64_C(0x7f0000000000), UINT64_C(0x7fc0000000), UINT64_C(0x40200000)};
	receives(server);
	for (unsigned int index = 0; index < 3; index++) {
		accepts_pages(server, places[index], PAGE_SIZE);
		puts_pages(client, page, 1, PAGE_RIGHTS, 0, 0);
		assert_refused(ERROR_NO_MEMORY, 0, 1);
	}
	accepts_slots(server, SLOTS_PER_PAGE * 7, 4);
	puts_capability(client, slot, ITEM_DERIVE, RIGHTS_ALL, 0);
	assert_refused(ERROR_NO_MEMORY, 0, 1);
}
END_TEST

START_TEST(a_queued_message_that_is_refused_fails_for_its_sender_and_the_next_is_taken) {
	given_client_and_server();
	struct actor *second = given_somebody();
	uint32_t other = given_a_capability(server, second->home, RIGHT_SEND, 2);
	puts_capability(client, given_a_slot_of(client->home), ITEM_DERIVE, RIGHTS_ALL, 0);
	calls(client, to_server, LABEL_ASK, NO_WORDS);
	assert_waiting(client);
	calls(second, other, LABEL_ASK, NO_WORDS);
	receives(server);
	assert_failed(client, ERROR_CAPABILITY);
	assert_got(server, LABEL_ASK, 2);
}
END_TEST

START_TEST(many_refused_messages_can_be_interrupted_between) {
	struct actor *clients[6];
	server = given_somebody();
	for (unsigned int index = 0; index < 6; index++) {
		clients[index] = given_somebody();
		uint32_t slot = given_a_capability(server, clients[index]->home, RIGHT_SEND, index);
		if (index < 5) puts_capability(clients[index], 99, ITEM_DERIVE, RIGHTS_ALL, 0);
		calls(clients[index], slot, LABEL_ASK, NO_WORDS);
	}
	fake_interrupt_every(1);
	receives(server);
	fake_interrupt_every(0);
	assert_got(server, LABEL_ASK, 5);
	for (unsigned int index = 0; index < 5; index++) assert_failed(clients[index], ERROR_CAPABILITY);
}
END_TEST

START_TEST(a_reply_whose_items_are_refused_is_delivered_without_them) {
	given_client_and_server();
	receives(server);
	accepts_slots(client, 0, 0);
	calls(client, to_server, LABEL_ASK, NO_WORDS);
	puts_capability(server, server->home->own, ITEM_DERIVE, 0, 0);
	reply_receives(server, ERROR_OK, WORDS(5, 6));
	assert_got(client, ERROR_OK, 0);
	ck_assert_uint_eq(word_of(client, 1), 6);
	ck_assert_uint_eq(IPC_TAG_ITEMS(tag_of(client)), 0);
	ck_assert_uint_ne(tag_of(client) & IPC_TAG_REFUSED, 0);
	assert_waiting(server);
}
END_TEST

START_TEST(a_reply_carries_items_to_the_callers_windows) {
	given_client_and_server();
	uint64_t page = given_pages(server->home, 1, PAGE_RIGHTS);
	uint32_t slot = given_a_slot_of(client->home);
	accepts_slots(client, slot, 1);
	accepts_pages(client, client->home->next_page, PAGE_SIZE);
	receives(server);
	calls(client, to_server, LABEL_ASK, NO_WORDS);
	puts_capability(server, server->home->own, ITEM_DERIVE, 0, 0);
	puts_pages(server, page, 1, PAGE_READ, 0, 0);
	reply_receives(server, ERROR_OK, NO_WORDS);
	assert_got(client, ERROR_OK, 0);
	ck_assert_uint_eq(IPC_TAG_ITEMS(tag_of(client)), 2);
	ck_assert_uint_eq(kind_in(client->home, slot), KIND_SPACE_CONTROL);
	ck_assert_int_eq(fake_access(client->home->space, client->home->next_page, PAGE_READ), ACCESS_DONE);
}
END_TEST

START_TEST(superpages_travel_whole) {
	given_client_and_server();
	uint64_t large = given_a_superpage();
	const uint64_t place = UINT64_C(0x80000000);
	given_tables(client->home, place, TABLE_LEVEL_2M);
	given_tables(server->home, place, TABLE_LEVEL_2M);
	puts_capability(&root, client->home->control, 0, 0, 0);
	gets(&root, ROOT_SLOT_SPACE, SPACE_MAP, WORDS(large, place, 1, PAGE_RIGHTS | MAP_LARGE));
	accepts_pages(server, place, LARGE_PAGE_SIZE);
	receives(server);
	puts_pages(client, place, 1, PAGE_RIGHTS, 0, 0);
	assert_refused(ERROR_STATE, 0, 0);
	puts_pages(client, place, 1, PAGE_READ, ITEM_LARGE, 0);
	sends(client, to_server, LABEL_ASK, NO_WORDS);
	assert_got(server, LABEL_ASK, 42);
	ck_assert_int_eq(fake_access(server->home->space, place + 0x123456, PAGE_READ), ACCESS_DONE);
	ck_assert_int_eq(fake_access(server->home->space, place, PAGE_WRITE), ACCESS_FAULT);
	gets(client, client->home->own, SPACE_UNMAP, WORDS(place, 1, UNMAP_LARGE));
	ck_assert_int_eq(fake_access(server->home->space, place, PAGE_READ), ACCESS_FAULT);
}
END_TEST

SUITE("kernel message", pages_arrive_in_the_window_with_the_rights_both_allow,
      a_hold_arrives_as_a_hold_and_gives_no_access, a_capability_arrives_in_the_slot_range,
      derived_shared_and_moved_capabilities_live_as_long_as_they_should, a_badge_can_be_fixed_on_the_way,
      a_capability_to_the_receivers_own_queue_arrives_as_its_badge,
      a_worker_recognises_capabilities_to_the_queue_it_serves, a_queue_that_was_served_and_is_gone_forges_no_badge,
      a_moved_own_capability_is_gone_for_the_sender, an_own_capability_with_children_cannot_be_moved_away,
      a_message_with_a_refused_item_transfers_nothing, the_receivers_windows_are_kept, occupied_places_are_refused,
      the_same_page_again_changes_its_rights, nothing_may_be_written_twice_or_moved_twice_in_one_message,
      within_one_space_a_page_is_not_source_and_place_in_one_message, a_message_touches_at_most_sixteen_entries,
      malformed_items_are_refused, missing_tables_and_slots_say_that_the_receiver_ran_out,
      a_queued_message_that_is_refused_fails_for_its_sender_and_the_next_is_taken,
      many_refused_messages_can_be_interrupted_between, a_reply_whose_items_are_refused_is_delivered_without_them,
      a_reply_carries_items_to_the_callers_windows, superpages_travel_whole)
