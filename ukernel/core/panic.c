/* SPDX-License-Identifier: MIT */
/*
 * Last words, and the few lines printed at boot. Read panic.h first.
 */
#include "panic.h"

#include <stdarg.h>

#include "arch.h"

static void print_string(const char *string) {
	for (; *string; string++) arch_console_put(*string);
}

static void print_number(uint64_t value, unsigned int base) {
	char digits[21];
	char *first = &digits[sizeof(digits) - 1];

	*first = '\0';
	do {
		*--first = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	print_string(first);
}

/* Prints what the conversion behind a '%' says and returns where the format goes on. */
static const char *print_argument(const char *format, va_list *arguments) {
	int is_long = *format == 'l';

	format += is_long;
	if (*format == 's')
		print_string(va_arg(*arguments, const char *));
	else
		print_number(is_long ? va_arg(*arguments, unsigned long) : va_arg(*arguments, unsigned int),
		             *format == 'x' ? 16 : 10);
	return format + 1;
}

static void print_line(const char *format, va_list *arguments) {
	while (*format) {
		char character = *format++;
		if (character == '%')
			format = print_argument(format, arguments);
		else
			arch_console_put(character);
	}
	arch_console_put('\n');
}

void console_print(const char *format, ...) {
	va_list arguments;

	va_start(arguments, format);
	print_line(format, &arguments);
	va_end(arguments);
}

void panic(const char *format, ...) {
	va_list arguments;

	print_string("\nNACRE PANIC: ");
	va_start(arguments, format);
	print_line(format, &arguments);
	va_end(arguments);
	arch_stop();
}
