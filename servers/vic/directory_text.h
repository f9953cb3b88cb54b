/* SPDX-License-Identifier: MIT */
/*
 * The files of a context's directory: their names. Private to directory.c and directory_text.c.
 */
#ifndef VIC_DIRECTORY_TEXT_H
#define VIC_DIRECTORY_TEXT_H

#include <stddef.h>
#include <stdint.h>

/* Files are numbered from 1. 0: there is no such file. */
uint32_t context_file_named(const char *name, size_t length);

/* NULL: there is no file of that number. */
const char *context_file_name(uint64_t file);

#endif
