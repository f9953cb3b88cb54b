/* SPDX-License-Identifier: MIT */
/*
 * The text of scripts: the one that is coming in and the one that runs.
 */
#ifndef NACRE_HOSTLINK_SCRIPT_H
#define NACRE_HOSTLINK_SCRIPT_H

#include <nacre/abi/error.h>
#include <stddef.h>
#include <stdint.h>

#define SCRIPT_LIMIT (UINT32_C(4) << 20) /* bytes; docs/host-link.md asks for 1 MiB */

struct script {
	uint8_t *bytes;
	size_t count;
	size_t capacity;
};

/* limit if the script would become longer than SCRIPT_LIMIT; no_memory. */
NACRE_MUST_CHECK error_t script_append(struct script *script, const uint8_t *bytes, size_t count);

/* Copies up to @limit bytes from @offset on; returns how many. */
size_t script_read(const struct script *script, uint64_t offset, uint8_t *bytes, size_t limit);

void script_clear(struct script *script);

#endif
