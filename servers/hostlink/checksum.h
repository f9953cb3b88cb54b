/* SPDX-License-Identifier: MIT */
/*
 * CRC-32 of IEEE 802.3, as zlib's crc32() gives it.
 */
#ifndef NACRE_HOSTLINK_CHECKSUM_H
#define NACRE_HOSTLINK_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

uint32_t checksum(const uint8_t *bytes, size_t count);

#endif
