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
	struct reader *waiting = log->readers;
	struct ring_read read;
	log->readers = NULL;
	while (waiting) {
		struct reader reader = reader_take(&waiting);
		struct log_read_reply reply;
		if (ring_read(&log->ring, reader.cursor, &read) == ERROR_OK) {
			fill(&reply, &read);
			error_ignore(log_reply_read(&reader.reply, &reply)); /* may be gone */
		} else if (reader_add(&log->readers, reader.reply, reader.cursor) != ERROR_OK) {
			error_ignore(delayed_reply_fail(&reader.reply, ERROR_NO_MEMORY));
		}
	}
}

/* A watcher that cannot be signalled is gone. */
static void tell_watchers(struct log *log) {
	for (size_t i = 0; i < log->sources.count; i++) {
		struct log_source *source = &log->sources.list[i];
		if (source->cookie != CAPABILITY_NONE && signal_send(source->cookie) != ERROR_OK) {
			capability_delete(source->cookie);
			source->cookie = CAPABILITY_NONE;
		}
	}
}

static error_t serve_write(struct request *request, uint32_t level, const char *text) {
	struct log *log = log_of(request);
	const struct log_source *source = sources_find(&log->sources, BADGE_OBJECT(request->badge));
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
	error = reader_add(&log->readers, delayed, cursor);
	if (error != ERROR_OK) error_ignore(delayed_reply_fail(&delayed, error)); /* the reader may be gone */
	return ERROR_OK;
}

static error_t serve_open(struct request *request, const char *source, struct ipc_item *log_out) {
	struct log *log = log_of(request);
	uint64_t number;
	error_t error = sources_open(&log->sources, source, &number);
	if (error == ERROR_OK) *log_out = item_badge(log->self, RIGHT_SEND, BADGE(PROTOCOL_LOG, number));
	return error;
}

static error_t serve_watch(struct request *request, const struct received_capability *signal) {
	struct log *log = log_of(request);
	struct log_source *source = sources_find(&log->sources, BADGE_OBJECT(request->badge));
	if (!source) return ERROR_STATE;
	if (signal->kind == RECEIVED_OWN) return ERROR_ARGUMENT;
	capability_delete(source->cookie);
	source->cookie = CAPABILITY_NONE;
	if (signal->kind == RECEIVED_CAPABILITY) {
		source->cookie = request_keep(request, signal);
		if (log->ring.count > 0) /* what is there already is news to it */
			error_ignore(signal_send(source->cookie));
	}
	return ERROR_OK;
}

const struct log_handlers log_handlers = {
	.write = serve_write,
	.read = serve_read,
	.open = serve_open,
	.watch = serve_watch,
};
