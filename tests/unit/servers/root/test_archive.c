/* SPDX-License-Identifier: MIT */
/*
 * Finding files in an archive, and the archive behind a program: also when either is damaged.
 */
#include <stdio.h>
#include <string.h>

#include "../../../../servers/root/archive.h"
#include "../suite.h"

static unsigned char bytes[65536];
static size_t used;

static void header_sum(unsigned char *header) {
	unsigned int sum = 0;

	memset(header + 148, ' ', 8);
	for (unsigned int at = 0; at < 512; at++) sum += header[at];
	(void)snprintf((char *)header + 148, 8, "%06o", sum);
}

static unsigned char *member_add(const char *prefix, const char *name, char type, const char *data) {
	unsigned char *header = bytes + used;
	size_t size = strlen(data);
	char digits[32];

	memset(header, 0, 512);
	memcpy(header, name, strlen(name));
	memcpy(header + 345, prefix, strlen(prefix));
	(void)snprintf(digits, sizeof(digits), "%011zo", size);
	memcpy(header + 124, digits, 12);
	memcpy(header + 257, "ustar", 6);
	header[156] = (unsigned char)type;
	header_sum(header);
	memcpy(bytes + used + 512, data, size);
	used += 512 + (size + 511) / 512 * 512;
	return header;
}

static struct archive archive_make(void) {
	used = 0;
	memset(bytes, 0, sizeof(bytes));
	member_add("", "bin/", '5', "");
	member_add("", "./PaxHeaders/alignment", 'x', "20 comment=.........\n");
	member_add("", "bin/hello", '0', "the program");
	member_add("a/long/prefix", "file", '0', "prefixed");
	member_add("", "etc/boot", '0', "script");
	return (struct archive){bytes, used + 1024};
}

static enum archive_result find(const struct archive *archive, const char *path, struct archive_file *file) {
	return archive_find(archive, piece_of(path), file);
}

START_TEST(a_file_is_found_by_its_whole_path) {
	struct archive archive = archive_make();
	struct archive_file file;

	ck_assert_int_eq(find(&archive, "/bin/hello", &file), ARCHIVE_FOUND);
	ck_assert_uint_eq(file.size, strlen("the program"));
	ck_assert_mem_eq(bytes + file.offset, "the program", file.size);
	ck_assert_int_eq(find(&archive, "/a/long/prefix/file", &file), ARCHIVE_FOUND);
	ck_assert_mem_eq(bytes + file.offset, "prefixed", file.size);
	ck_assert_int_eq(find(&archive, "/etc/boot", &file), ARCHIVE_FOUND);
}
END_TEST

START_TEST(what_is_no_regular_file_of_that_very_name_is_not_found) {
	static const char *const paths[] = {
		"",
		"/",
		"bin/hello",
		"/bin",
		"/bin/",
		"/bin/hell",
		"/bin/hello/",
		"/bin/hellox",
		"/a/long/prefix",
		"/a/long/prefix/",
		"/a/long/prefix/fil",
		"/a/long/prefixfile",
		"/./PaxHeaders/alignment",
		"/file",
	};
	struct archive archive = archive_make();
	struct archive_file file;

	for (unsigned int index = 0; index < sizeof(paths) / sizeof(paths[0]); index++)
		ck_assert_msg(find(&archive, paths[index], &file) == ARCHIVE_NOT_FOUND, "%s", paths[index]);
}
END_TEST

START_TEST(an_archive_that_ends_early_is_cut_wherever_it_ends) {
	struct archive archive = archive_make();
	struct archive_file file;

	for (archive.size = 0; archive.size < used + 512; archive.size += 8)
		ck_assert_int_eq(find(&archive, "/none", &file), ARCHIVE_CUT);
	archive.size = used + 512;
	ck_assert_int_eq(find(&archive, "/none", &file), ARCHIVE_NOT_FOUND);
}
END_TEST

START_TEST(a_damaged_header_is_told_from_a_missing_file) {
	struct archive archive = archive_make();
	struct archive_file file;

	for (unsigned int at = 0; at < 512; at++) {
		bytes[at] ^= 0x20;
		ck_assert_msg(find(&archive, "/none", &file) != ARCHIVE_FOUND, "byte %u", at);
		if (at < 148) ck_assert_msg(find(&archive, "/none", &file) == ARCHIVE_BROKEN, "byte %u", at);
		bytes[at] ^= 0x20;
	}
}
END_TEST

START_TEST(a_size_beyond_the_end_of_all_numbers_is_not_believed) {
	struct archive archive;
	struct archive_file file;
	unsigned char *header;

	used = 0;
	memset(bytes, 0, sizeof(bytes));
	header = member_add("", "bin/hello", '0', "x");
	memcpy(header + 124, "77777777777", 12);
	header_sum(header);
	archive = (struct archive){bytes, used + 1024};
	ck_assert_int_eq(find(&archive, "/bin/hello", &file), ARCHIVE_CUT);
	memcpy(header + 124, "7777777777x", 12);
	header_sum(header);
	ck_assert_int_eq(find(&archive, "/bin/hello", &file), ARCHIVE_BROKEN);
}
END_TEST

SUITE("archive", a_file_is_found_by_its_whole_path, what_is_no_regular_file_of_that_very_name_is_not_found,
      an_archive_that_ends_early_is_cut_wherever_it_ends, a_damaged_header_is_told_from_a_missing_file,
      a_size_beyond_the_end_of_all_numbers_is_not_believed)
