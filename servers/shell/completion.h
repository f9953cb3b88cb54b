/* SPDX-License-Identifier: MIT */
/*
 * What the tab key would complete.
 *
 * Owns the analysis of an unfinished line and what is inserted or shown for a list of
 * candidates. Where candidates come from is completer.c's affair.
 */
#ifndef NACRE_SHELL_COMPLETION_H
#define NACRE_SHELL_COMPLETION_H

#include "name_list.h"

/* The unfinished word before the cursor, and where it stands. */
struct completion {
	char *word;              /* without backslashes; to be freed with completion_free() */
	char *command;           /* that the word is an argument of; empty: it is one itself */
	char *verb;              /* the command's first argument; empty: that is the word, or there is none */
	size_t argument;         /* 1 for the command's first argument; 0: the word is a command */
	size_t operand;          /* the same, but words that begin with '-' are not counted */
	size_t directory_length; /* bytes of the word up to and including its last slash */
};

/* Analyses the first @cursor bytes of @text; 0 if nothing can be completed there. */
int completion_find(const char *text, size_t cursor, struct completion *completion);
void completion_free(struct completion *completion);

/*
 * What to type after @typed bytes of the word so that it is the common start of all
 * @candidates, blanks and the like with backslashes, and a blank after an only candidate unless it
 * ends with a slash. NULL if there is no memory; else to be freed.
 */
char *completion_addition(const struct name_list *candidates, size_t typed);

/* The candidates in columns for a terminal @columns wide, lines ended by CR and LF. To be freed. */
char *completion_table(const struct name_list *candidates, size_t columns);

#endif
