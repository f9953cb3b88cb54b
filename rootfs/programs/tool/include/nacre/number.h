/* SPDX-License-Identifier: MIT */
/*
 * Numbers and sizes from text. Each returns 1, or 0 if the whole text is not one that fits.
 */
#ifndef NACRE_NUMBER_H
#define NACRE_NUMBER_H

#include <stdint.h>

/* Decimal, or hexadecimal after 0x. */
int number_parse(const char *text, uint64_t *number);

/* A number of bytes; with K, M or G behind it times 2^10, 2^20, 2^30. */
int size_parse(const char *text, uint64_t *size);

/* Seconds, with up to nine digits behind a point, as nanoseconds: below 2^63. */
int seconds_parse(const char *text, uint64_t *nanoseconds);

#endif
