/* SPDX-License-Identifier: MIT */
/*
 * Writing JSON (RFC 8259).
 *
 * Owns commas, quotes and escapes. Every value has a key inside an object and none (NULL)
 * elsewhere.
 */
#ifndef NACRE_JSON_H
#define NACRE_JSON_H

#include <stdint.h>
#include <stdio.h>

struct json {
	FILE *file;
	int needs_comma;
};

static inline struct json json_start(FILE *file) { return (struct json){file, 0}; }

void json_object_begin(struct json *json, const char *key);
void json_object_end(struct json *json);
void json_array_begin(struct json *json, const char *key);
void json_array_end(struct json *json);

/* @value is UTF-8; bytes that are not become U+FFFD. */
void json_string(struct json *json, const char *key, const char *value);
void json_unsigned(struct json *json, const char *key, uint64_t value);
void json_signed(struct json *json, const char *key, int64_t value);
void json_null(struct json *json, const char *key);

/* Ends the line after the outermost value. */
void json_finish(struct json *json);

#endif
