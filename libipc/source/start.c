/* SPDX-License-Identifier: MIT */
/*
 * What happens between _start and main().
 *
 * Owns the order: own thread's control, FS, slots, memory, arguments, constructors. Works without a
 * parent (the machine's first program): then there is no memory to ask for and there are no
 * arguments. Asks the parent for nothing but memory, arguments and environment; names, streams and
 * clock are asked for when they are used first.
 */
#include <stdlib.h>
#include <string.h>

#include <nacre/protocol/parent.h>
#include <nacre/protocol/space.h>
#include <nacre/protocol/thread.h>
#include <nacre/slot.h>

#include "start_internal.h"

extern int main(int argc, char **argv, char **environment);
extern char **environ;

typedef void (*constructor_t)(void);
extern const constructor_t __init_array_start[] __attribute__((weak, visibility("hidden")));
extern const constructor_t __init_array_end[] __attribute__((weak, visibility("hidden")));
extern const constructor_t __fini_array_start[] __attribute__((weak, visibility("hidden")));
extern const constructor_t __fini_array_end[] __attribute__((weak, visibility("hidden")));

static struct start_info start;
static capability_t start_memory_slot;

const struct start_info *start_info(void) { return &start; }

capability_t start_space(void) { return (capability_t)start.slot_base + START_SLOT_SPACE; }

capability_t start_parent(void) {
	return start.boot ? CAPABILITY_NONE : (capability_t)start.slot_base + START_SLOT_PARENT;
}

capability_t start_thread(void) { return thread_block_get()->control; }

capability_t start_memory(void) { return start_memory_slot; }

/* Without its own thread and FS nothing of a program works, not even to say so. */
static void require(uint64_t result, uint64_t tag) {
	if (result != 0 || IPC_TAG_LABEL(tag) != ERROR_OK) __builtin_trap();
}

/* Has the kernel put control of this thread into @slot. */
static void thread_find(struct utcb *utcb, capability_t slot) {
	uint64_t target = start_space();
	uint64_t tag = IPC_TAG(SPACE_THREAD, 1, 0);
	uint64_t words[IPC_WORDS_IN_REGISTERS] = {0};
	uint64_t result;

	utcb->window_slot = slot;
	utcb->window_slot_count = 1;
	result = ipc_system_call_plain(IPC_CALL, &target, &tag, words);
	utcb->window_slot_count = 0;
	require(result, tag);
}

static void fs_set(capability_t thread, struct thread_block *block) {
	uint64_t target = thread;
	uint64_t tag = IPC_TAG(THREAD_SET_BASES, 2, 0);
	uint64_t words[IPC_WORDS_IN_REGISTERS] = {(uint64_t)(uintptr_t)block};
	uint64_t result = ipc_system_call_plain(IPC_CALL, &target, &tag, words);

	require(result, tag);
}

/* The first slot that is free at start. */
static capability_t slot_first(void) {
	return start.boot ? (capability_t)start.boot->slots_free_first
	                  : (capability_t)start.slot_base + START_SLOT_COUNT;
}

static capability_t slots_backed(void) {
	capability_t first = slot_first();

	return start.boot ? (capability_t)start.boot->slots_backed
	                  : (first + SLOTS_PER_PAGE) / SLOTS_PER_PAGE * SLOTS_PER_PAGE;
}

static void memory_find(void) {
	uint32_t protocol;
	capability_t memory;

	/* A program without memory of its own runs on what it was given; malloc() fails. */
	if (start_parent() != CAPABILITY_NONE && parent_get(start_parent(), "memory", &protocol, &memory) == ERROR_OK)
		start_memory_slot = memory;
}

static void destructors_run(void) {
	const constructor_t *first = __fini_array_start;
	const constructor_t *next = __fini_array_end;

	while (next != first) (*--next)();
}

static void constructors_run(void) {
	for (const constructor_t *constructor = __init_array_start; constructor < __init_array_end; constructor++)
		(*constructor)();
	if (&__fini_array_end[0] != &__fini_array_start[0]) atexit(destructors_run);
}

/* The rest of a start, with FS set. */
static __attribute__((noinline)) _Noreturn void main_run(void) {
	static char *no_arguments[] = {NULL};
	char **argv = no_arguments;
	int argc = 0;

	slots_start(slot_first() + 1, slots_backed(), start.boot ? NULL : slot_source_memory, NULL);
	memory_find();
	if (start_parent() != CAPABILITY_NONE && environment_read(&argc, &argv) != ERROR_OK) {
		argv = no_arguments;
		argc = 0;
	}
	constructors_run();
	exit(main(argc, argv, environ));
}

_Noreturn void start_program(const struct start_info *info) {
	struct utcb *utcb = (struct utcb *)info->utcb;
	void *memory;

	memcpy(&start, info, sizeof(start));
	thread_find(utcb, slot_first());
	memory = __builtin_alloca(thread_block_size());
	fs_set(slot_first(), thread_block_make(memory, utcb, slot_first()));
	main_run();
}
