/* SPDX-License-Identifier: MIT */
/*
 * The serial console and the end of the machine, by the ports capability of the first program.
 */
#ifndef FIRST_CONSOLE_H
#define FIRST_CONSOLE_H

/* Writes @text to the first serial port. */
void console_write(const char *text);

/* Ends QEMU; the host sees @status (0..127). */
_Noreturn void console_power_off(unsigned int status);

#endif
