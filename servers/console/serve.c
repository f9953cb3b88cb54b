/* SPDX-License-Identifier: MIT */
/*
 * The stream protocol on the terminal's sessions: requests in, delayed replies out.
 *
 * A session is the object of a badge. Owns no rule of its own: terminal.h has them.
 */
#include <nacre/protocol/space.h>
#include <nacre/slot.h>
#include <nacre/start.h>

#include "console.h"

_Static_assert(LINE_ECHO == STREAM_MODE_ECHO, "line_discipline.h");
_Static_assert(LINE_CANONICAL == STREAM_MODE_CANONICAL, "line_discipline.h");
_Static_assert(LINE_RAW == STREAM_MODE_RAW, "line_discipline.h");

/* A serial line does not tell: what every terminal shows at least. */
#define TERMINAL_COLUMNS 80u
#define TERMINAL_ROWS    24u

static error_t read_done(void *context, uint32_t reply, const uint8_t *bytes, size_t count) {
	struct delayed_reply delayed = {.slot = reply};
	(void)context;
	return stream_reply_read(&delayed, bytes, count);
}

static void write_done(void *context, uint32_t reply, size_t count) {
	struct delayed_reply delayed = {.slot = reply};
	(void)context;
	error_ignore(stream_reply_write(&delayed, (uint32_t)count)); /* a writer may be gone */
}

static void cancelled(void *context, uint32_t reply) {
	struct delayed_reply delayed = {.slot = reply};
	(void)context;
	error_ignore(delayed_reply_fail(&delayed, ERROR_CANCELLED)); /* a client may be gone */
}

static void happened(void *context, uint32_t cookie) {
	(void)context;
	error_ignore(signal_send(cookie)); /* a client may be gone */
}

static int awaited(void *context, uint32_t reply) {
	const struct delayed_reply delayed = {.slot = reply};
	(void)context;
	return delayed_reply_is_awaited(&delayed);
}

/* A capability goes with its object: while that to its owner's thread is there, so is the owner. */
static int exists(void *context, uint32_t cookie) {
	struct space_capability_read_answer held;
	(void)context;
	return space_capability_read(start_space(), cookie, &held) == ERROR_OK && held.kind != KIND_EMPTY;
}

static void released(void *context, uint32_t cookie) {
	(void)context;
	capability_delete(cookie);
}

const struct terminal_client console_client = {
	.read_done = read_done,
	.write_done = write_done,
	.cancelled = cancelled,
	.happened = happened,
	.awaited = awaited,
	.exists = exists,
	.released = released,
};

static struct console *console_of(const struct request *request) { return request->context; }

static error_t serve_read(struct request *request, uint32_t maximum, void *data_out, size_t *data_size_out) {
	struct console *console = console_of(request);
	struct delayed_reply reply;
	(void)data_out;
	(void)data_size_out;
	error_t error = request_defer(request, &reply);
	if (error != ERROR_OK) return error;
	error = terminal_read(&console->terminal, BADGE_OBJECT(request->badge), reply.slot, maximum);
	if (error != ERROR_OK) error_ignore(delayed_reply_fail(&reply, error)); /* the reader may be gone */
	console_run(console);
	return ERROR_OK;
}

static error_t serve_write(struct request *request, const void *data, size_t data_size, uint32_t *count_out) {
	struct console *console = console_of(request);
	struct delayed_reply reply;
	(void)count_out;
	error_t error = request_defer(request, &reply);
	if (error != ERROR_OK) return error;
	error = terminal_write(&console->terminal, BADGE_OBJECT(request->badge), reply.slot, data, data_size);
	if (error != ERROR_OK) error_ignore(delayed_reply_fail(&reply, error)); /* the writer may be gone */
	console_run(console);
	return ERROR_OK;
}

static error_t serve_set_mode(struct request *request, uint32_t flags, uint32_t *previous_out) {
	struct console *console = console_of(request);
	unsigned int previous;
	error_t error = terminal_set_mode(&console->terminal, BADGE_OBJECT(request->badge), flags, &previous);
	if (error != ERROR_OK) return error;
	*previous_out = previous;
	console_run(console);
	return ERROR_OK;
}

static error_t serve_size(struct request *request, uint32_t *columns_out, uint32_t *rows_out) {
	(void)request;
	*columns_out = TERMINAL_COLUMNS;
	*rows_out = TERMINAL_ROWS;
	return ERROR_OK;
}

/*
 * Only what can be signalled is an owner: that is given to those one trusts, where capabilities to send are handed to
 * everybody, and somebody else's would keep a session for as long as that other lives.
 */
static error_t owner_of(const struct received_capability *capability, struct terminal_owner *owner) {
	struct space_capability_read_answer held;
	if (capability->kind != RECEIVED_CAPABILITY) return ERROR_ARGUMENT;
	error_t error = space_capability_read(start_space(), capability->slot, &held);
	if (error != ERROR_OK) return error;
	if (held.kind != KIND_THREAD || !(held.rights & RIGHT_SIGNAL)) return ERROR_ARGUMENT;
	*owner = (struct terminal_owner){.cookie = capability->slot, .number = held.serial};
	return ERROR_OK;
}

static error_t serve_open(struct request *request, const struct received_capability *capability,
                          struct ipc_item *stream_out) {
	struct console *console = console_of(request);
	struct terminal_owner owner;
	uint64_t session;
	error_t error = owner_of(capability, &owner);
	if (error == ERROR_OK) error = terminal_open(&console->terminal, owner, &session);
	if (error != ERROR_OK) return error;
	request_keep(request, capability);
	*stream_out = item_badge(console->self, RIGHT_SEND, BADGE(PROTOCOL_STREAM, session));
	return ERROR_OK;
}

static error_t serve_close(struct request *request) {
	struct console *console = console_of(request);
	error_t error = terminal_close(&console->terminal, BADGE_OBJECT(request->badge));
	console_run(console);
	return error;
}

static error_t serve_watch(struct request *request, uint32_t event, const struct received_capability *signal) {
	static const enum terminal_event events[STREAM_EVENT_COUNT] = {
		[STREAM_EVENT_INPUT] = TERMINAL_INPUT,
		[STREAM_EVENT_INTERRUPT] = TERMINAL_INTERRUPT,
		[STREAM_EVENT_SUSPEND] = TERMINAL_SUSPEND,
	};
	struct console *console = console_of(request);
	capability_t slot = CAPABILITY_NONE;
	uint32_t old;
	if (event == STREAM_EVENT_HANGUP) return ERROR_OK; /* a serial line without modem control never hangs up */
	if (signal->kind == RECEIVED_OWN) return ERROR_ARGUMENT;
	if (signal->kind == RECEIVED_CAPABILITY) slot = request_keep(request, signal);
	error_t error =
		terminal_set_cookie(&console->terminal, BADGE_OBJECT(request->badge), events[event], slot, &old);
	capability_delete(error == ERROR_OK ? old : slot);
	return error;
}

const struct stream_handlers console_handlers = {
	.read = serve_read,
	.write = serve_write,
	.set_mode = serve_set_mode,
	.size = serve_size,
	.open = serve_open,
	.close = serve_close,
	.watch = serve_watch,
};
