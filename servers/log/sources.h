/* SPDX-License-Identifier: MIT */
/*
 * The names of those who write to the log, and which of them are watched.
 *
 * The same name gets the same number, so that a source may be opened as often as one likes. Numbers are never used
 * again. When there are too many sources, the one that was used longest ago is forgotten, unless somebody is told of
 * new messages through it: programs that invent names take nothing from others but the need to open theirs again.
 */
#ifndef NACRE_LOG_SOURCES_H
#define NACRE_LOG_SOURCES_H

#include <nacre/abi/error.h>
#include <nacre/number_table.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#define SOURCES_LIMIT 4096u

struct log_source {
	struct number_entry entry; /* the first member */
	TAILQ_ENTRY(log_source) of_name;
	TAILQ_ENTRY(log_source) in_order;
	uint32_t watcher; /* the server's own: who is told of new messages; 0: nobody */
	char name[];
};

TAILQ_HEAD(log_source_list, log_source);

#define SOURCES_BUCKETS 512u /* of names */

struct log_sources {
	struct number_table numbers;
	struct log_source_list names[SOURCES_BUCKETS];
	struct log_source_list quiet; /* not watched; the one used longest ago first */
	struct log_source_list watched;
};

void sources_initialize(struct log_sources *sources);

/* The number of the source with that name, new or not. limit: all are watched; no_memory. */
NACRE_MUST_CHECK error_t sources_open(struct log_sources *sources, const char *name, uint64_t *number);

/* The source with that number, which counts as used now; NULL if it was forgotten. */
struct log_source *sources_use(struct log_sources *sources, uint64_t number);

/* Says who is told from now on, 0 for nobody. Returns who was. */
uint32_t source_watch(struct log_sources *sources, struct log_source *source, uint32_t watcher);

#endif
