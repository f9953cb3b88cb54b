/* SPDX-License-Identifier: MIT */
/*
 * Arguments and results of every kind, from a client's stub through the dispatcher to a handler and
 * back; and requests that no honest client would send.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <nacre/protocol/context_server.h>
#include <nacre/protocol/factory_server.h>
#include <nacre/protocol/fault_server.h>
#include <nacre/protocol/file_server.h>
#include <nacre/protocol/log_server.h>
#include <nacre/protocol/memory_server.h>
#include <nacre/slot.h>

#include "fake_ipc.h"

static unsigned int handled;
static enum { EXPECTED, ANYTHING } requests; /* whether handlers know what they will be asked */

static error_t on_write(struct request *request, uint64_t offset, const void *data, size_t data_size,
                        uint32_t *count_out) {
	(void)request;
	handled++;
	if (requests == EXPECTED) {
		ck_assert_uint_eq(offset, UINT64_MAX);
		ck_assert_uint_eq(((const unsigned char *)data)[data_size - 1], data_size % 256);
	}
	*count_out = (uint32_t)data_size;
	return ERROR_OK;
}

static error_t on_read(struct request *request, uint64_t offset, uint32_t count, void *data_out,
                       size_t *data_size_out) {
	(void)request;
	handled++;
	memset(data_out, (int)offset, count);
	*data_size_out = count;
	return ERROR_OK;
}

static error_t on_lookup(struct request *request, const char *path, struct file_lookup_reply *reply) {
	(void)request;
	handled++;
	reply->kind = FILE_KIND_FILE;
	reply->protocol = PROTOCOL_FILE;
	reply->consumed = (uint32_t)strlen(path);
	reply->size = UINT64_C(1) << 40;
	reply->node = item_badge(3, RIGHT_SEND, 9);
	return ERROR_OK;
}

static error_t on_stat(struct request *request, struct file_stat_reply *reply) {
	(void)request;
	reply->modified = INT64_MIN;
	reply->serial = 4;
	return ERROR_OK;
}

static error_t on_take(struct request *request, uint64_t first, uint32_t frames, uint32_t *frames_out,
                       struct page_list *pages_out) {
	(void)request;
	(void)first;
	pages_out->count = 2;
	pages_out->items[0] = item_pages(0x10000, 1, 0, ITEM_HOLD, 0);
	pages_out->items[1] = item_pages(0x40000, frames - 1, 0, ITEM_HOLD, 4096);
	*frames_out = frames;
	return ERROR_OK;
}

static struct received_capability given_space;
static struct received_capability given_thread;

static error_t on_supply(struct request *request, uint64_t job, uint32_t result, const char *detail,
                         const struct received_capability *space, const struct received_capability *thread,
                         struct factory_supply_reply *reply) {
	(void)request;
	if (requests == EXPECTED) ck_assert_str_eq(detail, result ? "why" : "");
	given_space = *space;
	given_thread = *thread;
	reply->job = job + 1;
	reply->slot_base = 1;
	strcpy(reply->program, "/bin/hello");
	reply->memory = item_share(20);
	reply->namespace = item_share(21);
	reply->parent = item_share(22);
	reply->exception = item_share(23);
	return ERROR_OK;
}

static error_t on_list(struct request *request, uint64_t cursor, struct context_list_reply *reply) {
	(void)request;
	reply->cursor = cursor + 1;
	reply->value = -7;
	strcpy(reply->name, "name");
	memset(reply->program, 'p', CONTEXT_LIST_PROGRAM_MAX);
	return ERROR_OK;
}

static error_t on_exception(struct request *request, uint64_t vector, uint64_t code, uint64_t address,
                            const struct abi_registers *registers, struct abi_registers *registers_out,
                            unsigned int *registers_given_out) {
	(void)request;
	(void)code;
	(void)address;
	if (vector == FAULT_VECTOR_BREAKPOINT) {
		*registers_out = *registers;
		registers_out->rip++;
		*registers_given_out = 1;
	}
	return ERROR_OK;
}

static const struct file_handlers files = {.lookup = on_lookup, .read = on_read, .write = on_write, .stat = on_stat};
static const struct memory_handlers memories = {.take = on_take};
static const struct factory_handlers factories = {.supply = on_supply};
static const struct context_handlers contexts = {.list = on_list};
static const struct fault_handlers faults = {.exception = on_exception};
static const struct log_handlers logs = {0};
static const struct server_protocol protocols[] = {
	{.number = PROTOCOL_FILE, .dispatch = file_dispatch, .handlers = &files},
	{.number = PROTOCOL_MEMORY, .dispatch = memory_dispatch, .handlers = &memories},
	{.number = PROTOCOL_FACTORY, .dispatch = factory_dispatch, .handlers = &factories},
	{.number = PROTOCOL_CONTEXT, .dispatch = context_dispatch, .handlers = &contexts},
	{.number = PROTOCOL_FAULT, .dispatch = fault_dispatch, .handlers = &faults},
	{.number = PROTOCOL_LOG, .dispatch = log_dispatch, .handlers = &logs},
};

static void given_a_client_of(uint32_t protocol) {
	fake_start(protocols, sizeof(protocols) / sizeof(protocols[0]), BADGE(protocol, 1));
	handled = 0;
}

START_TEST(bytes_of_every_length_arrive_whole) {
	unsigned char data[FILE_WRITE_DATA_MAX];
	uint32_t count;

	given_a_client_of(PROTOCOL_FILE);
	for (size_t size = 1; size <= sizeof(data); size++) {
		data[size - 1] = (unsigned char)size;
		ck_assert_int_eq(file_write(FAKE_SERVER, UINT64_MAX, data, size, &count), ERROR_OK);
		ck_assert_uint_eq(count, size);
	}
	ck_assert_uint_eq(handled, sizeof(data));
}
END_TEST

START_TEST(bytes_of_every_length_come_back_whole) {
	unsigned char data[FILE_READ_DATA_MAX];
	size_t size;

	given_a_client_of(PROTOCOL_FILE);
	for (uint32_t count = 0; count <= sizeof(data); count++) {
		memset(data, 0, sizeof(data));
		ck_assert_int_eq(file_read(FAKE_SERVER, 0xa5, count, data, sizeof(data), &size), ERROR_OK);
		ck_assert_uint_eq(size, count);
		ck_assert(count == 0 || (data[0] == 0xa5 && data[count - 1] == 0xa5));
		ck_assert(count == sizeof(data) || data[count] == 0);
	}
}
END_TEST

START_TEST(more_bytes_than_the_client_has_room_for_are_an_error_and_not_written) {
	unsigned char data[16] = {0};
	size_t size = 99;

	given_a_client_of(PROTOCOL_FILE);
	ck_assert_int_eq(file_read(FAKE_SERVER, 1, 16, data, 15, &size), ERROR_ARGUMENT);
	ck_assert_uint_eq(size, 99);
	ck_assert_uint_eq(data[0], 0);
}
END_TEST

START_TEST(numbers_out_of_range_never_reach_the_handler) {
	unsigned char data[FILE_READ_DATA_MAX];
	size_t size;

	given_a_client_of(PROTOCOL_FILE);
	ck_assert_int_eq(file_read(FAKE_SERVER, 1, 441, data, 440, &size), ERROR_RANGE);
	fake.client.words[0] = 0;
	fake.client.words[1] = UINT64_C(1) << 32;
	ck_assert_uint_eq(fake_call(IPC_TAG(FILE_READ, 2, 0)), IPC_TAG(ERROR_RANGE, 0, 0));
	ck_assert_uint_eq(handled, 0);
}
END_TEST

START_TEST(a_result_with_a_capability_is_complete) {
	struct file_lookup_answer answer;

	given_a_client_of(PROTOCOL_FILE);
	ck_assert_int_eq(file_lookup(FAKE_SERVER, "etc/motd", &answer), ERROR_OK);
	ck_assert(answer.kind == FILE_KIND_FILE && answer.protocol == PROTOCOL_FILE && answer.consumed == 8);
	ck_assert_uint_eq(answer.size, UINT64_C(1) << 40);
	ck_assert_uint_ne(answer.node, CAPABILITY_NONE);
}
END_TEST

START_TEST(negative_numbers_survive) {
	struct file_stat_answer answer;
	struct context_list_answer list;

	given_a_client_of(PROTOCOL_FILE);
	ck_assert_int_eq(file_stat(FAKE_SERVER, &answer), ERROR_OK);
	ck_assert_int_eq(answer.modified, INT64_MIN);
	given_a_client_of(PROTOCOL_CONTEXT);
	ck_assert_int_eq(context_list(FAKE_SERVER, 1, &list), ERROR_OK);
	ck_assert_int_eq(list.value, -7);
}
END_TEST

START_TEST(several_strings_come_back_each_in_its_place) {
	struct context_list_answer list;

	given_a_client_of(PROTOCOL_CONTEXT);
	ck_assert_int_eq(context_list(FAKE_SERVER, UINT64_MAX, &list), ERROR_OK);
	ck_assert_uint_eq(list.cursor, 0);
	ck_assert_str_eq(list.name, "name");
	ck_assert_str_eq(list.factory, "");
	ck_assert_uint_eq(strlen(list.program), CONTEXT_LIST_PROGRAM_MAX);
}
END_TEST

START_TEST(optional_capabilities_may_be_left_out_from_the_end) {
	struct factory_supply_answer answer;

	given_a_client_of(PROTOCOL_FACTORY);
	ck_assert_int_eq(factory_supply(FAKE_SERVER, 4, 2, "why", item_none(), item_none(), &answer), ERROR_OK);
	ck_assert_int_eq(given_space.kind, RECEIVED_NONE);
	ck_assert_int_eq(given_thread.kind, RECEIVED_NONE);
	ck_assert_uint_eq(answer.job, 5);
	ck_assert_str_eq(answer.program, "/bin/hello");
	ck_assert(answer.memory && answer.namespace && answer.parent && answer.exception);
	ck_assert_uint_eq(answer.scheduler, CAPABILITY_NONE);
	ck_assert_int_eq(factory_supply(FAKE_SERVER, 4, 0, "", item_share(5), item_share(6), &answer), ERROR_OK);
	ck_assert_int_eq(given_space.kind, RECEIVED_CAPABILITY);
	ck_assert_int_eq(given_thread.kind, RECEIVED_CAPABILITY);
	ck_assert_uint_ne(given_space.slot, given_thread.slot);
}
END_TEST

START_TEST(slots_for_capabilities_that_did_not_come_are_given_back) {
	struct factory_supply_answer answer;
	unsigned int used;

	given_a_client_of(PROTOCOL_FACTORY);
	ck_assert_int_eq(factory_supply(FAKE_SERVER, 4, 0, "", item_none(), item_none(), &answer), ERROR_OK);
	used = slots_used();
	ck_assert_int_eq(factory_supply(FAKE_SERVER, 4, 0, "", item_none(), item_none(), &answer), ERROR_OK);
	ck_assert_uint_eq(slots_used(), used + 4);
}
END_TEST

START_TEST(pages_come_with_their_places) {
	uint32_t frames;
	struct page_list pages;

	given_a_client_of(PROTOCOL_MEMORY);
	ck_assert_int_eq(memory_take(FAKE_SERVER, 1, 16, &frames, 0x700000, 16 * 4096, &pages), ERROR_OK);
	ck_assert_uint_eq(frames, 16);
	ck_assert_uint_eq(pages.count, 2);
	ck_assert_uint_eq(pages.items[0].source, 0x700000);
	ck_assert_uint_eq(pages.items[1].source, 0x701000);
	ck_assert_uint_eq(pages.items[1].count, 15);
}
END_TEST

START_TEST(pages_that_find_no_window_are_an_error) {
	uint32_t frames;
	struct page_list pages;

	given_a_client_of(PROTOCOL_MEMORY);
	ck_assert_int_eq(memory_take(FAKE_SERVER, 1, 16, &frames, 0x700000, 4096, &pages), ERROR_ARGUMENT);
}
END_TEST

START_TEST(registers_travel_and_may_be_left_out_of_the_answer) {
	struct abi_registers registers = {.rip = 100, .gs_base = 7};

	given_a_client_of(PROTOCOL_FAULT);
	fake.client.words[0] = FAULT_VECTOR_BREAKPOINT;
	memcpy(&fake.client.words[FAULT_REGISTERS_FIRST_WORD], &registers, sizeof(registers));
	ck_assert_uint_eq(fake_call(IPC_TAG(FAULT_EXCEPTION, 23, 0)), IPC_TAG(ERROR_OK, ABI_REGISTER_WORDS, 0));
	memcpy(&registers, fake.client.words, sizeof(registers));
	ck_assert(registers.rip == 101 && registers.gs_base == 7);
	fake.client.words[0] = FAULT_VECTOR_DIVIDE;
	ck_assert_uint_eq(fake_call(IPC_TAG(FAULT_EXCEPTION, 23, 0)), IPC_TAG(ERROR_OK, 0, 0));
	ck_assert_uint_eq(fake_call(IPC_TAG(FAULT_EXCEPTION, 22, 0)), IPC_TAG(ERROR_ARGUMENT, 0, 0));
}
END_TEST

START_TEST(no_message_at_all_can_upset_a_dispatcher) {
	unsigned int seed = 20251120;

	requests = ANYTHING;
	for (int round = 0; round < 200000; round++) {
		uint32_t protocol = protocols[rand_r(&seed) % 6].number;
		unsigned int words = (unsigned int)rand_r(&seed) % 65;
		unsigned int items = rand_r(&seed) % 4 == 0 ? (unsigned int)rand_r(&seed) % 3 : 0;

		if (round % 100 == 0) given_a_client_of(protocol);
		fake.badge = BADGE(protocol, rand_r(&seed) % 3);
		for (unsigned int i = 0; i < 64; i++)
			fake.client.words[i] =
				rand_r(&seed) % 3 ? (uint64_t)rand_r(&seed) % 80 : (uint64_t)rand_r(&seed) << 33;
		for (unsigned int i = 0; i < items; i++) {
			fake.client.items[i] = item_share(5);
			fake.client.items[i].destination = i;
		}
		fake_call(IPC_TAG(LABEL(protocol, rand_r(&seed) % 20), words, items));
	}
}
END_TEST

int main(void) {
	Suite *suite = suite_create("libipc-round-trip");
	TCase *cases = tcase_create("round trips");
	SRunner *runner;
	int failed;

	tcase_set_timeout(cases, 60);
	tcase_add_test(cases, bytes_of_every_length_arrive_whole);
	tcase_add_test(cases, bytes_of_every_length_come_back_whole);
	tcase_add_test(cases, more_bytes_than_the_client_has_room_for_are_an_error_and_not_written);
	tcase_add_test(cases, numbers_out_of_range_never_reach_the_handler);
	tcase_add_test(cases, a_result_with_a_capability_is_complete);
	tcase_add_test(cases, negative_numbers_survive);
	tcase_add_test(cases, several_strings_come_back_each_in_its_place);
	tcase_add_test(cases, optional_capabilities_may_be_left_out_from_the_end);
	tcase_add_test(cases, slots_for_capabilities_that_did_not_come_are_given_back);
	tcase_add_test(cases, pages_come_with_their_places);
	tcase_add_test(cases, pages_that_find_no_window_are_an_error);
	tcase_add_test(cases, registers_travel_and_may_be_left_out_of_the_answer);
	tcase_add_test(cases, no_message_at_all_can_upset_a_dispatcher);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
