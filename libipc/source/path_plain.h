/* SPDX-License-Identifier: MIT */
/*
 * Plain paths without the program's working directory, for path.c and its tests.
 */
#ifndef NACRE_PATH_PLAIN_H
#define NACRE_PATH_PLAIN_H

#include <nacre/path.h>

/*
 * Goes from the plain absolute path @plain along @path, whose `.`, `..` and empty components it
 * resolves; `..` at the root stays there. ERROR_RANGE: too long; @plain is spoilt then.
 */
error_t path_append(char plain[PATH_LENGTH_MAX + 1], const char *path);

#endif
