/* SPDX-License-Identifier: MIT */
/*
 * Messages that no honest client sends, to the context layer, the naming server and the parent.
 *
 * After each storm all of them must still serve.
 */
#include <stdlib.h>
#include <string.h>

#include <nacre/message.h>
#include <nacre/path.h>
#include <nacre/priority.h>
#include <nacre/protocol/memory.h>
#include <nacre/protocol/name.h>
#include <nacre/protocol/parent.h>
#include <nacre/protocol/thread.h>
#include <nacre/server.h>
#include <nacre/slot.h>
#include <nacre/start.h>
#include <nacre/thread_block.h>
#include <nacre/time.h>

#include "runs.h"
#include "topics.h"

#define MESSAGES 3000

static uint64_t random_state = 4711;

/* xorshift64 (Marsaglia, 2003). */
static uint64_t random_word(void) {
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

/* A word that is likely to hurt. */
static uint64_t nasty_word(void) {
	switch (random_word() % 6) {
	case 0: return random_word() % 8;
	case 1: return UINT64_MAX - random_word() % 8;
	case 2: return random_word() % 512;
	case 3: return UINT64_C(1) << (random_word() % 64);
	default: return random_word();
	}
}

static void items_fill(struct utcb *utcb, unsigned int items) {
	for (unsigned int index = 0; index < items; index++) {
		utcb->items[index] = item_share(random_word() % 2 ? own_names : own_context);
		utcb->items[index].destination = index;
	}
}

/*
 * Sends a call with a known label and words at random. @spared: a method that would end this
 * program or wait for ever.
 */
static void storm(capability_t to, uint32_t protocol, unsigned int methods, uint64_t spared) {
	for (unsigned int round = 0; round < MESSAGES; round++) {
		struct utcb *utcb = utcb_get();
		unsigned int words = (unsigned int)(random_word() % (IPC_WORDS_MAX + 1));
		unsigned int items = (unsigned int)(random_word() % 3);
		unsigned int method = (unsigned int)(random_word() % (methods + 2));
		uint64_t target = to;
		uint64_t tag;

		if (spared & UINT64_C(1) << method) continue;
		for (unsigned int index = 0; index < IPC_WORDS_MAX; index++) utcb->words[index] = nasty_word();
		items_fill(utcb, items);
		tag = IPC_TAG(LABEL(protocol, method), words, items);
		/* Any answer will do, and none may bring something: the windows are closed. */
		message_transfer(IPC_CALL, &target, &tag);
	}
}

static void expect_all_serve(void) {
	struct context_wait_answer ending;
	struct path_node node;

	CHECK_OK(run_through(NO_LIMIT, "exit", "3", &ending));
	CHECK_EQUAL(ending.value, 3);
	CHECK_OK(path_open("/bin", PATH_NOW, &node));
	capability_delete(node.capability);
}

/* Deletes what a storm may have created below this context. */
static void below_clear(void) {
	struct context_list_answer listed;

	while (context_list(own_context, 0, &listed) == ERROR_OK) {
		capability_t context;
		uint64_t number;

		if (context_lookup(own_context, listed.number, "", &number, &context) != ERROR_OK) return;
		run_drop(context);
	}
}

static void the_context_layer_survives_a_storm(void) {
	/* kill (11) and pause (9) of oneself, wait (12) for oneself. */
	storm(own_context, PROTOCOL_CONTEXT, 18, UINT64_C(1) << 9 | UINT64_C(1) << 11 | UINT64_C(1) << 12);
	below_clear();
	CHECK_OK(context_watch(own_context, item_none()));
	expect_all_serve();
}

static void the_context_layer_survives_a_storm_about_a_context_of_its_own(void) {
	capability_t context;

	CHECK_OK(run_create(NO_LIMIT, "exit", "0", &context));
	/* What starts may never end: wait (12) is spared. */
	storm(context, PROTOCOL_CONTEXT, 18, UINT64_C(1) << 12);
	run_drop(context);
	expect_all_serve();
}

static void the_parent_survives_a_storm(void) {
	/* exit (4). */
	storm(start_parent(), PROTOCOL_PARENT, 6, UINT64_C(1) << 4);
	expect_all_serve();
}

static void the_naming_server_survives_a_storm(void) {
	storm(own_names, PROTOCOL_NAME, 9, 0);
	expect_all_serve();
}

static void contexts_as_files_survive_a_storm(void) {
	struct path_node node;

	CHECK_OK(path_open("/ic", PATH_NOW, &node));
	storm(node.capability, PROTOCOL_FILE, 9, 0);
	capability_delete(node.capability);
	CHECK_OK(path_open("/icf", PATH_NOW, &node));
	storm(node.capability, PROTOCOL_FILE, 9, 0);
	capability_delete(node.capability);
	expect_all_serve();
}

static void a_label_of_another_protocol_is_refused(void) {
	static const uint32_t protocols[] = {
		PROTOCOL_PARENT, PROTOCOL_FACTORY, PROTOCOL_FILE, PROTOCOL_FAULT, PROTOCOL_NAME, 0, 0xffff};

	for (size_t index = 0; index < sizeof(protocols) / sizeof(protocols[0]); index++) {
		struct message message = {.words = {0}};

		CHECK(message_call(&message, own_context, IPC_TAG(LABEL(protocols[index], 1), 0, 0), 0) != ERROR_OK);
	}
}

static void too_many_capabilities_are_refused_and_nothing_is_kept(void) {
	for (unsigned int round = 0; round < 2000; round++) {
		struct utcb *utcb = utcb_get();
		uint64_t target = own_context;
		uint64_t tag = IPC_TAG(CONTEXT_STATE, 0, 2);

		items_fill(utcb, 2);
		CHECK_EQUAL(message_transfer(IPC_CALL, &target, &tag), 0);
		CHECK_ERROR(IPC_TAG_LABEL(tag), ERROR_ARGUMENT);
	}
	expect_all_serve();
}

static void no_program_can_fill_the_naming_server(void) {
	uint64_t view;
	capability_t name;
	unsigned int views = 0;
	error_t error = ERROR_OK;

	/* This program may have as many as it likes: a view without that right does the same. */
	CHECK_OK(name_view(own_names, NAME_RIGHT_REGISTER, "/", &view, &name));
	while (error == ERROR_OK && views < 1000) {
		uint64_t inner;
		capability_t inner_name;

		error = name_view(name, 0, "/", &inner, &inner_name);
		if (error == ERROR_OK) capability_delete(inner_name);
		views++;
	}
	CHECK_ERROR(error, ERROR_LIMIT);
	CHECK_OK(name_release(own_names, view));
	CHECK_ERROR(name_view(name, 0, "/", &view, &name), ERROR_GONE);
	capability_delete(name);
	expect_all_serve();
}

static void a_directory_that_never_answers_holds_up_one_job_for_seconds(void) {
	struct context_state_answer state;
	capability_t server, context;
	struct path_node node;
	uint64_t number;

	CHECK_OK(run_start(NO_LIMIT, "silent-directory", "/svc/silent", &server));
	CHECK_OK(path_open("/svc/silent", PATH_WAIT, &node));
	capability_delete(node.capability);
	CHECK_OK(context_create(own_context, NO_LIMIT, 0, "process", "/svc/silent/program", &number, &context));
	CHECK_ERROR(context_start(context), ERROR_CANCELLED);
	CHECK_OK(context_state(context, &state));
	CHECK(has_text(state.detail, "took too long"));
	run_drop(context);
	run_drop(server);
	expect_all_serve();
}

/* Waits up to five seconds for @context to have one below. */
static int has_child(capability_t context) {
	struct context_list_answer listed;

	for (int tries = 0; tries < 500; tries++) {
		if (context_list(context, 0, &listed) == ERROR_OK) return 1;
		if (nacre_sleep(UINT64_C(10000000)) != ERROR_OK) return 0;
	}
	return 0;
}

static void a_namespace_that_makes_no_views_holds_up_nobody(void) {
	capability_t server, context;
	struct path_node node;

	CHECK_OK(run_start(NO_LIMIT, "no-views", "/svc/no-views", &server));
	CHECK_OK(path_open("/svc/no-views", PATH_WAIT, &node));
	CHECK_OK(run_create(NO_LIMIT, "keep-child", NULL, &context));
	CHECK_OK(context_set_capability(context, PROTOCOL_NAME, "namespace", item_share(node.capability)));
	capability_delete(node.capability);
	CHECK_OK(context_start(context));
	CHECK(has_child(context));
	expect_all_serve();
	run_drop(context);
	run_drop(server);
	expect_all_serve();
}

#define QUANTUM_NS UINT64_C(10000000)

/* A thread that @memory makes runs at the programs' priority, and no higher. */
static void expect_ceiling(capability_t memory) {
	capability_t control, thread;

	CHECK_OK(memory_thread_create(memory, 0, &control, &thread));
	CHECK_OK(thread_set_budget(control, QUANTUM_NS, PROGRAM_PRIORITY));
	CHECK_ERROR(thread_set_budget(control, QUANTUM_NS, PROGRAM_PRIORITY + 1), ERROR_RIGHT);
	capability_delete(control);
	capability_delete(thread);
}

static void no_program_can_give_itself_a_higher_priority(void) {
	const struct start_info *info = start_info();
	capability_t memory, space;
	uint64_t instance;

	CHECK_ERROR(thread_set_budget(start_thread(), QUANTUM_NS, PROGRAM_PRIORITY + 1), ERROR_RIGHT);
	expect_ceiling(start_memory());
	CHECK_OK(memory_instance_create(start_memory(), NO_LIMIT, info->window_base, info->window_size, &instance,
	                                &memory));
	CHECK_OK(memory_space_create(memory, &space));
	expect_ceiling(memory);
	CHECK_OK(memory_instance_destroy(start_memory(), instance));
	capability_delete(space);
	capability_delete(memory);
}

static void a_context_that_takes_all_memory_ends_alone(void) {
	struct context_wait_answer ending;

	CHECK_OK(run_through(NO_LIMIT, "hog", NULL, &ending));
	CHECK_EQUAL(ending.exit, CONTEXT_EXIT_MEMORY);
	CHECK(has_text(ending.detail, "out of memory: there is none left for it"));
	expect_all_serve();
}

static void a_context_that_leaves_others_unbuilt_reaches_a_limit(void) {
	struct context_wait_answer ending;

	CHECK_OK(run_through(NO_LIMIT, "litter", NULL, &ending));
	CHECK_EQUAL(ending.exit, CONTEXT_EXIT_CODE);
	CHECK_EQUAL(ending.value, ERROR_LIMIT);
	expect_all_serve();
}

static void a_context_that_breeds_under_a_limit_reaches_it_and_takes_its_brood_along(void) {
	struct context_wait_answer ending;
	struct context_list_answer listed;

	CHECK_OK(run_through(UINT64_C(8) << 20, "breed", NULL, &ending));
	/* Its own memory may have run out before a child's. */
	CHECK(ending.exit == CONTEXT_EXIT_MEMORY || ending.exit == CONTEXT_EXIT_CODE);
	CHECK_ERROR(context_list(own_context, 0, &listed), ERROR_NOT_FOUND);
	expect_all_serve();
}

static void a_context_that_breeds_without_a_limit_leaves_the_servers_alive(void) {
	struct context_wait_answer ending;

	CHECK_OK(run_through(NO_LIMIT, "breed", NULL, &ending));
	CHECK(ending.exit == CONTEXT_EXIT_MEMORY || ending.exit == CONTEXT_EXIT_CODE);
	expect_all_serve();
}

const struct test hostile_tests[] = {
	TEST(the_context_layer_survives_a_storm),
	TEST(the_context_layer_survives_a_storm_about_a_context_of_its_own),
	TEST(the_parent_survives_a_storm),
	TEST(the_naming_server_survives_a_storm),
	TEST(contexts_as_files_survive_a_storm),
	TEST(a_label_of_another_protocol_is_refused),
	TEST(too_many_capabilities_are_refused_and_nothing_is_kept),
	TEST(no_program_can_fill_the_naming_server),
	TEST(a_context_that_leaves_others_unbuilt_reaches_a_limit),
	TEST(a_context_that_breeds_under_a_limit_reaches_it_and_takes_its_brood_along),
	TEST(a_context_that_breeds_without_a_limit_leaves_the_servers_alive),
	TEST(a_context_that_takes_all_memory_ends_alone),
	TEST(a_directory_that_never_answers_holds_up_one_job_for_seconds),
	TEST(a_namespace_that_makes_no_views_holds_up_nobody),
	TEST(no_program_can_give_itself_a_higher_priority),
	TESTS_END,
};
