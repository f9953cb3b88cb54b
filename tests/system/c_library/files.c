/* SPDX-License-Identifier: MIT */
/*
 * Files, directories and paths.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nacre/path.h>
#include <nacre/protocol/clock.h>
#include <nacre/slot.h>

#include "check.h"

/* Whether @directory lists @name as of @type. */
static int is_listed(const char *directory, const char *name, unsigned char type) {
	DIR *stream = opendir(directory);
	struct dirent *entry;
	int found = 0;

	if (!stream) return 0;
	while ((entry = readdir(stream)))
		if (strcmp(entry->d_name, name) == 0) found += entry->d_type == type ? 1 : 100;
	closedir(stream);
	return found == 1;
}

static void check_reading(void) {
	char first[80] = "";
	char again[80] = "";
	struct stat status;
	FILE *file = fopen("/etc/motd", "r");

	check(file != NULL, "a file of the archive opens");
	if (!file) return;
	check(fgets(first, sizeof(first), file) && strlen(first) > 1, "its first line can be read");
	rewind(file);
	check(fgets(again, sizeof(again), file) && strcmp(first, again) == 0, "it can be read again from the start");
	fseek(file, 0, SEEK_END);
	check(fstat(fileno(file), &status) == 0 && ftell(file) == status.st_size, "its end is where its size says");
	check(fgetc(file) == EOF && feof(file), "nothing comes after the end");
	fclose(file);
}

/* A file of many messages, read in one go and in odd pieces. */
static void check_long_file(void) {
	static unsigned char whole[1 << 20];
	unsigned char piece[1000];
	size_t size;
	size_t position = 0;
	ssize_t got;
	int same = 1;
	int file = open("/bin/hello", O_RDONLY);

	if (file < 0) {
		check(0, "a program's file opens");
		return;
	}
	size = (size_t)read(file, whole, sizeof(whole));
	check(size > 4096 && memcmp(whole, "\177ELF", 4) == 0, "a long file is read in one go");
	lseek(file, 0, SEEK_SET);
	while ((got = read(file, piece, sizeof(piece))) > 0) {
		same = same && memcmp(piece, whole + position, (size_t)got) == 0;
		position += (size_t)got;
	}
	check(same && position == size, "and in pieces it is the same");
	close(file);
}

static void check_failures(void) {
	errno = 0;
	const FILE *missing = fopen("/no/such/file", "r");
	check(!missing && errno == ENOENT, "a missing file is ENOENT");
	const FILE *constant = fopen("/etc/motd", "w");
	check(!constant && errno == EACCES, "the archive cannot be written: EACCES");
	check(!opendir("/etc/motd") && errno == ENOTDIR, "a file is no directory: ENOTDIR");
	check(open("/etc", O_WRONLY) < 0 && errno == EISDIR, "a directory is no file: EISDIR");
	check(close(77) < 0 && errno == EBADF, "what is not open cannot be closed: EBADF");
}

static void check_directories(void) {
	char path[PATH_LENGTH_MAX + 1];
	struct stat status;

	check(is_listed("/", "etc", DT_DIR) && is_listed("/", "svc", DT_DIR),
	      "the root lists the archive's directories and registered names together");
	check(is_listed("/etc", "motd", DT_REG), "a directory lists its files");
	check(is_listed("/svc", "console", DT_CHR), "/svc lists servers");
	check(stat("/bin", &status) == 0 && S_ISDIR(status.st_mode), "stat knows a directory");
	check(chdir("/etc") == 0 && getcwd(path, sizeof(path)) && strcmp(path, "/etc") == 0,
	      "the working directory changes");
	check(access("motd", F_OK) == 0 && access("../bin/hello", F_OK) == 0, "paths are relative to it");
	check(chdir("motd") < 0 && errno == ENOTDIR, "it cannot be a file");
}

static void check_descriptors(void) {
	char text[4];
	int file = open("/etc/motd", O_RDONLY);
	int copy = dup(file);

	check(file > 2 && copy > file, "descriptors are the lowest that are free");
	check(read(file, text, 1) == 1 && lseek(copy, 0, SEEK_CUR) == 1, "a copy shares the position");
	close(file);
	check(read(copy, text, 1) == 1, "a copy outlives the original");
	close(copy);
	check(dup2(1, 9) == 9 && write(9, "", 0) == 0 && close(9) == 0, "dup2 takes the number given");
	check(dup2(1, INT_MAX) < 0 && errno == EBADF && fcntl(1, F_DUPFD, INT_MAX) < 0 && errno == EMFILE,
	      "a number that is too large is refused");
	file = open("/etc/motd", O_RDONLY);
	check(lseek(file, INT64_MIN, SEEK_END) < 0 && errno == EINVAL && lseek(file, INT64_MAX, SEEK_END) < 0 &&
	              errno == EINVAL && lseek(file, 0, SEEK_CUR) == 0,
	      "a place before the beginning or past all numbers is refused");
	close(file);
}

static void check_services(void) {
	capability_t clock = CAPABILITY_NONE;
	unsigned int before = slots_used();

	check(path_open_service("/svc/clock", PROTOCOL_CLOCK, &clock) == ERROR_OK, "a server is found by its name");
	check(slots_used() == before + 1, "which takes one slot");
	capability_delete(clock);
	check(path_open_service("/svc/clock", PROTOCOL_CLOCK + 1, &clock) == ERROR_UNKNOWN,
	      "but not under another protocol");
	check(slots_used() == before, "and no slot is lost");
}

void check_files(void) {
	check_reading();
	check_long_file();
	check_failures();
	check_directories();
	check_descriptors();
	check_services();
}
