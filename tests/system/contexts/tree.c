/* SPDX-License-Identifier: MIT */
/*
 * Contexts below contexts, their names, and news of them.
 */
#include <stdio.h>
#include <string.h>

#include <nacre/path.h>
#include <nacre/protocol/thread.h>
#include <nacre/server.h>
#include <nacre/slot.h>
#include <nacre/time.h>

#include "runs.h"
#include "topics.h"

#define MILLISECOND UINT64_C(1000000)

/* How many contexts lie below @context. */
static unsigned int count_below(capability_t context) {
	struct context_list_answer listed = {0};
	unsigned int count = 0;
	uint64_t cursor = 0;

	do {
		if (context_list(context, cursor, &listed) != ERROR_OK) break;
		cursor = listed.cursor;
		count++;
	} while (cursor);
	return count;
}

/* Waits up to five seconds for @context to have @count contexts below. */
static int becomes(capability_t context, unsigned int count) {
	for (int tries = 0; tries < 500; tries++) {
		if (count_below(context) == count) return 1;
		if (nacre_sleep(10 * MILLISECOND) != ERROR_OK) return 0;
	}
	return 0;
}

static void each_context_lists_what_lies_below_it(void) {
	capability_t one, other;

	CHECK_EQUAL(count_below(own_context), 0);
	CHECK_OK(run_start(NO_LIMIT, "keep-child", NULL, &one));
	CHECK_OK(run_start(NO_LIMIT, "sleep", NULL, &other));
	CHECK(becomes(one, 1));
	CHECK_EQUAL(count_below(own_context), 3);
	CHECK_EQUAL(count_below(other), 0);
	run_drop(one);
	CHECK_EQUAL(count_below(own_context), 1);
	run_drop(other);
	CHECK_EQUAL(count_below(own_context), 0);
}

static void children_end_with_their_creator(void) {
	struct context_wait_answer ending;
	capability_t context;

	CHECK_OK(run_start(NO_LIMIT, "leave-child", "7", &context));
	CHECK_OK(context_wait(context, &ending));
	CHECK_EQUAL(ending.value, 7);
	CHECK_EQUAL(count_below(own_context), 1);
	CHECK_EQUAL(count_below(context), 0);
	run_drop(context);
}

static void a_context_below_is_found_by_number_and_by_name(void) {
	struct context_state_answer state;
	capability_t context, found;
	uint64_t number;

	CHECK_OK(run_start(NO_LIMIT, "sleep", NULL, &context));
	CHECK_OK(context_set_name(context, "sleeper"));
	CHECK_OK(context_state(context, &state));
	CHECK_OK(context_lookup(own_context, 0, "sleeper", &number, &found));
	CHECK_EQUAL(number, state.number);
	capability_delete(found);
	CHECK_OK(context_lookup(own_context, number, "", &number, &found));
	CHECK_OK(context_kill(found, 0));
	capability_delete(found);
	run_drop(context);
	CHECK_ERROR(context_lookup(own_context, number, "", &number, &found), ERROR_NOT_FOUND);
}

static void what_lies_beside_is_not_found(void) {
	capability_t context, found;
	struct context_state_answer own;
	uint64_t number;

	CHECK_OK(context_state(own_context, &own));
	CHECK_OK(run_start(NO_LIMIT, "sleep", NULL, &context));
	CHECK_ERROR(context_lookup(context, own.number, "", &number, &found), ERROR_NOT_FOUND);
	CHECK_ERROR(context_lookup(own_context, own.number, "", &number, &found), ERROR_NOT_FOUND);
	run_drop(context);
}

static void names_of_a_context_go_when_it_ends(void) {
	struct path_node node;
	capability_t context;

	CHECK_OK(run_start(NO_LIMIT, "register", "/svc/context-test", &context));
	CHECK_OK(path_open("/svc/context-test", PATH_WAIT, &node));
	CHECK_EQUAL(node.protocol, PROTOCOL_USER_FIRST + 0x77);
	capability_delete(node.capability);
	run_drop(context);
	CHECK_ERROR(path_open("/svc/context-test", PATH_NOW, &node), ERROR_NOT_FOUND);
	CHECK_OK(run_start(NO_LIMIT, "register", "/svc/context-test", &context));
	CHECK_OK(path_open("/svc/context-test", PATH_WAIT, &node));
	capability_delete(node.capability);
	run_drop(context);
}

static void a_context_may_not_register_outside_svc(void) {
	struct context_wait_answer ending;

	CHECK_OK(run_through(NO_LIMIT, "register", "/bin/hello", &ending));
	CHECK_EQUAL(ending.exit, CONTEXT_EXIT_CODE);
	CHECK_EQUAL(ending.value, 121);
}

static void those_above_hear_what_happens_below(void) {
	struct context_next_event_answer event = {0};
	struct context_wait_answer ending;
	capability_t self;
	unsigned int events = 0;

	CHECK_OK(server_self(&self));
	CHECK_OK(context_watch(own_context, item_badge(self, RIGHT_SIGNAL, 1)));
	CHECK_OK(run_through(NO_LIMIT, "exit", "5", &ending));
	while (context_next_event(own_context, &event) == ERROR_OK) {
		static const uint32_t states[] = {CONTEXT_STATE_CREATED, CONTEXT_STATE_RUNNING, CONTEXT_STATE_STOPPED,
		                                  CONTEXT_STATE_STOPPED};

		CHECK(events < 4);
		CHECK_EQUAL(event.state, states[events]);
		CHECK_EQUAL(event.event, events == 3 ? CONTEXT_EVENT_DELETED : CONTEXT_EVENT_STATE);
		CHECK_EQUAL(event.lost, 0);
		events++;
	}
	CHECK_EQUAL(events, 4);
	CHECK_EQUAL(event.value, 5);
	CHECK_OK(context_watch(own_context, item_none()));
	capability_delete(self);
}

/* Reads the file into @text; false if it cannot be read. */
static int file_is_read(const char *path, char *text, size_t room) {
	FILE *file = fopen(path, "r");
	size_t count;

	if (!file) return 0;
	count = fread(text, 1, room - 1, file);
	text[count] = '\0';
	(void)fclose(file);
	return 1;
}

static void contexts_and_factories_can_be_read_as_files(void) {
	struct context_state_answer state;
	char path[64], text[512];
	capability_t context;

	CHECK_OK(run_start(NO_LIMIT, "sleep", NULL, &context));
	CHECK_OK(context_state(context, &state));
	(void)snprintf(path, sizeof(path), "/ic/%llu/state", (unsigned long long)state.number);
	CHECK(file_is_read(path, text, sizeof(text)));
	CHECK(strcmp(text, "running\n") == 0);
	(void)snprintf(path, sizeof(path), "/ic/%llu/program", (unsigned long long)state.number);
	CHECK(file_is_read(path, text, sizeof(text)));
	CHECK(has_text(text, own_program));
	CHECK(file_is_read("/icf/process", text, sizeof(text)));
	CHECK(has_text(text, "runs=elf-static-pie\n"));
	run_drop(context);
	CHECK(!file_is_read(path, text, sizeof(text)));
}

static void fifty_contexts_live_at_a_time(void) {
	enum { CONTEXTS = 50 };
	static capability_t contexts[CONTEXTS];

	for (unsigned int index = 0; index < CONTEXTS; index++)
		CHECK_OK(run_start(NO_LIMIT, "sleep", NULL, &contexts[index]));
	CHECK_EQUAL(count_below(own_context), CONTEXTS);
	for (unsigned int index = 0; index < CONTEXTS; index++) run_drop(contexts[index]);
	CHECK_EQUAL(count_below(own_context), 0);
}

const struct test tree_tests[] = {
	TEST(each_context_lists_what_lies_below_it),
	TEST(children_end_with_their_creator),
	TEST(a_context_below_is_found_by_number_and_by_name),
	TEST(what_lies_beside_is_not_found),
	TEST(names_of_a_context_go_when_it_ends),
	TEST(a_context_may_not_register_outside_svc),
	TEST(those_above_hear_what_happens_below),
	TEST(contexts_and_factories_can_be_read_as_files),
	TEST(fifty_contexts_live_at_a_time),
	TESTS_END,
};
