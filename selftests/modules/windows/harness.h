/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the two halves of the test module know of each other, in types that both have.
 */
#ifndef PTA_WINDOWS_HARNESS_H
#define PTA_WINDOWS_HARNESS_H

/* A test returns NULL, or what was not as it should be. */
typedef const char *pta_windows_test(void);

#define CHECK(expression) \
	do { \
		if (!(expression)) \
			return #expression; \
	} while (0)

/* --- what Linux does for the tests ----------------------------------------------- */

/* A thread of its own that runs @routine */
void *harness_start(void (*routine)(void *context), void *context);
void harness_join(void *thread);

/* Does such a thread sleep, waiting for an object? */
int harness_waits(void *thread);

/* Runs @routine in hard interrupt context, and returns when it has. */
void harness_in_hardirq(void (*routine)(void *context), void *context);

/* Runs @routine in an interrupt service routine of the port. 0 if it was called. */
int harness_in_isr(void (*routine)(void *context), void *context);

/* Linux' clock, in ms, and its calendar, in seconds since 1970 */
long long harness_ms(void);
long long harness_seconds(void);

/* --- the tests --------------------------------------------------------------------- */

/* event.c */
pta_windows_test notification_event, synchronization_event, set_event_wakes_all,
	set_event_wakes_one, relative_timeout, absolute_timeout, delay, clocks,
	event_set_by_dpc, wait_to_be_killed,
	semaphore, fast_mutex;
/* dpc.c */
pta_windows_test dpc_arguments, dpc_inserted_twice, dpc_removed, dpc_order,
	dpc_inserts_itself, dpc_from_hardirq, dpc_from_isr,
	flush_waits_for_all_dpcs, remove_waits_for_running_dpc;
/* timer.c */
pta_windows_test timer_is_waited_for, synchronization_timer, absolute_timer,
	timer_dpc, timer_cancelled, timer_set_again, periodic_timer,
	timer_cancelled_while_it_expires;
/* lock.c */
pta_windows_test irqls, irql_in_isr, lock_excludes_dpc, pool_under_lock,
	interlocked_lists;
/* memory.c */
pta_windows_test interlocked, lists, pool, blocks, strings, string_functions;
/* device.c */
pta_windows_test guids, device_life, device_dpc, error_log;
/* irp.c */
pta_windows_test irp_life, major_functions, irp_passes_two_drivers,
	completion_conditions, more_processing_required, request_buffers,
	request_that_fails, request_that_pends, cancel_before_and_after,
	cancel_races_with_completion, wait_for_killed_request;
/* debug.c */
pta_windows_test debug_print;

#endif /* PTA_WINDOWS_HARNESS_H */
