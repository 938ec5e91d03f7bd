#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Allocate, try, free, waiters, cancel and close, as a Windows class driver asks for
# them. The numbers are explained in Documentation/conformance.rst.

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"
. "$DIR/windows_lib.sh"

REFUSED='freed the port without owning it'

# --- allocate -----------------------------------------------------------------

test_T001_a_new_port_is_free() {
	ports a
	owner_is none
	windows_counters 0 0
	says 0 call a waiters
}

test_T002_allocate_of_a_free_port_succeeds_at_once() {
	ports a b
	says SUCCESS allocate 0 a
	await_done 0:SUCCESS
	owner_is pta_class
	says 0 call b try
}

test_T003_allocate_is_counted() {
	ports a
	says SUCCESS allocate 0 a
	windows_counters 1 0
}

test_T004_allocate_of_an_owned_port_pends() {
	ports a b
	says SUCCESS allocate 0 a
	await_done 0:SUCCESS
	says PENDING allocate 1 b
	none_done
	says 1 call a waiters
}

test_T005_a_request_that_waits_is_no_allocation() {
	ports a b
	says 1 call a try
	says PENDING allocate 0 b
	flush_worker
	windows_counters 1 0
}

test_T006_the_first_who_waits_is_granted() {
	ports a b c
	says 1 call a try
	says PENDING allocate 0 b
	says PENDING allocate 1 c
	say call a free
	await_done 0:SUCCESS
	none_done
	says 'SUCCESS 0' ask b free
}

test_T007_then_the_second_is_granted() {
	ports a b c
	says 1 call a try
	says PENDING allocate 0 b
	says PENDING allocate 1 c
	say call a free
	await_done 0:SUCCESS
	say call b free
	await_done 1:SUCCESS
	says 'ACCESS_DENIED 0' ask b free
	says 'SUCCESS 0' ask c free
}

test_T008_every_allocate_and_free_is_counted() {
	ports a b c d
	says 1 call a try
	for request in 0b 1c 2d; do
		say on "${request%?}" free "${request#?}"
		says PENDING allocate "${request%?}" "${request#?}"
	done
	say call a free
	await_done 0:SUCCESS 1:SUCCESS 2:SUCCESS
	flush_worker
	windows_counters 4 4
}

test_T009_an_owner_that_allocates_waits_for_itself() {
	ports a
	says SUCCESS allocate 0 a
	says PENDING allocate 1 a
	await_done 0:SUCCESS
	none_done
	says 1 call a waiters
	say call a free
	await_done 1:SUCCESS
	says 'SUCCESS 0' ask a free
}

# As long as a test can take; nothing in the module measures it.
# Also when the port's watch has looked, which is all that happens to one who waits.
test_T010_a_waiter_waits_without_a_limit() {
	warn_after 100
	ports a b
	says 1 call a try
	says PENDING allocate 0 b
	wait_for holder_is_logged pta_class || fail "nobody has looked how long a has it"
	none_done
	says 1 call a waiters
	say call a free
	await_done 0:SUCCESS
}

test_T011_a_request_that_comes_cancelled_changes_nothing() {
	ports a b
	says CANCELLED allocate 0 a cancelled
	await_done 0:CANCELLED
	owner_is none
	says 1 call a try
	says CANCELLED allocate 0 b cancelled
	await_done 0:CANCELLED
	says 0 call a waiters
	windows_counters 1 0
}

# That it is 0 is looked at by await_done, in all tests.
test_T012_allocate_returns_no_bytes() {
	ports a b
	says SUCCESS allocate 0 a
	says PENDING allocate 1 b
	says 1 cancel 1
	await_done 0:SUCCESS 1:CANCELLED
}

test_T014_arrival_order_holds_across_kinds_of_requests() {
	ports a b c d
	says 1 call a try
	says PENDING allocate 0 b
	says PENDING select 1 c 4 0
	says PENDING allocate 2 d
	say call a free
	await_done 0:SUCCESS
	say call b free
	await_done 1:SUCCESS
	say call c free
	await_done 2:SUCCESS
}

test_T015_a_cancel_ends_in_cancelled_or_comes_after_a_grant() {
	ports a b
	says 1 call a try
	says PENDING allocate 0 b
	says 1 cancel 0
	await_done 0:CANCELLED
	says PENDING allocate 0 b
	say call a free
	await_done 0:SUCCESS
	none_done
}

# Whatever comes first, there is one answer, and the port is where it says.
test_T015_cancels_that_race_with_grants_have_one_outcome() {
	ports a b
	for _ in $(seq 50); do
		says 1 call a try
		says PENDING allocate 0 b
		say call a free hardirq
		# It may be answered by now, and is no request then.
		echo "cancel 0" > "$CLASS/command" 2> /dev/null || :
		DONE=
		wait_for some_done 1 || fail "not answered"
		case $DONE in
		0:SUCCESS:*) says 'SUCCESS 0' ask b free ;;
		0:CANCELLED:*) says 'ACCESS_DENIED 0' ask b free ;;
		*) fail "it ended as '$DONE'" ;;
		esac
		none_done
		owner_is none
	done
}

test_a_request_may_be_sent_again_by_its_completion_routine() {
	ports a b
	says 1 call a try
	say on 0 again
	says PENDING allocate 0 b
	say call a free
	await_done 0:SUCCESS
	says 1 call b waiters
	say call b free
	await_done 0:SUCCESS
}

test_a_request_may_be_sent_in_softirq_context() {
	ports a b
	says 1 call a try
	says PENDING allocate 0 b softirq
	say call a free softirq
	await_done 0:SUCCESS
	say call b free
	says SUCCESS allocate 0 b softirq
}

test_completion_routines_run_in_process_context() {
	ports a b
	says 1 call a try
	says PENDING allocate 0 b
	say call a free
	DONE=
	wait_for some_done 1 || fail "not granted"
	is_like "$DONE" '0:SUCCESS:0:process' || fail "it ended as '$DONE'"
}

# --- try, free, waiters -----------------------------------------------------------

test_T016_try_of_a_free_port_is_true() {
	ports a
	says 1 call a try
	owner_is pta_class
}

test_T017_try_of_an_owned_port_is_false() {
	ports a b
	says 1 call a try
	says 0 call b try
}

test_T018_false_queues_nothing() {
	ports a b
	says 1 call a try
	says 0 call b try
	says 0 call a waiters
	say call a free
	flush_worker
	owner_is none
}

test_T020_true_is_counted_and_false_is_not() {
	ports a b
	says 1 call a try
	says 0 call b try
	windows_counters 1 0
}

test_T021_try_of_the_owner_is_false() {
	ports a
	says 1 call a try
	says 0 call a try
}

test_T022_try_works_in_atomic_context() {
	ports a
	for context in softirq hardirq; do
		says 1 call a try "$context"
		say call a free "$context"
	done
	windows_counters 2 2
}

test_T024_free_without_waiters_makes_the_port_free() {
	ports a b
	says 1 call a try
	say call a free
	says 1 call b try
}

test_T025_free_is_counted() {
	ports a
	says 1 call a try
	say call a free
	windows_counters 1 1
}

test_T026_free_with_waiters_never_leaves_the_port_free() {
	ports a b c
	says 1 call a try
	says PENDING allocate 0 b
	say call a free
	says 0 call c try
	await_done 0:SUCCESS
	says 0 call c try
}

test_T028_free_after_all_waiters_were_cancelled() {
	ports a b c
	says 1 call a try
	says PENDING allocate 0 b
	says PENDING allocate 1 c
	says 1 cancel 0
	says 1 cancel 1
	await_done 0:CANCELLED 1:CANCELLED
	say call a free
	flush_worker
	owner_is none
}

test_T029_a_free_request_succeeds_without_bytes() {
	ports a
	says 1 call a try
	says 'SUCCESS 0' ask a free
	owner_is none
}

test_T030_free_request_and_callback_do_the_same() {
	ports a
	says 1 call a try
	says 'SUCCESS 0' ask a free
	owner_is none
	windows_counters 1 1
	says 1 call a try
	say call a free
	owner_is none
	windows_counters 2 2
}

test_T031_a_surplus_free_is_refused() {
	ports a
	say call a free
	says 'ACCESS_DENIED 0' ask a free
	log_says "$REFUSED" || fail "not in the log"
	windows_counters 0 0
	says 1 call a try
}

test_T032_a_foreign_free_is_refused() {
	ports a b
	says 1 call a try
	say call b free
	says 'ACCESS_DENIED 0' ask b free
	log_says "$REFUSED" || fail "not in the log"
	owner_is pta_class
	says 'SUCCESS 0' ask a free
}

test_T033_free_works_in_atomic_context() {
	ports a b
	for context in softirq hardirq; do
		says 1 call a try
		says PENDING allocate 0 b
		say call a free "$context"
		await_done 0:SUCCESS
		say call b free "$context"
	done
}

test_T034_a_grant_is_told_exactly_once() {
	ports a b
	says 1 call a try
	says PENDING allocate 0 b
	say call a free
	await_done 0:SUCCESS
	say call b free
	none_done
}

test_T036_nobody_waits_for_a_free_port() {
	ports a
	says 0 call a waiters
}

test_T037_nobody_waits_for_an_owned_port() {
	ports a b
	says 1 call a try
	says 0 call b waiters
}

test_T038_every_request_in_line_is_a_waiter() {
	ports a b c
	says 1 call a try
	says PENDING allocate 0 b
	says PENDING select 1 c 4 0
	says PENDING allocate 2 b
	says 3 call a waiters
	says 3 call a waiters hardirq
}

test_T039_a_failed_try_is_no_waiter() {
	ports a b
	says 1 call a try
	says PENDING allocate 0 b
	says 0 call b try
	says 1 call a waiters
}

test_T041_a_grant_makes_one_waiter_less() {
	ports a b c
	says 1 call a try
	says PENDING allocate 0 b
	says PENDING allocate 1 c
	say call a free
	await_done 0:SUCCESS
	says 1 call a waiters
}

# --- cancel, close ----------------------------------------------------------------

test_T042_cancel_keeps_order() {
	ports a b c d
	says 1 call a try
	says PENDING allocate 0 b
	says PENDING allocate 1 c
	says PENDING allocate 2 d
	says 1 cancel 1
	await_done 1:CANCELLED
	say call a free
	await_done 0:SUCCESS
	say call b free
	await_done 2:SUCCESS
}

test_T043_after_cancel_of_the_only_waiter_a_free_frees() {
	ports a b
	says 1 call a try
	says PENDING allocate 0 b
	says 1 cancel 0
	say call a free
	await_done 0:CANCELLED
	# Somebody had waited, so a worker has it for a moment.
	await_says 1 call b try
}

test_T045_cancel_counts_nothing() {
	ports a b
	says 1 call a try
	says PENDING allocate 0 b
	says 1 cancel 0
	await_done 0:CANCELLED
	windows_counters 1 0
}

test_T046_close_cancels_the_requests_of_its_client_only() {
	ports a b c
	says 1 call a try
	says PENDING allocate 0 b
	says PENDING allocate 1 c
	say close b
	await_done 0:CANCELLED
	says 1 call a waiters
	say call a free
	await_done 1:SUCCESS
}

test_T046_cleanup_cancels_the_requests_of_its_client_only() {
	ports a b c
	says 1 call a try
	says PENDING allocate 0 b
	says PENDING allocate 1 c
	says PENDING allocate 2 b
	says 'SUCCESS 0' major b cleanup
	await_done 0:CANCELLED 2:CANCELLED
	says 1 call a waiters
	say call a free
	await_done 1:SUCCESS
}

test_T047_close_of_the_owner_grants_the_next_waiter() {
	ports a b
	says 1 call a try
	says PENDING allocate 0 b
	say close a
	await_done 0:SUCCESS
	says 'SUCCESS 0' ask b free
}

# It would wait for the port's worker, which is calling it.
test_a_completion_routine_may_not_send_a_cleanup() {
	ports a b c
	says 1 call a try
	say on 0 cleanup c
	says PENDING allocate 0 b
	says PENDING allocate 1 c
	say call a free
	await_done 0:SUCCESS c:INVALID_DEVICE_REQUEST
	# Nothing was cancelled.
	say call b free
	await_done 1:SUCCESS
}

test_close_in_a_completion_routine() {
	ports a b c
	says 1 call a try
	say on 0 close b
	says PENDING allocate 0 b
	says PENDING allocate 1 c
	say call a free
	await_done 0:SUCCESS 1:SUCCESS
}

run_tests
