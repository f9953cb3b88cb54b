/* SPDX-License-Identifier: MIT */
/*
 * Capabilities that the parent gave, kept. Two threads that ask at the same time may both get one;
 * the loser's is deleted.
 */
#include <stdatomic.h>

#include <nacre/protocol/parent.h>
#include <nacre/slot.h>
#include <nacre/start.h>

#include "given.h"

static const struct {
	const char *name;
	uint32_t protocol;
} kinds[GIVEN_COUNT] = {
	[GIVEN_NAMESPACE] = {"namespace", PROTOCOL_NAME},
	[GIVEN_CLOCK] = {"clock", PROTOCOL_CLOCK},
	[GIVEN_LOG] = {"log", PROTOCOL_LOG},
	[GIVEN_CONTEXT] = {"contexts", PROTOCOL_CONTEXT},
};

static _Atomic capability_t given[GIVEN_COUNT];

static error_t fetch(enum given what) {
	uint32_t protocol;
	capability_t capability;
	capability_t expected = CAPABILITY_NONE;
	error_t error;

	if (start_parent() == CAPABILITY_NONE) return ERROR_STATE;
	error = parent_get(start_parent(), kinds[what].name, &protocol, &capability);
	if (error != ERROR_OK) return error;
	if (protocol != kinds[what].protocol || !atomic_compare_exchange_strong(&given[what], &expected, capability))
		capability_delete(capability);
	return atomic_load(&given[what]) != CAPABILITY_NONE ? ERROR_OK : ERROR_UNKNOWN;
}

error_t given_get(enum given what, capability_t *capability_out) {
	error_t error = ERROR_OK;

	if (atomic_load(&given[what]) == CAPABILITY_NONE) error = fetch(what);
	if (error == ERROR_OK) *capability_out = atomic_load(&given[what]);
	return error;
}
