/* SPDX-License-Identifier: MIT */
/*
 * tutorial-pipe: what is written to /svc/pipe-in can be read from /svc/pipe-out.
 *
 * Owns who waits for whom: a writer waits until a reader takes its bytes, a reader until a writer
 * brings some. So nothing is kept but who waits, and there are never readers and writers at once.
 * docs/how-to-write-a-server.md goes through this file.
 */
#include <stdio.h>
#include <string.h>

#include <nacre/path.h>
#include <nacre/protocol/stream_server.h>

/* The objects of this server: its badges tell which of them a client has. */
enum pipe_end {
	PIPE_IN = 1,
	PIPE_OUT,
};

/* More clients than that cannot wait at once. */
#define WAITERS_MAX 64u

/* A client that waits: a writer with its bytes, or a reader with room for so many. */
struct waiter {
	struct delayed_reply reply;
	size_t size;
	unsigned char data[STREAM_WRITE_DATA_MAX]; /* a writer's */
};

struct pipe {
	struct waiter waiters[WAITERS_MAX]; /* first come, first served */
	unsigned int count;
	enum pipe_end end; /* at which end they wait */
	int is_closed;     /* a writer has closed, and no reader knows */
};

static enum pipe_end end_of(const struct request *request) { return (enum pipe_end)BADGE_OBJECT(request->badge); }

static int waits_at(const struct pipe *pipe, enum pipe_end end) { return pipe->count > 0 && pipe->end == end; }

static void waiter_remove(struct pipe *pipe) {
	pipe->count--;
	memmove(&pipe->waiters[0], &pipe->waiters[1], pipe->count * sizeof pipe->waiters[0]);
}

/* Keeps the right to answer this request. From here on the handler's result does not matter. */
static error_t waiter_add(struct pipe *pipe, struct request *request, const void *data, size_t size) {
	struct waiter *waiter = &pipe->waiters[pipe->count];
	error_t error;

	if (pipe->count == WAITERS_MAX) return ERROR_LIMIT;
	error = request_defer(request, &waiter->reply);
	if (error != ERROR_OK) return error;
	waiter->size = size;
	if (data) memcpy(waiter->data, data, size);
	pipe->end = end_of(request);
	pipe->count++;
	return ERROR_OK;
}

static error_t serve_write(struct request *request, const void *data, size_t size, uint32_t *count_out) {
	struct pipe *pipe = request->context;

	if (end_of(request) != PIPE_IN) return ERROR_RIGHT;
	while (size > 0 && waits_at(pipe, PIPE_OUT)) {
		struct waiter *reader = &pipe->waiters[0];
		size_t taken = size < reader->size ? size : reader->size;
		error_t error = stream_reply_read(&reader->reply, data, taken);
		waiter_remove(pipe);
		if (error != ERROR_OK) continue; /* that reader had gone */
		*count_out = (uint32_t)taken;
		return ERROR_OK;
	}
	*count_out = 0;
	return size > 0 ? waiter_add(pipe, request, data, size) : ERROR_OK;
}

static error_t serve_read(struct request *request, uint32_t maximum, void *data_out, size_t *size_out) {
	struct pipe *pipe = request->context;

	if (end_of(request) != PIPE_OUT) return ERROR_RIGHT;
	while (waits_at(pipe, PIPE_IN)) {
		struct waiter *writer = &pipe->waiters[0];
		size_t taken = writer->size < maximum ? writer->size : maximum;
		memcpy(data_out, writer->data, taken);
		error_t error = stream_reply_write(&writer->reply, (uint32_t)taken);
		waiter_remove(pipe);
		if (error != ERROR_OK) continue; /* that writer had gone, and its bytes with it */
		*size_out = taken;
		return ERROR_OK;
	}
	*size_out = 0;
	if (!pipe->is_closed) return waiter_add(pipe, request, NULL, maximum);
	pipe->is_closed = 0;
	return ERROR_OK;
}

/* The end of the stream reaches one reader: the one that waits longest, or the next to come. */
static error_t serve_close(struct request *request) {
	struct pipe *pipe = request->context;

	if (end_of(request) != PIPE_IN) return ERROR_OK;
	while (waits_at(pipe, PIPE_OUT)) {
		error_t error = stream_reply_read(&pipe->waiters[0].reply, "", 0);
		waiter_remove(pipe);
		if (error == ERROR_OK) return ERROR_OK;
	}
	pipe->is_closed = 1;
	return ERROR_OK;
}

static const struct stream_handlers handlers = {
	.read = serve_read,
	.write = serve_write,
	.close = serve_close,
};

static error_t end_register(capability_t self, enum pipe_end end, const char *path) {
	return path_register(path, PROTOCOL_STREAM, item_badge(self, RIGHT_SEND, BADGE(PROTOCOL_STREAM, end)));
}

int main(void) {
	static struct pipe pipe;
	const struct server_protocol stream = {
		.number = PROTOCOL_STREAM,
		.dispatch = stream_dispatch,
		.handlers = &handlers,
		.context = &pipe,
	};
	struct server server = {.protocols = &stream, .protocol_count = 1};
	capability_t self;
	error_t error = server_self(&self);

	if (error == ERROR_OK) error = end_register(self, PIPE_IN, "/svc/pipe-in");
	if (error == ERROR_OK) error = end_register(self, PIPE_OUT, "/svc/pipe-out");
	if (error != ERROR_OK) {
		fprintf(stderr, "tutorial-pipe: %s\n", error_text(error));
		return 1;
	}
	server_run(&server);
}
