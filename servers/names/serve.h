/* SPDX-License-Identifier: MIT */
/*
 * The naming server's handlers for the name protocol, and what it does to capabilities.
 */
#ifndef NAMES_SERVE_H
#define NAMES_SERVE_H

#include <nacre/protocol/name_server.h>

#include "names.h"

/* What the handlers get as their request's context. */
struct names_server {
	struct names names;
	capability_t self; /* own queue, without badge */
};

extern const struct name_handlers names_handlers;

/* The effects of struct names on the own capability table. */
extern const struct names_effects names_effects;

#endif
