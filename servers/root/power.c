/* SPDX-License-Identifier: MIT */
/*
 * The machine's power: telling those who must finish first, waiting for them, and switching off.
 */
#include <nacre/abi/boot.h>
#include <nacre/protocol/ports.h>
#include <nacre/protocol/power_server.h>
#include <nacre/slot.h>
#include <nacre/start.h>

#include "root.h"

#define WATCHERS_WAIT UINT64_C(2000000000) /* ns */

/* The emulator's exit device (QEMU: isa-debug-exit at 0xf4): it ends with 2 * value + 1. */
#define EXIT_PORT   0xf4u
#define EXIT_FAILED 69u /* "service unavailable" (BSD sysexits.h) */
/* Keyboard controller: pulse the reset line (IBM PC AT Technical Reference, 8042). */
#define KEYBOARD_COMMAND 0x64u
#define KEYBOARD_RESET   0xfeu
/* Reset control register (Intel ICH9 datasheet, 13.7.5): full reset. */
#define RESET_PORT 0xcf9u
#define RESET_FULL 0x06u

#define SCI_ENABLED 1u
#define POLLS_MOST  1000000u /* a second or so */

static capability_t all_ports(void) { return (capability_t)start_info()->slot_base + BOOT_SLOT_PORTS; }

static uint64_t port_read(uint64_t port, unsigned int width) {
	uint64_t value = 0;

	error_ignore(ports_read(all_ports(), port, width, &value));
	return value;
}

static void port_write(uint64_t port, unsigned int width, uint64_t value) {
	error_ignore(ports_write(all_ports(), port, width, value));
}

/* The device knows 0 to 127: what is more is cut, and told in full over the host link. */
static uint64_t exit_value(int64_t status) { return status < 0 || status > 127 ? 127 : (uint64_t)status; }

void power_give_up(void) { port_write(EXIT_PORT, 4, EXIT_FAILED); }

/*
 * Firmware for older systems leaves the control registers to itself until it is told otherwise. (ACPI Specification
 * 6.4, 16.3.1)
 */
static void acpi_enable(const struct acpi_off *off) {
	uint64_t control = 0;

	if (off->enable_port == 0 || (port_read(off->port_a, 2) & SCI_ENABLED)) return;
	port_write(off->enable_port, 1, off->enable_value);
	for (unsigned int poll = 0; poll < POLLS_MOST && !(control & SCI_ENABLED); poll++)
		control = port_read(off->port_a, 2);
}

/* Does not return if the machine's firmware says how to switch it off. */
static void firmware_off(struct root *root) {
	const struct acpi acpi = machine_acpi(root);
	struct acpi_off off;

	if (!acpi_off_find(&acpi, &off)) return;
	acpi_enable(&off);
	port_write(off.port_a, 2, off.value_a);
	if (off.port_b) port_write(off.port_b, 2, off.value_b);
	/* It may take effect a moment later. */
	for (unsigned int poll = 0; poll < POLLS_MOST; poll++) (void)port_read(off.port_a, 2);
}

/* If one way does not exist on this machine, the next is tried; nothing returns that works. */
void power_go(struct root *root) {
	if (root->power == POWER_GOING_TO_REBOOT) {
		port_write(RESET_PORT, 1, RESET_FULL);
		port_write(KEYBOARD_COMMAND, 1, KEYBOARD_RESET);
		terminal_string("root: this machine cannot be restarted by software: press its reset button");
	} else {
		port_write(EXIT_PORT, 4, exit_value(root->power_status));
		firmware_off(root);
		terminal_string("root: this machine cannot be switched off by software: it is safe to do it by hand");
	}
	root->power = POWER_ON;
}

static void watcher_drop(struct root *root, struct watcher *watcher) {
	list_remove(&watcher->list);
	capability_delete(watcher->signal);
	arena_give(&root->pager.top.arena, watcher, CELLS_OF(struct watcher));
}

/* Signals all watchers; those that are no more are not waited for. */
static void watchers_tell(struct root *root) {
	struct list_node *next;

	for (struct list_node *node = root->watchers.next; node != &root->watchers; node = next) {
		struct watcher *watcher = CONTAINER_OF(node, struct watcher, list);

		next = node->next;
		if (signal_send(watcher->signal) != ERROR_OK) watcher_drop(root, watcher);
	}
}

static void power_begin(struct root *root, enum power_state state, int64_t status) {
	root->power = state;
	root->power_status = status;
	root->awaited = NULL;
	watchers_tell(root);
	deadline_set(root, WATCHERS_WAIT);
	if (list_is_empty(&root->watchers)) power_go(root);
}

/* The reply right is dropped with the machine, or never. */
static error_t power_request(struct request *request, enum power_state state, int64_t status) {
	struct root *root = request->context;
	struct delayed_reply reply;

	if (root->power != POWER_ON) return ERROR_BUSY;
	/* A watcher asks one way: it cannot wait for what waits for it. */
	if (!(request->tag & IPC_TAG_ONE_WAY)) TRY(request_defer(request, &reply));
	power_begin(root, state, status);
	return ERROR_OK;
}

static error_t power_serve_off(struct request *request, int64_t status) {
	return power_request(request, POWER_GOING_OFF, status);
}

static error_t power_serve_reboot(struct request *request) { return power_request(request, POWER_GOING_TO_REBOOT, 0); }

static error_t power_serve_watch(struct request *request, const struct received_capability *signal,
                                 uint64_t *watch_out) {
	struct root *root = request->context;
	struct watcher *watcher;
	void *object;

	if (signal->kind != RECEIVED_CAPABILITY) return ERROR_CAPABILITY;
	TRY(arena_take(&root->pager.top.arena, CELLS_OF(struct watcher), &object));
	watcher = object;
	watcher->number = ++root->watch_last;
	watcher->signal = request_keep(request, signal);
	list_append(&root->watchers, &watcher->list);
	*watch_out = watcher->number;
	return ERROR_OK;
}

static error_t power_serve_state(struct request *request, int64_t *status_out) {
	const struct root *root = request->context;

	if (root->power == POWER_ON) return ERROR_WOULD_BLOCK;
	*status_out = root->power_status;
	return ERROR_OK;
}

static error_t power_serve_release(struct request *request, uint64_t watch) {
	struct root *root = request->context;

	for (struct list_node *node = root->watchers.next; node != &root->watchers; node = node->next) {
		struct watcher *watcher = CONTAINER_OF(node, struct watcher, list);

		if (watcher->number != watch) continue;
		watcher_drop(root, watcher);
		if (root->power != POWER_ON && list_is_empty(&root->watchers)) power_go(root);
		return ERROR_OK;
	}
	return ERROR_NOT_FOUND;
}

const struct power_handlers power_handlers = {
	.off = power_serve_off,
	.reboot = power_serve_reboot,
	.watch = power_serve_watch,
	.state = power_serve_state,
	.release = power_serve_release,
};
