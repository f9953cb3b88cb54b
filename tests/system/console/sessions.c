/* SPDX-License-Identifier: MIT */
/*
 * test-sessions: opens as many sessions of the console as one owner may have, and ends without closing any.
 */
#include <stdio.h>

#include <nacre/path.h>
#include <nacre/protocol/stream.h>
#include <nacre/server.h>
#include <nacre/start.h>

/* More than any limit there may be. */
#define MOST 1000

static error_t sessions_open(capability_t console, capability_t self, int *count) {
	capability_t session;
	error_t error = ERROR_OK;

	while (error == ERROR_OK && *count < MOST) {
		error = stream_open(console, item_badge(self, RIGHT_SIGNAL, 0), &session);
		if (error == ERROR_OK) (*count)++;
	}
	return error;
}

/* Neither what can only be sent to nor what is no thread ends with whoever asks. */
static int others_are_refused(capability_t console, capability_t self) {
	const struct ipc_item others[] = {
		item_share(console),
		item_badge(self, RIGHT_SEND, 1),
		item_share(start_space()),
	};
	capability_t session;

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		error_t error = stream_open(console, others[i], &session);

		if (error == ERROR_ARGUMENT) continue;
		printf("owner %zu: %s\n", i, error_text(error));
		return 0;
	}
	return 1;
}

int main(void) {
	capability_t console = CAPABILITY_NONE, self = CAPABILITY_NONE;
	int count = 0;
	error_t error = path_open_service("/svc/console", PROTOCOL_STREAM, &console);

	if (error == ERROR_OK) error = server_self(&self);
	if (error == ERROR_OK && !others_are_refused(console, self)) return 1;
	if (error == ERROR_OK) error = sessions_open(console, self, &count);
	printf("%d sessions: %s\n", count, error_text(error));
	return error != ERROR_LIMIT || count == 0;
}
