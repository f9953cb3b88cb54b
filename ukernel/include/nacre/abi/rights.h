/* SPDX-License-Identifier: MIT */
/*
 * Rights over pages and capabilities, and what the badge field of each kind holds.
 */
#ifndef NACRE_ABI_RIGHTS_H
#define NACRE_ABI_RIGHTS_H

#include <stdint.h>

/* Pages. x86-64 cannot give write or execute without read; a present mapping always has PAGE_READ. */
#define PAGE_READ    1u
#define PAGE_WRITE   2u
#define PAGE_EXECUTE 4u
#define PAGE_RIGHTS  7u

/* Thread capabilities. A capability with RIGHT_SEND carries messages; with RIGHT_SIGNAL alone its badge is ORed. */
#define RIGHT_SEND   1u
#define RIGHT_SIGNAL 2u
#define RIGHT_SERVE  4u
#define RIGHTS_ALL   7u

/* Kinds, as told by control only (SPACE_CAPABILITY_READ). */
#define KIND_EMPTY          0u
#define KIND_THREAD         1u
#define KIND_THREAD_CONTROL 2u
#define KIND_SPACE_CONTROL  3u
#define KIND_REPLY          4u
#define KIND_INTERRUPT      5u /* badge: first line | count << 32 */
#define KIND_PORTS          6u /* badge: first port | count << 32 */
#define KIND_REVOKED        7u /* being removed: it designates nothing any more */

/* Badge of a control capability: bits 0..7 the priority ceiling, 8..63 the mask of CPUs 0..55. */
#define CONTROL_CEILING_MASK UINT64_C(0xff)
#define CONTROL_CPUS_SHIFT   8
#define CONTROL_BADGE_ALL    UINT64_MAX

#define PRIORITY_MAX 255u

/* The longest quantum, in ns: whoever has a turn for longer than that asks for it again. */
#define BUDGET_QUANTUM_MAX UINT64_C(1000000000)

#endif
