/* SPDX-License-Identifier: MIT */
/*
 * A session, its queue of reads, and its end: see session.h.
 */
#include "session.h"

#include <stdlib.h>
#include <string.h>

struct session *session_create(uint64_t badge, struct terminal_owner owner, unsigned int mode) {
	struct session *session = malloc(sizeof *session);
	if (!session) return NULL;
	session->next = NULL;
	session->badge = badge;
	session->owner = owner;
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

size_t session_drop_reads(struct session *session, const struct terminal_client *client) {
	struct pending_read **link = &session->reads;
	size_t left = 0;
	while (*link) {
		struct pending_read *read = *link;
		if (client->awaited(client->context, read->reply)) {
			link = &read->next;
			left++;
			continue;
		}
		*link = read->next;
		client->cancelled(client->context, read->reply);
		free(read);
	}
	return left;
}

void session_end(struct session *session, const struct terminal_client *client) {
	while (session->reads) client->cancelled(client->context, session_take_read(session).reply);
	for (size_t event = 0; event < TERMINAL_EVENT_COUNT; event++) {
		if (session->cookies[event] != 0) client->released(client->context, session->cookies[event]);
	}
	if (session->owner.cookie != 0) client->released(client->context, session->owner.cookie);
	free(session);
}
