#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Running a function in step with the port's routines.

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

# start_connecting CLIENT... - the same, able to connect
start_connecting() {
	need_interrupts
	allow_connect
	start "$@"
}

test_the_result_is_passed_through() {
	start a
	expect 0 synchronize a return 0
	expect 4711 synchronize a return 4711
	expect -7 synchronize a return -7
}

test_no_function_is_refused() {
	start a
	expect "$EINVAL" synchronize a NULL
}

test_it_works_in_every_context() {
	start a
	for context in process softirq hardirq; do
		expect 1 synchronize a irqs-off "$context"
	done
}

test_try_and_free_inside() {
	start a b
	expect 1 synchronize a try
	owned_by a
	expect 0 synchronize b try
	expect "$EPERM" synchronize b free
	expect 0 synchronize a free hardirq
	owned_by none
}

test_free_inside_hands_over() {
	start a b
	expect 1 try a
	expect 0 queue 0 b
	expect 0 synchronize a free
	await_answers 0:0
	owned_by b
}

test_free_inside_has_the_checks_called() {
	start_connecting a b
	expect 0 connect a mine note
	await 1 try b
	flush_worker
	pta checks
	expect 0 synchronize b free
	await_checks a
}

test_it_is_refused_inside_itself() {
	start a
	expect "$EDEADLK" synchronize a nested
	expect "$EDEADLK" synchronize a nested hardirq
}

test_it_is_refused_in_an_isr() {
	start_connecting a
	expect 0 connect a synchronize
	expect 3 strobe a 3
	settle
	pta get a isr
	expect "$RESULT" get a refused
}

test_connect_and_disconnect_are_refused_inside() {
	start_connecting a
	expect 0 connect a mine
	settle
	expect "$EDEADLK" synchronize a connect
	expect "$EDEADLK" synchronize a disconnect
	expect 1 strobe a 1
	sequence_is a
	expect 0 disconnect a
}

test_it_needs_no_ownership_and_no_connection() {
	start a b
	expect 1 try a
	expect 5 synchronize b return 5
}

# The function raises an interrupt itself and takes its time, on each processor:
# its ISR wants to run just then.
test_no_isr_runs_beside_it() {
	start_connecting a b
	expect 0 connect a step
	settle
	expect 0 synchronize b step 200
	settle
	expect 0 steps
	listen
	# shellcheck disable=SC2086 # words are wanted
	set -- $SAID
	[ "$1" -ge 200 ] || fail "$1 interrupts came"
	[ "$3" -ge 200 ] || fail "the function ran $3 times"
}

# Interrupts at once on all processors, which a line has one after the other
test_no_isr_runs_beside_an_isr() {
	start_connecting a
	expect 0 connect a step
	settle
	expect 0 synchronize a handlers 100
	settle
	expect 0 steps
	listen
	# shellcheck disable=SC2086 # words are wanted
	set -- $SAID
	[ "$1" -ge $((100 * $(nproc))) ] || fail "$1 interrupts came"
}

test_the_interrupt_time_is_taken_for_those_who_want_it() {
	start_connecting a b
	expect 0 connect a untimed
	settle
	expect 10 times a 10
	expect 0 connect b time
	settle
	expect 0 times a 10
	expect 0 disconnect b
	settle
	expect 10 times a 10
}

test_the_interrupt_time_is_the_time_of_the_interrupt() {
	start_connecting a
	expect 0 connect a time
	settle
	expect 0 times a 50
}

run_tests
