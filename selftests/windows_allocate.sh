#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Allocate, try, free, waiters, cancel and close: what Windows' port driver
# promises its class drivers, statement by statement. The numbers are explained
# in Documentation/conformance.rst.

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"

# start CLIENT...
start() {
	for client; do
		expect 0 open "$client" "$PORT"
	done
	await_active "$MODULE"
}

# start_owners CLIENT... - beside a, which was told where the registers are, and g, which
# was not: what they free goes two ways
OWNERS="a g"
start_owners() {
	start a "$@"
	expect 0 open g "$PORT" BLIND
}

# --- allocate -----------------------------------------------------------------

test_T001_a_new_port_is_free() {
	start a
	owned_by none
	counts_are 0 0
	expect 0 waiters a
	[ "$(count lent_to)" = none ] || fail "lent to $(count lent_to)"
}

test_T002_allocate_of_a_free_port_succeeds_at_once() {
	start a b
	expect 0 allocate a 0
	owned_by a
	expect 0 try b
}

test_T003_allocate_is_counted() {
	start a
	expect 0 allocate a max
	counts_are 1 0
}

test_T004_allocate_of_an_owned_port_does_not_complete() {
	start a b c
	expect 1 try a
	expect 0 queue 0 b
	wait_in_task c max
	await 2 waiters a
	no_answer
	kill -s 0 "$PID" || fail "the task did not wait"
	owned_by a
}

test_T005_a_request_that_waits_is_no_allocation() {
	start a b c
	expect 1 try a
	expect 0 queue 0 b
	wait_in_task c max
	await 2 waiters a
	flush_worker
	counts_are 1 0
}

test_T006_the_first_who_waits_is_granted() {
	start a b c
	expect 1 try a
	expect 0 queue 0 b
	expect 0 queue 1 c
	expect 0 free a
	await_answers 0:0
	owned_by b
	expect 0 try c
	no_answer
}

test_T007_then_the_second_is_granted() {
	start a b c
	expect 1 try a
	expect 0 queue 0 b
	expect 0 queue 1 c
	expect 0 free a
	await_answers 0:0
	expect 0 free b
	await_answers 1:0
	owned_by c
}

test_T008_every_allocate_and_free_is_counted() {
	start a b c d
	expect 1 try a
	for request in 0b 1c 2d; do
		expect 0 answer "${request%?}" free
		expect 0 queue "${request%?}" "${request#?}"
	done
	expect 0 free a
	await_answers 0:0 1:0 2:0
	flush_worker
	counts_are 4 4
}

test_T009_an_owner_that_allocates_waits_for_itself() {
	start a
	expect 1 try a
	expect 0 queue 0 a
	no_answer
	expect 1 waiters a
	expect 0 free a
	await_answers 0:0
	owned_by a
	# The same asleep
	wait_in_task a max
	await 1 waiters a
	no_answer
	expect 0 free a
	await_answers a:0
	owned_by a
}

# Also when the port's watch has looked, which is all that happens to those who wait.
test_T010_a_waiter_waits_without_a_limit() {
	warn_after 100
	start a b c
	expect 1 try a
	expect 0 queue 0 b
	wait_in_task c max
	await 2 waiters a
	wait_for holder_is_logged "pta_test a" || fail "nobody has looked how long a has it"
	no_answer
	expect 2 waiters a
	expect 0 free a
	await_answers 0:0
	expect 0 free b
	await_answers c:0
}

# The request is cancelled before it arrives because its client is being closed.
test_T011_a_request_that_comes_cancelled_changes_nothing() {
	start a b
	expect 1 try a
	expect 0 answer 0 again
	expect 0 queue 0 b
	expect 0 close b
	await_answers "0:$ECANCELED" "0=$ESHUTDOWN"
	expect 0 waiters a
	counts_are 1 0
	expect 0 free a
	# Somebody had waited, so a worker has it for a moment.
	await 1 try a
}

test_T014_arrival_order_holds_across_all_ways_to_wait() {
	start a b c d e
	expect 1 try a
	wait_in_task b max
	await 1 waiters a
	expect 0 queue 1 c
	wait_in_task d max
	await 3 waiters a
	expect 0 queue 3 e hardirq
	expect 0 free a
	await_answers b:0
	expect 0 free b
	await_answers 1:0
	expect 0 free c
	await_answers d:0
	expect 0 free d
	await_answers 3:0
}

test_T015_a_time_limit_ends_in_cancelled_or_in_a_grant() {
	start a b
	expect 1 try a
	expect "$ETIMEDOUT" allocate b 25
	listen
	[ "$SAID" -ge 25 ] || fail "the limit of 25 was over after $SAID jiffies"
	expect 0 waiters a
	wait_in_task b 1000000
	await 1 waiters a
	expect 0 free a
	await_answers b:0
	expect 0 free b
	await 1 try a
	expect 0 queue 0 b
	expect 1 cancel 0 b
	await_answers "0:$ECANCELED"
	expect 0 queue 0 b
	expect 0 free a
	await_answers 0:0
	# Too late: the grant came first.
	expect 0 cancel 0 b
	no_answer
	owned_by b
}

# --- try_allocate -------------------------------------------------------------

test_T016_try_of_a_free_port_is_true() {
	start a
	expect 1 try a
	owned_by a
}

test_T017_try_of_an_owned_port_is_false() {
	start a b
	expect 1 try a
	expect 0 try b
	owned_by a
}

test_T018_false_queues_nothing() {
	start a b
	expect 1 try a
	expect 0 try b
	expect 0 waiters a
	expect 0 free a
	flush_worker
	owned_by none
}

test_T020_true_is_counted_and_false_is_not() {
	start a b
	expect 1 try a
	counts_are 1 0
	expect 0 try b
	counts_are 1 0
}

test_T021_try_of_the_owner_is_false() {
	start a
	expect 1 try a
	expect 0 try a
	owned_by a
}

test_T022_try_works_in_softirq_context() {
	start a b
	expect 1 try a softirq
	expect 0 try b softirq
	owned_by a
}

# --- free -----------------------------------------------------------------------

test_T024_free_without_waiters_makes_the_port_free() {
	start_owners b
	for owner in $OWNERS; do
		expect 1 try "$owner"
		expect 1 swap "$owner" b
		owned_by b
		expect 0 free b
	done
}

test_T025_free_is_counted() {
	start_owners
	freed=0
	for owner in $OWNERS $OWNERS; do
		expect 1 try "$owner"
		expect 0 free "$owner"
		freed=$((freed + 1))
		counts_are "$freed" "$freed"
	done
}

test_T026_free_with_waiters_never_leaves_the_port_free() {
	start_owners b c
	for owner in $OWNERS; do
		await 1 try "$owner"
		expect 0 queue 0 b
		# Tried in the very interrupt that freed it
		expect 0 swap "$owner" c hardirq
		await_answers 0:0
		owned_by b
		expect 0 try c
		expect 0 free b
	done
}

test_T028_free_after_all_waiters_were_cancelled() {
	start a b c
	expect 1 try a
	expect 0 queue 0 b
	expect 0 queue 1 c
	expect 1 cancel 0 b
	expect 1 cancel 1 c
	await_answers "0:$ECANCELED" "1:$ECANCELED"
	expect 0 free a
	await 1 try c
}

test_T029_free_succeeds() {
	start a
	expect 1 try a
	expect 0 free a
}

test_T030_free_does_the_same_from_everywhere() {
	start a
	freed=0
	for context in process softirq hardirq; do
		expect 1 try a
		expect 0 free a "$context"
		freed=$((freed + 1))
		owned_by none
		counts_are "$freed" "$freed"
	done
}

test_T031_a_surplus_free_is_refused() {
	start a b
	expect 1 try a
	expect 0 free a
	expect "$EPERM" free a
	log_says 'pta_test a freed the port without owning it' ||
		fail "no warning"
	counts_are 1 1
	owned_by none
	expect 1 try b
	expect 0 free b
	expect 0 allocate b 0
}

test_T032_a_foreign_free_is_refused() {
	start a b
	expect 1 try a
	expect "$EPERM" free b
	owned_by a
	counts_are 1 0
	[ "$(count refused_frees)" = 1 ] ||
		fail "$(count refused_frees) refused frees"
}

# free_in CONTEXT - with nobody waiting, and with somebody
free_in() {
	for owner in $OWNERS; do
		await 1 try "$owner"
		expect 0 free "$owner" "$1"
		owned_by none
		expect 1 try "$owner"
		expect 0 queue 0 b
		expect 0 free "$owner" "$1"
		await_answers 0:0
		owned_by b
		expect 0 free b
	done
}

test_T033_free_works_in_atomic_context() {
	start_owners b
	free_in softirq
	free_in hardirq
}

one_grant() {
	expect 1 try a
	expect 0 queue 0 b
	expect 0 free a
	await_answers 0:0
	no_answer
	expect 0 free b
	no_answer
}

test_T034_a_grant_is_told_exactly_once() {
	start a b
	repeat 5 one_grant
}

# --- waiters ------------------------------------------------------------------

test_T036_nobody_waits_for_a_free_port() {
	start a
	expect 0 waiters a
}

test_T037_nobody_waits_for_an_owned_port() {
	start a
	expect 1 try a
	expect 0 waiters a
}

test_T038_every_request_in_line_is_a_waiter() {
	start a b c
	expect 1 try a
	expect 0 queue 0 b
	expect 1 waiters a
	expect 0 queue 1 b
	expect 2 waiters b
	wait_in_task c max
	await 3 waiters a
	[ "$(count waiters)" = 3 ] || fail "debugfs says $(count waiters)"
}

test_T039_a_failed_try_is_no_waiter() {
	start a b c
	expect 1 try a
	expect 0 queue 0 b
	expect 0 try c
	expect 1 waiters a
}

test_T041_a_grant_makes_one_waiter_less() {
	start a b
	expect 1 try a
	expect 0 queue 0 b
	expect 0 queue 1 b
	expect 2 waiters a
	expect 0 free a
	await_answers 0:0
	expect 1 waiters a
}

# --- cancel and close ---------------------------------------------------------

test_T042_cancel_keeps_order() {
	start a b c d
	expect 1 try a
	expect 0 queue 0 b
	expect 0 queue 1 c
	expect 0 queue 2 d
	expect 1 cancel 1 c
	await_answers "1:$ECANCELED"
	expect 0 free a
	await_answers 0:0
	expect 0 free b
	await_answers 2:0
}

test_T043_after_cancel_of_the_only_waiter_a_free_frees() {
	start a b
	expect 1 try a
	expect 0 queue 0 b
	expect 1 cancel 0 b
	await_answers "0:$ECANCELED"
	expect 0 free a
	await 1 try b
}

test_T045_cancel_counts_nothing_and_calls_no_check() {
	need_interrupts
	start a b c
	allow_connect
	expect 0 connect a mine note
	await 1 try b
	expect 0 queue 0 c
	flush_worker
	pta checks
	before="$(count allocates) $(count frees)"
	expect 1 cancel 0 c
	await_answers "0:$ECANCELED"
	no_check
	[ "$(count allocates) $(count frees)" = "$before" ] ||
		fail "the counters moved"
}

test_T046_close_cancels_the_requests_of_its_client_only() {
	start a b c d
	expect 1 try a
	expect 0 queue 0 b
	expect 0 queue 1 c
	expect 0 close d
	no_answer
	expect 2 waiters a
	expect 0 close b
	await_answers "0:$ECANCELED"
	expect 1 waiters a
	expect 0 free a
	await_answers 1:0
}

test_T047_close_of_the_owner_grants_the_next_waiter() {
	start a b
	expect 1 try a
	expect 0 queue 0 b
	expect 0 close a
	await_answers 0:0
	owned_by b
}

run_tests
