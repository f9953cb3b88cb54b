/* SPDX-License-Identifier: MIT */
/*
 * What the link's shell and the commands it runs ask: scripts, results, streams.
 *
 * The object of a stream's badge is HOSTLINK_STREAM_*. Requests move data to and from the link;
 * run.c moves it on.
 */
#include <string.h>

#include "hostlink.h"

static struct hostlink *hostlink_of(const struct request *request) { return request->context; }

/* The shell that ran the script is gone and another asks for work. */
static error_t abandon_script(struct link *link) {
	static const char text[] = "hostlink: the shell ended before the script did\n";
	error_t error = link_stream(link, COMMAND_STDERR, (const uint8_t *)text, sizeof text - 1);
	return error == ERROR_OK ? link_done(link, 1, 1, 1) : error;
}

static error_t serve_next_script(struct request *request, uint64_t *size_out) {
	struct hostlink *hostlink = hostlink_of(request);
	(void)size_out;
	if (delayed_reply_is_held(&hostlink->shell))
		delayed_reply_drop(&hostlink->shell); /* one shell: the last that asks */
	error_t error = ERROR_OK;
	if (hostlink->link.shell == LINK_SHELL_RUNS) error = abandon_script(&hostlink->link);
	if (error == ERROR_OK) error = link_shell_ready(&hostlink->link);
	if (error == ERROR_OK) error = request_defer(request, &hostlink->shell);
	if (error == ERROR_OK) hostlink_run(hostlink);
	return error;
}

static error_t serve_read_script(struct request *request, uint64_t offset, void *data_out, size_t *data_size_out) {
	*data_size_out =
		script_read(&hostlink_of(request)->link.running, offset, data_out, HOSTLINK_READ_SCRIPT_DATA_MAX);
	return ERROR_OK;
}

static error_t serve_report(struct request *request, uint32_t index, int64_t status, uint64_t elapsed,
                            const char *text) {
	struct hostlink *hostlink = hostlink_of(request);
	error_t error = link_status(&hostlink->link, index, (int32_t)status, elapsed, text, strlen(text));
	if (error == ERROR_OK) hostlink_run(hostlink);
	return error;
}

/* A session that ended meanwhile is no mistake of the shell's. */
static error_t serve_done(struct request *request, int64_t status, uint32_t commands, uint32_t failed) {
	struct hostlink *hostlink = hostlink_of(request);
	error_t error = link_done(&hostlink->link, (int32_t)status, commands, failed);
	hostlink_run(hostlink);
	return error == ERROR_STATE ? ERROR_OK : error;
}

static error_t serve_stream(struct request *request, uint32_t which, struct ipc_item *stream_out) {
	*stream_out = item_badge(hostlink_of(request)->self, RIGHT_SEND, BADGE(PROTOCOL_STREAM, which));
	return ERROR_OK;
}

const struct hostlink_handlers hostlink_handlers = {
	.next_script = serve_next_script,
	.read_script = serve_read_script,
	.report = serve_report,
	.done = serve_done,
	.stream = serve_stream,
};

/* Commands of a script have nothing to read: the end of input comes at once. */
static error_t output_read(struct request *request, uint32_t maximum, void *data_out, size_t *data_size_out) {
	(void)request;
	(void)maximum;
	(void)data_out;
	*data_size_out = 0;
	return ERROR_OK;
}

static error_t write_later(struct hostlink *hostlink, struct request *request, enum command_kind kind, const void *data,
                           size_t data_size) {
	struct delayed_reply reply;
	error_t error = request_defer(request, &reply);
	if (error != ERROR_OK) return error;
	error = writer_add(&hostlink->writers, reply, kind, data, data_size);
	if (error != ERROR_OK) error_ignore(delayed_reply_fail(&reply, error)); /* the writer may be gone */
	return ERROR_OK;
}

static error_t output_write(struct request *request, const void *data, size_t data_size, uint32_t *count_out) {
	struct hostlink *hostlink = hostlink_of(request);
	enum command_kind kind =
		BADGE_OBJECT(request->badge) == HOSTLINK_STREAM_ERROR ? COMMAND_STDERR : COMMAND_STDOUT;
	if (hostlink->writers || !link_has_room(&hostlink->link))
		return write_later(hostlink, request, kind, data, data_size);
	error_t error = link_stream(&hostlink->link, kind, data, data_size);
	if (error != ERROR_OK) return error;
	*count_out = (uint32_t)data_size;
	hostlink_run(hostlink);
	return ERROR_OK;
}

static error_t output_set_mode(struct request *request, uint32_t flags, uint32_t *previous_out) {
	(void)request;
	(void)flags;
	*previous_out = 0; /* there is no input to treat */
	return ERROR_OK;
}

static error_t output_size(struct request *request, uint32_t *columns_out, uint32_t *rows_out) {
	(void)request;
	(void)columns_out;
	(void)rows_out;
	return ERROR_STATE; /* not a terminal */
}

/* All share the link's one output: there is nothing of an owner's to be kept. */
static error_t output_open(struct request *request, const struct received_capability *owner,
                           struct ipc_item *stream_out) {
	(void)owner;
	*stream_out = item_badge(hostlink_of(request)->self, RIGHT_SEND, request->badge);
	return ERROR_OK;
}

static error_t output_close(struct request *request) {
	(void)request;
	return ERROR_OK;
}

static error_t output_watch(struct request *request, uint32_t event, const struct received_capability *signal) {
	(void)request;
	(void)event;
	(void)signal;
	return ERROR_OK; /* none of the events ever happens here */
}

const struct stream_handlers hostlink_stream_handlers = {
	.read = output_read,
	.write = output_write,
	.set_mode = output_set_mode,
	.size = output_size,
	.open = output_open,
	.close = output_close,
	.watch = output_watch,
};
