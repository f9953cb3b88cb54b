/* SPDX-License-Identifier: MIT */
/*
 * The heap, for the rest of libipc.
 */
#ifndef LIBIPC_HEAP_H
#define LIBIPC_HEAP_H

/* From now on memory is asked for with its frames, and what is there already gets them. */
void heap_pin(void);

#endif
