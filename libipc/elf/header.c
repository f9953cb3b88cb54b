/* SPDX-License-Identifier: MIT */
/*
 * The ELF header: is this a program for us, and where are its program headers?
 *
 * Owns the checks of the first 64 bytes of a file. Read nacre/elf.h first.
 */
#include <string.h>

#include <nacre/elf.h>

#include "format.h"

static enum elf_problem identification_check(const struct elf_file_header *file) {
	if (file->class != FORMAT_CLASS_64) return ELF_CLASS;
	if (file->byte_order != FORMAT_LITTLE_ENDIAN) return ELF_BYTE_ORDER;
	if (file->identification_version != FORMAT_VERSION || file->version != FORMAT_VERSION) return ELF_VERSION;
	if (file->machine != FORMAT_MACHINE_X86_64) return ELF_MACHINE;
	if (file->type == FORMAT_TYPE_FIXED) return ELF_FIXED_ADDRESS;
	if (file->type != FORMAT_TYPE_SHARED) return ELF_OBJECT_FILE;
	return ELF_FINE;
}

static enum elf_problem table_check(const struct elf_file_header *file, uint64_t file_size) {
	uint64_t table_size = (uint64_t)file->program_header_count * sizeof(struct elf_program_header);

	if (file->program_header_count == 0) return ELF_NO_SEGMENTS;
	if (file->program_header_size != sizeof(struct elf_program_header)) return ELF_PROGRAM_HEADER_SIZE;
	if (file->program_headers_offset > file_size || table_size > file_size - file->program_headers_offset)
		return ELF_PROGRAM_HEADERS_TRUNCATED;
	return ELF_FINE;
}

enum elf_problem elf_header_read(const void *bytes, size_t count, uint64_t file_size, struct elf_header *header) {
	struct elf_file_header file = {0};
	enum elf_problem problem;

	if (count > file_size) count = (size_t)file_size;
	memcpy(&file, bytes, count < sizeof(file) ? count : sizeof(file));
	if (count < sizeof(file.magic) || memcmp(file.magic,
	                                         "\x7f"
	                                         "ELF",
	                                         sizeof(file.magic)) != 0)
		return ELF_NOT_ELF;
	if (count < sizeof(file)) return ELF_HEADER_TRUNCATED;
	problem = identification_check(&file);
	if (problem == ELF_FINE) problem = table_check(&file, file_size);
	if (problem != ELF_FINE) return problem;
	*header = (struct elf_header){
		.file_size = file_size,
		.entry = file.entry,
		.program_headers_offset = file.program_headers_offset,
		.program_headers_size = (uint64_t)file.program_header_count * sizeof(struct elf_program_header),
	};
	return ELF_FINE;
}
