/* SPDX-License-Identifier: MIT */
/*
 * A session and its queue of reads: see session.h.
 */
#include "session.h"

#include <stdlib.h>
#include <string.h>

struct session *session_create(uint64_t badge, unsigned int mode) {
	struct session *session = malloc(sizeof *session);
	if (!session) return NULL;
	session->next = NULL;
	session->badge = badge;
	session->reads = NULL;
	session->has_asked = 0;
	memset(session->cookies, 0, sizeof session->cookies);
	line_initialize(&session->line, mode);
	return session;
}

int session_add_read(struct session *session, uint32_t reply, size_t limit) {
	struct pending_read *read = malloc(sizeof *read);
	struct pending_read **end = &session->reads;
	if (!read) return 0;
	while (*end) end = &(*end)->next;
	*read = (struct pending_read){.reply = reply, .limit = limit};
	*end = read;
	return 1;
}

struct pending_read session_take_read(struct session *session) {
	struct pending_read *first = session->reads;
	struct pending_read copy = *first;
	session->reads = first->next;
	free(first);
	return copy;
}
