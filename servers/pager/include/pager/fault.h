/* SPDX-License-Identifier: MIT */
/*
 * Page faults: which pages answer one.
 *
 * Owns the decision; the message is serve_fault.c's affair.
 */
#ifndef PAGER_FAULT_H
#define PAGER_FAULT_H

#include "instance.h"

/* The pages to map into the faulting space. None: the cause is gone already. */
struct fault_answer {
	struct hold first;
	uint64_t address;
	unsigned int count;
	unsigned int rights;
};

/*
 * Answers a fault of @instance's context at @address that wanted @rights. ERROR_RANGE (nothing is mapped there),
 * ERROR_RIGHT (not with these rights), ERROR_LIMIT (the account does not allow another page), ERROR_NO_MEMORY,
 * ERROR_GONE (the region mapped there has ended).
 */
error_t fault_answer(struct instance *instance, uint64_t address, unsigned int rights,
                     struct fault_answer *answer) NACRE_MUST_CHECK;

#endif
