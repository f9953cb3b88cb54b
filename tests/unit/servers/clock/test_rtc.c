/* SPDX-License-Identifier: MIT */
/*
 * The battery-backed clock's registers against the host's own calendar.
 */
#include <time.h>

#include "../suite.h"
#include "rtc.h"

static uint8_t bcd(int value) { return (uint8_t)(value / 10 << 4 | value % 10); }

static struct rtc_registers registers_at(time_t seconds) {
	struct tm tm;
	gmtime_r(&seconds, &tm);
	return (struct rtc_registers){bcd(tm.tm_sec),     bcd(tm.tm_min),        bcd(tm.tm_hour), bcd(tm.tm_mday),
	                              bcd(tm.tm_mon + 1), bcd(tm.tm_year - 100), RTC_B_24_HOURS};
}

static void assert_decodes(struct rtc_registers registers, int64_t expected) {
	int64_t seconds = -1;
	ck_assert_int_eq(rtc_decode(&registers, &seconds), ERROR_OK);
	ck_assert_int_eq(seconds, expected);
}

static void assert_invalid(struct rtc_registers registers) {
	int64_t seconds = -1;
	ck_assert_int_eq(rtc_decode(&registers, &seconds), ERROR_IO);
	ck_assert_int_eq(seconds, -1);
}

START_TEST(every_day_of_the_century_is_what_the_hosts_calendar_says) {
	for (time_t day = 10957; day < 10957 + 36525; day++) {
		time_t seconds = day * 86400 + day % 86400;
		assert_decodes(registers_at(seconds), seconds);
	}
}
END_TEST

START_TEST(binary_registers_mean_the_same) {
	assert_decodes((struct rtc_registers){59, 58, 23, 31, 12, 24, RTC_B_24_HOURS | RTC_B_BINARY}, 1735689539);
}
END_TEST

START_TEST(twelve_hour_clocks_have_midnight_and_noon_in_the_right_place) {
	assert_decodes((struct rtc_registers){0, 0, 0x12, 1, 1, 0, 0}, 946684800);
	assert_decodes((struct rtc_registers){0, 0, 0x92, 1, 1, 0, 0}, 946684800 + 12 * 3600);
	assert_decodes((struct rtc_registers){0, 0, 0x11, 1, 1, 0, 0}, 946684800 + 11 * 3600);
	assert_decodes((struct rtc_registers){0, 0, 0x91, 1, 1, 0, 0}, 946684800 + 23 * 3600);
}
END_TEST

START_TEST(what_is_no_time_is_refused) {
	struct rtc_registers good = {0x59, 0x59, 0x23, 0x28, 0x02, 0x25, RTC_B_24_HOURS}, bad;
	assert_decodes(good, 1740787199);
	bad = good, bad.seconds = 0x60, assert_invalid(bad);
	bad = good, bad.minutes = 0x5a, assert_invalid(bad);
	bad = good, bad.hours = 0x24, assert_invalid(bad);
	bad = good, bad.day = 0x29, assert_invalid(bad);
	bad = good, bad.day = 0, assert_invalid(bad);
	bad = good, bad.month = 0x13, assert_invalid(bad);
	bad = good, bad.month = 0, assert_invalid(bad);
	bad = good, bad.year = 0xa0, assert_invalid(bad);
	assert_invalid((struct rtc_registers){255, 255, 255, 255, 255, 255, 255});
	assert_invalid((struct rtc_registers){0, 0, 0x13, 1, 1, 0, 0});
	assert_invalid((struct rtc_registers){0, 0, 0, 1, 1, 0, 0});
}
END_TEST

SUITE("clock_rtc", every_day_of_the_century_is_what_the_hosts_calendar_says, binary_registers_mean_the_same,
      twelve_hour_clocks_have_midnight_and_noon_in_the_right_place, what_is_no_time_is_refused)
