/* SPDX-License-Identifier: MIT */
/*
 * What contexts cost while they live, and that nothing is left when they have ended.
 */
#include <nacre/protocol/memory.h>
#include <nacre/start.h>

#include "runs.h"
#include "topics.h"

#define WARM_UP_RUNS 50
#define RUNS         1000

/* Memory in use at this program's own instance and at all pagers below. */
static uint64_t used(uint64_t level)
{
	struct memory_status_answer status;

	return memory_status(start_memory(), level, &status) == ERROR_OK ? status.used : 0;
}

static void runs_do(unsigned int runs, const char *part)
{
	for (unsigned int run = 0; run < runs; run++) {
		struct context_wait_answer ending;

		CHECK_OK(run_through(NO_LIMIT, part, "0", &ending));
	}
}

static void a_thousand_runs_leave_memory_as_it_was(void)
{
	uint64_t before[3];

	runs_do(WARM_UP_RUNS, "exit");
	CHECK_DONE();
	for (uint64_t level = 0; level < 3; level++)
		before[level] = used(level);
	CHECK(before[0] > 0);
	runs_do(RUNS, "exit");
	CHECK_DONE();
	for (uint64_t level = 0; level < 3; level++)
		CHECK_EQUAL(used(level), before[level]);
}

static void a_hundred_crashes_leave_memory_as_it_was(void)
{
	uint64_t before[3];

	runs_do(WARM_UP_RUNS, "null");
	CHECK_DONE();
	for (uint64_t level = 0; level < 3; level++)
		before[level] = used(level);
	runs_do(100, "null");
	CHECK_DONE();
	for (uint64_t level = 0; level < 3; level++)
		CHECK_EQUAL(used(level), before[level]);
}

static void a_context_is_paid_from_its_creators_account(void)
{
	uint64_t before = used(0);
	capability_t context;

	CHECK_OK(run_start(NO_LIMIT, "sleep", NULL, &context));
	CHECK(used(0) > before);
	run_drop(context);
	CHECK_EQUAL(used(0), before);
}

const struct test account_tests[] = {
	TEST(a_context_is_paid_from_its_creators_account),
	TEST(a_thousand_runs_leave_memory_as_it_was),
	TEST(a_hundred_crashes_leave_memory_as_it_was),
	TESTS_END,
};
