/* SPDX-License-Identifier: MIT */
/*
 * clang's stdatomic.h goes on in the C library's, which forgets to include what it uses.
 */
#ifndef NACRE_STDATOMIC_H
#define NACRE_STDATOMIC_H

#include <stdint.h>

#include_next <stdatomic.h>

#endif
