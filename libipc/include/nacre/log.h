/* SPDX-License-Identifier: MIT */
/*
 * Writing to the system log.
 */
#ifndef NACRE_LOG_H
#define NACRE_LOG_H

#include <nacre/protocol/log.h>

/*
 * Writes a line made as by printf(), cut at LOG_WRITE_TEXT_MAX bytes, under the program's name.
 * Without a log, as in servers that start before it, the line goes nowhere.
 */
void log_print(uint32_t level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
