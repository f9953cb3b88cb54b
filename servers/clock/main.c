/* SPDX-License-Identifier: MIT */
/*
 * clock: wall-clock time, at /svc/clock.
 *
 * Owns the relation between kernel time and wall time. It is taken from the battery-backed clock,
 * which tells whole seconds: at first the time may be up to a second behind; when that clock first
 * steps to the next second it becomes exact to POLL_INTERVAL. Read cmos.h and rtc.h.
 */
#include <nacre/log.h>
#include <nacre/path.h>
#include <nacre/protocol/clock_server.h>
#include <nacre/protocol/parent.h>
#include <nacre/slot.h>
#include <nacre/start.h>
#include <nacre/time.h>

#include "cmos.h"

/* How often the battery-backed clock is looked at until it steps to the next second. */
#define POLL_INTERVAL 5000000u /* ns */

/* Objects of badges: the time as everybody has it, and as its owner, who may set it, has it. */
#define OBJECT_READ 0u
#define OBJECT_SET  1u

struct clock {
	struct server server;
	capability_t self;
	capability_t ports;
	int64_t wall_at_zero; /* wall time in ns when kernel time was 0 */
	int64_t first_second; /* what the battery-backed clock said at first */
};

static void clock_is_at(struct clock *clock, int64_t wall) { clock->wall_at_zero = wall - (int64_t)time_now(); }

static error_t serve_now(struct request *request, int64_t *wall_out, uint64_t *kernel_out) {
	const struct clock *clock = request->context;
	*kernel_out = time_now();
	*wall_out = clock->wall_at_zero + (int64_t)*kernel_out;
	return ERROR_OK;
}

static error_t serve_set(struct request *request, int64_t wall) {
	struct clock *clock = request->context;
	if (BADGE_OBJECT(request->badge) != OBJECT_SET) return ERROR_RIGHT;
	clock->server.deadline = 0; /* the battery-backed clock no longer counts */
	clock_is_at(clock, wall);
	return ERROR_OK;
}

static const struct clock_handlers handlers = {
	.now = serve_now,
	.set = serve_set,
};

/* Waits for the step to the next second: then the fraction is known to be 0. */
static void on_timeout(void *context) {
	struct clock *clock = context;
	int64_t seconds;
	error_t error = cmos_read_time(clock->ports, &seconds);
	if (error == ERROR_OK && seconds != clock->first_second)
		clock_is_at(clock, seconds * (int64_t)NANOSECONDS_PER_SECOND);
	else if (error == ERROR_OK || error == ERROR_BUSY)
		clock->server.deadline = time_now() + POLL_INTERVAL;
	else
		log_print(LOG_LEVEL_WARNING, "the battery-backed clock stopped telling the time");
}

/* While the clock changes its registers there is no telling; that is over in 2 ms. */
static error_t read_time(struct clock *clock) {
	error_t error;
	do error = cmos_read_time(clock->ports, &clock->first_second);
	while (error == ERROR_BUSY);
	return error;
}

static void hardware_start(struct clock *clock) {
	uint32_t protocol;
	error_t error = parent_get(start_parent(), "ports:0x70:2", &protocol, &clock->ports);
	if (error == ERROR_OK) error = read_time(clock);
	if (error != ERROR_OK) {
		log_print(LOG_LEVEL_WARNING, "no battery-backed clock (%s): time starts in 1970", error_text(error));
		return;
	}
	clock_is_at(clock, clock->first_second * (int64_t)NANOSECONDS_PER_SECOND);
	clock->server.deadline = time_now() + POLL_INTERVAL;
}

static struct ipc_item clock_item(const struct clock *clock, uint64_t object) {
	return item_badge(clock->self, RIGHT_SEND, BADGE(PROTOCOL_CLOCK, object));
}

static error_t clock_start(struct clock *clock) {
	error_t error = server_self(&clock->self);
	if (error == ERROR_OK) error = path_register("/svc/clock", PROTOCOL_CLOCK, clock_item(clock, OBJECT_READ));
	if (error != ERROR_OK) return error;
	/* Whoever is not offered to others by the parent can still read the time. */
	error_ignore(parent_offer(start_parent(), PROTOCOL_CLOCK, "clock", clock_item(clock, OBJECT_SET)));
	hardware_start(clock);
	return parent_ready(start_parent());
}

int main(void) {
	static struct clock clock;
	const struct server_protocol protocol = {
		.number = PROTOCOL_CLOCK,
		.dispatch = clock_dispatch,
		.handlers = &handlers,
		.context = &clock,
	};
	clock.server = (struct server){
		.protocols = &protocol,
		.protocol_count = 1,
		.context = &clock,
		.timeout = on_timeout,
	};
	error_t error = clock_start(&clock);
	if (error != ERROR_OK) {
		log_print(LOG_LEVEL_ERROR, "it cannot start: %s", error_text(error));
		return (int)error; /* the parent reads it as an error_t */
	}
	server_run(&clock.server);
}
