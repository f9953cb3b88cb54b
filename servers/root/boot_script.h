/* SPDX-License-Identifier: MIT */
/*
 * The boot script: what root starts, and what each of it may have.
 *
 * Owns the form of the text; README.md describes it. Nothing is copied: lines and words are pieces of the script,
 * which lies in the archive as long as the system runs.
 */
#ifndef ROOT_BOOT_SCRIPT_H
#define ROOT_BOOT_SCRIPT_H

#include "text.h"

enum script_section {
	SECTION_NONE,
	SECTION_BASE, /* transient: never part of a checkpoint */
	SECTION_SYSTEM,
};

struct script {
	struct piece rest; /* not read yet */
	unsigned int line_number;
	enum script_section section;
};

/* One server: NAME PROGRAM [ARGUMENT...] [may RESOURCE...] */
struct script_line {
	struct piece words; /* the whole line, without comment */
	unsigned int number;
	enum script_section section;
};

enum script_step {
	SCRIPT_LINE,
	SCRIPT_WRONG, /* *@problem says why; the next call goes on with the next line */
	SCRIPT_END,
};

/* Reads on to the next line that says something. @line->number is set also for a wrong one. */
enum script_step script_next(struct script *script, struct script_line *line, const char **problem);

struct piece script_line_name(const struct script_line *line);
struct piece script_line_program(const struct script_line *line);

/* The @index-th argument (0 is the program), the @index-th resource: false if there are not so many. */
int script_line_argument(const struct script_line *line, unsigned int index, struct piece *word);
int script_line_resource(const struct script_line *line, unsigned int index, struct piece *word);

/*
 * The arguments as the parent protocol tells them, each ended by NUL: copies what lies from @offset on, at most @room
 * bytes. Returns how many in all there are.
 */
uint64_t script_line_arguments(const struct script_line *line, uint64_t offset, char *to, size_t room, size_t *copied);

#endif
