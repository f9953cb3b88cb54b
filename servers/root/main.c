/* SPDX-License-Identifier: MIT */
/*
 * Root: the first program of the machine.
 *
 * Gets all memory, ports and interrupts from the kernel; is the first pager; starts the servers that the boot script
 * names and is their parent and exception handler; switches the machine off. One thread that never waits for anything
 * it has started. Read README.md, then root.h.
 */
#include <nacre/abi/boot.h>
#include <nacre/protocol/parent_server.h>
#include <nacre/protocol/power_server.h>
#include <nacre/protocol/space.h>
#include <nacre/slot.h>
#include <nacre/start.h>

#include <pager/kernel.h>
#include <pager/supply.h>

#include "root.h"

#define ROOT_PROTOCOLS (PAGER_PROTOCOLS + 2u)

static struct root root;

/* More slots for root's own table, from its own memory. */
static error_t slots_grow(void *context, uint32_t page) {
	struct root *self = context;
	struct frame_set frame;
	error_t error;

	TRY(supply_take_set(&self->pager, &self->pager.top.account, FRAME_FOR_OWN_TABLE, 1, &frame));
	error = kernel_slots_add(start_space(), page, &frame);
	if (error != ERROR_OK) supply_give_set(&self->pager, &self->pager.top.account, &frame, FRAME_DIRTY);
	return error;
}

void deadline_set(struct root *self, uint64_t nanoseconds_from_now) {
	struct space_info_answer info;

	self->server.deadline = 0;
	if (nanoseconds_from_now > 0 && space_info(start_space(), &info) == ERROR_OK)
		self->server.deadline = info.time + nanoseconds_from_now;
}

static void deadline_passed(void *context) {
	struct root *self = context;

	if (self->power != POWER_ON)
		power_go(self);
	else
		boot_waited_too_long(self);
}

static void root_initialize(const struct boot_info *info) {
	root.info = info;
	root.command_line = command_line_read(piece_of(info->command_line));
	list_initialize(&root.children);
	list_initialize(&root.offers);
	list_initialize(&root.devices);
	list_initialize(&root.controllers);
	list_initialize(&root.watchers);
}

/* What is needed before anything can be started: a reason in words if it is not there. */
static const char *root_start(void) {
	const struct boot_info *info = start_info()->boot;
	const char *problem;

	if (!info) return "root: this program has to be the first one of a machine";
	if (info->magic != BOOT_INFO_MAGIC || info->abi_version != ABI_VERSION)
		return "root: kernel and root do not fit together: build the image again";
	root_initialize(info);
	/* Before any slot is taken; the first after those in use is the own thread's. */
	slots_start((capability_t)info->slots_free_first + 1, (capability_t)info->slots_backed, slots_grow, &root);
	problem = machine_memory_open(&root);
	if (problem) return problem;
	if (server_self(&root.self) != ERROR_OK) return "no slot for the own queue";
	return NULL;
}

static void protocols_fill(struct server_protocol protocols[ROOT_PROTOCOLS]) {
	pager_protocols(&root.pager, protocols);
	for (unsigned int index = 0; index < PAGER_PROTOCOLS; index++) {
		if (protocols[index].number != PROTOCOL_FAULT) continue;
		protocols[index].dispatch = exception_dispatch;
		protocols[index].context = &root;
	}
	protocols[PAGER_PROTOCOLS] = (struct server_protocol){
		.number = PROTOCOL_PARENT,
		.dispatch = parent_dispatch,
		.handlers = &parent_handlers,
		.context = &root,
	};
	protocols[PAGER_PROTOCOLS + 1] = (struct server_protocol){
		.number = PROTOCOL_POWER,
		.dispatch = power_dispatch,
		.handlers = &power_handlers,
		.context = &root,
	};
}

static _Noreturn void root_serve(void) {
	static struct server_protocol protocols[ROOT_PROTOCOLS];
	struct server_reply reply = {0};

	protocols_fill(protocols);
	root.server = (struct server){
		.protocols = protocols,
		.protocol_count = ROOT_PROTOCOLS,
		.context = &root,
		.timeout = deadline_passed,
		.capability_window = PAGER_CAPABILITY_WINDOW,
	};
	for (;;) {
		boot_go_on(&root);
		server_step(&root.server, &reply);
	}
}

int main(void) {
	const char *problem = root_start();

	if (!problem) {
		interrupts_open(&root);
		problem = machine_archive_open(&root);
	}
	if (problem) terminal_string(problem);
	if (problem || !boot_start(&root)) power_give_up();
	root_serve();
}
