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

/* Runs @routine in hard interrupt context, and returns when it has. */
void harness_in_hardirq(void (*routine)(void *context), void *context);

/* Runs @routine in an interrupt service routine of the port. 0 if it was called. */
int harness_in_isr(void (*routine)(void *context), void *context);

/* Linux' clock, in ms, and its calendar, in seconds since 1970 */
long long harness_ms(void);
long long harness_seconds(void);

/* --- the tests --------------------------------------------------------------------- */

#define PTA_WINDOWS_TESTS(test) \
	test(notification_event) \
	test(synchronization_event) \
	test(set_event_wakes_all) \
	test(set_event_wakes_one) \
	test(relative_timeout) \
	test(absolute_timeout) \
	test(delay) \
	test(clocks) \
	test(event_set_by_dpc) \
	test(wait_to_be_killed) \
	test(wait_for_killed_request) \
	test(dpc_arguments) \
	test(dpc_inserted_twice) \
	test(dpc_removed) \
	test(dpc_order) \
	test(dpc_inserts_itself) \
	test(dpc_from_hardirq) \
	test(dpc_from_isr) \
	test(remove_waits_for_running_dpc) \
	test(timer_is_waited_for) \
	test(synchronization_timer) \
	test(absolute_timer) \
	test(timer_dpc) \
	test(timer_cancelled) \
	test(timer_set_again) \
	test(periodic_timer) \
	test(timer_cancelled_while_it_expires) \
	test(irqls) \
	test(irql_in_isr) \
	test(lock_excludes_dpc) \
	test(pool_under_lock) \
	test(interlocked) \
	test(lists) \
	test(pool) \
	test(blocks) \
	test(strings) \
	test(irp_life) \
	test(irp_passes_two_drivers) \
	test(completion_conditions) \
	test(more_processing_required) \
	test(request_buffers) \
	test(request_that_fails) \
	test(request_that_pends) \
	test(cancel_before_and_after) \
	test(cancel_races_with_completion) \
	test(debug_print)

#define DECLARE(name) pta_windows_test name;
PTA_WINDOWS_TESTS(DECLARE)
#undef DECLARE

#endif /* PTA_WINDOWS_HARNESS_H */
