/* SPDX-License-Identifier: MIT */
/*
 * Messages that the kernel answers: what the invoke_*.c files share.
 *
 * What each method takes and answers is label.def; its function is invoke_ and the name given there. A method decodes
 * its message completely, then commits; long ones leave their progress in the caller's message words and ask to be
 * executed again. The answer has the form that a server's reply would have.
 */
#ifndef NACRE_CORE_INVOKE_H
#define NACRE_CORE_INVOKE_H

#include "mapping.h"
#include "thread.h"

/* invoke() has written the answer (or arranged a restart); any other result is an error of the ipc itself. */
#define INVOKE_ANSWERED UINT64_MAX

/* Answers @self's call through @slot, a capability that the kernel serves. */
uint64_t invoke(struct thread *self, struct slot *slot);

#define INVOKE_ITEMS_OUT 2
#define INVOKE_WORDS_OUT 20

struct invocation {
	struct thread *caller;
	struct slot *slot; /* the capability used */
	union {            /* what it controls */
		struct space *space;
		struct thread *thread;
	};
	uint64_t word[IPC_WORDS_IN_REGISTERS]; /* 0 beyond those sent */
	unsigned int items;
	struct ipc_item item[IPC_ITEMS_MAX]; /* read once */

	/* The answer. */
	int again; /* an interrupt waits: execute the call again, with the words of the answer as its first arguments */
	unsigned int words_out;
	uint64_t word_out[INVOKE_WORDS_OUT];
	unsigned int items_out;
	struct slot *slot_out[INVOKE_ITEMS_OUT];
	uint32_t slot_out_first;
};

#define PROTOCOL(...)
#define MESSAGE(...)
#define METHOD(protocol, label, number, name, ...) error_t invoke_##name(struct invocation *invocation);
#include <nacre/abi/label.def>
#undef METHOD

/* Makes the values the words of the answer. */
#define ANSWER(invocation, ...)                                                                   \
	invocation_answer(invocation, sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t), \
	                  (const uint64_t[]){__VA_ARGS__})
void invocation_answer(struct invocation *invocation, unsigned int count, const uint64_t *words);

/*
 * Reserves slots for @count capabilities of the answer from the caller's receive window, which must begin with that
 * many empty slots: ERROR_RANGE, ERROR_EXISTS, ERROR_NO_MEMORY.
 */
error_t invocation_reserve_slots(struct invocation *invocation, unsigned int count) NACRE_MUST_CHECK;

/* The @count frames that the page items offer, in order: ERROR_ARGUMENT, or frame_offer_decode()'s errors. */
error_t invocation_frames(const struct invocation *invocation, unsigned int count,
                          struct frame_offer *offers) NACRE_MUST_CHECK;

/* The capability of @kind that item @index names. */
error_t invocation_capability(const struct invocation *invocation, unsigned int index, unsigned int kind,
                              struct slot **slot) NACRE_MUST_CHECK;

/*
 * Item 0 is a thread capability with @right to keep in @holder, an embedded slot; without items @holder is
 * emptied.
 */
error_t invocation_store_capability(struct invocation *invocation, struct slot *holder,
                                    unsigned int right) NACRE_MUST_CHECK;

/* The space that the control capability in item 0 names; without items the one that the capability used controls. */
error_t invocation_other_space(const struct invocation *invocation, struct space **space) NACRE_MUST_CHECK;

/* Maps a step's outcome: STEP_AGAIN asks for another execution. */
error_t invocation_step(struct invocation *invocation, enum step step) NACRE_MUST_CHECK;

#endif
