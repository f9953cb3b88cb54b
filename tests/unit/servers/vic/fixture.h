/* SPDX-License-Identifier: MIT */
/*
 * What the tests of the context layer share: a factory that waits for jobs, contexts in all states.
 *
 * The world is fake_world.h.
 */
#ifndef TEST_VIC_FIXTURE_H
#define TEST_VIC_FIXTURE_H

#include <check.h>
#include <stdbool.h>
#include <string.h>

#include "ending.h"
#include "factory.h"
#include "fake_world.h"
#include "life.h"

extern struct vic vic;
extern struct factory *process;

/* A reply slot that no test has used before. */
uint32_t slot_new(void);
void given_a_factory_that_waits(void);
void everything_goes(void);
struct context *given_a_context_below(struct context *parent);
struct context *given_a_context(void);
/* The factory hands in its job, done, and waits for the next. */
void factory_builds(void);
void factory_fails(error_t error);
struct context *given_a_running_context_below(struct context *parent);
struct context *given_a_running_context(void);
void expect_answer(uint32_t slot, error_t error);
void context_exits(struct context *context);

/* The tests, each group in a file of that name. */
void life_tests_add(TCase *tests);
void factory_tests_add(TCase *tests);
void grant_tests_add(TCase *tests);
void event_tests_add(TCase *tests);
void directory_tests_add(TCase *tests);
void chance_tests_add(TCase *tests);

#endif
