/* SPDX-License-Identifier: MIT */
/*
 * Kernel time, and sleeping as a receive with a deadline on a queue that nobody calls.
 *
 * The thread's own queue will not do: a server's clients call there.
 */
#include <nacre/protocol/clock.h>
#include <nacre/protocol/space.h>
#include <nacre/start.h>
#include <nacre/time.h>

#include "given.h"
#include "sleep_queue.h"

uint64_t time_now(void) {
	struct space_info_answer info;

	/* The own space always answers. */
	if (space_info(start_space(), &info) != ERROR_OK) return 0;
	return info.time;
}

error_t time_wall(int64_t *wall_out) {
	int64_t wall;
	uint64_t kernel;
	capability_t clock;
	error_t error = given_get(GIVEN_CLOCK, &clock);

	if (error == ERROR_OK) error = clock_now(clock, &wall, &kernel);
	if (error == ERROR_OK) *wall_out = wall;
	return error;
}

error_t nacre_sleep_until(uint64_t kernel_time) {
	capability_t queue;
	error_t error = sleep_queue_get(&queue);

	while (error == ERROR_OK) {
		struct message message = {.words = {0}};
		uint64_t target = IPC_TARGET(0, queue);
		uint64_t tag = 0;

		utcb_get()->deadline = kernel_time;
		error = IPC_RESULT_ERROR(ipc_system_call(IPC_RECEIVE | IPC_DEADLINE, &target, &tag, message.words));
	}
	return error == ERROR_TIMEOUT ? ERROR_OK : error;
}

error_t nacre_sleep(uint64_t nanoseconds) {
	uint64_t now = time_now();

	return nacre_sleep_until(nanoseconds > UINT64_MAX - now ? UINT64_MAX : now + nanoseconds);
}
