/* SPDX-License-Identifier: MIT */
/*
 * The first program's image: the one ELF file that the kernel itself reads.
 */
#ifndef NACRE_CORE_BOOT_IMAGE_H
#define NACRE_CORE_BOOT_IMAGE_H

#include "space.h"

/* Where the parts of the first program lie in its window. */
#define ROOT_WINDOW_BASE UINT64_C(0x100000000)
#define ROOT_WINDOW_SIZE UINT64_C(0x100000000)
#define ROOT_INFO        (ROOT_WINDOW_BASE + 0x100000)
#define ROOT_IMAGE       (ROOT_WINDOW_BASE + 0x400000)
#define ROOT_UTCB        (ROOT_WINDOW_BASE + ROOT_WINDOW_SIZE - PAGE_SIZE)
#define ROOT_STACK_TOP   (ROOT_WINDOW_BASE + ROOT_WINDOW_SIZE - LARGE_PAGE_SIZE)
#define ROOT_STACK_SIZE  UINT64_C(0x10000)

/* Adds the tables that the page at @address needs, from boot memory. */
void boot_tables(struct space *space, uint64_t address, unsigned int level);

/* Maps a frame of the kernel's for good, outside all derivation. */
void boot_map(struct space *space, uint64_t address, struct frame *frame, unsigned int rights);

/*
 * Copies the segments of the static-PIE ELF image at @file (of @size bytes) into @space at ROOT_IMAGE and returns its
 * entry. Panics with the reason if it is not one.
 */
uint64_t boot_image_load(struct space *space, const void *file, uint64_t size);

#endif
