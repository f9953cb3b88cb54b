/* SPDX-License-Identifier: MIT */
/*
 * Any frames from the host: the session follows its rules and what goes out can be read.
 *
 * The input is a list of frames (channel, kind, sequence relative to what is expected, payload), so
 * that checksums do not stand in the way; every eighth one is sent as bare bytes instead.
 */
#include <stdlib.h>
#include <string.h>

#include "hello.h"
#include "link.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct link link_;
static struct byte_queue to_guest, from_guest;
static uint8_t to_guest_bytes[8192], from_guest_bytes[65536];

static void on_run(void *context) { (void)context; }

static void on_power_off(void *context, int32_t status) {
	(void)context;
	(void)link_power_off(&link_, status);
}

/* What the guest sends must be frames, and no more of them than the host can keep. */
static void drain(void) {
	static struct frame_reader reader;
	struct frame frame;
	uint8_t byte;
	link_send(&link_, &from_guest);
	while (byte_queue_take(&from_guest, &byte, 1) == 1) {
		if (frame_read(&reader, byte, &frame) > FRAME_COMPLETE) abort();
	}
	if (link_.state == LINK_UP && link_.sent - link_.acknowledged > link_.window) abort();
}

static void send_frame(const uint8_t *head, const uint8_t *payload, size_t count) {
	uint8_t encoded[FRAME_ENCODED_MAX + 1];
	struct frame frame = {
		.channel = head[0] % 8,
		.kind = head[1],
		.sequence = head[2] == 255 ? 0 : link_.received + 1 + head[2] / 64,
		.acknowledged = link_.acknowledged + head[3] % 4,
		.payload = payload,
		.count = count,
	};
	if (!frame_is_numbered(frame.channel, frame.kind)) frame.sequence = head[2] == 254;
	byte_queue_put(&to_guest, encoded, frame_encode(&frame, encoded));
	link_receive(&link_, &to_guest);
}

static void begin(void) {
	struct link_handler handler = {on_run, on_power_off, on_run, NULL};
	uint8_t payload[HELLO_SIZE];
	struct hello hello = {1, 1, 3, 4096, 7};
	outbox_clear(&link_.outbox);
	script_clear(&link_.coming);
	script_clear(&link_.running);
	link_initialize(&link_, handler);
	byte_queue_initialize(&to_guest, to_guest_bytes, sizeof to_guest_bytes);
	byte_queue_initialize(&from_guest, from_guest_bytes, sizeof from_guest_bytes);
	hello_encode(&hello, payload);
	send_frame((const uint8_t[4]){0, CONTROL_HELLO, 0, 0}, payload, sizeof payload);
	(void)!link_shell_ready(&link_);
}

/* What the guest does meanwhile, as the frame's first byte says. */
static void act(uint8_t what) {
	if (what & 0x10) (void)!link_stream(&link_, COMMAND_STDOUT, (const uint8_t *)"text", 4);
	if (what & 0x20) (void)!link_status(&link_, 1, 0, 0, "command", 7);
	if (what & 0x40) (void)!link_done(&link_, 0, 1, 0);
	if (what & 0x80) (void)!link_record(&link_, 1, 2, "source", 6, "text", 4);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
	begin();
	while (size >= 5) {
		size_t count = data[4] < size - 5 ? data[4] : size - 5;
		if (data[0] % 8 == 7) {
			byte_queue_put(&to_guest, data + 5, count);
			link_receive(&link_, &to_guest);
		} else {
			send_frame(data, data + 5, count);
		}
		act(data[0]);
		drain();
		link_tick(&link_);
		data += 5 + count;
		size -= 5 + count;
	}
	return 0;
}
