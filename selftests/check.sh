#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Deferred port checks: when they are called, and when not.

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"

# start CLIENT... - open them, able to connect
start() {
	need_interrupts
	allow_connect
	for client; do
		expect 0 open "$client" "$PORT"
	done
	await_active "$MODULE"
}

# take CLIENT - it owns the port, and no check is due any more
take() {
	await 1 try "$1"
	flush_worker
	pta checks
}

free_is_followed_by_one_check() {
	take b
	expect 0 free b "$1"
	await_checks a
	no_check
}

# called_after_free_in CONTEXT
called_after_free_in() {
	start a b
	expect 0 connect a mine note
	repeat 3 free_is_followed_by_one_check "$1"
}

test_called_after_a_free_in_process_context() {
	called_after_free_in process
}

test_called_after_a_free_in_softirq_context() {
	called_after_free_in softirq
}

test_called_after_a_free_in_hard_interrupt_context() {
	called_after_free_in hardirq
}

test_called_after_a_free_in_an_isr() {
	start a b
	expect 0 connect a free note
	settle
	take a
	expect 1 strobe a 1
	await_checks a
	no_check
}

test_called_after_a_close_that_freed() {
	start a b
	expect 0 connect a mine note
	take b
	expect 0 close b
	await_checks a
}

test_called_when_the_port_comes_back_from_a_linux_driver() {
	start a
	expect 0 connect a mine note
	flush_worker
	pta checks
	expect 0 rival "$PORT"
	no_check
	expect 0 rival off
	await_checks a
}

test_called_when_the_port_comes_back_from_ppdev() {
	start a
	expect 0 connect a mine note
	flush_worker
	pta checks
	ppdev "$PPDEV" claim release > /dev/null || fail "ppdev"
	await_checks a
}

test_not_called_by_connect_disconnect_or_cancel() {
	start a b c
	expect 0 connect a mine note
	expect 0 connect b mine note
	expect 0 disconnect b
	no_check
	take c
	expect 0 queue 0 b
	expect 1 cancel 0 b
	await_answers "0:$ECANCELED"
	no_check
}

test_not_called_while_those_who_wait_are_served() {
	start a b c d
	expect 0 connect a mine note
	take b
	expect 0 answer 0 free
	expect 0 queue 0 c
	expect 0 queue 1 d
	expect 0 free b
	await_answers 0:0 1:0
	no_check
	expect 0 free d
	await_checks a
	no_check
}

# The worker is busy with an answer when the port is freed, and by the time it
# comes to call the checks the port is taken again.
test_not_called_when_the_port_is_taken_again() {
	start a b c
	expect 0 connect a mine note
	take b
	expect 0 answer 0 slow
	expect 0 queue 0 c
	expect 0 free b
	await 1 answering
	expect 0 free c
	# Handed over to the worker, which is still answering
	expect 0 queue 1 b
	expect 0 hurry
	await_answers 0:0 1:0
	no_check
	owned_by b
}

test_all_are_called_though_one_takes_the_port() {
	start a b c d
	expect 0 connect b mine take
	expect 0 connect a mine take
	expect 0 connect c mine note
	take d
	expect 0 free d
	await_checks b+a-c
	owned_by b
	no_check
}

test_a_check_that_borrows_the_port_causes_no_further_round() {
	start a b c
	expect 0 connect a mine borrow
	expect 0 connect b mine borrow
	take c
	expect 0 free c
	await_checks a+b+
	no_check
	owned_by none
}

# Who was called before that in the same round has found the port taken.
test_a_free_beside_a_check_causes_a_further_round() {
	start a b
	pta connect a mine visited
	[ "$RESULT" != "$EOPNOTSUPP" ] || skip "one processor only"
	[ "$RESULT" = 0 ] || fail "'connect' returned $RESULT"
	settle
	take b
	expect 0 free b
	CHECKS=
	wait_for some_checks 2 || fail "not called"
	# By now the worker was called once more, if at all.
	flush_worker
	some_checks 3 || fail "checks were called as '$CHECKS', and no more"
	[ "$CHECKS" = a+a ] || fail "checks were called as '$CHECKS' and not as 'a+a'"
	no_check
	owned_by none
}

test_a_check_can_be_connected_to_one_of_two_equal_pairs() {
	start a b
	expect 0 connect a pass note
	expect 0 connect a pass
	take b
	expect 0 free b
	await_checks a
	no_check
	# The pair that was connected first goes first.
	expect 0 disconnect a
	take b
	expect 0 free b
	no_check
}

test_who_was_refused_in_the_isr_gets_the_port_in_the_check() {
	start a b
	expect 0 connect a try borrow
	settle
	take b
	pta get a false
	misses=$RESULT
	expect 1 strobe a 1
	pta get a false
	[ "$RESULT" -gt "$misses" ] || fail "the ISR was not refused"
	pta checks
	expect 0 free b
	await_checks a+
}

# free_beside_the_isr - and another interrupt is raised in the midst of the check
free_beside_the_isr() {
	await 1 try b
	pta get a isr
	calls=$RESULT
	expect 0 free b hardirq
	await_checks a
	wait_for called_since "$calls" || fail "the ISR was not called"
}

called_since() {
	pta get a isr
	[ "$RESULT" -gt "$1" ]
}

test_no_isr_runs_beside_a_check() {
	start a b
	expect 0 connect a step step
	settle
	take b
	expect 0 free b
	await_checks a
	repeat 30 free_beside_the_isr
	settle
	expect 0 steps
	listen
	# shellcheck disable=SC2086 # words are wanted
	set -- $SAID
	[ "$1" -ge 30 ] || fail "$1 interrupts came"
	[ "$2" = 31 ] || fail "the check ran $2 times"
}

test_what_waits_is_refused_in_a_check() {
	start a b
	expect 0 connect a mine call
	take b
	pta get a refused
	before=$RESULT
	expect 0 free b
	await_checks a
	# Connect, disconnect, synchronize and allocate
	expect $((before + 4)) get a refused
	owned_by none
	expect 0 disconnect a
	expect "$EINVAL" disconnect a
}

test_not_called_after_disconnect_while_frees_go_on() {
	start a b
	expect 0 connect a mine note
	expect 0 hammer b 200
	CHECKS=
	wait_for some_checks 3 || fail "never called"
	expect 0 disconnect a
	pta checks
	pta get b true
	wait_for more_true_than "$RESULT" || fail "b gets the port no more"
	expect 0 hammer b 0
	no_check
}

more_true_than() {
	pta get b true
	[ "$RESULT" -gt $(($1 + 20)) ]
}

run_tests
