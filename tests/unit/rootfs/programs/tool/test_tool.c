/* SPDX-License-Identifier: MIT */
/*
 * What programs print: JSON, tables; and what they read: numbers and sizes.
 */
#include <nacre/json.h>
#include <nacre/number.h>
#include <nacre/table.h>
#include <nacre/tool.h>
#include <stdio.h>
#include <string.h>

#include "suite.h"

static char *printed;
static size_t printed_size;
static FILE *file;

static void begin(void) { file = open_memstream(&printed, &printed_size); }

static void assert_printed(const char *expected) {
	fclose(file);
	ck_assert_str_eq(printed, expected);
	free(printed);
}

START_TEST(json_has_its_commas_brackets_and_keys) {
	begin();
	struct json json = json_start(file);
	json_array_begin(&json, NULL);
	json_object_begin(&json, NULL);
	json_unsigned(&json, "number", UINT64_MAX);
	json_signed(&json, "status", -1);
	json_array_begin(&json, "empty");
	json_array_end(&json);
	json_null(&json, "limit");
	json_object_end(&json);
	json_object_begin(&json, NULL);
	json_object_end(&json);
	json_string(&json, NULL, "x");
	json_array_end(&json);
	json_finish(&json);
	assert_printed("[{\"number\":18446744073709551615,\"status\":-1,\"empty\":[],\"limit\":null},"
	               "{},\"x\"]\n");
}
END_TEST

START_TEST(json_strings_are_escaped_and_always_valid_utf_8) {
	begin();
	struct json json = json_start(file);
	json_string(&json, NULL, "a\"b\\c\n\t\x01\x7f \xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
	assert_printed("\"a\\\"b\\\\c\\n\\t\\u0001\x7f \xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\"");
	begin();
	json = json_start(file);
	/* lone continuation, overlong, surrogate, too large, cut short */
	json_string(&json, NULL, "\x80|\xc0\x80|\xed\xa0\x80|\xf4\x90\x80\x80|\xe2\x82");
	assert_printed("\"\xef\xbf\xbd|\xef\xbf\xbd\xef\xbf\xbd|\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd|"
	               "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd|\xef\xbf\xbd\xef\xbf\xbd\"");
}
END_TEST

START_TEST(a_table_is_as_wide_as_its_cells) {
	static const char *const headings[] = {"NAME", ">SIZE", "REST"};
	struct table table;
	begin();
	table_start(&table, headings, 3);
	table_cell(&table, "h\xc3\xa9llo");
	table_cell(&table, "%d", 12345);
	table_cell(&table, "x");
	table_cell(&table, "a");
	table_cell(&table, ">7");
	table_cell(&table, "%s", "");
	ck_assert(table_finish(&table, file));
	assert_printed("NAME    SIZE  REST\nh\xc3\xa9llo  12345  x\na         >7  \n");
}
END_TEST

START_TEST(numbers_are_read_whole_or_not_at_all) {
	uint64_t number = 77;
	ck_assert(number_parse("0", &number) && number == 0);
	ck_assert(number_parse("18446744073709551615", &number) && number == UINT64_MAX);
	ck_assert(number_parse("0xfF", &number) && number == 255);
	number = 77;
	ck_assert(!number_parse("", &number));
	ck_assert(!number_parse("18446744073709551616", &number));
	ck_assert(!number_parse("1x", &number));
	ck_assert(!number_parse("0x", &number));
	ck_assert(!number_parse("-1", &number));
	ck_assert(!number_parse(" 1", &number));
	ck_assert(!number_parse("1a", &number));
	ck_assert_uint_eq(number, 77);
}
END_TEST

START_TEST(sizes_have_units_and_must_fit) {
	uint64_t size = 77;
	ck_assert(size_parse("100", &size) && size == 100);
	ck_assert(size_parse("4K", &size) && size == 4096);
	ck_assert(size_parse("64M", &size) && size == UINT64_C(64) << 20);
	ck_assert(size_parse("2g", &size) && size == UINT64_C(2) << 30);
	size = 77;
	ck_assert(!size_parse("4KB", &size));
	ck_assert(!size_parse("K", &size));
	ck_assert(!size_parse("18446744073709551615K", &size));
	ck_assert(!size_parse("4T", &size));
	ck_assert_uint_eq(size, 77);
}
END_TEST

START_TEST(seconds_may_have_a_fraction) {
	uint64_t duration = 77;
	ck_assert(seconds_parse("2", &duration) && duration == UINT64_C(2000000000));
	ck_assert(seconds_parse("0.5", &duration) && duration == 500000000);
	ck_assert(seconds_parse("1.000000001", &duration) && duration == 1000000001);
	ck_assert(seconds_parse("9223372034", &duration) && duration == UINT64_C(9223372034000000000));
	duration = 77;
	ck_assert(!seconds_parse("", &duration));
	ck_assert(!seconds_parse(".5", &duration));
	ck_assert(!seconds_parse("1.", &duration));
	ck_assert(!seconds_parse("1.0000000001", &duration));
	ck_assert(!seconds_parse("-1", &duration));
	ck_assert(!seconds_parse("1e3", &duration));
	ck_assert(!seconds_parse("18446744073709551615", &duration));
	ck_assert_uint_eq(duration, 77);
}
END_TEST

SUITE("tool", json_has_its_commas_brackets_and_keys, json_strings_are_escaped_and_always_valid_utf_8,
      a_table_is_as_wide_as_its_cells, numbers_are_read_whole_or_not_at_all, sizes_have_units_and_must_fit,
      seconds_may_have_a_fraction)
