/* SPDX-License-Identifier: MIT */
/*
 * Walking paths: names first, then each server for its own part.
 *
 * Owns the working directory of the program, which begins as PWD of its environment says.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <nacre/protocol/file.h>
#include <nacre/protocol/name.h>
#include <nacre/slot.h>

#include "given.h"
#include "libc_error.h"
#include "path_plain.h"

/* Servers that one walk may pass through; more are a loop. */
#define HOPS_MAX 32

static char working_directory[PATH_LENGTH_MAX + 1];

static const char *working_directory_get(void) {
	const char *start;

	if (working_directory[0] != '\0') return working_directory;
	strcpy(working_directory, "/");
	start = getenv("PWD");
	if (start && path_append(working_directory, start) != ERROR_OK) strcpy(working_directory, "/");
	return working_directory;
}

error_t path_plain(const char *path, char plain_out[PATH_LENGTH_MAX + 1]) {
	strcpy(plain_out, path[0] == '/' ? "/" : working_directory_get());
	return path_append(plain_out, path);
}

/* Where a walk stands: a capability, and what is left of the path. */
struct walk {
	struct path_node node;
	char rest[PATH_LENGTH_MAX + 1];
};

static void walk_take(struct walk *walk, const struct path_node *node, const char *rest) {
	capability_delete(walk->node.capability);
	walk->node = *node;
	rest += strspn(rest, "/");
	memmove(walk->rest, rest, strlen(rest) + 1);
}

static error_t step_name(struct walk *walk, capability_t names, const char *path, enum path_flags flags) {
	struct name_lookup_answer answer;
	struct path_node node;
	error_t error = name_lookup(names, flags == PATH_WAIT ? NAME_LOOKUP_WAIT : 0, path, &answer);

	if (error != ERROR_OK) return error;
	node = (struct path_node){
		.capability = answer.capability,
		.protocol = answer.protocol,
		.kind = answer.protocol == PROTOCOL_FILE ? FILE_KIND_DIRECTORY : FILE_KIND_SERVICE,
	};
	walk_take(walk, &node, answer.rest);
	return ERROR_OK;
}

static error_t step_file(struct walk *walk) {
	struct file_lookup_answer answer;
	struct path_node node;
	error_t error = file_lookup(walk->node.capability, walk->rest, &answer);

	if (error != ERROR_OK) return error;
	if (answer.consumed > strlen(walk->rest)) {
		capability_delete(answer.node);
		return ERROR_ARGUMENT;
	}
	node = (struct path_node){
		.capability = answer.node,
		.protocol = answer.protocol,
		.kind = answer.kind,
		.size = answer.size,
	};
	walk_take(walk, &node, walk->rest + answer.consumed);
	return ERROR_OK;
}

/* A node that names alone knows: what it is, its own server tells. */
static error_t node_look(struct path_node *node) {
	struct file_stat_answer answer;
	error_t error;

	if (node->protocol != PROTOCOL_FILE) return ERROR_OK;
	error = file_stat(node->capability, &answer);
	if (error == ERROR_OK) {
		node->kind = answer.kind;
		node->size = answer.size;
	}
	return error;
}

static error_t step(struct walk *walk, enum path_flags flags) {
	char path[PATH_LENGTH_MAX + 2] = "/";

	if (walk->node.protocol == PROTOCOL_FILE) return step_file(walk);
	if (walk->node.protocol != PROTOCOL_NAME) return ERROR_NOT_FOUND;
	strcat(path, walk->rest);
	return step_name(walk, walk->node.capability, path, flags);
}

error_t path_open_in(capability_t names, const char *path, enum path_flags flags, struct path_node *node_out) {
	struct walk walk = {.node = {.capability = CAPABILITY_NONE}};
	error_t error = step_name(&walk, names, path, flags);

	if (error == ERROR_OK && walk.rest[0] == '\0') error = node_look(&walk.node);
	for (int hops = 0; error == ERROR_OK && walk.rest[0] != '\0'; hops++)
		error = hops < HOPS_MAX ? step(&walk, flags) : ERROR_TOO_DEEP;
	if (error == ERROR_OK)
		*node_out = walk.node;
	else
		capability_delete(walk.node.capability);
	return error;
}

error_t path_open(const char *path, enum path_flags flags, struct path_node *node_out) {
	char plain[PATH_LENGTH_MAX + 1];
	capability_t names;
	error_t error = path_plain(path, plain);

	if (error == ERROR_OK) error = given_get(GIVEN_NAMESPACE, &names);
	if (error == ERROR_OK) error = path_open_in(names, plain, flags, node_out);
	return error;
}

error_t path_open_service(const char *path, uint32_t protocol, capability_t *service_out) {
	struct path_node node;
	error_t error = path_open(path, PATH_WAIT, &node);

	if (error != ERROR_OK) return error;
	if (node.protocol != protocol) {
		capability_delete(node.capability);
		return ERROR_UNKNOWN;
	}
	*service_out = node.capability;
	return ERROR_OK;
}

error_t path_register(const char *path, uint32_t protocol, struct ipc_item capability) {
	char plain[PATH_LENGTH_MAX + 1];
	uint64_t registration;
	capability_t names;
	error_t error = path_plain(path, plain);

	if (error == ERROR_OK) error = given_get(GIVEN_NAMESPACE, &names);
	if (error == ERROR_OK) error = name_register(names, protocol, plain, capability, &registration);
	return error;
}

int chdir(const char *path) {
	char plain[PATH_LENGTH_MAX + 1];
	struct path_node node;
	error_t error = path_plain(path, plain);

	if (error == ERROR_OK) error = path_open(plain, PATH_NOW, &node);
	if (error != ERROR_OK) return libc_fail(error);
	capability_delete(node.capability);
	if (node.kind != FILE_KIND_DIRECTORY) {
		errno = ENOTDIR;
		return -1;
	}
	strcpy(working_directory, plain);
	return 0;
}

char *getcwd(char *buffer, size_t size) {
	const char *directory = working_directory_get();

	if (!buffer) return strdup(directory);
	if (strlen(directory) >= size) {
		errno = ERANGE;
		return NULL;
	}
	return strcpy(buffer, directory);
}
