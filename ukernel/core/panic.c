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
	unsigned int index = sizeof(digits);

	digits[--index] = '\0';
	do {
		digits[--index] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	print_string(&digits[index]);
}

static void print_signed(int64_t value) {
	if (value < 0) arch_console_put('-');
	print_number(value < 0 ? -(uint64_t)value : (uint64_t)value, 10);
}

static const char *print_one(const char *format, va_list *arguments) {
	int is_long = *format == 'l';

	format += is_long;
	switch (*format) {
	case 's': print_string(va_arg(*arguments, const char *)); break;
	case 'c': arch_console_put((char)va_arg(*arguments, int)); break;
	case 'd': print_signed(is_long ? va_arg(*arguments, long) : va_arg(*arguments, int)); break;
	case 'u':
	case 'x':
		print_number(is_long ? va_arg(*arguments, unsigned long) : va_arg(*arguments, unsigned int),
		             *format == 'u' ? 10 : 16);
		break;
	case 'p': print_number((uint64_t)(uintptr_t)va_arg(*arguments, void *), 16); break;
	default: arch_console_put(*format); break;
	}
	return format + 1;
}

static void print(const char *format, va_list *arguments) {
	while (*format) {
		if (*format == '%' && format[1])
			format = print_one(format + 1, arguments);
		else
			arch_console_put(*format++);
	}
}

void console_print(const char *format, ...) {
	va_list arguments;

	va_start(arguments, format);
	print(format, &arguments);
	va_end(arguments);
	arch_console_put('\n');
}

void panic(const char *format, ...) {
	va_list arguments;

	print_string("\nNACRE PANIC: ");
	va_start(arguments, format);
	print(format, &arguments);
	va_end(arguments);
	arch_console_put('\n');
	arch_stop();
}
