/* SPDX-License-Identifier: MIT */
/*
 * The log protocol. The object of a badge is the writer's source, 0 for the log itself.
 *
 * The log calls nobody: readers wait for an answer, or are signalled and come again.
 */
#include <string.h>

#include <nacre/slot.h>
#include <nacre/time.h>

#include "log_server.h"

#define UNNAMED "?"

static struct log *log_of(const struct request *request) { return request->context; }

static void fill(struct log_read_reply *reply, const struct ring_read *read) {
	const struct log_message *message = &read->message;
	size_t source = message->source_length, text = message->text_length;
	source = source < sizeof reply->source - 1 ? source : sizeof reply->source - 1;
	text = text < sizeof reply->text - 1 ? text : sizeof reply->text - 1;
	reply->cursor = read->cursor;
	reply->time = message->time;
	reply->level = message->level;
	reply->lost = read->lost;
	memcpy(reply->source, message->source, source);
	reply->source[source] = 0;
	memcpy(reply->text, message->text, text);
	reply->text[text] = 0;
}

/* Answers all who wait for a message that is there now. */
static void answer_readers(struct log *log) {
	struct reader *next;
	for (struct reader *reader = TAILQ_FIRST(&log->readers.list); reader; reader = next) {
		struct log_read_reply reply;
		struct ring_read read;
		next = TAILQ_NEXT(reader, in_order);
		if (ring_read(&log->ring, reader->cursor, &read) != ERROR_OK) continue;
		fill(&reply, &read);
		struct delayed_reply to = {.slot = reader->reply};
		error_ignore(log_reply_read(&to, &reply)); /* may be gone */
		reader_remove(&log->readers, reader);
	}
}

static int awaited(uint32_t reply) {
	const struct delayed_reply delayed = {.slot = reply};
	return delayed_reply_is_awaited(&delayed);
}

static void dropped(uint32_t reply) {
	struct delayed_reply delayed = {.slot = reply};
	delayed_reply_drop(&delayed);
}

const struct reader_effects log_reader_effects = {.awaited = awaited, .dropped = dropped};

/* A watcher that cannot be signalled is gone. */
static void tell_watchers(struct log *log) {
	struct log_source *next;
	for (struct log_source *source = TAILQ_FIRST(&log->sources.watched); source; source = next) {
		next = TAILQ_NEXT(source, in_order);
		if (signal_send(source->watcher) != ERROR_OK)
			capability_delete(source_watch(&log->sources, source, CAPABILITY_NONE));
	}
}

static error_t serve_write(struct request *request, uint32_t level, const char *text) {
	struct log *log = log_of(request);
	uint64_t number = BADGE_OBJECT(request->badge);
	const struct log_source *source = sources_use(&log->sources, number);
	if (number != 0 && !source) return ERROR_STATE;
	const char *name = source ? source->name : UNNAMED;
	struct log_message message = {time_now(), level, name, strlen(name), text, strlen(text)};
	error_t error = ring_add(&log->ring, &message);
	if (error == ERROR_OK) {
		answer_readers(log);
		tell_watchers(log);
	}
	return error;
}

static error_t serve_read(struct request *request, uint64_t cursor, uint32_t flags, struct log_read_reply *reply) {
	struct log *log = log_of(request);
	struct delayed_reply delayed;
	struct ring_read read;
	error_t error = ring_read(&log->ring, cursor, &read);
	if (error == ERROR_OK) fill(reply, &read);
	if (error == ERROR_OK || !(flags & LOG_READ_WAIT)) return error;
	error = request_defer(request, &delayed);
	if (error != ERROR_OK) return error;
	error = reader_add(&log->readers, delayed.slot, cursor);
	if (error != ERROR_OK) error_ignore(delayed_reply_fail(&delayed, error)); /* the reader may be gone */
	return ERROR_OK;
}

static error_t source_open(struct log *log, const char *name, uint64_t *number) {
	error_t error = sources_open(&log->sources, name, number);
	if (error != ERROR_LIMIT) return error;
	tell_watchers(log); /* of nothing new, which does no harm: those that are gone make room */
	return sources_open(&log->sources, name, number);
}

static error_t serve_open(struct request *request, const char *source, struct ipc_item *log_out) {
	struct log *log = log_of(request);
	uint64_t number;
	error_t error = source_open(log, source, &number);
	if (error == ERROR_OK) *log_out = item_badge(log->self, RIGHT_SEND, BADGE(PROTOCOL_LOG, number));
	return error;
}

static error_t serve_watch(struct request *request, const struct received_capability *signal) {
	struct log *log = log_of(request);
	struct log_source *source = sources_use(&log->sources, BADGE_OBJECT(request->badge));
	capability_t watcher = CAPABILITY_NONE;
	if (!source) return ERROR_STATE;
	if (signal->kind == RECEIVED_OWN) return ERROR_ARGUMENT;
	if (signal->kind == RECEIVED_CAPABILITY) watcher = request_keep(request, signal);
	capability_delete(source_watch(&log->sources, source, watcher));
	if (watcher != CAPABILITY_NONE && log->ring.count > 0) /* what is there already is news to it */
		error_ignore(signal_send(watcher));
	return ERROR_OK;
}

const struct log_handlers log_handlers = {
	.write = serve_write,
	.read = serve_read,
	.open = serve_open,
	.watch = serve_watch,
};
