// SPDX-License-Identifier: GPL-2.0
/*
 * Time: clocks, and waiting for no more than that it passes.
 */

#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/processor.h>
#include <linux/timekeeping.h>

#include "runtime.h"

#define UNITS_PER_SECOND	(NSEC_PER_SEC / PTA_WIN_UNIT_NS)
/* From the beginning of 1601, where Windows counts from, to that of 1970 */
#define SECONDS_BEFORE_1970	11644473600LL

LONGLONG pta_win_system_time(void)
{
	return div_s64(ktime_get_real_ns(), PTA_WIN_UNIT_NS) +
	       SECONDS_BEFORE_1970 * UNITS_PER_SECOND;
}
EXPORT_SYMBOL_NS_GPL(pta_win_system_time, "PARPORT_TRY_ALLOC");

/* Below zero: so long from now on; else: then. Being set meanwhile changes nothing. */
ktime_t pta_win_expiry(LONGLONG time)
{
	u64 units = time < 0 ? -(u64)time : max(0, time - pta_win_system_time());

	units = min_t(u64, units, KTIME_MAX / PTA_WIN_UNIT_NS);
	return ktime_add_safe(ktime_get(), ns_to_ktime(units * PTA_WIN_UNIT_NS));
}

/* An event that nobody knows of is not set. */
NTSTATUS pta_win_delay(KPROCESSOR_MODE mode, BOOLEAN alertable, PLARGE_INTEGER interval)
{
	NTSTATUS status;
	KEVENT never;

	pta_win_init_event(&never, NotificationEvent, FALSE);
	status = pta_win_wait(&never, mode, alertable, interval);
	return status == STATUS_TIMEOUT ? STATUS_SUCCESS : status;
}
EXPORT_SYMBOL_NS_GPL(pta_win_delay, "PARPORT_TRY_ALLOC");

/*
 * Drivers have their signals last this long: so it is measured. udelay() counts the
 * turns of a loop where the processor has no better clock, and may be wrong.
 */
void pta_win_stall(ULONG microseconds)
{
	u64 end = ktime_get_ns() + (u64)microseconds * NSEC_PER_USEC;

	while (ktime_get_ns() < end)
		cpu_relax();
}
EXPORT_SYMBOL_NS_GPL(pta_win_stall, "PARPORT_TRY_ALLOC");

/* Not jiffies, which fall behind while interrupts are off. */
LONGLONG pta_win_tick_count(void)
{
	return div_s64(ktime_get_ns(), TICK_NSEC);
}
EXPORT_SYMBOL_NS_GPL(pta_win_tick_count, "PARPORT_TRY_ALLOC");

ULONG pta_win_time_increment(void)
{
	return UNITS_PER_SECOND / HZ;
}
EXPORT_SYMBOL_NS_GPL(pta_win_time_increment, "PARPORT_TRY_ALLOC");

/*
 * 10 MHz, as Windows itself has it today: drivers multiply the counter by a million
 * and divide it by the frequency, which with nanoseconds would overflow soon.
 */
LARGE_INTEGER pta_win_performance_counter(PLARGE_INTEGER frequency)
{
	if (frequency)
		frequency->QuadPart = UNITS_PER_SECOND;
	return (LARGE_INTEGER) {
		.QuadPart = div_s64(ktime_get_ns(), PTA_WIN_UNIT_NS),
	};
}
EXPORT_SYMBOL_NS_GPL(pta_win_performance_counter, "PARPORT_TRY_ALLOC");
