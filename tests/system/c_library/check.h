/* SPDX-License-Identifier: MIT */
/*
 * TAP from a program in a context: one line a check, the plan at the end.
 */
#ifndef CHECK_H
#define CHECK_H

/* Says whether @sentence holds. */
void check(int holds, const char *sentence);

void check_files(void);
void check_memory(void);
void check_threads(void);
void check_time(void);

#endif
