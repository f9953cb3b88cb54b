/* SPDX-License-Identifier: MIT */
/*
 * Grants: an instance's frames that were made into kernel objects.
 *
 * Owns the list of them (space, slot pages, page tables, threads), each with the frames it took, so that they are paid
 * by the instance and found again at its end.
 */
#ifndef PAGER_GRANT_H
#define PAGER_GRANT_H

#include "instance.h"

/* Makes the instance's space with its slot page 0. ERROR_EXISTS, ERROR_LIMIT, ERROR_NO_MEMORY. */
error_t grant_space(struct instance *instance) NACRE_MUST_CHECK;

/* ERROR_STATE (no space), ERROR_EXISTS, ERROR_RANGE, ERROR_LIMIT, ERROR_NO_MEMORY. */
error_t grant_slots(struct instance *instance, unsigned int page) NACRE_MUST_CHECK;

/* Adds the page tables that @address needs, if they are missing. Errors as above. */
error_t grant_tables(struct instance *instance, uint64_t address) NACRE_MUST_CHECK;

/*
 * Gives back the page tables of 2 MiB in a range in which there is no mapping and no thread any more. What the context
 * has put there without asking goes with them.
 */
void grant_tables_trim(struct instance *instance, uint64_t address, uint64_t size);

/* Makes a stopped thread (@utcb 0: a queue), whose page faults come to this instance. */
error_t grant_thread(struct instance *instance, uint64_t utcb, struct thread_handles *handles) NACRE_MUST_CHECK;

/* ERROR_NOT_FOUND: no thread that grant_thread() made has its UTCB there. */
error_t grant_thread_destroy(struct instance *instance, uint64_t utcb) NACRE_MUST_CHECK;

/* Ends the space, and with it all threads and mappings in it. Nothing if there is none. */
void grant_space_destroy(struct instance *instance);

/* Gives back the frames of all grants, whose space is no more. */
void grants_close(struct instance *instance);

#endif
