/* SPDX-License-Identifier: MIT */
/*
 * For servers that others depend on: no want of memory ends them.
 *
 * Memory is given page by page as it is touched, and a page fault that cannot be served ends the
 * program. After memory_pin() it has all of its image and some of its stack, and malloc() asks for
 * frames before it hands memory out: when there are none it returns NULL, which the program can answer
 * with an error.
 */
#ifndef NACRE_PIN_H
#define NACRE_PIN_H

/* Stack that a server with a receive loop uses at most, libipc's part included. */
#define MEMORY_PIN_STACK_BYTES 65536

/* To be called first thing in main(), while there is memory. */
void memory_pin(void);

#endif
