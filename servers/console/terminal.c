/* SPDX-License-Identifier: MIT */
/*
 * Sessions, waiting reads and writes: see terminal.h for the contract.
 */
#include "terminal.h"

#include <stdlib.h>
#include <string.h>

#include "session.h"

#define INPUT_SIZE  4096u
#define OUTPUT_SIZE 65536u

/* Output that may be queued before writers wait; the rest of the room is for echo. */
#define OUTPUT_WRITES (OUTPUT_SIZE - 8192u)

/* Between two looks for what is left behind: with few of them a look is not worth its while. */
#define SWEEP_FIRST 16u

struct pending_write {
	struct pending_write *next;
	uint64_t badge;
	uint32_t reply;
	unsigned int mode; /* the session's when the write came */
	size_t count;
	uint8_t bytes[TERMINAL_TRANSFER_MAX];
};

error_t terminal_initialize(struct terminal *terminal, struct terminal_client client, unsigned int mode) {
	uint8_t *bytes = malloc(INPUT_SIZE + OUTPUT_SIZE);
	struct session *first = session_create(0, (struct terminal_owner){0}, mode);
	if (!bytes || !first) {
		free(bytes);
		free(first);
		return ERROR_NO_MEMORY;
	}
	*terminal = (struct terminal){
		.client = client,
		.sessions = first,
		.session_count = 1,
		.sessions_sweep_at = SWEEP_FIRST,
		.adds_until_sweep = SWEEP_FIRST,
	};
	byte_queue_initialize(&terminal->input, bytes, INPUT_SIZE);
	byte_queue_initialize(&terminal->output, bytes + INPUT_SIZE, OUTPUT_SIZE);
	terminal->writes_end = &terminal->writes;
	return ERROR_OK;
}

static struct session **session_link(struct terminal *terminal, uint64_t badge) {
	struct session **link = &terminal->sessions;
	while (*link && (*link)->badge != badge) link = &(*link)->next;
	return link;
}

static struct session *session_find(struct terminal *terminal, uint64_t badge) {
	return *session_link(terminal, badge);
}

static void write_remove(struct terminal *terminal, struct pending_write **link) {
	struct pending_write *write = *link;
	*link = write->next;
	if (terminal->writes_end == &write->next) terminal->writes_end = link;
	free(write);
}

static void write_cancel(struct terminal *terminal, struct pending_write **link) {
	terminal->client.cancelled(terminal->client.context, (*link)->reply);
	write_remove(terminal, link);
}

static void writes_cancel(struct terminal *terminal, uint64_t badge) {
	struct pending_write **link = &terminal->writes;
	while (*link) {
		if ((*link)->badge == badge)
			write_cancel(terminal, link);
		else
			link = &(*link)->next;
	}
}

static size_t writes_drop(struct terminal *terminal) {
	struct pending_write **link = &terminal->writes;
	size_t left = 0;
	while (*link) {
		if (terminal->client.awaited(terminal->client.context, (*link)->reply)) {
			link = &(*link)->next;
			left++;
		} else {
			write_cancel(terminal, link);
		}
	}
	return left;
}

/* Counts a read or write to come; now and then drops those that nobody waits for. */
static void waiting_count(struct terminal *terminal) {
	if (--terminal->adds_until_sweep > 0) return;
	size_t left = writes_drop(terminal);
	for (struct session *session = terminal->sessions; session; session = session->next)
		left += session_drop_reads(session, &terminal->client);
	terminal->adds_until_sweep = left + SWEEP_FIRST;
}

static void session_remove(struct terminal *terminal, struct session **link) {
	struct session *session = *link;
	*link = session->next;
	terminal->session_count--;
	writes_cancel(terminal, session->badge);
	session_end(session, &terminal->client);
}

static int session_is_owned(const struct terminal *terminal, const struct session *session) {
	uint32_t owner = session->owner.cookie;
	return owner == 0 || terminal->client.exists(terminal->client.context, owner);
}

static void sessions_sweep(struct terminal *terminal) {
	struct session **link = &terminal->sessions;
	while (*link) {
		if (session_is_owned(terminal, *link))
			link = &(*link)->next;
		else
			session_remove(terminal, link);
	}
	size_t next = 2 * terminal->session_count + SWEEP_FIRST;
	terminal->sessions_sweep_at = next < TERMINAL_SESSIONS_MAX ? next : TERMINAL_SESSIONS_MAX;
}

static size_t sessions_of(const struct terminal *terminal, uint64_t owner) {
	size_t count = 0;
	for (const struct session *session = terminal->sessions; session; session = session->next)
		count += session->owner.cookie != 0 && session->owner.number == owner;
	return count;
}

error_t terminal_open(struct terminal *terminal, struct terminal_owner owner, uint64_t *badge) {
	struct session **end = &terminal->sessions;
	if (terminal->session_count >= terminal->sessions_sweep_at) sessions_sweep(terminal);
	if (terminal->session_count == TERMINAL_SESSIONS_MAX) return ERROR_LIMIT;
	if (sessions_of(terminal, owner.number) >= TERMINAL_SESSIONS_OF_ONE) return ERROR_LIMIT;
	struct session *session = session_create(terminal->last_badge + 1, owner, LINE_CANONICAL | LINE_ECHO);
	if (!session) return ERROR_NO_MEMORY;
	while (*end) end = &(*end)->next;
	*end = session;
	terminal->session_count++;
	*badge = ++terminal->last_badge;
	return ERROR_OK;
}

error_t terminal_close(struct terminal *terminal, uint64_t badge) {
	struct session **link = session_link(terminal, badge);
	if (badge == 0 || !*link) return ERROR_STATE;
	session_remove(terminal, link);
	return ERROR_OK;
}

error_t terminal_set_mode(struct terminal *terminal, uint64_t badge, unsigned int mode, unsigned int *previous) {
	struct session *session = session_find(terminal, badge);
	if (!session) return ERROR_STATE;
	if ((mode & LINE_RAW) && (mode & LINE_CANONICAL)) return ERROR_ARGUMENT;
	*previous = session->line.mode;
	line_set_mode(&session->line, mode, &terminal->output);
	return ERROR_OK;
}

error_t terminal_set_cookie(struct terminal *terminal, uint64_t badge, enum terminal_event event, uint32_t cookie,
                            uint32_t *old) {
	struct session *session = session_find(terminal, badge);
	if (!session) return ERROR_STATE;
	*old = session->cookies[event];
	session->cookies[event] = cookie;
	if (event == TERMINAL_INPUT && cookie != 0) session->has_asked = 1;
	return ERROR_OK;
}

static void session_to_front(struct terminal *terminal, uint64_t badge) {
	struct session **link = session_link(terminal, badge);
	struct session *session = *link;
	*link = session->next;
	session->next = terminal->sessions;
	terminal->sessions = session;
}

error_t terminal_read(struct terminal *terminal, uint64_t badge, uint32_t reply, size_t limit) {
	struct session *session = session_find(terminal, badge);
	if (!session) return ERROR_STATE;
	if (limit == 0 || limit > TERMINAL_TRANSFER_MAX) return ERROR_RANGE;
	waiting_count(terminal);
	if (!session_add_read(session, reply, limit)) return ERROR_NO_MEMORY;
	session->has_asked = 1;
	session_to_front(terminal, badge);
	return ERROR_OK;
}

error_t terminal_write(struct terminal *terminal, uint64_t badge, uint32_t reply, const uint8_t *bytes, size_t count) {
	struct session *session = session_find(terminal, badge);
	if (!session) return ERROR_STATE;
	if (count > TERMINAL_TRANSFER_MAX) return ERROR_RANGE;
	waiting_count(terminal);
	struct pending_write *write = malloc(sizeof *write);
	if (!write) return ERROR_NO_MEMORY;
	write->next = NULL;
	write->badge = badge;
	write->reply = reply;
	write->mode = session->line.mode;
	write->count = count;
	memcpy(write->bytes, bytes, count);
	*terminal->writes_end = write;
	terminal->writes_end = &write->next;
	return ERROR_OK;
}

static size_t output_size(const uint8_t *bytes, size_t count, unsigned int mode) {
	size_t size = count;
	for (size_t i = 0; i < count && !(mode & LINE_RAW); i++) size += bytes[i] == '\n';
	return size;
}

/* A new line needs a carriage return on a terminal. */
static void output_put(struct terminal *terminal, const uint8_t *bytes, size_t count, unsigned int mode) {
	for (size_t i = 0; i < count; i++) {
		if (bytes[i] == '\n' && !(mode & LINE_RAW)) byte_queue_put(&terminal->output, "\r", 1);
		byte_queue_put(&terminal->output, &bytes[i], 1);
	}
}

void terminal_announce(struct terminal *terminal, const char *text, size_t count) {
	const uint8_t *bytes = (const uint8_t *)text;
	if (byte_queue_room(&terminal->output) >= output_size(bytes, count, 0)) output_put(terminal, bytes, count, 0);
}

static void run_writes(struct terminal *terminal) {
	while (terminal->writes) {
		struct pending_write *write = terminal->writes;
		size_t size = output_size(write->bytes, write->count, write->mode);
		if (terminal->output.count + size > OUTPUT_WRITES) return;
		output_put(terminal, write->bytes, write->count, write->mode);
		terminal->client.write_done(terminal->client.context, write->reply, write->count);
		write_remove(terminal, &terminal->writes);
	}
}

/* The session that has the keyboard; NULL while none has asked for it. */
static struct session *session_in_front(const struct terminal *terminal) {
	struct session *front = NULL;
	for (struct session *session = terminal->sessions; session; session = session->next) {
		if (session->reads) return session;
		if (!front && session->has_asked) front = session;
	}
	return front;
}

int terminal_has_input(const struct terminal *terminal) {
	return terminal->input.count > 0 && session_in_front(terminal) != NULL;
}

/* What was left behind in front is not to swallow what is typed for others. */
static void front_clear(struct terminal *terminal) {
	struct session *front;
	while ((front = session_in_front(terminal)) != NULL) {
		if (!session_is_owned(terminal, front)) {
			if (terminal_close(terminal, front->badge) != ERROR_OK) return;
		} else if (!front->reads || session_drop_reads(front, &terminal->client) > 0) {
			return;
		}
	}
}

/* Ends reads as long as there is something to read; one whose client is gone takes nothing. */
static void run_reads(struct terminal *terminal, struct session *session) {
	uint8_t bytes[TERMINAL_TRANSFER_MAX];
	while (session->reads) {
		struct line_read read = line_read(&session->line, bytes, session->reads->limit);
		if (read.taken == 0) return;
		uint32_t reply = session_take_read(session).reply;
		if (terminal->client.read_done(terminal->client.context, reply, bytes, read.count) == ERROR_OK)
			line_consume(&session->line, read);
	}
}

static void tell(struct terminal *terminal, struct session *session, enum terminal_event event) {
	if (session->cookies[event] != 0) terminal->client.happened(terminal->client.context, session->cookies[event]);
}

static void take_byte(struct terminal *terminal, struct session *session, uint8_t byte) {
	uint8_t first;
	switch (line_input(&session->line, byte, &terminal->output)) {
	case LINE_INTERRUPT: tell(terminal, session, TERMINAL_INTERRUPT); break;
	case LINE_SUSPEND: tell(terminal, session, TERMINAL_SUSPEND); break;
	case LINE_NOTHING: break;
	}
	run_reads(terminal, session);
	if (line_read(&session->line, &first, 1).taken > 0) tell(terminal, session, TERMINAL_INPUT);
}

void terminal_run(struct terminal *terminal) {
	uint8_t byte;
	if (terminal->input.count > 0) front_clear(terminal);
	while (terminal_has_input(terminal) && byte_queue_take(&terminal->input, &byte, 1) == 1)
		take_byte(terminal, session_in_front(terminal), byte);
	for (struct session *session = terminal->sessions; session; session = session->next)
		run_reads(terminal, session);
	run_writes(terminal);
}
