/* SPDX-License-Identifier: MIT */
/*
 * Endings to statuses: see ending.h.
 */
#include "ending.h"

#include <nacre/abi/error.h>
#include <nacre/abi/fault.h>
#include <nacre/protocol/context.h>

#define SIGNALLED           128
#define SIGNAL_ILLEGAL      4
#define SIGNAL_TRAP         5
#define SIGNAL_ARITHMETIC   8
#define SIGNAL_KILL         9
#define SIGNAL_SEGMENTATION 11

#define VECTOR_X87  16
#define VECTOR_SIMD 19

static int fault_signal(int64_t vector) {
	switch (vector) {
	case FAULT_VECTOR_DIVIDE:
	case VECTOR_X87:
	case VECTOR_SIMD: return SIGNAL_ARITHMETIC;
	case FAULT_VECTOR_DEBUG:
	case FAULT_VECTOR_BREAKPOINT: return SIGNAL_TRAP;
	case FAULT_VECTOR_INVALID: return SIGNAL_ILLEGAL;
	default: return SIGNAL_SEGMENTATION;
	}
}

int ending_status(uint32_t exit, int64_t value) {
	switch (exit) {
	case CONTEXT_EXIT_CODE: return (int)(value & 0xff);
	case CONTEXT_EXIT_EXCEPTION: return SIGNALLED + fault_signal(value);
	case CONTEXT_EXIT_KILLED: return value >= 0 && value <= 255 ? (int)value : SIGNALLED + SIGNAL_KILL;
	case CONTEXT_EXIT_MEMORY: return SIGNALLED + SIGNAL_KILL;
	default: return value == ERROR_NOT_FOUND ? 127 : 126;
	}
}

const char *state_word(uint32_t state) {
	static const char *const words[] = {
		[CONTEXT_STATE_CREATING] = "creating", [CONTEXT_STATE_CREATED] = "created",
		[CONTEXT_STATE_RUNNING] = "running",   [CONTEXT_STATE_PAUSED] = "paused",
		[CONTEXT_STATE_STOPPED] = "stopped",
	};
	if (state < CONTEXT_STATE_CREATING || state > CONTEXT_STATE_STOPPED) return "unknown";
	return words[state];
}

const char *exit_word(uint32_t exit) {
	static const char *const words[] = {
		[CONTEXT_EXIT_NONE] = "none",           [CONTEXT_EXIT_CODE] = "code",
		[CONTEXT_EXIT_EXCEPTION] = "exception", [CONTEXT_EXIT_KILLED] = "killed",
		[CONTEXT_EXIT_MEMORY] = "memory",       [CONTEXT_EXIT_FAILED] = "failed",
	};
	return exit <= CONTEXT_EXIT_FAILED ? words[exit] : "unknown";
}
