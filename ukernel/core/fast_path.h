/* SPDX-License-Identifier: MIT */
/*
 * The two operations that nearly every `ipc` is: a call to a waiting server, and its reply that waits for more.
 */
#ifndef NACRE_CORE_FAST_PATH_H
#define NACRE_CORE_FAST_PATH_H

#include "cpu.h"

enum fast_outcome {
	FAST_DONE,
	FAST_NOT_TAKEN, /* nothing was changed: take the general path */
};

/* Does what ipc.c would do for the current thread's operation, if nothing is out of the ordinary. */
enum fast_outcome fast_path(struct cpu *cpu);

#endif
