/* SPDX-License-Identifier: MIT */
/*
 * The archive reader: archives made here block by block, one made by the build's own script, and
 * archives that are cut short or damaged at every byte.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "../suite.h"
#include "archive.h"
#include "ustar.h"

static uint8_t bytes[1 << 20];
static uint64_t size;
static struct archive archive;
static struct archive_report report;

static void seal(uint8_t *block) {
	unsigned int sum = 0;
	memset(block + 148, ' ', 8);
	for (int i = 0; i < 512; i++) sum += block[i];
	snprintf((char *)block + 148, 8, "%06o", sum);
}

static uint8_t *add_header(const char *prefix, const char *path, char type, size_t count) {
	uint8_t *block = bytes + size;
	memset(block, 0, 512);
	memcpy(block, path, strnlen(path, 100));
	snprintf((char *)block + 100, 8, "%07o", 0644);
	snprintf((char *)block + 124, 12, "%011lo", (unsigned long)count);
	snprintf((char *)block + 136, 12, "%011lo", 1735689600ul);
	block[156] = (uint8_t)type;
	memcpy(block + 257,
	       "ustar\0"
	       "00",
	       8);
	memcpy(block + 345, prefix, strlen(prefix));
	seal(block);
	size += 512;
	return block;
}

static void add_file(const char *path, const char *text) {
	size_t count = strlen(text);
	add_header("", path, '0', count);
	memset(bytes + size, 0, 512);
	memcpy(bytes + size, text, count);
	size += (count + 511) / 512 * 512;
}

static void add_end(void) {
	memset(bytes + size, 0, 1024);
	size += 1024;
}

static void begin(void) {
	archive_close(&archive);
	size = 0;
}

static void open_archive(void) { ck_assert_int_eq(archive_open(&archive, bytes, size, &report), ERROR_OK); }

static const struct archive_entry *find(const char *path) { return archive_find(&archive, path, strlen(path)); }

static void assert_holds(const char *path, const char *text) {
	uint8_t read[600];
	size_t count = 0;
	const struct archive_entry *entry = find(path);
	ck_assert_ptr_nonnull(entry);
	ck_assert_int_eq(entry->kind, ARCHIVE_FILE);
	ck_assert_int_eq(archive_read(&archive, entry, 0, read, sizeof read, &count), ERROR_OK);
	ck_assert_uint_eq(count, strlen(text));
	ck_assert_mem_eq(read, text, count);
}

static void assert_lists(const char *path, const char *expected) {
	char listed[512] = "";
	const struct archive_entry *directory = find(path), *entry;
	ck_assert_ptr_nonnull(directory);
	for (size_t i = 0; (entry = archive_child(&archive, directory, i)) != NULL; i++) {
		strcat(listed, archive_entry_name(entry));
		strcat(listed, entry->kind == ARCHIVE_DIRECTORY ? "/ " : " ");
	}
	ck_assert_str_eq(listed, expected);
}

static void given_a_small_archive(void) {
	begin();
	add_header("", "etc/", '5', 0);
	add_file("etc/motd", "hello");
	add_file("etc/boot", "[base]\n");
	add_file("bin/cat", "a program");
	add_file("bin/sub/deep", "deep");
	add_file("binary", "b");
	add_file("empty", "");
	add_end();
}

START_TEST(files_are_found_and_read) {
	given_a_small_archive();
	open_archive();
	ck_assert_str_eq(report.problem, "");
	assert_holds("etc/motd", "hello");
	assert_holds("bin/sub/deep", "deep");
	assert_holds("empty", "");
	ck_assert_ptr_null(find("etc/mot"));
	ck_assert_ptr_null(find("etc/motd/x"));
	ck_assert_int_eq(find("etc/motd")->modified, 1735689600);
}
END_TEST

START_TEST(directories_are_listed_in_order_of_names_even_if_only_implied) {
	given_a_small_archive();
	open_archive();
	assert_lists("", "bin/ binary empty etc/ ");
	assert_lists("bin", "cat sub/ ");
	assert_lists("bin/sub", "deep ");
	assert_lists("etc", "boot motd ");
	assert_lists("etc/motd", "");
}
END_TEST

START_TEST(reads_stop_at_the_end_of_the_file_and_directories_are_not_read) {
	uint8_t read[8];
	size_t count = 77;
	given_a_small_archive();
	open_archive();
	ck_assert_int_eq(archive_read(&archive, find("etc/motd"), 3, read, 8, &count), ERROR_OK);
	ck_assert_uint_eq(count, 2);
	ck_assert_mem_eq(read, "lo", 2);
	ck_assert_int_eq(archive_read(&archive, find("etc/motd"), UINT64_MAX, read, 8, &count), ERROR_OK);
	ck_assert_uint_eq(count, 0);
	ck_assert_int_eq(archive_read(&archive, find("etc"), 0, read, 8, &count), ERROR_STATE);
}
END_TEST

START_TEST(odd_spellings_of_paths_are_cleaned) {
	begin();
	add_file("./a//b", "ab");
	add_file("/c", "c");
	add_header("d/e", "f", '0', 0);
	add_file("x/../y", "left out");
	add_end();
	open_archive();
	assert_holds("a/b", "ab");
	assert_holds("c", "c");
	assert_holds("d/e/f", "");
	ck_assert_uint_eq(report.left_out, 1);
	assert_lists("", "a/ c d/ ");
}
END_TEST

START_TEST(the_longest_path_is_found) {
	char prefix[156] = "", name[101] = "", path[300];
	memset(prefix, 'p', 155);
	memset(name, 'n', 100);
	begin();
	add_header(prefix, name, '0', 0);
	add_end();
	open_archive();
	snprintf(path, sizeof path, "%s/%s", prefix, name);
	assert_holds(path, "");
	strcat(path, "x");
	ck_assert_ptr_null(find(path));
}
END_TEST

START_TEST(a_later_member_replaces_an_earlier_one) {
	begin();
	add_file("a", "old");
	add_file("b", "b");
	add_file("a", "new");
	add_end();
	open_archive();
	assert_holds("a", "new");
	assert_lists("", "a b ");
}
END_TEST

START_TEST(pax_headers_are_skipped_and_other_members_counted) {
	begin();
	add_header("", "./PaxHeaders/x", 'x', 600);
	size += 1024;
	add_file("a", "a");
	add_header("", "link", '2', 0);
	add_header("", "device", '3', 0);
	add_end();
	open_archive();
	ck_assert_uint_eq(report.left_out, 2);
	assert_lists("", "a ");
}
END_TEST

START_TEST(an_archive_cut_inside_a_file_keeps_all_before_and_says_so) {
	uint8_t read[600];
	size_t count = 0;
	begin();
	add_file("a", "whole");
	add_header("", "b", '0', 5000);
	memset(bytes + size, 'b', 700);
	size += 700;
	open_archive();
	ck_assert_str_eq(report.problem, "the archive is cut short: b has 700 of its 5000 bytes");
	assert_holds("a", "whole");
	const struct archive_entry *cut = find("b");
	ck_assert_uint_eq(cut->size, 5000);
	ck_assert_int_eq(archive_read(&archive, cut, 100, read, 600, &count), ERROR_OK);
	ck_assert_uint_eq(count, 600);
	ck_assert_int_eq(archive_read(&archive, cut, 101, read, 600, &count), ERROR_IO);
	ck_assert_int_eq(archive_read(&archive, cut, 4999, read, 1, &count), ERROR_IO);
	ck_assert_int_eq(archive_read(&archive, cut, 5000, read, 1, &count), ERROR_OK);
	ck_assert_uint_eq(count, 0);
}
END_TEST

START_TEST(an_archive_without_an_end_mark_says_so) {
	begin();
	add_file("a", "whole");
	open_archive();
	ck_assert_str_eq(report.problem, "the archive is cut short: there is no end mark at byte 1024 of 1024");
	assert_holds("a", "whole");
}
END_TEST

START_TEST(an_empty_archive_is_an_empty_directory) {
	begin();
	open_archive();
	ck_assert_str_ne(report.problem, "");
	assert_lists("", "");
	begin();
	add_end();
	open_archive();
	ck_assert_str_eq(report.problem, "");
	assert_lists("", "");
}
END_TEST

START_TEST(damage_in_a_header_is_named_with_its_place) {
	begin();
	add_file("a", "a");
	add_file("b", "b");
	add_end();
	bytes[1024] = 'c';
	open_archive();
	ck_assert_str_eq(report.problem, "the archive is damaged: no valid ustar header at byte 1024 of 3072");
	assert_lists("", "a ");
	begin();
	add_file("a", "a");
	uint8_t *block = add_header("", "b", '0', 1);
	block[124] = '9';
	seal(block);
	add_end();
	open_archive();
	ck_assert_str_eq(report.problem,
	                 "the archive is damaged: a size or time that is no number at byte 1024 of 2560");
}
END_TEST

START_TEST(a_size_beyond_all_reason_is_only_cut_short) {
	begin();
	uint8_t *block = add_header("", "huge", '0', 0);
	memcpy(block + 124, "777777777777", 12);
	seal(block);
	add_end();
	open_archive();
	ck_assert_uint_eq(find("huge")->available, 1024);
	ck_assert_uint_eq(find("huge")->size, 0777777777777);
}
END_TEST

START_TEST(an_archive_cut_or_changed_anywhere_is_read_without_harm) {
	given_a_small_archive();
	uint64_t whole = size;
	for (uint64_t cut = 0; cut < whole; cut += 37) {
		uint8_t *copy = malloc(cut ? cut : 1); /* its end is guarded by the sanitizer */
		memcpy(copy, bytes, cut);
		archive_close(&archive);
		ck_assert_int_eq(archive_open(&archive, copy, cut, &report), ERROR_OK);
		archive_close(&archive);
		free(copy);
	}
	for (uint64_t at = 0; at < whole; at += 5) {
		bytes[at] ^= 0x11;
		archive_close(&archive);
		open_archive();
		bytes[at] ^= 0x11;
	}
}
END_TEST

START_TEST(what_the_build_makes_is_understood_and_large_files_lie_on_pages) {
	char command[512];
	const char *output = "rootfs_archive_test.tar";
	char *large = malloc(10000);
	memset(large, 'x', 10000);
	FILE *file = fopen("rootfs_archive_test.large", "w");
	fwrite(large, 1, 10000, file);
	fclose(file);
	free(large);
	snprintf(command, sizeof command,
	         "python3 '%s' %s --file bin/large=rootfs_archive_test.large "
	         "--file etc/self='%s'",
	         MAKE_ARCHIVE, output, MAKE_ARCHIVE);
	ck_assert_int_eq(system(command), 0);
	begin();
	file = fopen(output, "r");
	size = fread(bytes, 1, sizeof bytes, file);
	fclose(file);
	unlink(output);
	unlink("rootfs_archive_test.large");
	open_archive();
	ck_assert_str_eq(report.problem, "");
	ck_assert_uint_eq(report.left_out, 0);
	assert_lists("", "bin/ etc/ ");
	ck_assert_uint_eq(find("bin/large")->size, 10000);
	ck_assert_uint_eq(find("bin/large")->offset % 4096, 0);
	ck_assert_uint_eq(find("etc/self")->offset % 4096, 0);
}
END_TEST

SUITE("rootfs_archive", files_are_found_and_read, directories_are_listed_in_order_of_names_even_if_only_implied,
      reads_stop_at_the_end_of_the_file_and_directories_are_not_read, odd_spellings_of_paths_are_cleaned,
      the_longest_path_is_found, a_later_member_replaces_an_earlier_one,
      pax_headers_are_skipped_and_other_members_counted, an_archive_cut_inside_a_file_keeps_all_before_and_says_so,
      an_archive_without_an_end_mark_says_so, an_empty_archive_is_an_empty_directory,
      damage_in_a_header_is_named_with_its_place, a_size_beyond_all_reason_is_only_cut_short,
      an_archive_cut_or_changed_anywhere_is_read_without_harm,
      what_the_build_makes_is_understood_and_large_files_lie_on_pages)
