/* SPDX-License-Identifier: MIT */
/*
 * Frames: one descriptor for each 4 KiB of RAM, and granting frames to the kernel.
 *
 * Owns the descriptor table and the counts that make "no present mapping exists anywhere" an O(1) question.
 * What is built in granted frames belongs to the files named in enum frame_type.
 */
#ifndef NACRE_CORE_FRAME_H
#define NACRE_CORE_FRAME_H

#include "record.h"
#include "step.h"

struct space;
struct thread;

enum frame_type {
	FRAME_NONE,    /* not RAM, or unknown */
	FRAME_KERNEL,  /* kept by the kernel since boot */
	FRAME_USER,    /* in nobody's hands but users' */
	FRAME_SPACE,   /* granted: struct space (space.c) */
	FRAME_TABLE,   /* a page table (table.c) */
	FRAME_RECORDS, /* a quarter of the records of a page table */
	FRAME_SLOTS,   /* a page of capability slots (space.c) */
	FRAME_THREAD,  /* struct thread (thread.c) */
	FRAME_UTCB,    /* its message buffer */
};

enum frame_flags {
	FRAME_DETACHED = 1,  /* FRAME_TABLE: no longer reachable from its space's top table */
	FRAME_SPLITTING = 2, /* FRAME_TABLE: a superpage is being turned into it; not linked yet */
};

/* Frame numbers are 32 bits wide where they are kept: 16 TiB of RAM. */
struct frame {
	struct record grant; /* granted: a child of the giver's hold */
	uint8_t type;
	uint8_t level;  /* FRAME_TABLE: 1..4; FRAME_RECORDS: which quarter */
	uint16_t index; /* FRAME_TABLE, FRAME_UTCB: entry of the table above; FRAME_SLOTS: page index */
	union {
		uint32_t present; /* FRAME_USER: present 4 KiB mappings */
		uint32_t above;   /* FRAME_TABLE, FRAME_UTCB: frame number of the table above */
	};
	union {
		void *owner;         /* space (SPACE, TABLE, SLOTS) or thread (THREAD, UTCB) */
		struct frame *table; /* FRAME_RECORDS */
	};
	union {
		uint32_t records[4]; /* FRAME_TABLE: frame numbers of its records, 0 if it has none */
		uint64_t changes;    /* FRAME_RECORDS (quarter 0): change counter of the table */
	};
	uint32_t flags;
	uint32_t progress; /* FRAME_TABLE: entries done by an interrupted split, or by clearing it */
};

_Static_assert(sizeof(struct frame) == 72, "descriptor size is part of the memory budget");

/* One for each 2 MiB. */
struct frame_group {
	uint32_t present_large; /* present superpage mappings */
	uint32_t granted;       /* frames of it that are granted */
};

extern struct frame *frame_table;
extern struct frame_group *frame_groups;
extern uint64_t frame_count;

static inline uint64_t frame_number(const struct frame *frame) { return (uint64_t)(frame - frame_table); }

static inline struct physical_address frame_physical(const struct frame *frame) {
	return (struct physical_address){frame_number(frame) << PAGE_SHIFT};
}

/* The frame's contents in the kernel's view. */
static inline void *frame_contents(const struct frame *frame) { return arch_direct(frame_physical(frame)); }

/* NULL if @address is not RAM (device memory). */
static inline struct frame *frame_find(struct physical_address address) {
	uint64_t number = address.value >> PAGE_SHIFT;
	return number < frame_count && frame_table[number].type != FRAME_NONE ? &frame_table[number] : NULL;
}

/* The frame that @pointer, into the kernel's view of RAM, lies in. */
static inline struct frame *frame_of(const void *pointer) {
	return &frame_table[arch_physical(pointer).value >> PAGE_SHIFT];
}

static inline struct frame_group *frame_group_of(struct physical_address address) {
	return &frame_groups[address.value >> LARGE_PAGE_SHIFT];
}

/* A record that lies in a descriptor belongs to a grant. */
static inline int record_is_grant(const struct record *record) {
	const struct frame *frame = CONTAINER_OF(record, struct frame, grant);
	return frame >= frame_table && frame < frame_table + frame_count;
}

/* Zeroes 4 KiB with 8-byte stores. */
void page_zero(void *page);

/* A frame that is offered to the kernel: a 4 KiB hold in a space. */
struct frame_offer {
	struct frame *frame;
	struct record *hold;
};

/*
 * Checks that the 4 KiB hold at @address of @space can be granted: ERROR_NOT_FOUND (nothing held there), ERROR_STATE (a
 * superpage: split it first), ERROR_RIGHT (a hold without write, device or DMA memory), ERROR_BUSY (mapped present
 * somewhere, or granted already).
 */
error_t frame_offer_decode(struct space *space, struct user_address address,
                           struct frame_offer *offer) NACRE_MUST_CHECK;

/* Takes an offered frame and zeroes it. */
void frame_grant(const struct frame_offer *offer, enum frame_type type, void *owner);

/*
 * Death in bounded steps (drain.c): destroys the object that was built in the granted @frame, and all that goes with
 * it; removes everything below @record, mappings and objects built in frames granted from it.
 */
enum step drain_frame(struct frame *frame);
enum step drain_record(struct record *record);

/* Zeroes a granted frame and gives it back to whoever holds it. Frames kept since boot stay with the kernel. */
void frame_return(struct frame *frame);

#endif
