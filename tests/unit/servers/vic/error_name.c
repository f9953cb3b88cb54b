/* SPDX-License-Identifier: MIT */
/*
 * Names of errors without the rest of libipc, which needs a kernel.
 */
#include <nacre/capability.h>

const char *error_name(error_t error) {
	(void)error;
	return "error";
}
