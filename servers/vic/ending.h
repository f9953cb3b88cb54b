/* SPDX-License-Identifier: MIT */
/*
 * How contexts end, in numbers and in words.
 */
#ifndef VIC_ENDING_H
#define VIC_ENDING_H

#include "vic.h"

struct ending ending_from_exit(int64_t status);
struct ending ending_from_kill(int64_t status);

/* @vector, @code and @address as in FAULT_EXCEPTION (nacre/abi/fault.h). */
struct ending ending_from_exception(uint64_t vector, uint64_t code, uint64_t address, uint64_t instruction);

/* "running" and so on: CONTEXT_STATE_* in words. */
const char *state_name(uint32_t state);

#endif
