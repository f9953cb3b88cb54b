/* SPDX-License-Identifier: MIT */
/*
 * The line discipline: what a terminal's keys do before a program sees them.
 *
 * Owns one session's mode, the line being typed and the input that is ready to be read. Knows
 * neither clients nor the device. In canonical mode input becomes readable by whole lines and keys
 * edit; otherwise every byte is readable as it comes. In raw mode no byte means anything special.
 */
#ifndef NACRE_CONSOLE_LINE_DISCIPLINE_H
#define NACRE_CONSOLE_LINE_DISCIPLINE_H

#include <nacre/byte_queue.h>

/* Mode: STREAM_MODE_* of the stream protocol. Raw excludes canonical. */
#define LINE_ECHO      1u
#define LINE_CANONICAL 2u
#define LINE_RAW       4u

/*
 * As POSIX's MAX_CANON on common systems: the longest line that can be typed, its end not counted.
 */
#define LINE_LONGEST 4096u
/* Input that may wait for a reader. */
#define LINE_READY_SIZE 8192u

struct line_discipline {
	unsigned int mode;

	uint8_t line[LINE_LONGEST];
	size_t length;

	/* Bytes, and marks between them (line_discipline.c). */
	uint16_t ready[LINE_READY_SIZE];
	size_t ready_first;
	size_t ready_count;
};

enum line_event {
	LINE_NOTHING,
	LINE_INTERRUPT, /* ^C was typed: input not read so far is gone */
	LINE_SUSPEND,   /* ^Z was typed */
};

void line_initialize(struct line_discipline *line, unsigned int mode);

/*
 * Changes the mode. What was typed but not read so far is kept: entering canonical mode
 * treats it as if it were typed now, leaving it makes an unfinished line readable.
 */
void line_set_mode(struct line_discipline *line, unsigned int mode, struct byte_queue *echo);

/* Takes one byte from the keyboard; what is to be shown goes to @echo (dropped if that is full). */
enum line_event line_input(struct line_discipline *line, uint8_t byte, struct byte_queue *echo);

/* What a read would take: @taken to be handed to line_consume() once the reader has got it. */
struct line_read {
	size_t count; /* bytes; 0 with @taken > 0 is the end of input */
	size_t taken;
};

/*
 * Copies up to @limit readable bytes (in canonical mode of one line). taken == 0: nothing to read.
 */
struct line_read line_read(const struct line_discipline *line, uint8_t *bytes, size_t limit);

void line_consume(struct line_discipline *line, struct line_read read);

#endif
