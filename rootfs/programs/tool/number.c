/* SPDX-License-Identifier: MIT */
/*
 * Digits: see nacre/number.h.
 */
#include <nacre/number.h>

#define NANOSECONDS 1000000000u /* in a second */

static unsigned int digit_value(char digit) {
	if (digit >= '0' && digit <= '9') return (unsigned int)(digit - '0');
	if (digit >= 'a' && digit <= 'f') return (unsigned int)(digit - 'a') + 10;
	if (digit >= 'A' && digit <= 'F') return (unsigned int)(digit - 'A') + 10;
	return 16;
}

/* Reads digits; returns where they end, or NULL if there are none or they are too many. */
static const char *parse_digits(const char *text, uint64_t *number) {
	unsigned int base = 10;
	uint64_t value = 0;
	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		base = 16;
		text += 2;
	}
	const char *start = text;
	for (; digit_value(*text) < base; text++) {
		unsigned int digit = digit_value(*text);
		if (value > (UINT64_MAX - digit) / base) return 0;
		value = value * base + digit;
	}
	*number = value;
	return text == start ? 0 : text;
}

int number_parse(const char *text, uint64_t *number) {
	uint64_t value;
	const char *end = parse_digits(text, &value);
	if (!end || *end) return 0;
	*number = value;
	return 1;
}

static unsigned int unit_shift(char unit) {
	switch (unit) {
	case 'K':
	case 'k': return 10;
	case 'M':
	case 'm': return 20;
	case 'G':
	case 'g': return 30;
	default: return 0;
	}
}

int size_parse(const char *text, uint64_t *size) {
	uint64_t value;
	const char *end = parse_digits(text, &value);
	if (!end) return 0;
	unsigned int shift = unit_shift(*end);
	end += shift != 0;
	if (*end || value > UINT64_MAX >> shift) return 0;
	*size = value << shift;
	return 1;
}

int seconds_parse(const char *text, uint64_t *nanoseconds) {
	uint64_t seconds, fraction = 0, weight = NANOSECONDS;
	const char *end = parse_digits(text, &seconds);
	if (!end) return 0;
	if (*end == '.') {
		for (end++; *end >= '0' && *end <= '9' && weight > 1; end++) {
			weight /= 10;
			fraction += weight * (uint64_t)(*end - '0');
		}
		if (weight == NANOSECONDS) return 0;
	}
	if (*end || seconds > INT64_MAX / NANOSECONDS - 1) return 0;
	*nanoseconds = seconds * NANOSECONDS + fraction;
	return 1;
}
