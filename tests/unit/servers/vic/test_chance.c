/* SPDX-License-Identifier: MIT */
/*
 * Windows and memory that run out, and long random histories.
 */
#include <stdlib.h>

#include "event.h"
#include "fixture.h"
#include "grant.h"

START_TEST(all_windows_can_be_taken_each_once) {
	static struct windows windows;
	static bool taken[WINDOW_END];
	struct window window = {0};

	windows_create(&windows);
	for (uint32_t count = WINDOW_FIRST; count < WINDOW_END; count++) {
		if (window_take(&windows, &window) != ERROR_OK || window.base % WINDOW_BYTES != 0 ||
		    window.base + window.size >= UINT64_C(0x7ffffffff000) || taken[window.base / WINDOW_BYTES])
			ck_abort_msg("window %u", count);
		taken[window.base / WINDOW_BYTES] = true;
	}
	ck_assert_int_eq(window_take(&windows, &window), ERROR_LIMIT);
	window_give_back(&windows, &window);
	window_give_back(&windows, &window);
	ck_assert_int_eq(window_take(&windows, &window), ERROR_OK);
	ck_assert_int_eq(window_take(&windows, &window), ERROR_LIMIT);
}
END_TEST

static error_t all_operations(void) {
	const struct context_request request = {.factory = "process", .program = "/x", .limit = 1};
	const struct reference slot = {.slot = 5};
	struct context *context;
	struct factory *factory;
	error_t error = vic_context_create(&vic, &vic.top, &request, &context);

	if (error == ERROR_OK) error = grant_set(&vic, context, "stdin", 1, &slot);
	if (error == ERROR_OK) error = text_set(context, &context->arguments, CONTEXT_SET_APPEND, "a", 2);
	if (error == ERROR_OK) error = event_watch_set(&vic, context, 6);
	if (error == ERROR_OK) error = vic_context_start(&vic, context, 7);
	if (error == ERROR_OK) error = vic_factory_register(&vic, &vic.top, "other", "x", &factory);
	return error;
}

START_TEST(whichever_allocation_fails_nothing_is_left_behind) {
	for (unsigned int nth = 1;; nth++) {
		error_t error;

		fake_allocation_fail(nth);
		error = all_operations();
		if (error == ERROR_OK) ck_assert_uint_gt(fake_allocations_left(), 0);
		fake_allocation_fail(0);
		vic_destroy(&vic);
		ck_assert_uint_eq(fake.live, 0);
		ck_assert_uint_eq(vic.contexts.count, 0);
		given_a_factory_that_waits();
		if (error == ERROR_OK) break;
		ck_assert_int_eq(error, ERROR_NO_MEMORY);
	}
}
END_TEST

static struct context *any_context(void) {
	struct context *context = NULL;
	uint64_t skip = (uint64_t)rand() % (vic.contexts.count + 1);

	for (context = vic_context_next(&vic, &vic.top, 0); context && skip > 1; skip--)
		context = vic_context_next(&vic, &vic.top, context->entry.number);
	return context;
}

static void any_verb(struct context *context) {
	struct ending killed = ending_from_kill(1);

	switch (rand() % 8) {
	case 0: error_ignore(vic_context_build(&vic, context, slot_new())); break;
	case 1:
	case 2: error_ignore(vic_context_start(&vic, context, slot_new())); break;
	case 3: error_ignore(vic_context_pause(&vic, context)); break;
	case 4: error_ignore(vic_context_resume(&vic, context)); break;
	case 5: error_ignore(vic_context_wait(&vic, context, slot_new())); break;
	case 6: vic_context_end(&vic, context, &killed); break;
	default: error_ignore(vic_context_delete(&vic, context)); break;
	}
}

static void factory_does_something(void) {
	if (process->reply_slot == 0 && rand() % 4 == 0)
		factory_fails(ERROR_ARGUMENT);
	else if (process->reply_slot == 0)
		factory_builds();
}

static bool books_are_right(void) {
	struct context *context;
	unsigned int live = 0, built = 0, idle = 0;

	TAILQ_FOREACH(context, &vic.contexts_in_order, in_order) {
		bool lives = context->state != CONTEXT_STATE_STOPPED;

		live += lives;
		built += lives && context->state != CONTEXT_STATE_CREATING;
		idle += context->parent == &vic.top ? context->idle_units : 0;
		if (context->resources.memory != lives || (context->window.base != 0) != lives ||
		    (!lives && context->waiter_count != 0))
			return false;
	}
	return fake.live == live && process->contexts == built && vic.top.idle_below == idle;
}

START_TEST(a_long_random_history_keeps_the_books_right) {
	srand(4711);
	for (int round = 0; round < 20000; round++) {
		struct context *context = any_context();

		if (!context || (rand() % 3 == 0 && vic.contexts.count < 40)) {
			struct context *parent = context && (context->state == CONTEXT_STATE_RUNNING ||
			                                     context->state == CONTEXT_STATE_PAUSED)
			                                 ? context
			                                 : &vic.top;

			given_a_context_below(parent);
		} else {
			any_verb(context);
		}
		/* A job whose context was killed is handed in like any other. */
		if (process->job || rand() % 2) process->job ? factory_does_something() : (void)0;
		if (!process->job && process->reply_slot == 0) factory_builds();
		if (!books_are_right()) ck_abort_msg("the books are wrong in round %d", round);
	}
}
END_TEST

void chance_tests_add(TCase *tests) {
	tcase_add_test(tests, all_windows_can_be_taken_each_once);
	tcase_add_test(tests, whichever_allocation_fails_nothing_is_left_behind);
	tcase_add_test(tests, a_long_random_history_keeps_the_books_right);
}
