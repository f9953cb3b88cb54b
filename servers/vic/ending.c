/* SPDX-License-Identifier: MIT */
/*
 * Endings in words that tell a person what happened. Read ending.h first.
 *
 * Vectors: Intel SDM volume 3A, table 6-1; those from 256 on are nacre/abi/fault.h's.
 */
#include <inttypes.h>
#include <stdio.h>

#include <nacre/abi/fault.h>
#include <nacre/capability.h>

#include "ending.h"

static const char *const vector_words[] = {
	[0] = "divided by zero, or the quotient was too large",
	[1] = "took a debug exception that nobody handles",
	[3] = "met a breakpoint that nobody handles",
	[4] = "overflowed and trapped",
	[5] = "exceeded a bound and trapped",
	[6] = "executed an illegal instruction",
	[7] = "used a coprocessor that is not there",
	[11] = "loaded a segment that is not present",
	[12] = "broke the rules for the stack segment",
	[13] = "did what a user program may not do (general protection)",
	[16] = "made an unmasked x87 floating-point error",
	[17] = "made an unaligned access with alignment checks on",
	[19] = "made an unmasked SIMD floating-point error",
};

struct ending ending_from_exit(int64_t status) {
	struct ending ending = {.exit = CONTEXT_EXIT_CODE, .value = status};

	snprintf(ending.detail, sizeof(ending.detail), "exited with status %" PRId64, status);
	return ending;
}

struct ending ending_from_kill(int64_t status) {
	return (struct ending){
		.exit = CONTEXT_EXIT_KILLED,
		.value = status,
		.detail = "killed",
	};
}

/* A page fault that its pager answered with the error @code. */
static void page_fault_fill(struct ending *ending, uint64_t code, uint64_t address, uint64_t instruction) {
	const char *what;

	switch (code) {
	case ERROR_NOT_FOUND:
	case ERROR_RANGE: what = "touched memory that it does not have"; break;
	case ERROR_RIGHT: what = "touched memory in a way that is not allowed there"; break;
	case ERROR_LIMIT:
		ending->exit = CONTEXT_EXIT_MEMORY;
		what = "out of memory: its limit is used up";
		break;
	case ERROR_NO_MEMORY:
		ending->exit = CONTEXT_EXIT_MEMORY;
		what = "out of memory: there is none left for it";
		break;
	default:
		snprintf(ending->detail, sizeof(ending->detail),
		         "touched memory, and its pager answered `%s`: address 0x%" PRIx64
		         ", instruction at 0x%" PRIx64,
		         error_name((error_t)code), address, instruction);
		return;
	}
	snprintf(ending->detail, sizeof(ending->detail), "%s: address 0x%" PRIx64 ", instruction at 0x%" PRIx64, what,
	         address, instruction);
}

struct ending ending_from_exception(uint64_t vector, uint64_t code, uint64_t address, uint64_t instruction) {
	struct ending ending = {
		.exit = CONTEXT_EXIT_EXCEPTION,
		.value = (int64_t)vector,
		.address = instruction,
	};
	const size_t known = sizeof(vector_words) / sizeof(vector_words[0]);

	if (vector == FAULT_VECTOR_PAGE || vector == FAULT_PAGER_LOST) ending.address = address;
	if (vector == FAULT_VECTOR_PAGE)
		page_fault_fill(&ending, code, address, instruction);
	else if (vector == FAULT_PAGER_LOST)
		snprintf(ending.detail, sizeof(ending.detail),
		         "touched memory after its pager had died: address 0x%" PRIx64 ", instruction at 0x%" PRIx64,
		         address, instruction);
	else if (vector < known && vector_words[vector])
		snprintf(ending.detail, sizeof(ending.detail), "%s: instruction at 0x%" PRIx64, vector_words[vector],
		         instruction);
	else
		snprintf(ending.detail, sizeof(ending.detail), "took exception %" PRIu64 ": instruction at 0x%" PRIx64,
		         vector, instruction);
	return ending;
}

const char *state_name(uint32_t state) {
	switch (state) {
	case CONTEXT_STATE_CREATING: return "creating";
	case CONTEXT_STATE_CREATED: return "created";
	case CONTEXT_STATE_RUNNING: return "running";
	case CONTEXT_STATE_PAUSED: return "paused";
	case CONTEXT_STATE_STOPPED: return "stopped";
	default: return "unknown";
	}
}
