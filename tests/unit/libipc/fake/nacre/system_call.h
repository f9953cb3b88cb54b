/* SPDX-License-Identifier: MIT */
/*
 * Stands in front of libipc's file of the same name in unit tests: the system call is a function of
 * the test (fake_ipc.c), and so is the calling thread.
 */
#ifndef NACRE_SYSTEM_CALL_H
#define NACRE_SYSTEM_CALL_H

#include <stdint.h>

#include <nacre/abi/ipc.h>
#include <nacre/thread_block.h>

struct thread_block *thread_block_get(void);
struct utcb *utcb_get(void);
uint64_t ipc_system_call(uint64_t operation, uint64_t *target, uint64_t *tag, uint64_t words[IPC_WORDS_IN_REGISTERS]);

#endif
