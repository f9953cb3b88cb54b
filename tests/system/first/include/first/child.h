/* SPDX-License-Identifier: MIT */
/*
 * Children: spaces of their own with a copy of this program at the same addresses.
 *
 * Owns how they are built and the view of a child's memory from here. So any function of this
 * program can run in a child, on the child's own copy of the variables.
 */
#ifndef FIRST_CHILD_H
#define FIRST_CHILD_H

#include <stdint.h>

/* UTCBs and stacks of a child's threads; in the same 2 MiB as the image. */
#define CHILD_ACTORS UINT64_C(0x100500000)
/* Free for tests, in the same 2 MiB. */
#define CHILD_SCRATCH UINT64_C(0x100580000)

#define CHILD_SLOTS  128u
#define CHILDREN_MAX 8u
/* Where the views of children lie; machine.c makes the tables. */
#define CHILD_VIEWS      UINT64_C(0x200c00000)
#define CHILD_VIEWS_SIZE UINT64_C(0x400000)

struct child {
	uint32_t space; /* slot: control of the space */
	uint64_t serial;
	/*
	 * Holds of its frames: the object, its top table; of a child also slots, and tables of
	 * level 3 (1 frame), 2 (5) and 1 (5).
	 */
	uint64_t frames;
	uint64_t image; /* holds of the frames with its copy of the image */
	uint64_t view;  /* where that can be seen from here */
};

/* An empty space: no tables, no slots. Only space and serial are set. */
void space_create(struct child *child);

/* A space with tables for the image's 2 MiB and 128 slots, and a copy of the image. */
void child_create(struct child *child);

/* Adds the tables down to 4 KiB pages for @address, of which none exist yet below the top. */
void space_add_tables(const struct child *child, uint64_t address);

/* Maps frames (holds here) present in the child. */
void child_map(const struct child *child, uint64_t frames, uint64_t address, uint64_t count, uint64_t rights);

/* The hold of the page of the child's image at @address, or 0 if that lies elsewhere. */
uint64_t child_image_frame(const struct child *child, uint64_t address);

/* The child's copy of a variable of this program, seen from here. */
void *child_view(const struct child *child, void *variable);

/* Gives a capability to @slot of the child: a share, or a derived one with @badge fixed. */
void child_give(const struct child *child, uint32_t from, uint64_t slot, uint64_t rights);
void child_give_badged(const struct child *child, uint32_t from, uint64_t slot, uint64_t rights, uint64_t badge);

/* machine.c's: no child is left. */
void children_forget(void);

#endif
