/* SPDX-License-Identifier: MIT */
/*
 * What the parent gives by name, asked for once and when it is needed first.
 */
#ifndef NACRE_GIVEN_H
#define NACRE_GIVEN_H

#include <nacre/capability.h>

enum given {
	GIVEN_NAMESPACE,
	GIVEN_CLOCK,
	GIVEN_LOG,
	GIVEN_CONTEXT,
	GIVEN_COUNT,
};

/*
 * ERROR_STATE: there is no parent; ERROR_NOT_FOUND: it has no such thing; it is asked again next
 * time.
 */
NACRE_MUST_CHECK error_t given_get(enum given what, capability_t *capability_out);

#endif
