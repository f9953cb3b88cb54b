/* SPDX-License-Identifier: MIT */
/*
 * A chained hash table over consecutive numbers: the low bits are as good a hash as any.
 *
 * Read nacre/number_table.h first.
 */
#include <assert.h>
#include <stdlib.h>

#include <nacre/number_table.h>

#define BUCKETS_FIRST 64

static struct number_entry **bucket_of(struct number_entry **buckets, size_t count, uint64_t number) {
	return &buckets[number & (count - 1)];
}

/* Doubles the buckets. Without memory for it the chains grow longer, which is slower but right. */
static void table_grow(struct number_table *table) {
	size_t count = table->bucket_count ? 2 * table->bucket_count : BUCKETS_FIRST;
	struct number_entry **buckets = calloc(count, sizeof(*buckets));

	if (!buckets) return;
	for (size_t index = 0; index < table->bucket_count; index++) {
		while (table->buckets[index]) {
			struct number_entry *entry = table->buckets[index];
			struct number_entry **bucket = bucket_of(buckets, count, entry->number);

			table->buckets[index] = entry->next;
			entry->next = *bucket;
			*bucket = entry;
		}
	}
	free(table->buckets);
	table->buckets = buckets;
	table->bucket_count = count;
}

error_t number_table_add(struct number_table *table, struct number_entry *entry) {
	struct number_entry **bucket;

	if (table->count >= table->bucket_count) table_grow(table);
	if (!table->buckets) return ERROR_NO_MEMORY;
	entry->number = ++table->last;
	bucket = bucket_of(table->buckets, table->bucket_count, entry->number);
	entry->next = *bucket;
	*bucket = entry;
	table->count++;
	return ERROR_OK;
}

struct number_entry *number_table_find(const struct number_table *table, uint64_t number) {
	struct number_entry *entry;

	if (!table->buckets) return NULL;
	entry = *bucket_of(table->buckets, table->bucket_count, number);
	while (entry && entry->number != number) entry = entry->next;
	return entry;
}

void number_table_remove(struct number_table *table, struct number_entry *entry) {
	struct number_entry **link = bucket_of(table->buckets, table->bucket_count, entry->number);

	while (*link != entry) {
		assert(*link);
		link = &(*link)->next;
	}
	*link = entry->next;
	table->count--;
}

void number_table_clear(struct number_table *table) {
	free(table->buckets);
	table->buckets = NULL;
	table->bucket_count = 0;
	table->count = 0;
}
