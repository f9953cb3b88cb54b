/* SPDX-License-Identifier: MIT */
/*
 * The priority of programs in contexts: below all servers, whose priorities the boot script sets.
 *
 * One number for who gives it (factories) and who sees to it that nobody takes more (pagers, through the ceiling of
 * the spaces and threads that they make).
 */
#ifndef NACRE_PRIORITY_H
#define NACRE_PRIORITY_H

#define PROGRAM_PRIORITY 64u

#endif
