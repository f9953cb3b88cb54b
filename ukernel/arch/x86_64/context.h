/* SPDX-License-Identifier: MIT */
/*
 * What of a thread or space is loaded in this CPU's registers beside the general ones.
 */
#ifndef NACRE_CONTEXT_H
#define NACRE_CONTEXT_H

#include "arch.h"

/* Loads segment bases; the thread is current, or about to be. */
void context_load_bases(const struct arch_thread *thread);

/* Uses @cr3 from now on. */
void context_load_tables(uint64_t cr3);

#endif
