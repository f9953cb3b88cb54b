/* SPDX-License-Identifier: MIT */
/*
 * The context layer's topics: lives of contexts, factories, grants, events, /ic and /icf, endings.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include <nacre/abi/fault.h>

#include "directory.h"
#include "ending.h"
#include "event.h"
#include "factory.h"
#include "fake_world.h"
#include "grant.h"
#include "life.h"

static struct vic vic;
static struct factory *process;

/* A reply slot that no test has used before. */
static uint32_t slot_new(void)
{
	static uint32_t last;

	last = last % (FAKE_SLOTS - 1) + 1;
	fake.answers[last] = fake.released[last] = fake.signals[last] = 0;
	return last;
}

static void given_a_factory_that_waits(void)
{
	fake_world_reset();
	vic_create(&vic, &fake_world_functions, NULL);
	ck_assert_int_eq(
		vic_factory_register(&vic, &vic.top, "process", "runs=elf can=kill", &process),
		ERROR_OK);
	vic_factory_wait(&vic, process, slot_new());
}

static void everything_goes(void)
{
	vic_destroy(&vic);
	ck_assert_uint_eq(fake.live, 0);
}

static struct context *given_a_context_below(struct context *parent)
{
	const struct context_request request = {
		.factory = "process",
		.program = "/bin/hello",
		.limit = 1 << 20,
		.rights = parent->rights,
	};
	struct context *context;

	ck_assert_int_eq(vic_context_create(&vic, parent, &request, &context), ERROR_OK);
	ck_assert_uint_eq(context->state, CONTEXT_STATE_CREATING);
	return context;
}

static struct context *given_a_context(void)
{
	return given_a_context_below(&vic.top);
}

/* The factory hands in its job, done, and waits for the next. */
static void factory_builds(void)
{
	struct context *context;

	ck_assert_int_eq(vic_factory_finish(process, process->job_number, &context), ERROR_OK);
	if (context)
		vic_context_built(&vic, context);
	vic_factory_wait(&vic, process, slot_new());
}

static void factory_fails(error_t error)
{
	struct context *context;

	ck_assert_int_eq(vic_factory_finish(process, process->job_number, &context), ERROR_OK);
	vic_context_build_failed(&vic, context, error, "not a program");
	vic_factory_wait(&vic, process, slot_new());
}

static struct context *given_a_running_context_below(struct context *parent)
{
	struct context *context = given_a_context_below(parent);

	ck_assert_int_eq(vic_context_start(&vic, context, slot_new()), ERROR_OK);
	factory_builds();
	ck_assert_uint_eq(context->state, CONTEXT_STATE_RUNNING);
	return context;
}

static struct context *given_a_running_context(void)
{
	return given_a_running_context_below(&vic.top);
}

static void expect_answer(uint32_t slot, error_t error)
{
	ck_assert_uint_eq(fake.answers[slot], 1);
	ck_assert_int_eq(fake.answered_with[slot], error);
}

static void context_exits(struct context *context)
{
	struct ending ending = ending_from_exit(3);

	vic_context_end(&vic, context, &ending);
}

/* Lives */

START_TEST(a_context_is_built_started_and_ended_in_that_order)
{
	struct context *context = given_a_context();
	uint32_t build = slot_new(), start = slot_new(), wait = slot_new();

	ck_assert_int_eq(vic_context_build(&vic, context, build), ERROR_OK);
	ck_assert_uint_eq(fake.last_job, context->entry.number);
	ck_assert_uint_eq(fake.answers[build], 0);
	factory_builds();
	expect_answer(build, ERROR_OK);
	ck_assert_uint_eq(context->state, CONTEXT_STATE_CREATED);
	ck_assert_uint_eq(fake.starts, 0);
	ck_assert_int_eq(vic_context_start(&vic, context, start), ERROR_OK);
	expect_answer(start, ERROR_OK);
	ck_assert_uint_eq(context->state, CONTEXT_STATE_RUNNING);
	ck_assert_int_eq(vic_context_wait(&vic, context, wait), ERROR_OK);
	ck_assert_uint_eq(fake.answers[wait], 0);
	context_exits(context);
	expect_answer(wait, ERROR_OK);
	ck_assert_uint_eq(context->ending.exit, CONTEXT_EXIT_CODE);
	ck_assert_int_eq(context->ending.value, 3);
	ck_assert_uint_eq(fake.live, 0);
}
END_TEST

START_TEST(start_alone_builds_as_well)
{
	struct context *context = given_a_context();
	uint32_t start = slot_new();

	ck_assert_int_eq(vic_context_start(&vic, context, start), ERROR_OK);
	ck_assert_uint_eq(fake.answers[start], 0);
	factory_builds();
	expect_answer(start, ERROR_OK);
	ck_assert_uint_eq(fake.starts, 1);
}
END_TEST

START_TEST(what_cannot_be_built_tells_everybody_why)
{
	struct context *context = given_a_context();
	uint32_t start = slot_new(), build = slot_new(), wait = slot_new();

	ck_assert_int_eq(vic_context_start(&vic, context, start), ERROR_OK);
	ck_assert_int_eq(vic_context_build(&vic, context, build), ERROR_OK);
	ck_assert_int_eq(vic_context_wait(&vic, context, wait), ERROR_OK);
	factory_fails(ERROR_ARGUMENT);
	expect_answer(start, ERROR_ARGUMENT);
	expect_answer(build, ERROR_ARGUMENT);
	expect_answer(wait, ERROR_OK);
	ck_assert_uint_eq(context->ending.exit, CONTEXT_EXIT_FAILED);
	ck_assert_int_eq(context->ending.value, ERROR_ARGUMENT);
	ck_assert_str_eq(context->ending.detail, "not a program");
	ck_assert_uint_eq(fake.live, 0);
	ck_assert_int_eq(vic_context_delete(&vic, context), ERROR_OK);
}
END_TEST

START_TEST(a_thread_that_cannot_be_started_ends_its_context)
{
	struct context *context = given_a_context();
	uint32_t start = slot_new();

	fake.start_result = ERROR_CAPABILITY;
	ck_assert_int_eq(vic_context_start(&vic, context, start), ERROR_OK);
	factory_builds();
	expect_answer(start, ERROR_CAPABILITY);
	ck_assert_uint_eq(context->state, CONTEXT_STATE_STOPPED);
}
END_TEST

START_TEST(verbs_out_of_turn_are_refused_and_change_nothing)
{
	struct context *context = given_a_context();

	ck_assert_int_eq(vic_context_pause(&vic, context), ERROR_STATE);
	ck_assert_int_eq(vic_context_resume(&vic, context), ERROR_STATE);
	ck_assert_int_eq(vic_context_wait(&vic, context, 1), ERROR_STATE);
	ck_assert_uint_eq(context->state, CONTEXT_STATE_CREATING);
	context = given_a_running_context();
	ck_assert_int_eq(vic_context_build(&vic, context, 1), ERROR_STATE);
	ck_assert_int_eq(vic_context_start(&vic, context, 1), ERROR_STATE);
	ck_assert_int_eq(vic_context_resume(&vic, context), ERROR_STATE);
	ck_assert_int_eq(vic_context_delete(&vic, context), ERROR_STATE);
	ck_assert_int_eq(vic_context_can_be_set(context), ERROR_STATE);
	ck_assert_uint_eq(context->state, CONTEXT_STATE_RUNNING);
	context_exits(context);
	ck_assert_int_eq(vic_context_start(&vic, context, 1), ERROR_STATE);
	ck_assert_int_eq(vic_context_pause(&vic, context), ERROR_STATE);
}
END_TEST

START_TEST(the_top_itself_has_no_verbs)
{
	ck_assert_int_eq(vic_context_pause(&vic, &vic.top), ERROR_STATE);
	ck_assert_int_eq(vic_context_resume(&vic, &vic.top), ERROR_STATE);
	ck_assert_int_eq(vic_context_delete(&vic, &vic.top), ERROR_STATE);
	ck_assert_int_eq(vic_context_start(&vic, &vic.top, 1), ERROR_STATE);
	ck_assert_int_eq(vic_context_name(&vic.top, "top"), ERROR_STATE);
}
END_TEST

START_TEST(pause_and_resume_stop_all_threads_and_let_them_go)
{
	struct context *context = given_a_running_context();

	ck_assert_int_eq(vic_context_pause(&vic, context), ERROR_OK);
	ck_assert_int_eq(vic_context_pause(&vic, context), ERROR_STATE);
	ck_assert_uint_eq(fake.stops, 1);
	ck_assert_int_eq(vic_context_resume(&vic, context), ERROR_OK);
	ck_assert_uint_eq(fake.resumes, 1);
	ck_assert_uint_eq(context->state, CONTEXT_STATE_RUNNING);
}
END_TEST

START_TEST(waiting_for_what_has_ended_answers_at_once)
{
	struct context *context = given_a_running_context();
	uint32_t wait = slot_new();

	context_exits(context);
	ck_assert_int_eq(vic_context_wait(&vic, context, wait), ERROR_OK);
	expect_answer(wait, ERROR_OK);
}
END_TEST

START_TEST(a_context_ends_once)
{
	struct context *context = given_a_running_context();
	struct ending killed = ending_from_kill(9);

	context_exits(context);
	vic_context_end(&vic, context, &killed);
	ck_assert_uint_eq(context->ending.exit, CONTEXT_EXIT_CODE);
	ck_assert_uint_eq(fake.destroyed, 1);
}
END_TEST

START_TEST(a_subtree_ends_from_the_leaves_up_and_only_its_top_stays_known)
{
	struct context *top = given_a_running_context();
	struct context *middle = given_a_running_context_below(top);
	struct context *leaf = given_a_running_context_below(middle);
	struct context *other = given_a_running_context();
	uint64_t number = leaf->entry.number;
	uint32_t wait = slot_new();

	ck_assert_int_eq(vic_context_wait(&vic, leaf, wait), ERROR_OK);
	context_exits(top);
	expect_answer(wait, ERROR_OK);
	ck_assert_ptr_null(vic_context_find(&vic, number));
	ck_assert_ptr_eq(vic_context_next(&vic, &vic.top, 0), top);
	ck_assert_ptr_eq(vic_context_next(&vic, &vic.top, top->entry.number), other);
	ck_assert_uint_eq(fake.live, 1);
	ck_assert_uint_eq(process->contexts, 1);
}
END_TEST

START_TEST(numbers_and_windows_are_not_used_again_at_once)
{
	struct context *first = given_a_context();
	uint64_t number = first->entry.number;
	uint64_t window = first->window.base;
	struct context *second;

	ck_assert_int_eq(vic_context_delete(&vic, first), ERROR_OK);
	second = given_a_context();
	ck_assert_uint_gt(second->entry.number, number);
	ck_assert_uint_ne(second->window.base, window);
	ck_assert_ptr_null(vic_context_find(&vic, number));
}
END_TEST

START_TEST(a_thousand_runs_leave_nothing_behind)
{
	for (int run = 0; run < 1000; run++) {
		struct context *context = given_a_running_context();
		uint32_t wait = slot_new();

		ck_assert_int_eq(vic_context_wait(&vic, context, wait), ERROR_OK);
		context_exits(context);
		expect_answer(wait, ERROR_OK);
		ck_assert_int_eq(vic_context_delete(&vic, context), ERROR_OK);
	}
	ck_assert_uint_eq(vic.contexts.count, 0);
	ck_assert_uint_eq(process->contexts, 0);
	ck_assert_uint_eq(fake.created, fake.destroyed);
}
END_TEST

START_TEST(what_a_request_asks_for_is_checked_first)
{
	struct context *context = given_a_running_context();
	struct context_request request = {.factory = "thread", .program = "/bin/x", .limit = 1};
	struct context *none = NULL;

	ck_assert_int_eq(vic_context_create(&vic, context, &request, &none), ERROR_NOT_FOUND);
	request.factory = "process";
	request.program = "";
	ck_assert_int_eq(vic_context_create(&vic, context, &request, &none), ERROR_ARGUMENT);
	request.program = "/bin/x";
	context->rights = 0;
	request.rights = CONTEXT_RIGHT_BIND;
	ck_assert_int_eq(vic_context_create(&vic, context, &request, &none), ERROR_RIGHT);
	request.rights = 0;
	fake.create_result = ERROR_NO_MEMORY;
	ck_assert_int_eq(vic_context_create(&vic, context, &request, &none), ERROR_NO_MEMORY);
	fake.create_result = ERROR_OK;
	context_exits(context);
	ck_assert_int_eq(vic_context_create(&vic, context, &request, &none), ERROR_STATE);
	ck_assert_ptr_null(none);
}
END_TEST

START_TEST(the_dead_among_many_waiters_give_their_slots_back)
{
	struct context *context = given_a_running_context();
	uint32_t alive = slot_new();

	ck_assert_int_eq(vic_context_wait(&vic, context, alive), ERROR_OK);
	for (int round = 0; round < 1000; round++) {
		uint32_t slot = slot_new();

		ck_assert_int_eq(vic_context_wait(&vic, context, slot), ERROR_OK);
		fake.dead[slot] = true;
	}
	ck_assert_uint_le(context->waiter_count, 40);
	context_exits(context);
	expect_answer(alive, ERROR_OK);
}
END_TEST

START_TEST(a_name_is_given_once_among_brothers)
{
	struct context *one = given_a_context(), *other = given_a_context();

	ck_assert_int_eq(vic_context_name(one, "a"), ERROR_OK);
	ck_assert_int_eq(vic_context_name(one, "a"), ERROR_OK);
	ck_assert_int_eq(vic_context_name(other, "a"), ERROR_EXISTS);
	ck_assert_int_eq(vic_context_name(other, ""), ERROR_ARGUMENT);
	ck_assert_ptr_eq(vic_context_find_below(&vic, &vic.top, 0, "a"), one);
}
END_TEST

START_TEST(only_what_lies_below_is_found)
{
	struct context *one = given_a_running_context();
	struct context *child = given_a_running_context_below(one);
	struct context *other = given_a_running_context();
	uint64_t number = child->entry.number;

	ck_assert_ptr_eq(vic_context_find_below(&vic, one, number, ""), child);
	ck_assert_ptr_null(vic_context_find_below(&vic, other, number, ""));
	ck_assert_ptr_null(vic_context_find_below(&vic, one, one->entry.number, ""));
	ck_assert_ptr_null(vic_context_find_below(&vic, other, 0, "hello"));
	ck_assert_ptr_eq(vic_context_next(&vic, one, 0), child);
	ck_assert_ptr_null(vic_context_next(&vic, one, number));
	ck_assert_ptr_null(vic_context_next(&vic, other, 0));
}
END_TEST

/* Factories */

START_TEST(jobs_are_done_one_after_the_other_in_order)
{
	struct context *first = given_a_context(), *second = given_a_context();

	ck_assert_int_eq(vic_context_start(&vic, first, slot_new()), ERROR_OK);
	ck_assert_int_eq(vic_context_start(&vic, second, slot_new()), ERROR_OK);
	ck_assert_uint_eq(fake.jobs, 1);
	ck_assert_uint_eq(fake.last_job, first->entry.number);
	factory_builds();
	ck_assert_uint_eq(fake.jobs, 2);
	ck_assert_uint_eq(fake.last_job, second->entry.number);
	factory_builds();
	ck_assert_uint_eq(process->contexts, 2);
}
END_TEST

START_TEST(a_context_killed_while_it_is_built_is_not_built)
{
	struct context *first = given_a_context(), *second = given_a_context();
	struct ending killed = ending_from_kill(1);
	uint32_t start = slot_new();

	ck_assert_int_eq(vic_context_start(&vic, first, start), ERROR_OK);
	ck_assert_int_eq(vic_context_start(&vic, second, slot_new()), ERROR_OK);
	vic_context_end(&vic, second, &killed);
	vic_context_end(&vic, first, &killed);
	expect_answer(start, ERROR_CANCELLED);
	ck_assert_int_eq(vic_context_delete(&vic, first), ERROR_OK);
	factory_builds();
	ck_assert_uint_eq(fake.jobs, 1);
	ck_assert_uint_eq(process->contexts, 0);
}
END_TEST

START_TEST(a_job_that_was_not_given_is_not_taken)
{
	struct context *context;

	ck_assert_int_eq(vic_factory_finish(process, 77, &context), ERROR_ARGUMENT);
}
END_TEST

START_TEST(a_request_for_a_job_replaces_the_one_before)
{
	uint32_t first = process->reply_slot;

	vic_factory_wait(&vic, process, slot_new());
	ck_assert_uint_eq(fake.released[first], 1);
	given_a_running_context();
	ck_assert_uint_eq(fake.answers[first], 0);
}
END_TEST

START_TEST(a_factory_found_dead_fails_what_it_was_to_build)
{
	struct context *context = given_a_context();
	uint32_t start = slot_new();

	fake.job_result = ERROR_GONE;
	ck_assert_int_eq(vic_context_start(&vic, context, start), ERROR_OK);
	expect_answer(start, ERROR_PEER_LOST);
	ck_assert_ptr_null(vic_factory_named(&vic, "process"));
	ck_assert_uint_eq(context->state, CONTEXT_STATE_STOPPED);
}
END_TEST

START_TEST(a_job_that_cannot_be_sent_fails_and_the_factory_goes_on)
{
	struct context *context = given_a_context();
	uint32_t start = slot_new();

	fake.job_result = ERROR_CAPABILITY;
	ck_assert_int_eq(vic_context_start(&vic, context, start), ERROR_OK);
	expect_answer(start, ERROR_CAPABILITY);
	fake.job_result = ERROR_OK;
	vic_factory_wait(&vic, process, slot_new());
	given_a_running_context();
}
END_TEST

START_TEST(a_factory_registered_again_by_its_owner_is_replaced_and_its_contexts_live_on)
{
	struct context *running = given_a_running_context();
	struct context *building = given_a_context(), *waiting = given_a_context();
	uint32_t start = slot_new(), queued = slot_new();

	ck_assert_int_eq(vic_context_start(&vic, building, start), ERROR_OK);
	ck_assert_int_eq(vic_context_start(&vic, waiting, queued), ERROR_OK);
	ck_assert_int_eq(vic_factory_register(&vic, &vic.top, "process", "", &process), ERROR_OK);
	expect_answer(start, ERROR_PEER_LOST);
	expect_answer(queued, ERROR_PEER_LOST);
	ck_assert_uint_eq(running->state, CONTEXT_STATE_RUNNING);
	context_exits(running);
	vic_factory_wait(&vic, process, slot_new());
	given_a_running_context();
}
END_TEST

START_TEST(a_factory_needs_the_right_and_a_name_that_nobody_has)
{
	struct context *owner = given_a_running_context();
	struct factory *factory;

	ck_assert_int_eq(vic_factory_register(&vic, owner, "process", "", &factory), ERROR_EXISTS);
	ck_assert_int_eq(vic_factory_register(&vic, owner, "", "", &factory), ERROR_ARGUMENT);
	ck_assert_int_eq(vic_factory_register(&vic, owner, "a/b", "", &factory), ERROR_ARGUMENT);
	owner->rights = CONTEXT_RIGHT_BIND;
	ck_assert_int_eq(vic_factory_register(&vic, owner, "mine", "", &factory), ERROR_RIGHT);
}
END_TEST

START_TEST(a_factory_goes_with_the_context_that_is_its_program)
{
	struct context *owner = given_a_running_context();
	const struct context_request request = {.factory = "mine", .program = "/x", .limit = 1};
	struct context *building;
	struct factory *factory;
	uint32_t start = slot_new(), waits = slot_new();

	ck_assert_int_eq(vic_factory_register(&vic, owner, "mine", "", &factory), ERROR_OK);
	vic_factory_wait(&vic, factory, waits);
	ck_assert_int_eq(vic_context_create(&vic, &vic.top, &request, &building), ERROR_OK);
	ck_assert_int_eq(vic_context_start(&vic, building, start), ERROR_OK);
	context_exits(owner);
	expect_answer(start, ERROR_PEER_LOST);
	ck_assert_ptr_null(vic_factory_named(&vic, "mine"));
	ck_assert_ptr_null(building->factory);
	ck_assert_int_eq(vic_context_delete(&vic, building), ERROR_OK);
}
END_TEST

/* Grants and texts */

START_TEST(what_is_not_set_is_the_creators)
{
	struct context *creator = given_a_running_context();
	struct context *child = given_a_context_below(creator);
	const struct reference out = {.slot = 7}, own = {.badge = 9};

	ck_assert_ptr_null(grant_find(child, "stdout"));
	ck_assert_int_eq(grant_set(&vic, creator, "stdout", 1, &out), ERROR_OK);
	ck_assert_uint_eq(grant_find(child, "stdout")->capability.slot, 7);
	ck_assert_ptr_null(grant_own(child, "stdout"));
	ck_assert_int_eq(grant_set(&vic, child, "stdout", 1, &own), ERROR_OK);
	ck_assert_uint_eq(grant_find(child, "stdout")->capability.badge, 9);
	context_exits(creator);
	ck_assert_uint_eq(fake.released[7], 1);
}
END_TEST

START_TEST(setting_a_name_again_gives_the_first_capability_back)
{
	struct context *context = given_a_context();
	const struct reference first = {.slot = 7}, second = {.slot = 8};

	ck_assert_int_eq(grant_set(&vic, context, "log", 1, &first), ERROR_OK);
	ck_assert_int_eq(grant_set(&vic, context, "log", 2, &second), ERROR_OK);
	ck_assert_uint_eq(fake.released[7], 1);
	ck_assert_uint_eq(fake.released[8], 0);
	ck_assert_uint_eq(grant_find(context, "log")->protocol, 2);
	ck_assert_int_eq(grant_set(&vic, context, "", 2, &second), ERROR_ARGUMENT);
}
END_TEST

START_TEST(texts_are_set_in_pieces_and_read_in_pieces)
{
	struct text text = {0};
	char bytes[8];

	ck_assert_int_eq(text_set(&text, CONTEXT_SET_REPLACE, "one\0", 4), ERROR_OK);
	ck_assert_int_eq(text_set(&text, CONTEXT_SET_APPEND, "two", 4), ERROR_OK);
	ck_assert_uint_eq(text.size, 8);
	ck_assert_uint_eq(text_read(&text, 2, bytes, 4), 4);
	ck_assert_mem_eq(bytes, "e\0tw", 4);
	ck_assert_uint_eq(text_read(&text, 8, bytes, 8), 0);
	ck_assert_uint_eq(text_read(&text, UINT64_MAX, bytes, 8), 0);
	ck_assert_int_eq(text_set(&text, CONTEXT_SET_REPLACE, "x", 1), ERROR_OK);
	ck_assert_uint_eq(text_read(&text, 0, bytes, 8), 1);
	ck_assert_int_eq(text_set(&text, CONTEXT_SET_REPLACE, "", 0), ERROR_OK);
	ck_assert_uint_eq(text.size, 0);
}
END_TEST

START_TEST(a_text_has_a_limit)
{
	static const char piece[4096];
	struct text text = {0};

	for (uint64_t size = 0; size < VIC_TEXT_MAX; size += sizeof(piece))
		ck_assert_int_eq(text_set(&text, CONTEXT_SET_APPEND, piece, sizeof(piece)),
		                 ERROR_OK);
	ck_assert_int_eq(text_set(&text, CONTEXT_SET_APPEND, piece, 1), ERROR_LIMIT);
	ck_assert_uint_eq(text.size, VIC_TEXT_MAX);
	text_free(&text);
}
END_TEST

/* Events */

START_TEST(those_above_hear_of_each_change)
{
	struct context *parent = given_a_running_context();
	struct context *child;
	struct event event;
	uint32_t slot = slot_new();
	uint64_t lost;

	ck_assert_int_eq(event_watch_set(&vic, parent, slot), ERROR_OK);
	child = given_a_running_context_below(parent);
	ck_assert_uint_eq(fake.signals[slot], 2);
	ck_assert_int_eq(event_take(parent, &event, &lost), ERROR_OK);
	ck_assert_uint_eq(event.number, child->entry.number);
	ck_assert_uint_eq(event.state, CONTEXT_STATE_CREATED);
	ck_assert_int_eq(event_take(parent, &event, &lost), ERROR_OK);
	ck_assert_uint_eq(event.state, CONTEXT_STATE_RUNNING);
	ck_assert_int_eq(event_take(parent, &event, &lost), ERROR_WOULD_BLOCK);
	context_exits(child);
	ck_assert_int_eq(vic_context_delete(&vic, child), ERROR_OK);
	ck_assert_int_eq(event_take(parent, &event, &lost), ERROR_OK);
	ck_assert_uint_eq(event.exit, CONTEXT_EXIT_CODE);
	ck_assert_int_eq(event.value, 3);
	ck_assert_int_eq(event_take(parent, &event, &lost), ERROR_OK);
	ck_assert_uint_eq(event.event, CONTEXT_EVENT_DELETED);
}
END_TEST

START_TEST(events_that_nobody_takes_are_counted_as_lost)
{
	struct context *context = given_a_running_context();
	struct event event;
	uint64_t lost;

	ck_assert_int_eq(event_watch_set(&vic, &vic.top, slot_new()), ERROR_OK);
	for (int turn = 0; turn < EVENTS_HELD; turn++) {
		ck_assert_int_eq(vic_context_pause(&vic, context), ERROR_OK);
		ck_assert_int_eq(vic_context_resume(&vic, context), ERROR_OK);
	}
	ck_assert_int_eq(event_take(&vic.top, &event, &lost), ERROR_OK);
	ck_assert_uint_eq(lost, EVENTS_HELD);
	ck_assert_int_eq(event_take(&vic.top, &event, &lost), ERROR_OK);
	ck_assert_uint_eq(lost, 0);
}
END_TEST

START_TEST(a_new_watch_replaces_the_old_and_its_signal_goes_back)
{
	uint32_t first = slot_new(), second = slot_new();

	ck_assert_int_eq(event_watch_set(&vic, &vic.top, first), ERROR_OK);
	ck_assert_int_eq(event_watch_set(&vic, &vic.top, second), ERROR_OK);
	ck_assert_uint_eq(fake.released[first], 1);
	event_watch_end(&vic, &vic.top);
	ck_assert_uint_eq(fake.released[second], 1);
	given_a_running_context();
	ck_assert_uint_eq(fake.signals[second], 0);
}
END_TEST

/* Windows */

START_TEST(all_windows_can_be_taken_each_once)
{
	static struct windows windows;
	static bool taken[WINDOW_END];
	struct window window = {0};

	windows_create(&windows);
	for (uint32_t count = WINDOW_FIRST; count < WINDOW_END; count++) {
		ck_assert_int_eq(window_take(&windows, &window), ERROR_OK);
		ck_assert_uint_eq(window.base % WINDOW_BYTES, 0);
		ck_assert_uint_lt(window.base + window.size, UINT64_C(0x7ffffffff000));
		ck_assert(!taken[window.base / WINDOW_BYTES]);
		taken[window.base / WINDOW_BYTES] = true;
	}
	ck_assert_int_eq(window_take(&windows, &window), ERROR_LIMIT);
	window_give_back(&windows, &window);
	window_give_back(&windows, &window);
	ck_assert_int_eq(window_take(&windows, &window), ERROR_OK);
	ck_assert_int_eq(window_take(&windows, &window), ERROR_LIMIT);
}
END_TEST

/* /ic and /icf */

static uint64_t memory_used(void *world, const struct context *context)
{
	(void)world;
	(void)context;
	return 4096;
}

static void expect_text(enum node_tree tree, const char *path, const char *expected)
{
	const struct node root = {.tree = tree};
	char text[NODE_TEXT_MAX];
	struct node node;

	ck_assert_int_eq(node_lookup(&vic, &root, path, &node), ERROR_OK);
	node = node_unpack(node_pack(&node));
	ck_assert(!node_is_directory(&node));
	ck_assert(node_exists(&vic, &node));
	ck_assert_uint_eq(node_text(&vic, &node, memory_used, text), strlen(expected));
	ck_assert_str_eq(text, expected);
}

START_TEST(ic_shows_each_context_in_a_directory)
{
	struct context *context = given_a_running_context();

	ck_assert_uint_eq(context->entry.number, 1);
	expect_text(NODE_CONTEXTS, "1/state", "running\n");
	expect_text(NODE_CONTEXTS, "1/name", "hello\n");
	expect_text(NODE_CONTEXTS, "1/program", "/bin/hello\n");
	expect_text(NODE_CONTEXTS, "1/factory", "process\n");
	expect_text(NODE_CONTEXTS, "1/parent", "0\n");
	expect_text(NODE_CONTEXTS, "1/limit", "1048576\n");
	expect_text(NODE_CONTEXTS, "1/memory", "4096\n");
	context_exits(context);
	expect_text(NODE_CONTEXTS, "1/end", "exited with status 3\n");
}
END_TEST

START_TEST(icf_shows_each_factory_in_a_file)
{
	given_a_running_context();
	expect_text(NODE_FACTORIES, "process", "name=process\ncontexts=1\nruns=elf\ncan=kill\n");
}
END_TEST

START_TEST(paths_that_lead_nowhere_are_not_found)
{
	static const char *const nowhere[] = {
		"2", "0", "01", "x", "1/nothing", "18446744073709551617", "-1"};
	const struct node contexts = {.tree = NODE_CONTEXTS}, factories = {.tree = NODE_FACTORIES};
	struct node node;

	given_a_running_context();
	for (size_t index = 0; index < sizeof(nowhere) / sizeof(nowhere[0]); index++)
		ck_assert_int_eq(node_lookup(&vic, &contexts, nowhere[index], &node),
		                 ERROR_NOT_FOUND);
	ck_assert_int_eq(node_lookup(&vic, &contexts, "1/state/x", &node), ERROR_STATE);
	ck_assert_int_eq(node_lookup(&vic, &factories, "thread", &node), ERROR_NOT_FOUND);
	ck_assert_int_eq(node_lookup(&vic, &factories, "process/x", &node), ERROR_STATE);
}
END_TEST

START_TEST(listings_go_on_after_each_entry)
{
	struct node node = {.tree = NODE_CONTEXTS};
	struct node_entry entry;
	uint64_t cursor = 0;
	unsigned int files = 0;

	given_a_running_context();
	given_a_running_context();
	ck_assert(node_next(&vic, &node, &cursor, &entry));
	ck_assert_str_eq(entry.name, "1");
	ck_assert(node_next(&vic, &node, &cursor, &entry));
	ck_assert_str_eq(entry.name, "2");
	ck_assert(!node_next(&vic, &node, &cursor, &entry));
	node.number = 1;
	for (cursor = 0; node_next(&vic, &node, &cursor, &entry); files++)
		ck_assert(!node_is_directory(&entry.node));
	ck_assert_uint_ge(files, 7);
}
END_TEST

START_TEST(a_node_of_a_deleted_context_is_gone)
{
	struct context *context = given_a_running_context();
	const struct node root = {.tree = NODE_CONTEXTS};
	struct node node;

	ck_assert_int_eq(node_lookup(&vic, &root, "1/state", &node), ERROR_OK);
	context_exits(context);
	ck_assert(node_exists(&vic, &node));
	ck_assert_int_eq(vic_context_delete(&vic, context), ERROR_OK);
	ck_assert(!node_exists(&vic, &node));
}
END_TEST

/* Endings */

START_TEST(a_page_fault_says_what_was_touched_and_where)
{
	struct ending ending =
		ending_from_exception(FAULT_VECTOR_PAGE, ERROR_NOT_FOUND, 0x10, 0x400100);

	ck_assert_uint_eq(ending.exit, CONTEXT_EXIT_EXCEPTION);
	ck_assert_int_eq(ending.value, FAULT_VECTOR_PAGE);
	ck_assert_uint_eq(ending.address, 0x10);
	ck_assert_str_eq(
		ending.detail,
		"touched memory that it does not have: address 0x10, instruction at 0x400100");
}
END_TEST

START_TEST(running_out_of_memory_is_an_ending_of_its_own)
{
	struct ending limit = ending_from_exception(FAULT_VECTOR_PAGE, ERROR_LIMIT, 0x10, 0x20);
	struct ending machine =
		ending_from_exception(FAULT_VECTOR_PAGE, ERROR_NO_MEMORY, 0x10, 0x20);

	ck_assert_uint_eq(limit.exit, CONTEXT_EXIT_MEMORY);
	ck_assert_uint_eq(machine.exit, CONTEXT_EXIT_MEMORY);
	ck_assert_uint_eq(limit.address, 0x10);
	ck_assert_str_ne(limit.detail, machine.detail);
}
END_TEST

START_TEST(every_exception_is_told_in_words_with_the_instruction)
{
	for (uint64_t vector = 0; vector < 300; vector++) {
		struct ending ending = ending_from_exception(vector, 0, 0x1234, 0x5678);

		ck_assert_uint_eq(ending.exit, CONTEXT_EXIT_EXCEPTION);
		ck_assert_ptr_nonnull(strstr(ending.detail, "0x5678"));
	}
	ck_assert_ptr_nonnull(strstr(ending_from_exception(FAULT_VECTOR_INVALID, 0, 0, 1).detail,
	                             "illegal instruction"));
}
END_TEST

/* Exhaustion */

static error_t all_operations(void)
{
	const struct context_request request = {.factory = "process", .program = "/x", .limit = 1};
	const struct reference slot = {.slot = 5};
	struct context *context;
	struct factory *factory;
	error_t error = vic_context_create(&vic, &vic.top, &request, &context);

	if (error == ERROR_OK)
		error = grant_set(&vic, context, "stdin", 1, &slot);
	if (error == ERROR_OK)
		error = text_set(&context->arguments, CONTEXT_SET_APPEND, "a", 2);
	if (error == ERROR_OK)
		error = event_watch_set(&vic, context, 6);
	if (error == ERROR_OK)
		error = vic_context_start(&vic, context, 7);
	if (error == ERROR_OK)
		error = vic_factory_register(&vic, &vic.top, "other", "x", &factory);
	return error;
}

START_TEST(whichever_allocation_fails_nothing_is_left_behind)
{
	for (unsigned int nth = 1;; nth++) {
		error_t error;

		fake_allocation_fail(nth);
		error = all_operations();
		if (error == ERROR_OK)
			ck_assert_uint_gt(fake_allocations_left(), 0);
		fake_allocation_fail(0);
		vic_destroy(&vic);
		ck_assert_uint_eq(fake.live, 0);
		ck_assert_uint_eq(vic.contexts.count, 0);
		given_a_factory_that_waits();
		if (error == ERROR_OK)
			break;
		ck_assert_int_eq(error, ERROR_NO_MEMORY);
	}
}
END_TEST

/* Chance: any order of verbs keeps the books right. */

static struct context *any_context(void)
{
	struct context *context = NULL;
	uint64_t skip = (uint64_t)rand() % (vic.contexts.count + 1);

	for (context = vic_context_next(&vic, &vic.top, 0); context && skip > 1; skip--)
		context = vic_context_next(&vic, &vic.top, context->entry.number);
	return context;
}

static void any_verb(struct context *context)
{
	struct ending killed = ending_from_kill(1);

	switch (rand() % 8) {
	case 0:
		error_ignore(vic_context_build(&vic, context, slot_new()));
		break;
	case 1:
	case 2:
		error_ignore(vic_context_start(&vic, context, slot_new()));
		break;
	case 3:
		error_ignore(vic_context_pause(&vic, context));
		break;
	case 4:
		error_ignore(vic_context_resume(&vic, context));
		break;
	case 5:
		error_ignore(vic_context_wait(&vic, context, slot_new()));
		break;
	case 6:
		vic_context_end(&vic, context, &killed);
		break;
	default:
		error_ignore(vic_context_delete(&vic, context));
		break;
	}
}

static void factory_does_something(void)
{
	if (process->reply_slot == 0 && rand() % 4 == 0)
		factory_fails(ERROR_ARGUMENT);
	else if (process->reply_slot == 0)
		factory_builds();
}

static void expect_books_right(void)
{
	struct context *context;
	unsigned int live = 0, built = 0;

	TAILQ_FOREACH(context, &vic.contexts_in_order, in_order)
	{
		_Bool lives = context->state != CONTEXT_STATE_STOPPED;

		live += lives;
		built += lives && context->state != CONTEXT_STATE_CREATING;
		ck_assert_uint_eq(context->resources.memory, lives);
		ck_assert(lives ? context->window.base != 0 : context->window.base == 0);
		if (!lives)
			ck_assert_uint_eq(context->waiter_count, 0);
	}
	ck_assert_uint_eq(fake.live, live);
	ck_assert_uint_eq(process->contexts, built);
}

START_TEST(a_long_random_history_keeps_the_books_right)
{
	srand(4711);
	for (int round = 0; round < 20000; round++) {
		struct context *context = any_context();

		if (!context || (rand() % 3 == 0 && vic.contexts.count < 40)) {
			struct context *parent =
				context && (context->state == CONTEXT_STATE_RUNNING ||
			                    context->state == CONTEXT_STATE_PAUSED)
					? context
					: &vic.top;

			given_a_context_below(parent);
		} else {
			any_verb(context);
		}
		/* A job whose context was killed is handed in like any other. */
		if (process->job || rand() % 2)
			process->job ? factory_does_something() : (void)0;
		if (!process->job && process->reply_slot == 0)
			factory_builds();
		expect_books_right();
	}
}
END_TEST

static Suite *vic_suite(void)
{
	Suite *suite = suite_create("servers/vic");
	TCase *tests = tcase_create("vic");

	suite_add_tcase(suite, tests);
	tcase_add_checked_fixture(tests, given_a_factory_that_waits, everything_goes);
	tcase_add_test(tests, a_context_is_built_started_and_ended_in_that_order);
	tcase_add_test(tests, start_alone_builds_as_well);
	tcase_add_test(tests, what_cannot_be_built_tells_everybody_why);
	tcase_add_test(tests, a_thread_that_cannot_be_started_ends_its_context);
	tcase_add_test(tests, verbs_out_of_turn_are_refused_and_change_nothing);
	tcase_add_test(tests, the_top_itself_has_no_verbs);
	tcase_add_test(tests, pause_and_resume_stop_all_threads_and_let_them_go);
	tcase_add_test(tests, waiting_for_what_has_ended_answers_at_once);
	tcase_add_test(tests, a_context_ends_once);
	tcase_add_test(tests, a_subtree_ends_from_the_leaves_up_and_only_its_top_stays_known);
	tcase_add_test(tests, numbers_and_windows_are_not_used_again_at_once);
	tcase_add_test(tests, a_thousand_runs_leave_nothing_behind);
	tcase_add_test(tests, what_a_request_asks_for_is_checked_first);
	tcase_add_test(tests, the_dead_among_many_waiters_give_their_slots_back);
	tcase_add_test(tests, a_name_is_given_once_among_brothers);
	tcase_add_test(tests, only_what_lies_below_is_found);
	tcase_add_test(tests, jobs_are_done_one_after_the_other_in_order);
	tcase_add_test(tests, a_context_killed_while_it_is_built_is_not_built);
	tcase_add_test(tests, a_job_that_was_not_given_is_not_taken);
	tcase_add_test(tests, a_request_for_a_job_replaces_the_one_before);
	tcase_add_test(tests, a_factory_found_dead_fails_what_it_was_to_build);
	tcase_add_test(tests, a_job_that_cannot_be_sent_fails_and_the_factory_goes_on);
	tcase_add_test(
		tests,
		a_factory_registered_again_by_its_owner_is_replaced_and_its_contexts_live_on);
	tcase_add_test(tests, a_factory_needs_the_right_and_a_name_that_nobody_has);
	tcase_add_test(tests, a_factory_goes_with_the_context_that_is_its_program);
	tcase_add_test(tests, what_is_not_set_is_the_creators);
	tcase_add_test(tests, setting_a_name_again_gives_the_first_capability_back);
	tcase_add_test(tests, texts_are_set_in_pieces_and_read_in_pieces);
	tcase_add_test(tests, a_text_has_a_limit);
	tcase_add_test(tests, those_above_hear_of_each_change);
	tcase_add_test(tests, events_that_nobody_takes_are_counted_as_lost);
	tcase_add_test(tests, a_new_watch_replaces_the_old_and_its_signal_goes_back);
	tcase_add_test(tests, all_windows_can_be_taken_each_once);
	tcase_add_test(tests, ic_shows_each_context_in_a_directory);
	tcase_add_test(tests, icf_shows_each_factory_in_a_file);
	tcase_add_test(tests, paths_that_lead_nowhere_are_not_found);
	tcase_add_test(tests, listings_go_on_after_each_entry);
	tcase_add_test(tests, a_node_of_a_deleted_context_is_gone);
	tcase_add_test(tests, a_page_fault_says_what_was_touched_and_where);
	tcase_add_test(tests, running_out_of_memory_is_an_ending_of_its_own);
	tcase_add_test(tests, every_exception_is_told_in_words_with_the_instruction);
	tcase_add_test(tests, whichever_allocation_fails_nothing_is_left_behind);
	tcase_add_test(tests, a_long_random_history_keeps_the_books_right);
	return suite;
}

int main(void)
{
	SRunner *runner = srunner_create(vic_suite());
	int failed;

	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
