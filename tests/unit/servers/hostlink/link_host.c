/* SPDX-License-Identifier: MIT */
/*
 * The host's end for tests: see link_host.h.
 */
#include "link_host.h"

#include <check.h>
#include <string.h>

#include "hello.h"
#include "little_endian.h"

struct link link_;
static uint8_t to_guest_bytes[65536], from_guest_bytes[65536];
struct byte_queue to_guest;
static struct byte_queue from_guest;
static struct frame_reader host_reader;
uint32_t host_sent;

int runs, power_offs, changes;
int32_t power_status;

static void on_run(void *context) {
	(void)context;
	runs++;
}

static void on_power_off(void *context, int32_t status) {
	(void)context;
	power_offs++;
	power_status = status;
}

static void on_change(void *context) {
	(void)context;
	changes++;
}

void given_a_link(void) {
	byte_queue_initialize(&to_guest, to_guest_bytes, sizeof to_guest_bytes);
	byte_queue_initialize(&from_guest, from_guest_bytes, sizeof from_guest_bytes);
	host_reader.count = 0;
	host_sent = 0;
	runs = power_offs = changes = 0;
	link_initialize(&link_, (struct link_handler){on_run, on_power_off, on_change, NULL});
}

void host_sends_frame(struct frame frame) {
	uint8_t encoded[FRAME_ENCODED_MAX + 1];
	size_t count = frame_encode(&frame, encoded);
	byte_queue_put(&to_guest, encoded, count);
	link_receive(&link_, &to_guest);
}

void host_sends(uint8_t channel, uint8_t kind, uint32_t acknowledged, const char *payload) {
	host_sends_frame(
		(struct frame){channel, kind, ++host_sent, acknowledged, (const uint8_t *)payload, strlen(payload)});
}

void host_acknowledges(uint32_t number) { host_sends_frame((struct frame){0, CONTROL_ACK, 0, number, NULL, 0}); }

void host_says_hello(uint32_t channels) {
	uint8_t payload[HELLO_SIZE];
	struct hello hello = {1, 1, HOST_WINDOW, 4096, channels};
	hello_encode(&hello, payload);
	host_sends_frame((struct frame){0, CONTROL_HELLO, 0, 0, payload, sizeof payload});
}

/* The next frame from the guest; 0 if there is none. Its payload lives until the next call. */
int host_reads(struct frame *frame) {
	uint8_t byte;
	link_send(&link_, &from_guest);
	while (byte_queue_take(&from_guest, &byte, 1) == 1) {
		enum frame_result result = frame_read(&host_reader, byte, frame);
		ck_assert_int_le(result, FRAME_COMPLETE);
		if (result == FRAME_COMPLETE) return 1;
	}
	return 0;
}

struct frame host_expects(uint8_t channel, uint8_t kind) {
	struct frame frame;
	ck_assert(host_reads(&frame));
	ck_assert_uint_eq(frame.channel, channel);
	ck_assert_uint_eq(frame.kind, kind);
	return frame;
}

void host_expects_nothing(void) {
	struct frame frame;
	ck_assert(!host_reads(&frame));
}

void host_expects_error(enum link_error code) {
	struct frame frame = host_expects(0, CONTROL_ERROR);
	ck_assert_uint_ge(frame.count, 2);
	ck_assert_uint_eq(get_number(frame.payload, 2), code);
	ck_assert_int_eq(link_.state, LINK_SEEKING);
}

void given_a_session(void) {
	given_a_link();
	host_expects(0, CONTROL_HELLO);
	host_says_hello(0x7);
}

void given_a_ready_shell(void) {
	given_a_session();
	ck_assert_int_eq(link_shell_ready(&link_), ERROR_OK);
	ck_assert_uint_eq(host_expects(0, CONTROL_READY).sequence, 1);
}

void given_a_running_script(void) {
	given_a_ready_shell();
	host_sends(1, COMMAND_TEXT, 1, "echo hi\n");
	host_sends(1, COMMAND_RUN, 1, "");
	ck_assert_int_eq(runs, 1);
}

void stream(const char *text) {
	ck_assert_int_eq(link_stream(&link_, COMMAND_STDOUT, (const uint8_t *)text, strlen(text)), ERROR_OK);
}
