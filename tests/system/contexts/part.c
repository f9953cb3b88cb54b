/* SPDX-License-Identifier: MIT */
/*
 * What the contexts below the test do: end in all ways, take memory and names, answer badly.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <nacre/path.h>
#include <nacre/protocol/file_server.h>
#include <nacre/protocol/memory.h>
#include <nacre/protocol/name_server.h>
#include <nacre/protocol/parent.h>
#include <nacre/server.h>
#include <nacre/slot.h>
#include <nacre/start.h>
#include <nacre/thread.h>

#include "part.h"
#include "runs.h"

#define STATUS_UNKNOWN_PART 120
#define STATUS_FAILED       121

static int part_exit(const char *word) { return atoi(word); }

/* The address comes from a variable, or gcc would complain of it instead of letting it fault. */
static int part_null(const char *word) {
	static volatile uintptr_t address = 16;

	(void)word;
	*(volatile int *)address = 1;
	return 0;
}

/* Its own code, which is not writable. */
static int part_write_code(const char *word) {
	(void)word;
	*(volatile char *)(uintptr_t)part_write_code = 0;
	return 0;
}

static int part_illegal(const char *word) {
	(void)word;
	__asm__ volatile("ud2");
	return 0;
}

/* @word is empty, which no compiler or analyser knows. Not 1: for that they need no division. */
static int part_divide(const char *word) { return 7 / (int)strlen(word); }

static int part_privileged(const char *word) {
	(void)word;
	__asm__ volatile("hlt");
	return 0;
}

static void fault_entry(void *argument) { part_null(argument); }

static int part_thread_fault(const char *word) {
	struct nacre_thread *thread;

	(void)word;
	if (nacre_thread_start(fault_entry, NULL, NACRE_THREAD_STACK_DEFAULT, &thread) != ERROR_OK)
		return STATUS_FAILED;
	nacre_thread_join(thread);
	return 0;
}

/* Uses more stack than there is, a page at a time; the compiler cannot know that it never ends. */
static int overflow(volatile int depth) {
	volatile char here[4096];

	here[0] = (char)depth;
	return depth ? overflow(depth + 1) + here[0] : 0;
}

static int part_overflow(const char *word) {
	(void)word;
	return overflow(1);
}

static int part_hog(const char *word) {
	(void)word;
	for (;;) {
		uint64_t address;

		if (memory_allocate(start_memory(), 0, 1 << 20, PAGE_READ | PAGE_WRITE, 0, &address) != ERROR_OK)
			return STATUS_FAILED;
		for (uint64_t at = address; at < address + (1 << 20); at += 4096) *(volatile char *)at = 1;
	}
}

static _Noreturn void spin_entry(void *argument) {
	(void)argument;
	for (;;) __asm__ volatile("pause");
}

static int part_spin(const char *word) {
	(void)word;
	spin_entry(NULL);
}

static int part_spin_twice(const char *word) {
	struct nacre_thread *thread;

	if (nacre_thread_start(spin_entry, NULL, NACRE_THREAD_STACK_DEFAULT, &thread) != ERROR_OK) return STATUS_FAILED;
	return part_spin(word);
}

/* Waits for ever: for a name that nobody registers. */
static int part_sleep(const char *word) {
	struct path_node node;

	(void)word;
	error_ignore(path_open("/svc/nobody-registers-this", PATH_WAIT, &node));
	return STATUS_FAILED;
}

static int part_register(const char *word) {
	capability_t self;

	if (server_self(&self) != ERROR_OK ||
	    path_register(word, PROTOCOL_USER_FIRST + 0x77, item_derive(self, RIGHT_SEND)) != ERROR_OK)
		return STATUS_FAILED;
	return part_sleep(NULL);
}

/* 0 if the environment has TEST=value and the parent gives `thing` with the protocol expected. */
static int part_look(const char *word) {
	capability_t thing;
	uint32_t protocol = 0;
	const char *value = getenv("TEST");

	if (!value || strcmp(value, "value") != 0) return 1;
	if (parent_get(start_parent(), "thing", &protocol, &thing) != ERROR_OK) return 2;
	return protocol == (uint32_t)atoi(word) ? 0 : 3;
}

/* Has a spinner below itself and ends. */
static int part_leave_child(const char *word) {
	capability_t child;

	if (run_start(NO_LIMIT, "spin", NULL, &child) != ERROR_OK) return STATUS_FAILED;
	return part_exit(word);
}

/* Has a spinner below itself and stays. */
static int part_keep_child(const char *word) {
	capability_t child;

	if (run_start(NO_LIMIT, "spin", NULL, &child) != ERROR_OK) return STATUS_FAILED;
	return part_sleep(word);
}

/* Makes contexts that it never starts until it is refused; the status is the error. */
static int part_litter(const char *word) {
	capability_t child;
	error_t error;

	(void)word;
	do error = run_create(NO_LIMIT, "sleep", NULL, &child);
	while (error == ERROR_OK);
	return (int)error;
}

/* Starts contexts until that is refused; the status is the error. */
static int part_breed(const char *word) {
	capability_t child;
	error_t error;

	(void)word;
	do error = run_start(NO_LIMIT, "sleep", NULL, &child);
	while (error == ERROR_OK);
	return (int)error;
}

/* Registers a directory that says it is one, and then never answers. */
static error_t never_lookup(struct request *request, const char *path, struct file_lookup_reply *reply) {
	static struct delayed_reply kept;

	(void)path;
	(void)reply;
	return request_defer(request, &kept);
}

static error_t never_stat(struct request *request, struct file_stat_reply *reply) {
	(void)request;
	reply->kind = FILE_KIND_DIRECTORY;
	return ERROR_OK;
}

static int part_silent_directory(const char *word) {
	static const struct file_handlers handlers = {.lookup = never_lookup, .stat = never_stat};
	static const struct server_protocol protocol = {
		.number = PROTOCOL_FILE,
		.dispatch = file_dispatch,
		.handlers = &handlers,
	};
	static struct server server = {.protocols = &protocol, .protocol_count = 1};
	capability_t self;

	if (server_self(&self) != ERROR_OK ||
	    path_register(word, PROTOCOL_FILE, item_badge(self, RIGHT_SEND, BADGE(PROTOCOL_FILE, 1))) != ERROR_OK)
		return STATUS_FAILED;
	server_run(&server);
}

/* Finds what there is, and lets those who want to wait for more do that for ever. */
static error_t pass_lookup(struct request *request, uint32_t flags, const char *path, struct name_lookup_reply *reply) {
	static struct name_lookup_answer answer;
	static struct delayed_reply kept;
	error_t error;

	if (flags & NAME_LOOKUP_WAIT) return request_defer(request, &kept);
	capability_delete(answer.capability);
	answer.capability = CAPABILITY_NONE;
	error = name_lookup(own_names, 0, path, &answer);
	if (error != ERROR_OK) return error;
	reply->protocol = answer.protocol;
	memcpy(reply->rest, answer.rest, sizeof(reply->rest));
	reply->capability = item_share(answer.capability);
	return ERROR_OK;
}

static error_t never_view(struct request *request, uint32_t rights, const char *path, uint64_t *view_out,
                          struct ipc_item *name_out) {
	static struct delayed_reply kept;

	(void)rights;
	(void)path;
	(void)view_out;
	(void)name_out;
	return request_defer(request, &kept);
}

/* A namespace in which programs are found, and which never answers who wants a view of it. */
static int part_no_views(const char *word) {
	static const struct name_handlers handlers = {.lookup = pass_lookup, .view = never_view};
	static const struct server_protocol protocol = {
		.number = PROTOCOL_NAME,
		.dispatch = name_dispatch,
		.handlers = &handlers,
	};
	static struct server server = {.protocols = &protocol, .protocol_count = 1};
	capability_t self;

	if (server_self(&self) != ERROR_OK ||
	    path_register(word, PROTOCOL_NAME, item_badge(self, RIGHT_SEND, BADGE(PROTOCOL_NAME, 1))) != ERROR_OK)
		return STATUS_FAILED;
	server_run(&server);
}

static const struct {
	const char *name;
	int (*play)(const char *word);
} parts[] = {
	{"exit", part_exit},
	{"null", part_null},
	{"write-code", part_write_code},
	{"illegal", part_illegal},
	{"divide", part_divide},
	{"privileged", part_privileged},
	{"thread-fault", part_thread_fault},
	{"overflow", part_overflow},
	{"hog", part_hog},
	{"spin", part_spin},
	{"spin-twice", part_spin_twice},
	{"sleep", part_sleep},
	{"register", part_register},
	{"look", part_look},
	{"leave-child", part_leave_child},
	{"keep-child", part_keep_child},
	{"litter", part_litter},
	{"breed", part_breed},
	{"silent-directory", part_silent_directory},
	{"no-views", part_no_views},
};

int part_play(int argc, char **argv) {
	for (size_t index = 0; index < sizeof(parts) / sizeof(parts[0]); index++)
		if (strcmp(parts[index].name, argv[1]) == 0) return parts[index].play(argc > 2 ? argv[2] : "");
	return STATUS_UNKNOWN_PART;
}
