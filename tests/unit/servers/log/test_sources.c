/* SPDX-License-Identifier: MIT */
/*
 * The log's sources: names and numbers, and which are forgotten when there are many.
 */
#include <stdio.h>
#include <string.h>

#include "../suite.h"
#include "sources.h"

static struct log_sources sources;

static uint64_t given_a_source(const char *name) {
	uint64_t number = 0;
	ck_assert_int_eq(sources_open(&sources, name, &number), ERROR_OK);
	ck_assert_uint_ne(number, 0);
	return number;
}

static void given_many_sources(unsigned int count, uint32_t watcher) {
	char name[24];
	for (unsigned int i = 0; i < count; i++) {
		snprintf(name, sizeof name, "made up %u", i);
		uint64_t number = given_a_source(name);
		if (watcher) source_watch(&sources, sources_use(&sources, number), watcher);
	}
}

START_TEST(the_same_name_is_the_same_source) {
	sources_initialize(&sources);
	uint64_t first = given_a_source("pager"), second = given_a_source("root");
	ck_assert_uint_eq(given_a_source("pager"), first);
	ck_assert_uint_ne(first, second);
	ck_assert_str_eq(sources_use(&sources, second)->name, "root");
	ck_assert_ptr_null(sources_use(&sources, 0));
	ck_assert_ptr_null(sources_use(&sources, 3));
}
END_TEST

START_TEST(names_without_end_never_lock_others_out) {
	sources_initialize(&sources);
	given_many_sources(3 * SOURCES_LIMIT, 0);
	ck_assert_uint_eq(sources.numbers.count, SOURCES_LIMIT);
	uint64_t other = given_a_source("other");
	ck_assert_str_eq(sources_use(&sources, other)->name, "other");
}
END_TEST

START_TEST(the_source_used_longest_ago_is_forgotten_first) {
	sources_initialize(&sources);
	uint64_t quiet = given_a_source("quiet"), written = given_a_source("written"),
		 opened = given_a_source("opened");
	given_many_sources(SOURCES_LIMIT - 3, 0);
	ck_assert_ptr_nonnull(sources_use(&sources, written));
	given_a_source("opened");
	given_a_source("one more");
	ck_assert_ptr_null(sources_use(&sources, quiet));
	ck_assert_ptr_nonnull(sources_use(&sources, written));
	ck_assert_ptr_nonnull(sources_use(&sources, opened));
	ck_assert_uint_ne(given_a_source("quiet"), quiet);
}
END_TEST

START_TEST(a_watched_source_is_not_forgotten_until_its_watcher_goes) {
	sources_initialize(&sources);
	uint64_t watched = given_a_source("watched");
	ck_assert_uint_eq(source_watch(&sources, sources_use(&sources, watched), 7), 0);
	given_many_sources(2 * SOURCES_LIMIT, 0);
	ck_assert_ptr_nonnull(sources_use(&sources, watched));
	ck_assert_uint_eq(source_watch(&sources, sources_use(&sources, watched), 0), 7);
	given_many_sources(2 * SOURCES_LIMIT, 0);
	ck_assert_ptr_null(sources_use(&sources, watched));
}
END_TEST

START_TEST(when_all_are_watched_a_new_one_is_refused_and_known_ones_are_not) {
	uint64_t number = 77;
	sources_initialize(&sources);
	given_many_sources(SOURCES_LIMIT, 7);
	ck_assert_int_eq(sources_open(&sources, "other", &number), ERROR_LIMIT);
	ck_assert_uint_eq(number, 77);
	given_a_source("made up 17");
}
END_TEST

SUITE("log_sources", the_same_name_is_the_same_source, names_without_end_never_lock_others_out,
      the_source_used_longest_ago_is_forgotten_first, a_watched_source_is_not_forgotten_until_its_watcher_goes,
      when_all_are_watched_a_new_one_is_refused_and_known_ones_are_not)
