/* SPDX-License-Identifier: MIT */
/*
 * The POSIX functions on paths.
 *
 * A node is made or removed through the directory above it, which is found first.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <nacre/descriptor.h>
#include <nacre/path.h>
#include <nacre/protocol/file.h>
#include <nacre/protocol/stream.h>
#include <nacre/slot.h>

#include "libc_error.h"

/* A path's directory, open, and its last component. */
struct place {
	struct path_node directory;
	char path[PATH_LENGTH_MAX + 1];
	const char *name;
};

static error_t place_open(const char *path, struct place *place) {
	char *last;
	error_t error = path_plain(path, place->path);

	if (error != ERROR_OK) return error;
	last = strrchr(place->path, '/');
	place->name = last + 1;
	if (*place->name == '\0') return ERROR_EXISTS; /* the root */
	*last = '\0';
	error = path_open(last == place->path ? "/" : place->path, PATH_NOW, &place->directory);
	if (error == ERROR_OK && place->directory.protocol != PROTOCOL_FILE) {
		capability_delete(place->directory.capability);
		error = ERROR_STATE;
	}
	return error;
}

static error_t node_create(const char *path, uint32_t kind, struct path_node *node) {
	struct place place;
	error_t error = place_open(path, &place);

	if (error != ERROR_OK) return error;
	*node = (struct path_node){.protocol = PROTOCOL_FILE, .kind = kind};
	error = file_create(place.directory.capability, kind, place.name, &node->capability);
	capability_delete(place.directory.capability);
	return error;
}

static error_t node_open(const char *path, int flags, struct path_node *node) {
	error_t error = path_open(path, PATH_NOW, node);

	if (error == ERROR_NOT_FOUND && flags & O_CREAT) {
		error = node_create(path, FILE_KIND_FILE, node);
		/* Somebody else made it in between. */
		return error == ERROR_EXISTS && !(flags & O_EXCL) ? path_open(path, PATH_NOW, node) : error;
	}
	if (error == ERROR_OK && (flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL)) {
		capability_delete(node->capability);
		return ERROR_EXISTS;
	}
	return error;
}

/* The errno value that says why a node cannot be opened so, or 0. */
static int node_refuses(const struct path_node *node, int flags) {
	if (node->protocol != PROTOCOL_FILE && node->protocol != PROTOCOL_STREAM) return ENXIO;
	if (node->protocol == PROTOCOL_FILE && node->kind == FILE_KIND_DIRECTORY && (flags & O_ACCMODE) != O_RDONLY)
		return EISDIR;
	if (flags & O_TRUNC && node->protocol == PROTOCOL_FILE && node->size != 0)
		return libc_errno(file_set_size(node->capability, 0));
	return 0;
}

int open(const char *path, int flags, ...) {
	struct path_node node;
	error_t error = node_open(path, flags, &node);
	int refusal;

	if (error != ERROR_OK) return libc_fail(error);
	refusal = node_refuses(&node, flags);
	if (refusal != 0) {
		capability_delete(node.capability);
		errno = refusal;
		return -1;
	}
	return descriptor_open(node.capability, node.protocol, flags & (O_ACCMODE | O_APPEND));
}

int stat(const char *path, struct stat *status) {
	int descriptor;
	int result;
	int reason;

	descriptor = open(path, O_RDONLY);
	if (descriptor < 0) return -1;
	result = fstat(descriptor, status);
	reason = errno;
	close(descriptor);
	errno = reason;
	return result;
}

int lstat(const char *path, struct stat *status) { return stat(path, status); }

int access(const char *path, int mode) {
	struct path_node node;
	error_t error = path_open(path, PATH_NOW, &node);

	(void)mode; /* what may be done is known when it is tried */
	if (error != ERROR_OK) return libc_fail(error);
	capability_delete(node.capability);
	return 0;
}

int mkdir(const char *path, mode_t mode) {
	struct path_node node;
	error_t error = node_create(path, FILE_KIND_DIRECTORY, &node);

	(void)mode;
	if (error != ERROR_OK) return libc_fail(error);
	capability_delete(node.capability);
	return 0;
}

int unlink(const char *path) {
	struct place place;
	error_t error = place_open(path, &place);

	if (error != ERROR_OK) return libc_fail(error);
	error = file_remove(place.directory.capability, place.name);
	capability_delete(place.directory.capability);
	return error == ERROR_OK ? 0 : libc_fail(error);
}

int rmdir(const char *path) { return unlink(path); }

/* Servers have no way to give a node a second or another name. */
int link(const char *from, const char *to) {
	(void)from;
	(void)to;
	errno = ENOSYS;
	return -1;
}

int rename(const char *from, const char *to) { return link(from, to); }
