/* SPDX-License-Identifier: MIT */
/*
 * How late a thread of the highest priority wakes while the main thread keeps the kernel busy.
 */
#ifndef KERNEL_TEST_LATENCY_H
#define KERNEL_TEST_LATENCY_H

/* Starts a thread that wakes every PERIOD ns; the main thread steps down below it. */
void latency_begin(void);

/*
 * Stops it, prints how often it woke during @what and how late it was. Where time is counted in
 * instructions, checks that it did wake, if that took long enough, and that it never waited longer
 * than the kernel may keep interrupts off.
 */
void latency_check(const char *what);

#endif
