/* SPDX-License-Identifier: MIT */
/*
 * The clock's registers by message: see cmos.h.
 */
#include "cmos.h"

#include <string.h>

#include <nacre/protocol/ports.h>

#include "rtc.h"

/* Bit 7 of the index port would switch non-maskable interrupts off; it stays 0. */
static error_t read_register(capability_t ports, uint8_t number, uint8_t *value_out) {
	uint64_t value;
	error_t error = ports_write(ports, CMOS_PORT_INDEX, 1, number);
	if (error == ERROR_OK) error = ports_read(ports, CMOS_PORT_DATA, 1, &value);
	if (error == ERROR_OK) *value_out = (uint8_t)value;
	return error;
}

/* The registers once over; busy if the clock changes them or is about to. */
static error_t read_registers(capability_t ports, struct rtc_registers *registers) {
	const struct {
		uint8_t number;
		uint8_t *value;
	} all[] = {
		{RTC_SECONDS, &registers->seconds},   {RTC_MINUTES, &registers->minutes},
		{RTC_HOURS, &registers->hours},       {RTC_DAY, &registers->day},
		{RTC_MONTH, &registers->month},       {RTC_YEAR, &registers->year},
		{RTC_STATUS_B, &registers->status_b},
	};
	uint8_t status;
	error_t error = read_register(ports, RTC_STATUS_A, &status);
	if (error == ERROR_OK && (status & RTC_A_UPDATE_IN_PROGRESS) && status != UINT8_MAX) error = ERROR_BUSY;
	for (size_t i = 0; error == ERROR_OK && i < sizeof all / sizeof all[0]; i++)
		error = read_register(ports, all[i].number, all[i].value);
	return error;
}

/* Twice the same: no change fell between two registers. */
error_t cmos_read_time(capability_t ports, int64_t *seconds) {
	struct rtc_registers first, second;
	error_t error = read_registers(ports, &first);
	if (error == ERROR_OK) error = read_registers(ports, &second);
	if (error == ERROR_OK && memcmp(&first, &second, sizeof first) != 0) error = ERROR_BUSY;
	if (error == ERROR_OK) error = rtc_decode(&first, seconds);
	return error;
}
