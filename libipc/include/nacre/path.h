/* SPDX-License-Identifier: MIT */
/*
 * Paths: from a string to the capability it names, through the naming server and the servers below
 * it.
 *
 * Owns the walk and the making of plain absolute paths. Files as C programs know them are stdio's.
 */
#ifndef NACRE_PATH_H
#define NACRE_PATH_H

#include <stddef.h>
#include <stdint.h>

#include <nacre/capability.h>

/* Longest plain path in bytes, without NUL. */
#define PATH_LENGTH_MAX 384u

/* What a path names. The capability is the caller's to delete. */
struct path_node {
	capability_t capability;
	uint32_t protocol; /* PROTOCOL_*; PROTOCOL_FILE for files and directories */
	uint32_t kind;     /* FILE_KIND_*; FILE_KIND_SERVICE for what speaks another protocol */
	uint64_t size;     /* bytes in a file, else 0 */
};

/*
 * Writes the plain absolute form of @path: without empty, `.` and `..` components, below the
 * working directory if it is relative. ERROR_RANGE: too long.
 */
NACRE_MUST_CHECK error_t path_plain(const char *path, char plain_out[PATH_LENGTH_MAX + 1]);

enum path_flags {
	PATH_NOW,  /* what is not there is an error */
	PATH_WAIT, /* waits until it is registered */
};

/* Finds what @path names. ERROR_NOT_FOUND, ERROR_RANGE (too long), and what the servers say. */
NACRE_MUST_CHECK error_t path_open(const char *path, enum path_flags flags, struct path_node *node_out);

/* The same in a view of the tree other than the program's own; @path is plain and absolute. */
NACRE_MUST_CHECK error_t path_open_in(capability_t names, const char *path, enum path_flags flags,
                                      struct path_node *node_out);

/*
 * Finds the server at @path, which must speak @protocol; waits for it. How servers find each other.
 */
NACRE_MUST_CHECK error_t path_open_service(const char *path, uint32_t protocol, capability_t *service_out);

/* Registers a capability of the calling server. The name goes when the program ends. */
struct ipc_item;
NACRE_MUST_CHECK error_t path_register(const char *path, uint32_t protocol, struct ipc_item capability);

#endif
