/* SPDX-License-Identifier: MIT */
/*
 * Death in bounded steps.
 *
 * Destroying one object can uncover another below it (a mapping it held was granted to the kernel for that one).
 * This file alone decides in which order they go, so that no destruction calls another and the stack stays flat.
 * There is nothing to remember between steps: a drain starts at the outermost object and finds its way.
 */
#ifndef NACRE_CORE_DRAIN_H
#define NACRE_CORE_DRAIN_H

#include "frame.h"

/* Destroys the object that was built in the granted @frame, and all that goes with it. */
enum step drain_frame(struct frame *frame);

/* Removes everything below @record: mappings, and objects built in frames granted from it. */
enum step drain_record(struct record *record);

#endif
