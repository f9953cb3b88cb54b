/* SPDX-License-Identifier: MIT */
/*
 * Editing, echo and delimiting of typed lines: see line_discipline.h for the contract.
 */
#include "line_discipline.h"

#define KEY_INTERRUPT   0x03u /* ^C */
#define KEY_END         0x04u /* ^D */
#define KEY_BACKSPACE   0x08u
#define KEY_KILL        0x15u /* ^U */
#define KEY_ERASE_WORD  0x17u /* ^W */
#define KEY_SUSPEND     0x1au /* ^Z */
#define KEY_DELETE      0x7fu
#define FIRST_PRINTABLE 0x20u

/* Marks among the ready bytes. */
#define MARK_END 0x100u /* a reader gets the end of input here */
#define MARK_CUT 0x101u /* a read stops here: the line was cut with ^D */

void line_initialize(struct line_discipline *line, unsigned int mode) {
	line->mode = mode;
	line->length = 0;
	line->ready_first = 0;
	line->ready_count = 0;
}

static size_t ready_room(const struct line_discipline *line) { return LINE_READY_SIZE - line->ready_count; }

static uint16_t ready_at(const struct line_discipline *line, size_t index) {
	return line->ready[(line->ready_first + index) % LINE_READY_SIZE];
}

static void ready_put(struct line_discipline *line, unsigned int token) {
	if (ready_room(line) == 0) return;
	line->ready[(line->ready_first + line->ready_count) % LINE_READY_SIZE] = (uint16_t)token;
	line->ready_count++;
}

static void show(struct line_discipline *line, struct byte_queue *echo, const char *text, size_t size) {
	if ((line->mode & LINE_ECHO) && byte_queue_room(echo) >= size) byte_queue_put(echo, text, size);
}

static void show_byte(struct line_discipline *line, struct byte_queue *echo, uint8_t byte) {
	char caret[2] = {'^', (char)(byte ^ 0x40)};
	char plain = (char)byte;
	if (byte < FIRST_PRINTABLE || byte == KEY_DELETE)
		show(line, echo, caret, sizeof caret);
	else
		show(line, echo, &plain, 1);
}

static void show_bell(struct line_discipline *line, struct byte_queue *echo) { show(line, echo, "\a", 1); }

static int is_continuation(uint8_t byte) { return (byte & 0xc0) == 0x80; /* of a UTF-8 sequence */ }

/* Removes the last character; every character is one column wide, control characters are two. */
static void erase_character(struct line_discipline *line, struct byte_queue *echo) {
	uint8_t last;
	if (line->length == 0) return;
	do last = line->line[--line->length];
	while (is_continuation(last) && line->length > 0);
	show(line, echo, "\b \b", 3);
	if (last < FIRST_PRINTABLE) show(line, echo, "\b \b", 3);
}

static void erase_line(struct line_discipline *line, struct byte_queue *echo) {
	while (line->length > 0) erase_character(line, echo);
}

static void erase_blanks_or_word(struct line_discipline *line, struct byte_queue *echo, int blanks) {
	while (line->length > 0 && (line->line[line->length - 1] == ' ') == blanks) erase_character(line, echo);
}

/* Makes the typed line readable, with @token after it. Refused with a bell if there is no room. */
static void finish_line(struct line_discipline *line, unsigned int token, struct byte_queue *echo) {
	if (ready_room(line) < line->length + 1) {
		show_bell(line, echo);
		return;
	}
	for (size_t i = 0; i < line->length; i++) ready_put(line, line->line[i]);
	line->length = 0;
	ready_put(line, token);
	if (token == '\n') show(line, echo, "\r\n", 2);
}

static void interrupt_line(struct line_discipline *line, struct byte_queue *echo) {
	line->length = 0;
	line->ready_count = 0;
	show(line, echo, "^C\r\n", 4);
}

static void append_byte(struct line_discipline *line, uint8_t byte, struct byte_queue *echo) {
	if (line->length == LINE_LONGEST) {
		show_bell(line, echo);
		return;
	}
	line->line[line->length++] = byte;
	show_byte(line, echo, byte);
}

static enum line_event signal_key(struct line_discipline *line, uint8_t byte, struct byte_queue *echo) {
	switch (byte) {
	case KEY_INTERRUPT: interrupt_line(line, echo); return LINE_INTERRUPT;
	case KEY_SUSPEND: show(line, echo, "^Z\r\n", 4); return LINE_SUSPEND;
	default: return LINE_NOTHING;
	}
}

static void canonical_input(struct line_discipline *line, uint8_t byte, struct byte_queue *echo) {
	switch (byte) {
	case '\r':
	case '\n': finish_line(line, '\n', echo); break;
	case KEY_BACKSPACE:
	case KEY_DELETE: erase_character(line, echo); break;
	case KEY_KILL: erase_line(line, echo); break;
	case KEY_ERASE_WORD:
		erase_blanks_or_word(line, echo, 1);
		erase_blanks_or_word(line, echo, 0);
		break;
	case KEY_END: finish_line(line, line->length == 0 ? MARK_END : MARK_CUT, echo); break;
	default: append_byte(line, byte, echo); break;
	}
}

static void direct_input(struct line_discipline *line, uint8_t byte, struct byte_queue *echo) {
	if (byte == '\r' && !(line->mode & LINE_RAW)) byte = '\n';
	ready_put(line, byte);
	if (byte == '\n')
		show(line, echo, "\r\n", 2);
	else
		show_byte(line, echo, byte);
}

enum line_event line_input(struct line_discipline *line, uint8_t byte, struct byte_queue *echo) {
	enum line_event event = LINE_NOTHING;
	if (!(line->mode & LINE_RAW)) event = signal_key(line, byte, echo);
	if (event != LINE_NOTHING) return event;
	if (line->mode & LINE_CANONICAL)
		canonical_input(line, byte, echo);
	else
		direct_input(line, byte, echo);
	return LINE_NOTHING;
}

/* Takes each waiting token out once and types it again. */
static void cook_ready(struct line_discipline *line, struct byte_queue *echo) {
	for (size_t left = line->ready_count; left > 0; left--) {
		uint16_t token = ready_at(line, 0);
		line->ready_first = (line->ready_first + 1) % LINE_READY_SIZE;
		line->ready_count--;
		if (token <= UINT8_MAX)
			canonical_input(line, (uint8_t)token, echo);
		else
			ready_put(line, token);
	}
}

static void release_line(struct line_discipline *line) {
	for (size_t i = 0; i < line->length; i++) ready_put(line, line->line[i]);
	line->length = 0;
}

void line_set_mode(struct line_discipline *line, unsigned int mode, struct byte_queue *echo) {
	unsigned int changed = line->mode ^ mode;
	line->mode = mode;
	if (!(changed & LINE_CANONICAL)) return;
	if (mode & LINE_CANONICAL)
		cook_ready(line, echo);
	else
		release_line(line);
}

/* A cut that a reader has reached means nothing any more. */
static size_t leading_cuts(const struct line_discipline *line) {
	size_t index = 0;
	while (index < line->ready_count && ready_at(line, index) == MARK_CUT) index++;
	return index;
}

static struct line_read read_raw(const struct line_discipline *line, uint8_t *bytes, size_t limit) {
	struct line_read read = {0, 0};
	while (read.taken < line->ready_count && read.count < limit) {
		uint16_t token = ready_at(line, read.taken++);
		if (token <= UINT8_MAX) bytes[read.count++] = (uint8_t)token;
	}
	if (read.count == 0) /* nothing but marks: they wait for canonical mode to be asked again */
		read.taken = 0;
	return read;
}

struct line_read line_read(const struct line_discipline *line, uint8_t *bytes, size_t limit) {
	if (!(line->mode & LINE_CANONICAL)) return read_raw(line, bytes, limit);
	struct line_read read = {0, leading_cuts(line)};
	if (read.taken == line->ready_count) return (struct line_read){0, 0};
	if (ready_at(line, read.taken) == MARK_END) {
		read.taken++;
		return read;
	}
	while (read.taken < line->ready_count && read.count < limit) {
		uint16_t token = ready_at(line, read.taken);
		if (token > UINT8_MAX) break;
		read.taken++;
		bytes[read.count++] = (uint8_t)token;
		if (token == '\n') break;
	}
	return read;
}

void line_consume(struct line_discipline *line, struct line_read read) {
	line->ready_first = (line->ready_first + read.taken) % LINE_READY_SIZE;
	line->ready_count -= read.taken;
	if (line->ready_count == 0) line->ready_first = 0; /* an empty queue touches the same memory again */
}
