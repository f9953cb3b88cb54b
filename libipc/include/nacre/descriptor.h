/* SPDX-License-Identifier: MIT */
/*
 * File descriptors and the capabilities behind them.
 *
 * For programs that hand their files and streams on, such as shells; others use stdio alone.
 */
#ifndef NACRE_DESCRIPTOR_H
#define NACRE_DESCRIPTOR_H

#include <stdint.h>

#include <nacre/capability.h>

/* What is behind an open descriptor. The capability stays the descriptor's. False: not open. */
int descriptor_capability(int descriptor, capability_t *capability_out, uint32_t *protocol_out);

/*
 * Makes a descriptor for a file or stream; the capability is the descriptor's from now on. @flags
 * as of open(). Returns -1 and sets errno on failure; the capability is deleted then.
 */
int descriptor_open(capability_t capability, uint32_t protocol, int flags);

#endif
