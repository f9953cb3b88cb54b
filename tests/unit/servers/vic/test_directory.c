/* SPDX-License-Identifier: MIT */
/*
 * /ic and /icf, and endings in words.
 */
#include <nacre/abi/fault.h>

#include "directory.h"
#include "fixture.h"

static uint64_t memory_used(void *world, const struct context *context) {
	(void)world;
	(void)context;
	return 4096;
}

static void expect_text(enum node_tree tree, const char *path, const char *expected) {
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

START_TEST(ic_shows_each_context_in_a_directory) {
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

START_TEST(icf_shows_each_factory_in_a_file) {
	given_a_running_context();
	expect_text(NODE_FACTORIES, "process", "name=process\ncontexts=1\nruns=elf\ncan=kill\n");
}
END_TEST

START_TEST(paths_that_lead_nowhere_are_not_found) {
	static const char *const nowhere[] = {"2", "0", "01", "x", "1/nothing", "18446744073709551617", "-1"};
	const struct node contexts = {.tree = NODE_CONTEXTS}, factories = {.tree = NODE_FACTORIES};
	struct node node;

	given_a_running_context();
	for (size_t index = 0; index < sizeof(nowhere) / sizeof(nowhere[0]); index++)
		ck_assert_int_eq(node_lookup(&vic, &contexts, nowhere[index], &node), ERROR_NOT_FOUND);
	ck_assert_int_eq(node_lookup(&vic, &contexts, "1/state/x", &node), ERROR_STATE);
	ck_assert_int_eq(node_lookup(&vic, &factories, "thread", &node), ERROR_NOT_FOUND);
	ck_assert_int_eq(node_lookup(&vic, &factories, "process/x", &node), ERROR_STATE);
}
END_TEST

START_TEST(listings_go_on_after_each_entry) {
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
	for (cursor = 0; node_next(&vic, &node, &cursor, &entry); files++) ck_assert(!node_is_directory(&entry.node));
	ck_assert_uint_ge(files, 7);
}
END_TEST

START_TEST(a_node_of_a_deleted_context_is_gone) {
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

START_TEST(a_page_fault_says_what_was_touched_and_where) {
	struct ending ending = ending_from_exception(FAULT_VECTOR_PAGE, ERROR_NOT_FOUND, 0x10, 0x400100);

	ck_assert_uint_eq(ending.exit, CONTEXT_EXIT_EXCEPTION);
	ck_assert_int_eq(ending.value, FAULT_VECTOR_PAGE);
	ck_assert_uint_eq(ending.address, 0x10);
	ck_assert_str_eq(ending.detail, "touched memory that it does not have: address 0x10, instruction at 0x400100");
}
END_TEST

START_TEST(running_out_of_memory_is_an_ending_of_its_own) {
	struct ending limit = ending_from_exception(FAULT_VECTOR_PAGE, ERROR_LIMIT, 0x10, 0x20);
	struct ending machine = ending_from_exception(FAULT_VECTOR_PAGE, ERROR_NO_MEMORY, 0x10, 0x20);

	ck_assert_uint_eq(limit.exit, CONTEXT_EXIT_MEMORY);
	ck_assert_uint_eq(machine.exit, CONTEXT_EXIT_MEMORY);
	ck_assert_uint_eq(limit.address, 0x10);
	ck_assert_str_ne(limit.detail, machine.detail);
}
END_TEST

START_TEST(every_exception_is_told_in_words_with_the_instruction) {
	for (uint64_t vector = 0; vector < 300; vector++) {
		struct ending ending = ending_from_exception(vector, 0, 0x1234, 0x5678);

		ck_assert_uint_eq(ending.exit, CONTEXT_EXIT_EXCEPTION);
		ck_assert_ptr_nonnull(strstr(ending.detail, "0x5678"));
	}
	ck_assert_ptr_nonnull(
		strstr(ending_from_exception(FAULT_VECTOR_INVALID, 0, 0, 1).detail, "illegal instruction"));
}
END_TEST

void directory_tests_add(TCase *tests) {
	tcase_add_test(tests, ic_shows_each_context_in_a_directory);
	tcase_add_test(tests, icf_shows_each_factory_in_a_file);
	tcase_add_test(tests, paths_that_lead_nowhere_are_not_found);
	tcase_add_test(tests, listings_go_on_after_each_entry);
	tcase_add_test(tests, a_node_of_a_deleted_context_is_gone);
	tcase_add_test(tests, a_page_fault_says_what_was_touched_and_where);
	tcase_add_test(tests, running_out_of_memory_is_an_ending_of_its_own);
	tcase_add_test(tests, every_exception_is_told_in_words_with_the_instruction);
}
