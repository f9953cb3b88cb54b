/* SPDX-License-Identifier: MIT */
/*
 * A growing text: see script.h.
 */
#include "script.h"

#include <stdlib.h>
#include <string.h>

error_t script_append(struct script *script, const uint8_t *bytes, size_t count) {
	size_t needed = script->count + count;
	if (count == 0) return ERROR_OK;
	if (needed > SCRIPT_LIMIT) return ERROR_LIMIT;
	if (needed > script->capacity) {
		uint8_t *larger = realloc(script->bytes, 2 * needed);
		if (!larger) return ERROR_NO_MEMORY;
		script->bytes = larger;
		script->capacity = 2 * needed;
	}
	memcpy(script->bytes + script->count, bytes, count);
	script->count = needed;
	return ERROR_OK;
}

size_t script_read(const struct script *script, uint64_t offset, uint8_t *bytes, size_t limit) {
	if (offset >= script->count) return 0;
	size_t left = script->count - (size_t)offset;
	size_t taken = left < limit ? left : limit;
	memcpy(bytes, script->bytes + offset, taken);
	return taken;
}

void script_clear(struct script *script) {
	free(script->bytes);
	*script = (struct script){0};
}
