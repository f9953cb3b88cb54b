/* SPDX-License-Identifier: MIT */
/*
 * Group ipc: calls and their answers.
 *
 * "raw" is a loop with the least user code; the others go through libipc's calls, stub included.
 */
#include <nacre/message.h>
#include <nacre/system_call.h>

#include "bench.h"
#include "peer.h"

/* No words: only what the kernel takes and gives is set and kept. */
static void call_raw(capability_t peer) {
	uint64_t operation = IPC_CALL;
	uint64_t target = peer;
	uint64_t tag = IPC_TAG(PEER_LABEL_ECHO, 0, 0);

	__asm__ volatile("movq %%rbp, %%fs:16\n\tsyscall\n\tmovq %%fs:16, %%rbp"
	                 : "+a"(operation), "+D"(target), "+S"(tag)
	                 :
	                 : "rbx", "rcx", "rdx", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "memory", "cc");
}

static void call_words(capability_t peer, unsigned int words) {
	struct message message = {{0}};

	error_ignore(message_call(&message, peer, IPC_TAG(PEER_LABEL_ECHO, words, 0), words));
}

static void measure_raw(const char *name, capability_t to) {
	struct measure measure = {0};

	while (measure_goes_on(&measure)) {
		uint64_t start = measure_stamp();
		call_raw(to);
		measure_add(&measure, start, measure_stamp());
	}
	measure_print(&measure, name);
}

static void measure_words(const char *name, capability_t peer, unsigned int words) {
	struct measure measure = {0};

	while (measure_goes_on(&measure)) {
		uint64_t start = measure_stamp();
		call_words(peer, words);
		measure_add(&measure, start, measure_stamp());
	}
	measure_print(&measure, name);
}

error_t bench_ipc(void) {
	capability_t peer;
	error_t error = peer_get(&peer);

	if (error != ERROR_OK) return error;
	measure_raw("ipc.call_reply.two_spaces.raw", peer);
	measure_words("ipc.call_reply.two_spaces.0w", peer, 0);
	measure_words("ipc.call_reply.two_spaces.4w", peer, 4);
	measure_words("ipc.call_reply.two_spaces.8w", peer, 8);
	measure_words("ipc.call_reply.two_spaces.64w", peer, 64);
	measure_raw("ipc.null", CAPABILITY_NONE);
	return ERROR_OK;
}
