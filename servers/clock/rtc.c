/* SPDX-License-Identifier: MIT */
/*
 * Registers to seconds: see rtc.h.
 */
#include "rtc.h"

#define HOUR_AFTERNOON 0x80u

/* Days from 1970-01-01 to 2000-01-01. */
#define DAYS_TO_2000 10957

static int bcd_is_valid(uint8_t value) { return (value & 0x0f) <= 9 && value >> 4 <= 9; }

/* 255 for what is not a number in the mode that the clock is in. */
static uint8_t number(const struct rtc_registers *registers, uint8_t value) {
	if (registers->status_b & RTC_B_BINARY) return value;
	return bcd_is_valid(value) ? (uint8_t)((value >> 4) * 10 + (value & 0x0f)) : 255;
}

/* In the 12-hour mode midnight is 12 a.m. and noon 12 p.m. */
static uint8_t hour(const struct rtc_registers *registers) {
	if (registers->status_b & RTC_B_24_HOURS) return number(registers, registers->hours);
	uint8_t twelve = number(registers, registers->hours & (uint8_t)~HOUR_AFTERNOON);
	if (twelve < 1 || twelve > 12) return 255;
	return (uint8_t)(twelve % 12 + (registers->hours & HOUR_AFTERNOON ? 12 : 0));
}

static unsigned int days_in_month(unsigned int month, unsigned int year) {
	static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	if (month == 2 && year % 4 == 0) /* right for 2000..2099 */
		return 29;
	return days[month - 1];
}

error_t rtc_decode(const struct rtc_registers *registers, int64_t *seconds) {
	unsigned int second = number(registers, registers->seconds);
	unsigned int minute = number(registers, registers->minutes);
	unsigned int hours = hour(registers);
	unsigned int day = number(registers, registers->day);
	unsigned int month = number(registers, registers->month);
	unsigned int year = number(registers, registers->year);
	if (second > 59 || minute > 59 || hours > 23 || year > 99 || month < 1 || month > 12 || day < 1 ||
	    day > days_in_month(month, year))
		return ERROR_IO;
	int64_t days = DAYS_TO_2000 + 365 * (int64_t)year + (year + 3) / 4 + (int64_t)day - 1;
	for (unsigned int before = 1; before < month; before++) days += days_in_month(before, year);
	*seconds = ((days * 24 + hours) * 60 + minute) * 60 + second;
	return ERROR_OK;
}
