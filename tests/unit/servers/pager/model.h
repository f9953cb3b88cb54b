/* SPDX-License-Identifier: MIT */
/*
 * A model of the kernel and of a parent pager for the pager library's tests.
 *
 * Frames are pages of real host memory: a hold's address is where its contents are, so that tests can look at them.
 * The model keeps what is mapped where, what is granted and what is mapped for bookkeeping, and stops the test at
 * once when the library breaks a rule: to map, zero or grant a frame that is in other use.
 */
#ifndef TEST_PAGER_MODEL_H
#define TEST_PAGER_MODEL_H

#include <pager/fault.h>
#include <pager/grant.h>
#include <pager/mapping.h>
#include <pager/page.h>
#include <pager/pager.h>
#include <pager/parent.h>
#include <pager/supply.h>
#include <pager/take.h>

#define MODEL_OWN_SPACE 1u
#define MODEL_CEILING   100u
#define WINDOW          UINT64_C(0x500000000)
#define WINDOW_BYTES    UINT64_C(0x100000000)

/* A fresh machine with so much memory, and a pager like root's over it. */
struct pager *model_start(uint64_t bytes, enum hold_size size);

/* A fresh machine and a pager like /sbin/pager, whose parent has so many frames for it. */
struct pager *model_start_with_parent(unsigned int frames);

/* The @nth call from now on that can fail does, once. 0: none. */
void model_fail(unsigned int nth);
/* True if the failure asked for has happened. */
int model_has_failed(void);

/* A fault as the kernel would send it, answer applied; the same again if the answer did not cure it. */
error_t model_touch(struct instance *instance, uint64_t address, unsigned int rights);

/* What @space sees at @address: NULL if nothing. */
struct model_entry {
	slot_t space;
	uint64_t address;
	uint64_t hold;
	unsigned int rights;
};
const struct model_entry *model_entry_find(slot_t space, uint64_t address);

/* The first word of the page that @instance's context sees. */
uint64_t *model_word(struct instance *instance, uint64_t address);

/* Every free frame is in no other use, and accounts add up. */
void model_check(struct pager *pager);

unsigned int model_slots_used(void);
unsigned int model_frames_at_parent(void);
/* The badge and size that the parent's region in the next foreign capability has. */
slot_t model_foreign_capability(uint64_t badge, uint64_t pages);
void model_foreign_refuse(slot_t slot);

#endif
