/* SPDX-License-Identifier: MIT */
/*
 * A thread's variables (__thread) and its block above them, and where the C library keeps errno.
 *
 * Owns their layout: variant II of thread-local storage, offsets negative from FS. (ELF Handling
 * for Thread-Local Storage, 3.4.6)
 */
#include <reent.h>
#include <string.h>

#include <nacre/system_call.h>

#include "start_internal.h"

#define SEGMENT_TLS 7u

struct elf_header {
	uint8_t identification[16];
	uint16_t type, machine;
	uint32_t version;
	uint64_t entry, segments, sections;
	uint32_t flags;
	uint16_t header_size, segment_size, segment_count;
};

struct elf_segment {
	uint32_t type, flags;
	uint64_t offset, address, physical, file_size, memory_size, align;
};

/* Describes the program's thread variables; null if it has none. */
static const struct elf_segment *tls_segment(void) {
	const struct elf_header *header = (const struct elf_header *)start_info()->load_address;
	const char *segments = (const char *)header + header->segments;

	for (unsigned int i = 0; i < header->segment_count; i++) {
		const struct elf_segment *segment = (const struct elf_segment *)(segments + i * header->segment_size);

		if (segment->type == SEGMENT_TLS) return segment;
	}
	return NULL;
}

/* What the linker took as the distance from the first variable to FS. */
static size_t tls_size(const struct elf_segment *segment) {
	return segment ? (segment->memory_size + segment->align - 1) & ~(segment->align - 1) : 0;
}

/* FS is aligned for the variables and for the block. */
static size_t block_align(const struct elf_segment *segment) {
	return segment && segment->align > _Alignof(max_align_t) ? segment->align : _Alignof(max_align_t);
}

size_t thread_block_size(void) {
	const struct elf_segment *segment = tls_segment();

	return block_align(segment) + tls_size(segment) + sizeof(struct thread_block);
}

struct thread_block *thread_block_make(void *memory, struct utcb *utcb, capability_t control) {
	const struct elf_segment *segment = tls_segment();
	size_t align = block_align(segment);
	uintptr_t least = (uintptr_t)memory + tls_size(segment);
	struct thread_block *block = (struct thread_block *)((least + align - 1) & ~(align - 1));

	memset(memory, 0, thread_block_size());
	if (segment)
		memcpy((char *)block - tls_size(segment), (const char *)start_info()->load_address + segment->address,
		       segment->file_size);
	block->self = block;
	block->utcb = utcb;
	block->control = control;
	return block;
}

/* The C library's: here, because this file is in every program before the library is looked at. */
struct _reent *__getreent(void) {
	struct _reent *reent = thread_block_get()->reent;

	return reent ? reent : _GLOBAL_REENT;
}
