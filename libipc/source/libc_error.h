/* SPDX-License-Identifier: MIT */
/*
 * From error codes to errno.
 */
#ifndef NACRE_LIBC_ERROR_H
#define NACRE_LIBC_ERROR_H

#include <nacre/capability.h>

/* The errno value of @error. */
int libc_errno(error_t error);

/* Sets errno and returns -1. */
int libc_fail(error_t error);

#endif
