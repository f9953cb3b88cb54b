/* SPDX-License-Identifier: MIT */
/*
 * Capabilities as programs name them, and what a server writes in its badges.
 *
 * Owns the type and the badge layout. Slots are handed out by slot.h.
 */
#ifndef NACRE_CAPABILITY_H
#define NACRE_CAPABILITY_H

#include <stdint.h>

#include <nacre/abi/error.h>
#include <nacre/abi/label.h>
#include <nacre/abi/rights.h>

/* A slot of the own space's capability table. */
typedef uint32_t capability_t;

#define CAPABILITY_NONE ((capability_t)0)

/*
 * A badge says which protocol its holder may speak, and which object of the server it means. The
 * receive loop refuses a request of another protocol, so that an object's number is never taken for
 * that of an object of another kind.
 */
#define BADGE_PROTOCOL_SHIFT 48
#define BADGE_OBJECT_MAX     ((UINT64_C(1) << BADGE_PROTOCOL_SHIFT) - 1)

#define BADGE(protocol, object) (((uint64_t)(protocol) << BADGE_PROTOCOL_SHIFT) | (uint64_t)(object))
#define BADGE_PROTOCOL(badge)   ((uint32_t)((badge) >> BADGE_PROTOCOL_SHIFT))
#define BADGE_OBJECT(badge)     ((uint64_t)(badge)&BADGE_OBJECT_MAX)

/*
 * For a caller to which it makes no difference whether something worked, with the reason beside it.
 */
static inline void error_ignore(error_t error) { (void)error; }

/* The name of an error, as in error.def: "no_memory". */
const char *error_name(error_t error);

/* What happened, in words. */
const char *error_text(error_t error);

#endif
