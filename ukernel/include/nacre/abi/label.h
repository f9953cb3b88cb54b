/* SPDX-License-Identifier: MIT */
/*
 * Labels of the kernel's protocols, made from label.def, and the flags their words use.
 */
#ifndef NACRE_ABI_LABEL_H
#define NACRE_ABI_LABEL_H

#define LABEL(protocol, method) (((uint32_t)(protocol) << 16) | (uint32_t)(method))
#define LABEL_PROTOCOL(label)   ((uint32_t)(label) >> 16)
#define LABEL_METHOD(label)     ((uint32_t)(label)&0xffffu)

enum kernel_label {
#define PROTOCOL(name, number)              PROTOCOL_##name = (number),
#define METHOD(protocol, name, number, ...) protocol##_##name = (PROTOCOL_##protocol << 16) | (number),
#define MESSAGE(...)                        METHOD(__VA_ARGS__)
#include <nacre/abi/label.def>
#undef PROTOCOL
#undef METHOD
#undef MESSAGE
	PROTOCOL_USER_FIRST = 0x100
};

#define ABI_VERSION 1u

/* SPACE_MAP, SPACE_UNMAP, SPACE_PROTECT, SPACE_LOOK, SPACE_SET_MEMORY_TYPE: above the PAGE_* rights. */
#define MAP_HOLD     0x10u
#define MAP_LARGE    0x20u
#define MAP_CHILDREN 0x40u /* SPACE_PROTECT: only what was derived */

/* SPACE_UNMAP: the same bits. */
#define UNMAP_LARGE    MAP_LARGE
#define UNMAP_CHILDREN MAP_CHILDREN

/* SPACE_SET_MEMORY_TYPE */
#define MEMORY_WRITE_BACK      0u
#define MEMORY_WRITE_THROUGH   1u
#define MEMORY_UNCACHED        2u
#define MEMORY_WRITE_COMBINING 3u
#define MEMORY_TYPE_MASK       3u
#define MEMORY_DMA             4u

/* Page tables: the level of a table, and what one entry of it covers. */
#define TABLE_LEVEL_4K      1u
#define TABLE_LEVEL_2M      2u
#define TABLE_LEVEL_1G      3u
#define TABLE_LEVEL_TOP     4u
#define TABLE_RECORD_FRAMES 4u

/* Capability slots */
#define SLOTS_PER_PAGE 128u
#define SLOT_PAGES     472u
#define SLOT_COUNT     (SLOTS_PER_PAGE * SLOT_PAGES)

/* THREAD_SET_HANDLER */
#define HANDLER_PAGER     0u
#define HANDLER_SCHEDULER 1u
#define HANDLER_EXCEPTION 2u
#define HANDLER_COUNT     3u

/* THREAD_SET_FLAGS */
#define THREAD_FOREIGN 1u

/* THREAD_STATE */
#define THREAD_STATE_READY     0u /* running or able to (if not stopped) */
#define THREAD_STATE_RECEIVING 1u
#define THREAD_STATE_SENDING   2u /* queued for a receiver */
#define THREAD_STATE_WAITING   3u /* for a reply */
#define THREAD_STATE_HALTED    4u /* faulted, and nobody handles it */
#define THREAD_STATE_QUEUE     5u /* never started */

/* INTERRUPT_CONFIGURE */
#define INTERRUPT_EDGE        0u
#define INTERRUPT_LEVEL       1u
#define INTERRUPT_ACTIVE_HIGH 0u
#define INTERRUPT_ACTIVE_LOW  2u

#endif
