/* SPDX-License-Identifier: MIT */
/*
 * Tables for people: each column as wide as its widest cell.
 */
#ifndef NACRE_TABLE_H
#define NACRE_TABLE_H

#include <stddef.h>
#include <stdio.h>

struct table {
	size_t columns;
	char **cells; /* headings first, row by row */
	size_t count;
	int incomplete; /* there was no memory for a cell */
};

/*
 * Starts a table of at least one column. A heading that begins with '>' makes its column align
 * right; '>' is not shown.
 */
void table_start(struct table *table, const char *const *headings, size_t columns);

/* Adds the next cell, row by row. */
void table_cell(struct table *table, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Frees the table without printing it. */
void table_drop(struct table *table);

/* Prints and frees the table. 0 if there was not enough memory to show all of it. */
int table_finish(struct table *table, FILE *file);

#endif
