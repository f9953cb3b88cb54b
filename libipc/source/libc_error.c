/* SPDX-License-Identifier: MIT */
#include <errno.h>

#include "libc_error.h"

static const int numbers[ERROR_COUNT] = {
	[ERROR_OK] = 0,
	[ERROR_CAPABILITY] = EBADF,
	[ERROR_RIGHT] = EACCES,
	[ERROR_ARGUMENT] = EINVAL,
	[ERROR_RANGE] = ERANGE,
	[ERROR_EXISTS] = EEXIST,
	[ERROR_NO_MEMORY] = ENOMEM,
	[ERROR_BUSY] = EBUSY,
	[ERROR_GONE] = ENXIO,
	[ERROR_PEER_LOST] = EPIPE,
	[ERROR_CANCELLED] = EINTR,
	[ERROR_TIMEOUT] = ETIMEDOUT,
	[ERROR_WOULD_BLOCK] = EAGAIN,
	[ERROR_TOO_DEEP] = ELOOP,
	[ERROR_STATE] = EPERM,
	[ERROR_UNKNOWN] = ENOSYS,
	[ERROR_NOT_FOUND] = ENOENT,
	[ERROR_IO] = EIO,
	[ERROR_LIMIT] = ENOSPC,
};

int libc_errno(error_t error) { return (unsigned int)error < ERROR_COUNT ? numbers[error] : EIO; }

int libc_fail(error_t error) {
	errno = libc_errno(error);
	return -1;
}
