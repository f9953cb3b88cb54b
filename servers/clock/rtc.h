/* SPDX-License-Identifier: MIT */
/*
 * The time of a PC's battery-backed clock (MC146818 and its successors).
 *
 * Owns what its registers mean. Knows nothing of how they are read. The clock is taken to run in
 * UTC and its two-digit year to lie in 2000..2099.
 */
#ifndef NACRE_CLOCK_RTC_H
#define NACRE_CLOCK_RTC_H

#include <nacre/abi/error.h>
#include <stdint.h>

/* Register numbers. */
#define RTC_SECONDS  0x00u
#define RTC_MINUTES  0x02u
#define RTC_HOURS    0x04u
#define RTC_DAY      0x07u
#define RTC_MONTH    0x08u
#define RTC_YEAR     0x09u
#define RTC_STATUS_A 0x0au
#define RTC_STATUS_B 0x0bu

#define RTC_A_UPDATE_IN_PROGRESS 0x80u
#define RTC_B_24_HOURS           0x02u
#define RTC_B_BINARY             0x04u

struct rtc_registers {
	uint8_t seconds, minutes, hours, day, month, year, status_b;
};

/*
 * Seconds since 1970-01-01 UTC. io if the registers do not hold a time (no clock, empty battery).
 */
NACRE_MUST_CHECK error_t rtc_decode(const struct rtc_registers *registers, int64_t *seconds);

#endif
