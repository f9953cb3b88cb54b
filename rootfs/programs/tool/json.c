/* SPDX-License-Identifier: MIT */
/*
 * JSON, value by value: see nacre/json.h.
 */
#include <inttypes.h>
#include <nacre/json.h>
#include <stddef.h>

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* Bytes of the well-formed UTF-8 sequence that @text starts with (Unicode, table 3-7); 0: none. */
static size_t sequence_length(const unsigned char *text) {
	static const struct {
		unsigned char first, last, second_first, second_last, length;
	} forms[] = {
		{0x01, 0x7f, 0, 0xff, 1},    {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
		{0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
		{0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
	};
	for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
		if (text[0] < forms[i].first || text[0] > forms[i].last) continue;
		if (text[1] < forms[i].second_first || text[1] > forms[i].second_last) return 0;
		for (size_t rest = 2; rest < forms[i].length; rest++) {
			if ((text[rest] & 0xc0) != 0x80) return 0;
		}
		return forms[i].length;
	}
	return 0;
}

static void put_ascii(FILE *file, unsigned char character) {
	switch (character) {
	case '"':
	case '\\': fprintf(file, "\\%c", character); break;
	case '\n': fputs("\\n", file); break;
	case '\t': fputs("\\t", file); break;
	default:
		if (character < 0x20)
			fprintf(file, "\\u%04x", character);
		else
			fputc(character, file);
		break;
	}
}

static void put_text(FILE *file, const char *value) {
	const unsigned char *at = (const unsigned char *)value;
	fputc('"', file);
	while (*at) {
		size_t length = sequence_length(at);
		if (length == 1)
			put_ascii(file, *at);
		else if (length > 1)
			fwrite(at, 1, length, file);
		else
			fputs(REPLACEMENT, file);
		at += length ? length : 1;
	}
	fputc('"', file);
}

static void put_key(struct json *json, const char *key) {
	if (json->needs_comma) fputc(',', json->file);
	json->needs_comma = 1;
	if (key) {
		put_text(json->file, key);
		fputc(':', json->file);
	}
}

static void begin(struct json *json, const char *key, char bracket) {
	put_key(json, key);
	fputc(bracket, json->file);
	json->needs_comma = 0;
}

static void end(struct json *json, char bracket) {
	fputc(bracket, json->file);
	json->needs_comma = 1;
}

void json_object_begin(struct json *json, const char *key) { begin(json, key, '{'); }

void json_object_end(struct json *json) { end(json, '}'); }

void json_array_begin(struct json *json, const char *key) { begin(json, key, '['); }

void json_array_end(struct json *json) { end(json, ']'); }

void json_string(struct json *json, const char *key, const char *value) {
	put_key(json, key);
	put_text(json->file, value);
}

void json_unsigned(struct json *json, const char *key, uint64_t value) {
	put_key(json, key);
	fprintf(json->file, "%" PRIu64, value);
}

void json_signed(struct json *json, const char *key, int64_t value) {
	put_key(json, key);
	fprintf(json->file, "%" PRId64, value);
}

void json_null(struct json *json, const char *key) {
	put_key(json, key);
	fputs("null", json->file);
}

void json_finish(struct json *json) {
	fputc('\n', json->file);
	json->needs_comma = 0;
}
