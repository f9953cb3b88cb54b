/* SPDX-License-Identifier: MIT */
/*
 * Capabilities: deleting them, and the names of errors.
 */
#include <nacre/capability.h>
#include <nacre/protocol/space.h>
#include <nacre/slot.h>
#include <nacre/start.h>

static const struct {
	const char *name;
	const char *text;
} errors[] = {
#define ERROR(name, number, text, explanation) [number] = {text, explanation},
#include <nacre/abi/error.def>
#undef ERROR
};

const char *error_name(error_t error) {
	return (unsigned int)error < ERROR_COUNT ? errors[error].name : "unknown error";
}

const char *error_text(error_t error) {
	return (unsigned int)error < ERROR_COUNT ? errors[error].text : "an error without a number";
}

void capability_clear(capability_t capability) {
	if (capability != CAPABILITY_NONE) /* It cannot fail for a slot of the own table. */
		error_ignore(space_capability_delete(start_space(), capability));
}

void capability_delete(capability_t capability) {
	if (capability == CAPABILITY_NONE) return;
	capability_clear(capability);
	slot_free(capability, 1);
}
