/* SPDX-License-Identifier: MIT */
/*
 * Messages that the kernel answers: what the invoke_*.c files share.
 *
 * A method decodes its message completely, then commits; long ones leave their progress in the caller's message
 * words and ask to be executed again. The answer has the form that a server's reply would have.
 */
#ifndef NACRE_CORE_INVOKE_H
#define NACRE_CORE_INVOKE_H

#include "frame.h"
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
	unsigned int words;
	unsigned int items;
	struct ipc_item item[IPC_ITEMS_MAX]; /* read once */

	/* The answer. */
	int again; /* an interrupt waits: execute the call again, progress is in the caller's words */
	unsigned int words_out;
	uint64_t word_out[INVOKE_WORDS_OUT];
	unsigned int items_out;
	struct slot *slot_out[INVOKE_ITEMS_OUT];
	uint32_t slot_out_first;
};

struct method {
	uint32_t label;
	uint8_t words;     /* at least */
	uint8_t items_min; /* items, not counting what frames are spread over */
	uint8_t items_max;
	error_t (*handler)(struct invocation *);
};

/* The method tables; each ends with label 0. */
extern const struct method space_methods[];
extern const struct method capability_methods[];
extern const struct method thread_methods[];
extern const struct method interrupt_methods[];
extern const struct method port_methods[];

/* Argument word @index; 0 beyond those sent. */
uint64_t invocation_word(const struct invocation *invocation, unsigned int index);

/* Keeps @value as argument word @index for when the call is executed again. */
void invocation_keep_word(struct invocation *invocation, unsigned int index, uint64_t value);

/* Sets word @index of the answer. */
void invocation_answer(struct invocation *invocation, unsigned int index, uint64_t value);

/*
 * Reserves slots for @count capabilities of the answer from the caller's receive window, which must begin with that
 * many empty slots: ERROR_RANGE, ERROR_EXISTS, ERROR_NO_MEMORY.
 */
error_t invocation_reserve_slots(struct invocation *invocation, unsigned int count) NACRE_MUST_CHECK;

/* The @count frames that the page items offer, in order: ERROR_ARGUMENT, or frame_offer_decode()'s errors. */
error_t invocation_frames(const struct invocation *invocation, unsigned int count,
                          struct frame_offer *offers) NACRE_MUST_CHECK;

/* How many frames the page items offer. */
unsigned int invocation_frame_count(const struct invocation *invocation);

/* Frames that hold slots lie below SLOT_PHYSICAL_END: ERROR_RANGE. */
error_t frame_offer_check_slots(const struct frame_offer *offer) NACRE_MUST_CHECK;

/* The capability of @kind that item @index names. */
error_t invocation_capability(const struct invocation *invocation, unsigned int index, unsigned int kind,
                              struct slot **slot) NACRE_MUST_CHECK;

/*
 * Item 0 is a thread capability with @right to keep in @holder, an embedded slot; without items @holder is
 * emptied.
 */
error_t invocation_store_capability(struct invocation *invocation, struct slot *holder,
                                    unsigned int right) NACRE_MUST_CHECK;

/* The space that the capability used controls, or the one that the control capability in item 0 names. */
struct space *invocation_space(const struct invocation *invocation);
error_t invocation_other_space(const struct invocation *invocation, struct space **space) NACRE_MUST_CHECK;

/* Maps a step's outcome: STEP_AGAIN asks for another execution. */
error_t invocation_step(struct invocation *invocation, enum step step) NACRE_MUST_CHECK;

#endif
