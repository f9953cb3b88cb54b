/* SPDX-License-Identifier: MIT */
/*
 * Accounts: who pays for how many frames, and who has how many of the pager's slots.
 *
 * Owns the counts and the limits. An account is part of the one above it: what is charged to it is charged all
 * the way up, and every limit on the way holds. Knows no frame and no slot.
 */
#ifndef PAGER_ACCOUNT_H
#define PAGER_ACCOUNT_H

#include <nacre/abi/label.h>

#include "types.h"

#define ACCOUNT_UNLIMITED UINT64_MAX

struct account {
	struct account *above; /* NULL at the top */
	uint64_t used;         /* frames */
	uint64_t limit;        /* frames; may be set below what is used */
	uint64_t peak;         /* frames */
	uint64_t slots;        /* of the pager's capability table */
};

/* A new account, part of @above, with nothing in it. */
void account_open(struct account *account, struct account *above, uint64_t limit);

/* Charges @frames, here and above, or nothing: ERROR_LIMIT. */
error_t account_charge(struct account *account, uint64_t frames) NACRE_MUST_CHECK;

/* Takes @frames, charged before, off again. */
void account_release(struct account *account, uint64_t frames);

/*
 * A capability table has a fixed number of slots. Half of it is for accounts below the top, each of which may have the
 * part of it that it has of all frames, but no more slots than frames; a few in any case.
 */
#define ACCOUNT_SLOTS       (SLOT_COUNT / 2)
#define ACCOUNT_SLOTS_LEAST 4u

/* Charges a slot, here and above, or nothing: ERROR_LIMIT. */
error_t account_charge_slot(struct account *account) NACRE_MUST_CHECK;

void account_release_slot(struct account *account);

#endif
