/* SPDX-License-Identifier: MIT */
/*
 * A bitmap of windows. Read window.h first.
 */
#include <string.h>

#include "window.h"

static uint64_t window_bit(uint32_t number) { return UINT64_C(1) << (number % 64); }

void windows_create(struct windows *windows) {
	memset(windows, 0, sizeof(*windows));
	windows->next = WINDOW_FIRST;
}

error_t window_take(struct windows *windows, struct window *window) {
	uint32_t number = windows->next;

	while (windows->taken[number / 64] & window_bit(number)) {
		number = number + 1 == WINDOW_END ? WINDOW_FIRST : number + 1;
		if (number == windows->next) return ERROR_LIMIT;
	}
	windows->taken[number / 64] |= window_bit(number);
	windows->next = number + 1 == WINDOW_END ? WINDOW_FIRST : number + 1;
	*window = (struct window){.base = number * WINDOW_BYTES, .size = WINDOW_BYTES};
	return ERROR_OK;
}

void window_give_back(struct windows *windows, struct window *window) {
	uint32_t number = (uint32_t)(window->base / WINDOW_BYTES);

	if (window->base) windows->taken[number / 64] &= ~window_bit(number);
	*window = (struct window){0};
}
