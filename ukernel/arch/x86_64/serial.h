/* SPDX-License-Identifier: MIT */
/*
 * The first serial port, for boot lines and panics.
 */
#ifndef NACRE_SERIAL_H
#define NACRE_SERIAL_H

void serial_initialize(void);

#endif
