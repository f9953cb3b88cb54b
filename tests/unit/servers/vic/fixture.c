/* SPDX-License-Identifier: MIT */
/*
 * Given contexts and factories. Read fixture.h first.
 */
#include "fixture.h"

struct vic vic;
struct factory *process;

uint32_t slot_new(void) {
	static uint32_t last;

	last = last % (FAKE_SLOTS - 1) + 1;
	fake.answers[last] = fake.released[last] = fake.signals[last] = 0;
	return last;
}

void given_a_factory_that_waits(void) {
	fake_world_reset();
	vic_create(&vic, &fake_world_functions, NULL);
	ck_assert_int_eq(vic_factory_register(&vic, &vic.top, "process", "runs=elf can=kill", &process), ERROR_OK);
	vic_factory_wait(&vic, process, slot_new());
}

void everything_goes(void) {
	vic_destroy(&vic);
	ck_assert_uint_eq(fake.live, 0);
}

struct context *given_a_context_below(struct context *parent) {
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

struct context *given_a_context(void) {
	return given_a_context_below(&vic.top);
}

void factory_builds(void) {
	struct context *context;

	ck_assert_int_eq(vic_factory_finish(process, process->job_number, &context), ERROR_OK);
	if (context) vic_context_built(&vic, context);
	vic_factory_wait(&vic, process, slot_new());
}

void factory_fails(error_t error) {
	struct context *context;

	ck_assert_int_eq(vic_factory_finish(process, process->job_number, &context), ERROR_OK);
	vic_context_build_failed(&vic, context, error, "not a program");
	vic_factory_wait(&vic, process, slot_new());
}

struct context *given_a_running_context_below(struct context *parent) {
	struct context *context = given_a_context_below(parent);

	ck_assert_int_eq(vic_context_start(&vic, context, slot_new()), ERROR_OK);
	factory_builds();
	ck_assert_uint_eq(context->state, CONTEXT_STATE_RUNNING);
	return context;
}

struct context *given_a_running_context(void) {
	return given_a_running_context_below(&vic.top);
}

void expect_answer(uint32_t slot, error_t error) {
	ck_assert_uint_eq(fake.answers[slot], 1);
	ck_assert_int_eq(fake.answered_with[slot], error);
}

void context_exits(struct context *context) {
	struct ending ending = ending_from_exit(3);

	vic_context_end(&vic, context, &ending);
}
