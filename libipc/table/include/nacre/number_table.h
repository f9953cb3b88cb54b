/* SPDX-License-Identifier: MIT */
/*
 * Objects found by number, the numbers never used twice.
 *
 * A server that puts numbers into badges looks its objects up here: a capability that outlived its
 * object names a number that is not found. Owns the buckets; objects embed their entry and belong
 * to the caller. Not for several threads at once.
 */
#ifndef NACRE_NUMBER_TABLE_H
#define NACRE_NUMBER_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include <nacre/abi/error.h>

struct number_entry {
	uint64_t number; /* from 1; written by number_table_add */
	struct number_entry *next;
};

/* Zero-filled is empty. */
struct number_table {
	struct number_entry **buckets;
	size_t bucket_count; /* a power of two, or 0 */
	size_t count;
	uint64_t last; /* the newest number given */
};

/* Gives @entry the next number. no_memory: nothing changed. */
NACRE_MUST_CHECK error_t number_table_add(struct number_table *table, struct number_entry *entry);

/* NULL if there is no such number (any more). */
struct number_entry *number_table_find(const struct number_table *table, uint64_t number);

/* @entry is in the table. */
void number_table_remove(struct number_table *table, struct number_entry *entry);

/* Gives the buckets back; entries are the caller's. The numbers go on where they were. */
void number_table_clear(struct number_table *table);

#endif
