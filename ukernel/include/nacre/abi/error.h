/* SPDX-License-Identifier: MIT */
/*
 * Error codes. Owns the type `error_t`; the list itself is error.def.
 */
#ifndef NACRE_ABI_ERROR_H
#define NACRE_ABI_ERROR_H

enum error {
#define ERROR(name, number, text, explanation) ERROR_##name = (number),
#include <nacre/abi/error.def>
#undef ERROR
	ERROR_COUNT
};

/* A function that returns one has written its outputs only if it is ERROR_OK. */
typedef enum error error_t;

#define NACRE_MUST_CHECK __attribute__((warn_unused_result))

#endif
