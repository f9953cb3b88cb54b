/* SPDX-License-Identifier: MIT */
/*
 * Root's state: what the machine has, and what has been started on it.
 *
 * Owns the structs that root's files share. Each file's functions are declared here too, by file; root is one program
 * with one thread, and these are its parts. Read main.c first.
 */
#ifndef ROOT_ROOT_H
#define ROOT_ROOT_H

#include <nacre/server.h>
#include <pager/serve.h>

#include "acpi.h"
#include "archive.h"
#include "boot_script.h"
#include "command_line.h"
#include "resource.h"

/* What a server gave root to hand out by name. */
struct offer {
	struct list_node list;
	uint64_t child; /* number of who gave it */
	uint32_t protocol;
	capability_t capability;
	struct piece name; /* lies in the boot script: the line that allows it */
};

enum child_state {
	CHILD_STARTING, /* has not said that it is ready */
	CHILD_SERVING,
	CHILD_ENDED,
};

/* A server that root has started, for as long as root runs. */
struct child {
	struct list_node list;
	uint64_t number; /* from 1; also its place among the windows */
	struct script_line line;
	struct instance *instance; /* NULL when it has ended */
	uint64_t load;             /* address of its image */
	enum child_state state;
};

/* Someone who is told before the machine goes off. */
struct watcher {
	struct list_node list;
	uint64_t number;
	capability_t signal;
};

/* An I/O APIC. Its page is the kernel's. */
struct controller {
	struct list_node list;
	uint64_t page; /* physical address */
};

enum power_state {
	POWER_ON,
	POWER_GOING_OFF,
	POWER_GOING_TO_REBOOT,
};

struct root {
	/* Fixed after the start. */
	const struct boot_info *info;
	struct command_line command_line;
	struct archive archive;
	struct region *archive_region; /* NULL if there is no archive */
	capability_t self;

	struct pager pager;

	struct script script;
	struct list_node children; /* in the order of their numbers */
	uint64_t child_count;
	struct child *awaited; /* the boot goes on when it is ready; NULL: no need to wait */
	unsigned int failures; /* lines that failed */
	int is_up;             /* the script has come to its end */

	struct list_node offers;
	struct list_node devices; /* grant.c */

	/* interrupts.c */
	struct list_node controllers;
	unsigned int cpu_count;
	uint64_t line_count;
	struct {
		uint32_t line;
		unsigned int mode; /* INTERRUPT_* */
	} isa[ACPI_ISA_LINES];

	enum power_state power;
	int64_t power_status;
	struct list_node watchers;
	uint64_t watch_last;

	struct server server;
};

/* machine.c: memory, and the archive in it. A reason in words if there is not enough of either; else NULL. */
const char *machine_memory_open(struct root *root);
const char *machine_archive_open(struct root *root);
/* The hold of @size bytes of device memory at @physical; HOLD_NONE if the machine has no such. */
struct hold machine_device_find(const struct root *root, uint64_t physical, uint64_t size);
/* Where ACPI's tables are, and how they are read. */
struct acpi machine_acpi(struct root *root);

/* interrupts.c: gives the kernel its interrupt controllers, and says what was found. */
void interrupts_open(struct root *root);
/* A capability to ISA interrupt @number, or to line @number from 16 on. */
error_t interrupts_derive(const struct root *root, uint64_t number, capability_t *capability) NACRE_MUST_CHECK;

/* loader.c: makes a child's space and starts its thread. NULL, or what went wrong. */
const char *loader_start(struct root *root, struct child *child);

/* child.c */
const char *child_start(struct root *root, const struct script_line *line, struct child **result);
struct child *child_find(struct root *root, uint64_t number);
struct child *child_of_instance(struct root *root, const struct instance *instance);
/* Ends it and all it had. */
void child_end(struct root *root, struct child *child);
/* The first resource of @kind in its line; false if there is none. */
int child_resource(const struct child *child, enum resource_kind kind, struct resource *resource);
int child_may(const struct child *child, const struct resource *wanted);
/* "NAME: ", to begin a line with. */
void child_name(struct text *text, const struct child *child);

/* boot.c: the way through the boot script. */
int boot_start(struct root *root);  /* false, and a line that says why, if there is no script */
void boot_go_on(struct root *root); /* starts what can be started now */
void boot_waited_too_long(struct root *root);
void boot_child_failed(struct root *root, struct child *child);

/* grant.c: what a child gets by name. */
error_t grant_resource(struct root *root, const struct child *child, struct piece name, uint32_t *protocol,
                       struct ipc_item *capability) NACRE_MUST_CHECK;

/* offer.c: what children give to be handed out. */
error_t offer_add(struct root *root, const struct child *child, struct piece name, uint32_t protocol,
                  capability_t capability) NACRE_MUST_CHECK;
const struct offer *offer_find(const struct root *root, struct piece name);
void offers_drop(struct root *root, const struct child *child);

/* power.c */
void power_go(struct root *root); /* acts now, whoever may still be waited for */
void power_give_up(void);         /* tells an emulator that nothing will run; returns on other machines */

/* Protocols: parent.c, exception.c, power.c. */
extern const struct parent_handlers parent_handlers;
extern const struct power_handlers power_handlers;
uint64_t exception_dispatch(struct request *request, const void *handlers);
/* exception.c: the handler of exceptions for threads of @instance. */
struct ipc_item exception_item(const struct root *root, const struct instance *instance);

/* main.c: when to wake root, whoever calls; 0: never. */
void deadline_set(struct root *root, uint64_t nanoseconds_from_now);

/* terminal.c: one line on the machine's first serial port. */
void terminal_line(const struct text *text);
void terminal_string(const char *string);

#endif
