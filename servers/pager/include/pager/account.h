/* SPDX-License-Identifier: MIT */
/*
 * Accounts: who pays for how many frames.
 *
 * Owns the counts and the limits. An account is part of the one above it: what is charged to it is charged all
 * the way up, and every limit on the way holds. Knows no frame.
 */
#ifndef PAGER_ACCOUNT_H
#define PAGER_ACCOUNT_H

#include "types.h"

#define ACCOUNT_UNLIMITED UINT64_MAX

struct account {
	struct account *above; /* NULL at the top */
	uint64_t used;         /* frames */
	uint64_t limit;        /* frames; may be set below what is used */
	uint64_t peak;         /* frames */
};

/* A new account, part of @above, with nothing in it. */
void account_open(struct account *account, struct account *above, uint64_t limit);

/* Charges @frames, here and above, or nothing: ERROR_LIMIT. */
error_t account_charge(struct account *account, uint64_t frames) NACRE_MUST_CHECK;

/* Takes @frames, charged before, off again. */
void account_release(struct account *account, uint64_t frames);

#endif
