/* SPDX-License-Identifier: MIT */
/*
 * Names to numbers and back: see sources.h.
 */
#include "sources.h"

#include <stdlib.h>
#include <string.h>

void sources_initialize(struct log_sources *sources) {
	*sources = (struct log_sources){0};
	for (size_t i = 0; i < SOURCES_BUCKETS; i++) TAILQ_INIT(&sources->names[i]);
	TAILQ_INIT(&sources->quiet);
	TAILQ_INIT(&sources->watched);
}

/* FNV-1a, 64 bits. */
static struct log_source_list *bucket_of(struct log_sources *sources, const char *name) {
	uint64_t hash = 0xcbf29ce484222325u;
	for (; *name; name++) hash = (hash ^ (unsigned char)*name) * 0x100000001b3u;
	return &sources->names[hash % SOURCES_BUCKETS];
}

static struct log_source *find_name(struct log_sources *sources, const char *name) {
	struct log_source *source;
	TAILQ_FOREACH(source, bucket_of(sources, name), of_name)
		if (strcmp(source->name, name) == 0) return source;
	return NULL;
}

static struct log_source_list *list_of(struct log_sources *sources, const struct log_source *source) {
	return source->watcher ? &sources->watched : &sources->quiet;
}

/* Pre: it is not watched. */
static void source_forget(struct log_sources *sources, struct log_source *source) {
	TAILQ_REMOVE(&sources->quiet, source, in_order);
	TAILQ_REMOVE(bucket_of(sources, source->name), source, of_name);
	number_table_remove(&sources->numbers, &source->entry);
	free(source);
}

static error_t add_name(struct log_sources *sources, const char *name, struct log_source **added) {
	size_t size = strlen(name) + 1;
	if (sources->numbers.count >= SOURCES_LIMIT) {
		if (TAILQ_EMPTY(&sources->quiet)) return ERROR_LIMIT;
		source_forget(sources, TAILQ_FIRST(&sources->quiet));
	}
	struct log_source *source = malloc(sizeof *source + size);
	if (!source) return ERROR_NO_MEMORY;
	error_t error = number_table_add(&sources->numbers, &source->entry);
	if (error != ERROR_OK) {
		free(source);
		return error;
	}
	source->watcher = 0;
	memcpy(source->name, name, size);
	TAILQ_INSERT_TAIL(bucket_of(sources, name), source, of_name);
	TAILQ_INSERT_TAIL(&sources->quiet, source, in_order);
	*added = source;
	return ERROR_OK;
}

static void mark_used(struct log_sources *sources, struct log_source *source) {
	TAILQ_REMOVE(list_of(sources, source), source, in_order);
	TAILQ_INSERT_TAIL(list_of(sources, source), source, in_order);
}

error_t sources_open(struct log_sources *sources, const char *name, uint64_t *number) {
	struct log_source *source = find_name(sources, name);
	error_t error = source ? ERROR_OK : add_name(sources, name, &source);
	if (error != ERROR_OK) return error;
	mark_used(sources, source);
	*number = source->entry.number;
	return ERROR_OK;
}

struct log_source *sources_use(struct log_sources *sources, uint64_t number) {
	struct log_source *source = (struct log_source *)number_table_find(&sources->numbers, number);
	if (source) mark_used(sources, source);
	return source;
}

uint32_t source_watch(struct log_sources *sources, struct log_source *source, uint32_t watcher) {
	uint32_t before = source->watcher;
	TAILQ_REMOVE(list_of(sources, source), source, in_order);
	source->watcher = watcher;
	TAILQ_INSERT_TAIL(list_of(sources, source), source, in_order);
	return before;
}
