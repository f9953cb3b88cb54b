/* SPDX-License-Identifier: MIT */
/*
 * Where things lie in a context's address window, and how its first thread starts.
 *
 * Owns the layout that root and the process factory build; makes no system call. The convention of
 * start registers is nacre/abi/boot.h; the plan of segments is nacre/elf.h.
 *
 *   base + 4 MiB                    the program image
 *   after it                        heap and mappings: the pager's to choose
 *   base + size - 1 MiB - stack     the first thread's stack, growing down; the page below is empty
 *   base + size - 1 MiB             UTCBs, the first thread's in the last page
 *
 * So the top of the stack and the UTCB share the 2 MiB that one page table covers.
 */
#ifndef NACRE_PROCESS_LAYOUT_H
#define NACRE_PROCESS_LAYOUT_H

#include <stdint.h>

#include <nacre/abi/error.h>
#include <nacre/elf.h>

#define PROCESS_PAGE_BYTES    UINT64_C(4096)
#define PROCESS_IMAGE_OFFSET  UINT64_C(0x400000)
#define PROCESS_UTCB_BYTES    UINT64_C(0x100000)
#define PROCESS_STACK_DEFAULT UINT64_C(0x800000) /* memory is given page by page as it is touched */

/* A context's address window: multiples of 4 KiB. */
struct process_window {
	uint64_t base;
	uint64_t size;
};

struct process_layout {
	uint64_t stack;      /* lowest address of the stack */
	uint64_t stack_size; /* a multiple of 4 KiB */
	uint64_t utcb;       /* of the first thread */
};

/* Where the image may lie in @window. range: the window is too small for any program. */
NACRE_MUST_CHECK error_t process_place(const struct process_window *window, struct elf_place *place);

/* Places stack and UTCB. no_memory: image and stack do not fit into the window together. */
NACRE_MUST_CHECK error_t process_layout_make(const struct process_window *window, const struct elf_plan *plan,
                                             struct process_layout *layout);

/* Who maps what a plan says. Each function maps whole pages of the new program's window. */
struct process_mapper {
	/*
	 * Maps @file_bytes bytes of the file from @file_offset at @address. Of a writable segment
	 * it maps a private copy in which the rest of the last page is zero.
	 */
	error_t (*map_file)(void *context, uint64_t address, uint64_t file_offset, uint64_t file_bytes,
	                    uint32_t rights);
	error_t (*map_zero)(void *context, uint64_t address, uint64_t size, uint32_t rights);
	void *context;
};

/* Maps all segments and the stack; stops at the first error and returns it. */
NACRE_MUST_CHECK error_t process_map(const struct elf_plan *plan, const struct process_layout *layout,
                                     const struct process_mapper *mapper);

/* Words of THREAD_START: nacre/abi/label.def. */
#define PROCESS_START_WORDS 8u

struct process_start {
	struct process_window window;
	uint32_t slot_base;
	uint64_t boot_info; /* address in the window, or 0 */
};

void process_start_words(const struct process_start *start, const struct elf_plan *plan,
                         const struct process_layout *layout, uint64_t words[PROCESS_START_WORDS]);

#endif
