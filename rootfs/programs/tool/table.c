/* SPDX-License-Identifier: MIT */
/*
 * Cells kept until all widths are known: see nacre/table.h.
 */
#include <nacre/table.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define CELL_MAX 512u /* longer texts are cut */

static void add(struct table *table, const char *text) {
	char **cells = realloc(table->cells, (table->count + 1) * sizeof *cells);
	char *copy = strdup(text);
	if (cells) table->cells = cells;
	if (!cells || !copy) {
		free(copy);
		table->incomplete = 1;
		return;
	}
	cells[table->count++] = copy;
}

void table_start(struct table *table, const char *const *headings, size_t columns) {
	*table = (struct table){.columns = columns};
	for (size_t i = 0; i < columns; i++) add(table, headings[i]);
}

void table_cell(struct table *table, const char *format, ...) {
	char text[CELL_MAX];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	add(table, text);
}

static int aligns_right(const struct table *table, size_t column) { return table->cells[column][0] == '>'; }

static const char *cell_text(const struct table *table, size_t index) {
	return table->cells[index] + (index < table->columns && aligns_right(table, index));
}

/* Characters, taken for columns: bytes that do not continue a UTF-8 sequence. */
static size_t text_width(const char *text) {
	size_t width = 0;
	for (; *text; text++) width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

static size_t column_width(const struct table *table, size_t column) {
	size_t widest = 0;
	for (size_t i = column; i < table->count; i += table->columns) {
		size_t width = text_width(cell_text(table, i));
		widest = width > widest ? width : widest;
	}
	return widest;
}

static void print_cell(const struct table *table, size_t index, FILE *file) {
	size_t column = index % table->columns;
	const char *text = cell_text(table, index);
	int padding = (int)(column_width(table, column) - text_width(text));
	if (aligns_right(table, column))
		fprintf(file, "%*s%s", padding, "", text);
	else if (column + 1 < table->columns)
		fprintf(file, "%s%*s", text, padding, "");
	else
		fputs(text, file);
	fputs(column + 1 < table->columns ? "  " : "\n", file);
}

void table_drop(struct table *table) {
	for (size_t i = 0; i < table->count; i++) free(table->cells[i]);
	free(table->cells);
	*table = (struct table){0};
}

int table_finish(struct table *table, FILE *file) {
	int complete = !table->incomplete;
	size_t whole = table->count - table->count % table->columns;
	for (size_t i = 0; i < whole; i++) print_cell(table, i, file);
	table_drop(table);
	return complete;
}
