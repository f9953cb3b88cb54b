/* SPDX-License-Identifier: MIT */
/*
 * What contexts cost while they live, and that nothing is left when they have ended.
 */
#include <nacre/protocol/memory.h>
#include <nacre/protocol/thread.h>
#include <nacre/slot.h>
#include <nacre/start.h>
#include <nacre/thread.h>
#include <nacre/time.h>

#include "runs.h"
#include "topics.h"

#define WARM_UP_RUNS 50

#define LEVELS 3

/* How this program's own instance stands, and each pager's below it. */
struct accounts {
	struct memory_status_answer levels[LEVELS];
	unsigned int count;
};

static struct accounts accounts_read(void) {
	struct accounts accounts = {0};

	while (accounts.count < LEVELS &&
	       memory_status(start_memory(), accounts.count, &accounts.levels[accounts.count]) == ERROR_OK)
		accounts.count++;
	return accounts;
}

/* What is in use, and what the machine has left: servers that hoard would show in that. */
static void expect_same(const struct accounts *before) {
	struct accounts after = accounts_read();

	CHECK(before->count >= 2);
	for (unsigned int level = 0; level < before->count; level++) {
		CHECK_EQUAL(after.levels[level].used, before->levels[level].used);
		CHECK_EQUAL(after.levels[level].free, before->levels[level].free);
		CHECK_EQUAL(after.levels[level].instances, before->levels[level].instances);
	}
}

static void runs_do(unsigned int runs, const char *part) {
	for (unsigned int run = 0; run < runs; run++) {
		struct context_wait_answer ending;

		CHECK_OK(run_through(NO_LIMIT, part, "0", &ending));
	}
}

/* Runs @part often; after a warm-up nothing may change. */
static void expect_no_traces(const char *part, unsigned int runs) {
	struct accounts before;

	runs_do(WARM_UP_RUNS, part);
	CHECK_DONE();
	before = accounts_read();
	runs_do(runs, part);
	CHECK_DONE();
	expect_same(&before);
}

static void a_thousand_runs_leave_memory_as_it_was(void) { expect_no_traces("exit", 1000); }

static void a_hundred_crashes_leave_memory_as_it_was(void) { expect_no_traces("null", 100); }

static void a_hundred_creators_with_children_leave_memory_as_it_was(void) { expect_no_traces("leave-child", 100); }

/* Somebody who waits for the end of a context, is cancelled, and waits again. */
struct impatient {
	capability_t context;
	_Atomic unsigned int given_up;
	_Atomic unsigned int done;
};

static void impatient_main(void *argument) {
	struct impatient *impatient = argument;
	struct context_wait_answer ending;

	while (!impatient->done && context_wait(impatient->context, &ending) == ERROR_CANCELLED) impatient->given_up++;
}

/* Long enough for a call to reach the context layer and wait there. */
#define CALL_NS UINT64_C(200000)

static void waits_give_up(struct impatient *impatient, struct nacre_thread *thread, unsigned int times) {
	for (unsigned int time = 0; time < times; time++) {
		unsigned int before = impatient->given_up;

		CHECK_OK(nacre_sleep(CALL_NS));
		CHECK_OK(thread_cancel(nacre_thread_control(thread)));
		while (impatient->given_up == before) CHECK_OK(nacre_sleep(CALL_NS));
	}
}

static void a_thousand_waits_given_up_leave_memory_as_it_was(void) {
	struct impatient impatient = {0};
	struct nacre_thread *thread;
	struct accounts before;

	CHECK_OK(run_start(NO_LIMIT, "sleep", NULL, &impatient.context));
	CHECK_OK(nacre_thread_start(impatient_main, &impatient, NACRE_THREAD_STACK_DEFAULT, &thread));
	waits_give_up(&impatient, thread, WARM_UP_RUNS);
	before = accounts_read();
	waits_give_up(&impatient, thread, 1000);
	expect_same(&before);
	impatient.done = 1;
	CHECK_OK(thread_cancel(nacre_thread_control(thread)));
	nacre_thread_join(thread);
	run_drop(impatient.context);
}

static void a_context_is_paid_from_its_creators_account(void) {
	struct accounts before = accounts_read();
	capability_t context;

	CHECK_OK(run_start(NO_LIMIT, "sleep", NULL, &context));
	CHECK(accounts_read().levels[0].used > before.levels[0].used);
	run_drop(context);
	CHECK_EQUAL(accounts_read().levels[0].used, before.levels[0].used);
}

const struct test account_tests[] = {
	TEST(a_context_is_paid_from_its_creators_account),
	TEST(a_thousand_runs_leave_memory_as_it_was),
	TEST(a_hundred_crashes_leave_memory_as_it_was),
	TEST(a_hundred_creators_with_children_leave_memory_as_it_was),
	TEST(a_thousand_waits_given_up_leave_memory_as_it_was),
	TESTS_END,
};
