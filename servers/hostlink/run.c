/* SPDX-License-Identifier: MIT */
/*
 * What goes on between requests: the session's events, the device, time, and taking leave.
 *
 * Nothing here waits: without a host everything stays as it is and a HELLO goes out once a second.
 */
#include <nacre/log.h>
#include <nacre/protocol/power.h>
#include <nacre/time.h>

#include "hostlink.h"

/* How often the device is asked whether its last byte has left it. */
#define IDLE_POLL UINT64_C(1000000) /* ns */

/* The shell has waited for this script. */
static void on_run(void *context) {
	struct hostlink *hostlink = context;
	if (!delayed_reply_is_held(&hostlink->shell)) return;
	if (hostlink_reply_next_script(&hostlink->shell, hostlink->link.running.count) != ERROR_OK)
		log_print(LOG_LEVEL_WARNING, "a script came, but the link's shell is gone");
}

/*
 * One way: the machine goes off only when this server has released it, so waiting for an answer
 * here would be waiting for ourselves.
 */
static void on_power_off(void *context, int32_t status) {
	struct hostlink *hostlink = context;
	struct message message = {.words = {(uint64_t)(int64_t)status}};
	uint64_t target = hostlink->power, tag = IPC_TAG(POWER_OFF, 1, 0);
	if (ipc_system_call(IPC_SEND, &target, &tag, message.words) != 0)
		log_print(LOG_LEVEL_ERROR, "the host asked to switch off, but root does not listen");
}

/* A shell that waits is ready for the new session at once. */
static void on_change(void *context) {
	struct hostlink *hostlink = context;
	hostlink->next_hello = time_now() + NANOSECONDS_PER_SECOND;
	hostlink->log.cursor = 0;
	if (hostlink->link.state == LINK_UP && delayed_reply_is_held(&hostlink->shell) &&
	    link_shell_ready(&hostlink->link) != ERROR_OK)
		log_print(LOG_LEVEL_ERROR, "no memory to tell the host that the shell is ready");
}

const struct link_handler hostlink_link_handler = {
	.run = on_run,
	.power_off = on_power_off,
	.changed = on_change,
};

static void say_hello(struct hostlink *hostlink) {
	uint64_t now = time_now();
	if (hostlink->link.state != LINK_SEEKING || now < hostlink->next_hello) return;
	link_tick(&hostlink->link);
	hostlink->next_hello = now + NANOSECONDS_PER_SECOND;
}

/* The host is told last of all; then everything has to leave the device. */
static void leave(struct hostlink *hostlink) {
	int64_t status;
	if (hostlink->leaving == LEAVING_ASKED && power_state(hostlink->power, &status) == ERROR_OK &&
	    link_power_off(&hostlink->link, (int32_t)status) == ERROR_OK)
		hostlink->leaving = LEAVING_TOLD;
	if (hostlink->leaving != LEAVING_TOLD || !link_is_quiet(&hostlink->link) || hostlink->output.count > 0) return;
	if (hostlink->present && uart_state(&hostlink->device.uart) == UART_SENDING) return;
	hostlink->leaving = LEAVING_NO;
	error_ignore(power_release(hostlink->power, hostlink->power_watch)); /* it goes off anyway */
}

static void set_deadline(struct hostlink *hostlink) {
	hostlink->server.deadline = 0;
	if (hostlink->present && hostlink->link.state == LINK_SEEKING) hostlink->server.deadline = hostlink->next_hello;
	if (hostlink->leaving == LEAVING_TOLD) hostlink->server.deadline = time_now() + IDLE_POLL;
}

/* There is room again for what the shell has to say; it may be gone. */
static void answer_report(struct hostlink *hostlink) {
	if (delayed_reply_is_held(&hostlink->report) && link_has_room(&hostlink->link))
		error_ignore(hostlink_reply_report(&hostlink->report));
}

/* Once over: whatever arrived, then whatever may go. Returns whether anything moved. */
static int exchange(struct hostlink *hostlink) {
	link_receive(&hostlink->link, &hostlink->input);
	log_forward_run(&hostlink->log, &hostlink->link);
	writers_run(&hostlink->writers, &hostlink->link);
	answer_report(hostlink);
	link_send(&hostlink->link, &hostlink->output);
	size_t before = hostlink->output.count;
	uart_service(&hostlink->device.uart, &hostlink->input, &hostlink->output);
	return hostlink->input.count > 0 || hostlink->output.count < before;
}

void hostlink_run(struct hostlink *hostlink) {
	if (hostlink->present) {
		say_hello(hostlink);
		while (exchange(hostlink)) continue;
	}
	leave(hostlink);
	if (hostlink->present && hostlink->leaving == LEAVING_TOLD) {
		while (exchange(hostlink)) continue;
		leave(hostlink);
	}
	set_deadline(hostlink);
}

void hostlink_signal(void *context, uint64_t bits) {
	struct hostlink *hostlink = context;
	if (bits & SIGNAL_POWER) hostlink->leaving = LEAVING_ASKED;
	hostlink_run(hostlink);
}

void hostlink_timeout(void *context) { hostlink_run(context); }
