/* SPDX-License-Identifier: MIT */
/*
 * The messages of two protocols, parent and name, written by hand from docs/interfaces.md.
 *
 * What the generator makes is compared with them. So that a mistake is not made twice, nothing here
 * uses the functions that generated code uses.
 */
#ifndef BY_HAND_H
#define BY_HAND_H

#include <stdint.h>

struct by_hand {
	uint64_t label;
	unsigned int count;
	uint64_t words[64];
	unsigned int items;
};

struct by_hand hand_parent_get(const char *name);
struct by_hand hand_parent_get_reply(uint64_t protocol);
struct by_hand hand_parent_read(unsigned int method, uint64_t offset);
struct by_hand hand_parent_read_reply(uint64_t total, const char *data, uint64_t size);
struct by_hand hand_parent_exit(int64_t status);
struct by_hand hand_parent_ready(void);
struct by_hand hand_parent_offer(uint64_t protocol, const char *name);
struct by_hand hand_name_lookup(uint64_t flags, const char *path);
struct by_hand hand_name_lookup_reply(uint64_t protocol, const char *rest);
struct by_hand hand_name_register(uint64_t protocol, const char *path);
struct by_hand hand_name_number_reply(uint64_t number);
struct by_hand hand_name_path(unsigned int method, const char *path, unsigned int items);
struct by_hand hand_name_list(uint64_t cursor, const char *path);
struct by_hand hand_name_list_reply(uint64_t cursor, const char *data, uint64_t size);
struct by_hand hand_name_view(uint64_t rights, const char *path);

#endif
