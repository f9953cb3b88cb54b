/* SPDX-License-Identifier: MIT */
/*
 * Actors that fault, with the main thread as their pager and handler.
 */
#ifndef KERNEL_TEST_FAULTING_H
#define KERNEL_TEST_FAULTING_H

#include <first/actor.h>
#include <first/kernel.h>

/* Badge of the fault messages of a class: this and HANDLER_*. */
#define FAULT_BADGE UINT64_C(0xfa)

/* Makes the main thread the handler of @actor's faults of a class. */
void handler_set(const struct actor *actor, uint64_t which);

/* An actor whose pager and handler is the main thread, started at @entry. */
void given_a_faulter(struct actor *actor, const char *entry, uint64_t argument);

/* Adds a page to the answer to a page fault. */
void give_page(uint64_t frame, uint64_t address, uint64_t rights);

/* Receives and checks that it is exception @vector at @instruction. */
void receive_exception(uint64_t vector, const char *instruction);

/* The registers that the exception or foreign call just received brought. */
struct abi_registers fault_registers(void);

#endif
