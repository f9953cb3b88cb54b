/* SPDX-License-Identifier: MIT */
/*
 * What the files that start a program share, and nobody else.
 */
#ifndef NACRE_START_INTERNAL_H
#define NACRE_START_INTERNAL_H

#include <stddef.h>

#include <nacre/start.h>
#include <nacre/thread_block.h>

struct dynamic_entry;

/* relocate.c; called by start.S. */
void start_relocate(const struct start_info *info, const struct dynamic_entry *dynamic);

/* start.c; called by start.S. */
_Noreturn void start_program(const struct start_info *info);

/* start.S */
uint64_t ipc_system_call_plain(uint64_t operation, uint64_t *target, uint64_t *tag, uint64_t *words);

/*
 * thread_block.c: bytes that a thread's variables and block take, and how to fill them in at
 * @memory.
 */
size_t thread_block_size(void);
struct thread_block *thread_block_make(void *memory, struct utcb *utcb, capability_t control);

/* environment.c: argc, argv and environ as the parent gives them. */
error_t environment_read(int *argc_out, char ***argv_out);

/* The last component of argv[0], cut for the log; "program" if there is none. */
const char *environment_program_name(void);

/* slot_source.c: what backs more slots for an ordinary program. */
error_t slot_source_memory(void *context, uint32_t page);

#endif
