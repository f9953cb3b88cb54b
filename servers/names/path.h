/* SPDX-License-Identifier: MIT */
/*
 * Paths: what is a proper one, and its parts.
 *
 * A path is absolute and plain: `/`, or components that are each led by a `/` and are not empty,
 * `.` or `..`, without NUL bytes. Paths need no terminating NUL. Clients resolve what is relative.
 */
#ifndef NAMES_PATH_H
#define NAMES_PATH_H

#include <stddef.h>

#include <nacre/abi/error.h>

/*
 * Longest path in the whole tree, and longest component: what lookups and listings can answer with.
 */
#define PATH_BYTES_MAX     384
#define PATH_COMPONENT_MAX 255

struct path {
	size_t length; /* "/" has length 0: every path is "" or "/component..." inside this server */
	char text[PATH_BYTES_MAX];
};

/*
 * Checks what a client sent and puts the view's @root in front.
 * argument: not absolute, or not plain; range: it or a component is too long.
 */
NACRE_MUST_CHECK error_t path_resolve(const struct path *root, const char *text, size_t length, struct path *path);

/* Length of the parent's path: of "/a/b" 2, of "/a" and "" 0. */
size_t path_parent_length(const char *text, size_t length);

/* Whether @path is @prefix or lies below it. */
_Bool path_is_below(const struct path *path, const char *prefix, size_t prefix_length);

#endif
