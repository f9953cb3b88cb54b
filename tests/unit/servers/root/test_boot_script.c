/* SPDX-License-Identifier: MIT */
/*
 * The boot script, resources and the command line: texts that people write.
 */
#include <string.h>

#include "../../../../servers/root/boot_script.h"
#include "../../../../servers/root/command_line.h"
#include "../../../../servers/root/resource.h"
#include "../suite.h"

static struct script script_make(const char *text) { return (struct script){.rest = piece_of(text)}; }

static void check_wrong(const char *text, unsigned int number, const char *part) {
	struct script script = script_make(text);
	struct script_line line;
	const char *problem = NULL;

	ck_assert_msg(script_next(&script, &line, &problem) == SCRIPT_WRONG, "%s", text);
	ck_assert_uint_eq(line.number, number);
	ck_assert_msg(strstr(problem, part) != NULL, "%s: %s", text, problem);
}

START_TEST(a_line_has_a_name_a_program_arguments_and_resources) {
	struct script script = script_make("# comment\n\n[base]\n"
	                                   "  names\t/sbin/names a bc  may power ports:0x60:2 # more\r\n"
	                                   "[system]\nlog /sbin/log");
	struct script_line line;
	const char *problem;
	struct piece word;

	ck_assert_int_eq(script_next(&script, &line, &problem), SCRIPT_LINE);
	ck_assert_uint_eq(line.number, 4);
	ck_assert_int_eq(line.section, SECTION_BASE);
	ck_assert(piece_is(script_line_name(&line), "names"));
	ck_assert(piece_is(script_line_program(&line), "/sbin/names"));
	ck_assert(script_line_argument(&line, 1, &word) && piece_is(word, "a"));
	ck_assert(script_line_argument(&line, 2, &word) && piece_is(word, "bc"));
	ck_assert(!script_line_argument(&line, 3, &word));
	ck_assert(script_line_resource(&line, 0, &word) && piece_is(word, "power"));
	ck_assert(script_line_resource(&line, 1, &word) && piece_is(word, "ports:0x60:2"));
	ck_assert(!script_line_resource(&line, 2, &word));
	ck_assert_int_eq(script_next(&script, &line, &problem), SCRIPT_LINE);
	ck_assert_int_eq(line.section, SECTION_SYSTEM);
	ck_assert_uint_eq(line.number, 6);
	ck_assert(piece_is(script_line_program(&line), "/sbin/log"));
	ck_assert(!script_line_resource(&line, 0, &word));
	ck_assert_int_eq(script_next(&script, &line, &problem), SCRIPT_END);
	ck_assert_int_eq(script_next(&script, &line, &problem), SCRIPT_END);
}
END_TEST

START_TEST(a_wrong_line_says_what_is_wrong_and_the_next_is_read) {
	struct script script = script_make("log /sbin/log\n[base]\nlog sbin/log\nnames\n[bas]\nok /ok\n");
	struct script_line line;
	const char *problem;

	ck_assert_int_eq(script_next(&script, &line, &problem), SCRIPT_WRONG);
	ck_assert_int_eq(script_next(&script, &line, &problem), SCRIPT_WRONG);
	ck_assert_int_eq(script_next(&script, &line, &problem), SCRIPT_WRONG);
	ck_assert_int_eq(script_next(&script, &line, &problem), SCRIPT_WRONG);
	ck_assert_uint_eq(line.number, 5);
	ck_assert_int_eq(script_next(&script, &line, &problem), SCRIPT_LINE);
	ck_assert_uint_eq(line.number, 6);
	check_wrong("log /sbin/log", 1, "section");
	check_wrong("[base]\nlog", 2, "no program");
	check_wrong("[base]\nlog may power", 2, "no program");
	check_wrong("[base]\nlog sbin/log", 2, "'/'");
	check_wrong("\n[other]", 2, "no such section");
	check_wrong("[base]\nlog /sbin/log may ports:0x60", 2, "ports:FIRST:COUNT");
	check_wrong("[base]\nlog /sbin/log may pots:1:2", 2, "no such kind");
}
END_TEST

START_TEST(arguments_are_told_in_pieces_each_ended_by_nul) {
	struct script script = script_make("[base]\nx /bin/x ab c may power");
	static const char expected[] = "/bin/x\0ab\0c";
	struct script_line line;
	const char *problem;
	char bytes[16];
	size_t copied;

	ck_assert_int_eq(script_next(&script, &line, &problem), SCRIPT_LINE);
	ck_assert_uint_eq(script_line_arguments(&line, 0, bytes, sizeof(bytes), &copied), sizeof(expected));
	ck_assert_uint_eq(copied, sizeof(expected));
	ck_assert_mem_eq(bytes, expected, copied);
	for (unsigned int offset = 0; offset < sizeof(expected); offset++) {
		ck_assert_uint_eq(script_line_arguments(&line, offset, bytes, 1, &copied), sizeof(expected));
		ck_assert_uint_eq(copied, 1);
		ck_assert_int_eq(bytes[0], expected[offset]);
	}
	ck_assert_uint_eq(script_line_arguments(&line, sizeof(expected), bytes, 4, &copied), sizeof(expected));
	ck_assert_uint_eq(copied, 0);
	ck_assert_uint_eq(script_line_arguments(&line, UINT64_MAX, bytes, 4, &copied), sizeof(expected));
	ck_assert_uint_eq(copied, 0);
}
END_TEST

static struct resource resource_of(const char *text) {
	struct resource resource;
	const char *problem = resource_read(piece_of(text), &resource);

	ck_assert_msg(!problem, "%s: %s", text, problem);
	return resource;
}

START_TEST(resources_are_read_with_numbers_of_both_bases_and_units) {
	struct resource ports = resource_of("ports:0x3f8:8");
	struct resource memory = resource_of("memory:0x10M");
	struct resource but = resource_of("memory:-4M");
	struct resource device = resource_of("device:0xfee00000:4K");

	ck_assert_int_eq(ports.kind, RESOURCE_PORTS);
	ck_assert(ports.first == 0x3f8 && ports.count == 8);
	ck_assert_int_eq(memory.kind, RESOURCE_MEMORY);
	ck_assert_uint_eq(memory.first, 16u << 20);
	ck_assert_int_eq(but.kind, RESOURCE_MEMORY_BUT);
	ck_assert_uint_eq(but.first, 4u << 20);
	ck_assert_int_eq(device.kind, RESOURCE_DEVICE);
	ck_assert(device.first == 0xfee00000 && device.count == 4096);
	ck_assert_uint_eq(resource_of("interrupt:14").first, 14);
	ck_assert_int_eq(resource_of("offer:pager").kind, RESOURCE_OFFER);
	ck_assert(piece_is(resource_of("offer:pager").name, "pager"));
	ck_assert_int_eq(resource_of("archive").kind, RESOURCE_NAME);
	ck_assert_uint_eq(resource_of("priority:254").first, 254);
}
END_TEST

START_TEST(impossible_resources_are_refused) {
	static const char *const words[] = {
		"ports:",        "ports:1",         "ports:1:",
		"ports:1:0",     "ports:0x10000:1", "ports:0xffff:2",
		"ports:1:2:3",   "ports:-1:2",      "ports:99999999999999999999:1",
		"interrupt:",    "interrupt:x",     "interrupt:1x",
		"device:1:4096", "device:4096:1",   "device:0:0",
		"offer:",        "memory:",         "memory:0",
		"memory:4T",     "memory:-",        "memory:0xffffffffffffffffG",
		"priority:0",    "priority:255",    "priority:",
		"other:thing",   "ports:0x:1",
	};
	struct resource resource;

	for (unsigned int index = 0; index < sizeof(words) / sizeof(words[0]); index++)
		ck_assert_msg(resource_read(piece_of(words[index]), &resource) != NULL, "%s", words[index]);
}
END_TEST

static int covers(const char *granted, const char *wanted) {
	struct resource a = resource_of(granted);
	struct resource b = resource_of(wanted);

	return resource_covers(&a, &b);
}

START_TEST(a_grant_covers_its_parts_and_nothing_else) {
	ck_assert(covers("ports:0x3f8:8", "ports:0x3f8:8"));
	ck_assert(covers("ports:0x3f8:8", "ports:0x3ff:1"));
	ck_assert(!covers("ports:0x3f8:8", "ports:0x3f7:1"));
	ck_assert(!covers("ports:0x3f8:8", "ports:0x3ff:2"));
	ck_assert(!covers("ports:0x3f8:8", "ports:0x400:1"));
	ck_assert(!covers("ports:0:1", "interrupt:0"));
	ck_assert(covers("interrupt:4", "interrupt:4"));
	ck_assert(!covers("interrupt:4", "interrupt:5"));
	ck_assert(covers("power", "power"));
	ck_assert(!covers("power", "powe"));
	ck_assert(!covers("offer:power", "power"));
	ck_assert(!covers("power", "offer:power"));
	ck_assert(covers("device:0x1000:0x3000", "device:0x2000:0x2000"));
	ck_assert(!covers("device:0x1000:0x3000", "device:0x2000:0x3000"));
}
END_TEST

START_TEST(the_command_line_may_name_another_script_and_ask_for_more_talk) {
	struct command_line plain = command_line_read(piece_of(""));
	struct command_line full = command_line_read(piece_of("quiet  boot=/etc/other\tverbose root=x"));
	struct command_line empty = command_line_read(piece_of("boot="));

	ck_assert(piece_is(plain.script, "/etc/boot"));
	ck_assert_int_eq(plain.talk, TALK_FAILURES);
	ck_assert(piece_is(full.script, "/etc/other"));
	ck_assert_int_eq(full.talk, TALK_ALL);
	ck_assert(piece_is(empty.script, "/etc/boot"));
}
END_TEST

START_TEST(text_that_does_not_fit_is_cut) {
	struct text text = {.size = 0};

	text_string(&text, "x ");
	text_decimal(&text, UINT64_MAX);
	text_string(&text, " ");
	text_hex(&text, 0);
	text_hex(&text, UINT64_MAX);
	ck_assert_mem_eq(text.bytes, "x 18446744073709551615 0x00xffffffffffffffff", text.size);
	for (unsigned int round = 0; round < 100; round++) text_string(&text, "more and ");
	ck_assert_uint_eq(text.size, sizeof(text.bytes));
}
END_TEST

SUITE("boot script", a_line_has_a_name_a_program_arguments_and_resources,
      a_wrong_line_says_what_is_wrong_and_the_next_is_read, arguments_are_told_in_pieces_each_ended_by_nul,
      resources_are_read_with_numbers_of_both_bases_and_units, impossible_resources_are_refused,
      a_grant_covers_its_parts_and_nothing_else, the_command_line_may_name_another_script_and_ask_for_more_talk,
      text_that_does_not_fit_is_cut)
