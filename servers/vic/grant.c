/* SPDX-License-Identifier: MIT */
/*
 * Capabilities by name, inherited from above. Read grant.h first.
 */
#include <stdlib.h>
#include <string.h>

#include "allowance.h"
#include "grant.h"

static void grant_remove(struct vic *vic, struct context *context, struct grant *grant) {
	LIST_REMOVE(grant, of_context);
	context->grant_count--;
	if (grant->capability.slot) vic->world->slot_release(vic->world_context, grant->capability.slot);
	free(grant);
}

static struct grant *find_own(const struct context *context, const char *name) {
	struct grant *grant;

	LIST_FOREACH(grant, &context->grants, of_context)
		if (strcmp(grant->name, name) == 0) return grant;
	return NULL;
}

/* Room for one more, in the context and in what its creator may have waiting. */
static error_t grant_reserve(struct context *context) {
	if (context->grant_count >= VIC_GRANTS_MAX) return ERROR_LIMIT;
	/* Only what is not built yet counts: the rest is paid for. */
	if (context->state != CONTEXT_STATE_CREATING) return ERROR_OK;
	return allowance_set(context, allowance_cost(context) + 1);
}

error_t grant_set(struct vic *vic, struct context *context, const char *name, uint32_t protocol,
                  const struct reference *capability) {
	struct grant *before = find_own(context, name);
	struct grant *grant;
	error_t error = ERROR_OK;

	if (name[0] == '\0' || strlen(name) > VIC_NAME_MAX) return ERROR_ARGUMENT;
	if (!before) error = grant_reserve(context);
	if (error != ERROR_OK) return error;
	/* If there is no memory, one too many counts until the next change. */
	grant = calloc(1, sizeof(*grant));
	if (!grant) return ERROR_NO_MEMORY;
	if (before) grant_remove(vic, context, before);
	grant->protocol = protocol;
	grant->capability = *capability;
	memcpy(grant->name, name, strlen(name) + 1);
	LIST_INSERT_HEAD(&context->grants, grant, of_context);
	context->grant_count++;
	return ERROR_OK;
}

const struct grant *grant_own(const struct context *context, const char *name) { return find_own(context, name); }

const struct grant *grant_find(const struct context *context, const char *name) {
	for (; context; context = context->parent) {
		const struct grant *grant = find_own(context, name);

		if (grant) return grant;
	}
	return NULL;
}

void grants_release(struct vic *vic, struct context *context) {
	struct grant *grant, *next;

	for (grant = LIST_FIRST(&context->grants); grant; grant = next) {
		next = LIST_NEXT(grant, of_context);
		grant_remove(vic, context, grant);
	}
}

/* Room for a text of @size bytes, in the place of @text. */
static error_t text_reserve(struct context *context, const struct text *text, size_t size) {
	if (context->state != CONTEXT_STATE_CREATING) return ERROR_OK;
	return allowance_set(context, allowance_cost(context) - text_units(text->size) + text_units(size));
}

error_t text_set(struct context *context, struct text *text, uint32_t mode, const void *bytes, size_t size) {
	size_t kept = mode == CONTEXT_SET_APPEND ? text->size : 0;
	error_t error;
	char *grown;

	if (size > VIC_TEXT_MAX - kept) return ERROR_LIMIT;
	error = text_reserve(context, text, kept + size);
	if (error != ERROR_OK) return error;
	if (kept + size == 0) {
		text_free(text);
		return ERROR_OK;
	}
	grown = realloc(text->bytes, kept + size);
	if (!grown) return ERROR_NO_MEMORY;
	memcpy(grown + kept, bytes, size);
	text->bytes = grown;
	text->size = kept + size;
	return ERROR_OK;
}

void text_free(struct text *text) {
	free(text->bytes);
	*text = (struct text){0};
}

size_t text_read(const struct text *text, uint64_t offset, void *bytes, size_t room) {
	size_t count;

	if (offset >= text->size) return 0;
	count = text->size - (size_t)offset;
	if (count > room) count = room;
	memcpy(bytes, text->bytes + offset, count);
	return count;
}
