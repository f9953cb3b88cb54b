/* SPDX-License-Identifier: MIT */
/*
 * How a context ended, as an exit status.
 *
 *   by itself                    its status, 0 to 255
 *   killed                       the status given to kill, or 137
 *   by a fault                   128 + the POSIX signal for it: 132 illegal instruction,
 *                                133 breakpoint, 136 division or floating point,
 *                                139 everything about memory
 *   out of memory                137
 *   could not be built           126, or 127 if there was nothing to build from
 */
#ifndef NACRE_SHELL_ENDING_H
#define NACRE_SHELL_ENDING_H

#include <stdint.h>

/* @exit is CONTEXT_EXIT_*, @value what context.interface says with it. */
int ending_status(uint32_t exit, int64_t value);

/* CONTEXT_STATE_* and CONTEXT_EXIT_* in a word. */
const char *state_word(uint32_t state);
const char *exit_word(uint32_t exit);

#endif
