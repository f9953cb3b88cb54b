/* SPDX-License-Identifier: MIT */
/*
 * The names of those who write to the log.
 *
 * The same name always gets the same number, so that a source may be opened as often as one likes.
 */
#ifndef NACRE_LOG_SOURCES_H
#define NACRE_LOG_SOURCES_H

#include <nacre/abi/error.h>
#include <stddef.h>
#include <stdint.h>

#define SOURCES_LIMIT 4096u /* different names; each is kept for ever */

struct log_source {
	char *name;
	uint32_t cookie; /* the server's own: who is told of new messages */
};

struct log_sources {
	struct log_source *list;
	size_t count;
};

/* The number of the source with that name, new or not. limit, no_memory. */
NACRE_MUST_CHECK error_t sources_open(struct log_sources *sources, const char *name, uint64_t *number);

/* The source with that number, or NULL. */
struct log_source *sources_find(struct log_sources *sources, uint64_t number);

#endif
