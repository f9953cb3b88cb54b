/* SPDX-License-Identifier: MIT */
/*
 * The C library's errno.h without its `error_t`, which is Nacre's own (nacre/abi/error.h).
 */
#ifndef NACRE_ERRNO_H
#define NACRE_ERRNO_H

#ifndef __error_t_defined
#define __error_t_defined 1
#endif
#include_next <errno.h>

#endif
