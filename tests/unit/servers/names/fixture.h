/* SPDX-License-Identifier: MIT */
/*
 * What the tests of the naming server share: a world of slots that remembers what was done to each,
 * and short ways to say what is given and what is expected.
 */
#ifndef TEST_NAMES_FIXTURE_H
#define TEST_NAMES_FIXTURE_H

#include <check.h>
#include <stdbool.h>
#include <string.h>

#include "names.h"

#define SLOTS 4096

struct world {
	bool dead[SLOTS];
	unsigned int released[SLOTS];
	unsigned int signalled[SLOTS];
	unsigned int answered[SLOTS];
	uint32_t answer_slot;
	char answer_rest[PATH_BYTES_MAX + 1];
};

extern struct world world;
extern struct names names;
extern struct view *full;
extern const struct names_effects effects;

/* Which of the following allocations fails; 0: none. */
extern unsigned int allocation_to_fail;

void given_an_empty_tree(void);
void tree_is_taken_down(void);
error_t registered(struct view *view, enum names_placing placing, const char *path, uint32_t slot);
void given(const char *path, uint32_t slot);
struct path resolved(const struct view *view, const char *text);
/* The lookup of @text leads to @slot and leaves @rest. */
void expect_found_in(const struct view *view, const char *text, uint32_t slot, const char *rest);
void expect_found(const char *text, uint32_t slot, const char *rest);
void expect_not_found(const char *text);
error_t unregistered(struct view *view, const char *text);
struct view *given_a_view(struct view *parent, uint32_t rights, const char *root);
void given_a_wait(struct view *view, const char *text, uint32_t reply_slot);
uint64_t given_a_watch(struct view *view, const char *text, uint32_t slot);

/* The tests, each group in a file of that name. */
void path_tests_add(TCase *tests);
void registration_tests_add(TCase *tests);
void view_tests_add(TCase *tests);
void wait_tests_add(TCase *tests);
void listing_tests_add(TCase *tests);
void chance_tests_add(TCase *tests);

#endif
