#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Interrupt service routines and deferred port checks, as a Windows class driver connects
# them. The numbers are explained in Documentation/conformance.rst.

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"
. "$DIR/windows_lib.sh"

CONNECTED='SUCCESS 32 filled=1'

# --- connect and disconnect ------------------------------------------------------------

test_T050_connect_is_refused_by_default() {
	unload pta_test "$MODULE"
	setup
	[ "$(cat "$PARAMETER")" = N ] || fail "connecting is allowed by default"
	ports a
	says 'UNSUCCESSFUL 0' connect a mine
	check_interrupt off
}

test_T051_disabled_is_reported_before_short_buffers() {
	ports a
	for mode in NULL short-in short-out; do
		says 'UNSUCCESSFUL 0' connect a "$mode"
	done
}

test_T053_every_way_to_say_yes_enables_connect() {
	ports a
	need_interrupts
	for yes in Y y 1 on; do
		forbid_connect
		says 'UNSUCCESSFUL 0' connect a mine
		echo "$yes" > "$PARAMETER"
		says "$CONNECTED" connect a mine
		says 'SUCCESS 0' disconnect a
	done
}

test_T054_a_short_buffer_is_too_small() {
	interrupts a
	says 'BUFFER_TOO_SMALL 0' connect a short-in
	says 'BUFFER_TOO_SMALL 0' connect a short-out
	says 'INVALID_PARAMETER 0' disconnect a
}

test_T055_connect_of_a_port_without_interrupt_is_not_supported() {
	allow_connect
	soft_port daisy=0
	ports a
	says 'NOT_SUPPORTED 0' connect a mine
	says 'INVALID_PARAMETER 0' disconnect a
}

# Neither the line, nor that the port may interrupt: to switch that on once more would raise
# an interrupt.
test_T057_the_second_connect_requests_nothing_more() {
	interrupts a b
	says "$CONNECTED" connect a mine
	await_interrupt on
	note_isrs
	users=$(line_users)
	echo "$users" | grep -qw "parport$PORT" || fail "the line is used by '$users'"
	before=$(count interrupts)
	says "$CONNECTED" connect b mine
	flush_worker
	says '' isrs
	[ "$(count interrupts)" = "$before" ] || fail "there was an interrupt"
	check_interrupt on
	[ "$(line_users)" = "$users" ] ||
		fail "the line is used by '$(line_users)', before by '$users'"
}

test_T058_the_interrupt_stays_until_the_last_disconnect() {
	interrupts a b
	says "$CONNECTED" connect a mine
	says "$CONNECTED" connect b mine
	await_interrupt on
	says 'SUCCESS 0' disconnect a
	flush_worker
	check_interrupt on
	says 'SUCCESS 0' disconnect b
	await_interrupt off
}

# taking DEVICE - its routine takes the port, if it is free, and keeps it: from the
# first interrupt on that is asked for
taking() {
	says "$CONNECTED" connect "$1" mine
	note_isrs
	say mode "$1" try
}

test_T059_what_is_connected_can_synchronize_try_and_free() {
	interrupts a
	taking a
	says '1 irqsoff' synchronize a
	says '1 hardirq' synchronize a hardirq
	say pulse a
	await_isrs a+
	owner_is pta_class
	say mode a free
	say pulse a
	await_isrs a
	owner_is none
}

test_T060_connect_while_another_client_owns() {
	interrupts a b
	says 1 call b try
	says "$CONNECTED" connect a mine
}

test_T061_disconnect_without_connection_is_invalid() {
	ports a
	says 'INVALID_PARAMETER 0' disconnect a
}

test_T062_disconnect_of_another_routine_or_context_is_invalid() {
	interrupts a
	says "$CONNECTED" connect a mine note
	note_isrs
	says 'INVALID_PARAMETER 0' disconnect a other-routine
	says 'INVALID_PARAMETER 0' disconnect a other-context
	say pulse a
	await_isrs a
	# The deferred port check is not compared.
	says 'SUCCESS 0' disconnect a
}

test_T062_the_same_routine_connected_twice_needs_two_disconnects() {
	interrupts a
	says "$CONNECTED" connect a pass
	says "$CONNECTED" connect a pass
	note_isrs
	say pulse a
	await_isrs aa
	says 'SUCCESS 0' disconnect a
	say pulse a
	await_isrs a
	says 'SUCCESS 0' disconnect a
	says 'INVALID_PARAMETER 0' disconnect a
}

test_T065_a_short_buffer_is_too_small_to_disconnect() {
	interrupts a
	says "$CONNECTED" connect a mine
	says 'BUFFER_TOO_SMALL 0' disconnect a short
	says 'SUCCESS 0' disconnect a
}

# It would wait for the port's worker, which is calling it.
test_a_completion_routine_may_not_connect_or_disconnect() {
	interrupts a b
	says "$CONNECTED" connect a mine
	for what in connect disconnect; do
		await_says 1 call a try
		say on 0 "$what" a
		says PENDING allocate 0 b
		say call a free
		await_done 0:SUCCESS a:INVALID_DEVICE_REQUEST
		say call b free
	done
	# Nothing has changed.
	says 'SUCCESS 0' disconnect a
	says 'INVALID_PARAMETER 0' disconnect a
}

test_T066_disconnect_while_connect_is_disabled() {
	interrupts a
	says "$CONNECTED" connect a mine
	forbid_connect
	says 'SUCCESS 0' disconnect a
}

# It is the owner's register.
test_T069_an_owners_interrupt_enable_is_left_alone() {
	interrupts a b
	says 1 call a try
	says "$CONNECTED" connect b mine
	flush_worker
	check_interrupt off
	say call a free
	await_interrupt on
	await_says 1 call a try
	says 'SUCCESS 0' disconnect b
	flush_worker
	check_interrupt on
	say call a free
	await_interrupt off
}

test_T070_connect_of_no_routine_is_invalid() {
	interrupts a
	says 'INVALID_PARAMETER 0' connect a NULL
	says 'INVALID_PARAMETER 0' disconnect a
}

# --- dispatch ----------------------------------------------------------------------------

test_T072_all_routines_are_called_in_order_of_connection() {
	interrupts a b c
	for device in c a b; do
		says "$CONNECTED" connect "$device" pass
	done
	note_isrs
	say pulse a
	await_isrs cab
}

test_T073_routines_after_one_that_handled_it_are_not_called() {
	interrupts a b c
	says "$CONNECTED" connect a pass
	says "$CONNECTED" connect b mine
	says "$CONNECTED" connect c pass
	note_isrs
	say pulse a
	await_isrs ab
}

test_T074_routines_are_called_while_nobody_owns() {
	interrupts a
	says "$CONNECTED" connect a mine
	note_isrs
	owner_is none
	say pulse a
	await_isrs a
}

test_T075_routines_of_others_are_called_while_a_client_owns() {
	interrupts a b
	says "$CONNECTED" connect a pass
	says "$CONNECTED" connect b mine
	note_isrs
	says 1 call a try
	say pulse a
	await_isrs ab
}

# stepped ISRS CHECKS SYNCHRONIZED - so many of each, and none beside another
stepped() {
	say steps
	# shellcheck disable=SC2086 # words are wanted
	set -- "$@" $OUTPUT
	[ "$4" = 0 ] || fail "$4 times somebody ran beside another"
	[ "$5" -ge "$1" ] && [ "$6" -ge "$2" ] && [ "$7" -ge "$3" ]
}

synchronize_until_stepped() {
	say synchronize a step 10
	stepped 50 0 50
}

test_T077_routines_run_alone_and_with_interrupts_off() {
	interrupts a
	says "$CONNECTED" connect a step
	note_isrs
	say pulse a
	await_isrs a
	wait_for synchronize_until_stepped || fail "the steps are only '$OUTPUT'"
}

# The owner switches the port's interrupt on by himself, and writing that once more raises
# an interrupt.
test_T079_nothing_of_ours_runs_before_a_connect() {
	need_interrupts
	ports a
	says 1 call a try
	says 'UNSUCCESSFUL 0' connect a mine
	allow_connect
	says 'BUFFER_TOO_SMALL 0' connect a short-in
	says 'BUFFER_TOO_SMALL 0' connect a short-out
	before=$(count interrupts)
	say pulse a
	say pulse a
	wait_for interrupts_since "$before" || fail "there was no interrupt"
	says '' isrs
	say call a free
	says "$CONNECTED" connect a mine
	note_isrs
	say pulse a
	await_isrs a
}

# --- at interrupt level --------------------------------------------------------------------

test_T080_try_in_a_routine_is_true_when_the_port_is_free() {
	interrupts a
	taking a
	windows_counter allocates
	allocates=$COUNTER
	say pulse a
	await_isrs a+
	windows_counter allocates
	[ "$COUNTER" = $((allocates + 1)) ] || fail "not counted"
}

test_T081_try_in_a_routine_is_false_when_the_port_is_owned() {
	interrupts a b
	says "$CONNECTED" connect a try-free
	note_isrs
	says 1 call b try
	say pulse a
	await_isrs a-
	says 0 call b waiters
}

test_T083_free_in_a_routine_frees_at_once() {
	interrupts a
	says "$CONNECTED" connect a try-free
	note_isrs
	say pulse a
	await_isrs a+
	owner_is none
}

test_T084_free_in_a_routine_is_counted_and_checks_are_called() {
	interrupts a
	says "$CONNECTED" connect a try-free note
	note_all
	windows_counter frees
	frees=$COUNTER
	say pulse a
	await_isrs a+A
	windows_counter frees
	[ "$COUNTER" = $((frees + 1)) ] || fail "not counted"
}

test_T085_free_in_a_routine_with_waiters_hands_over() {
	interrupts a b
	taking a
	say pulse a
	await_isrs a+
	says PENDING allocate 0 b
	say mode a free
	say pulse a
	await_isrs a
	await_done 0:SUCCESS
	says 'SUCCESS 0' ask b free
}

test_T087_a_handed_over_free_is_counted_as_one() {
	interrupts a b
	says "$CONNECTED" connect a free
	note_isrs
	await_says 1 call a try
	says PENDING allocate 0 b
	windows_counter allocates
	allocates=$COUNTER
	windows_counter frees
	frees=$COUNTER
	say pulse a
	await_isrs a
	await_done 0:SUCCESS
	windows_counters $((allocates + 1)) $((frees + 1))
}

test_T090_free_in_the_bottom_half_of_a_routine() {
	interrupts a
	taking a
	windows_counter frees
	frees=$COUNTER
	say pulse a
	await_isrs a+
	say call a free softirq
	owner_is none
	windows_counter frees
	[ "$COUNTER" = $((frees + 1)) ] || fail "not counted"
}

# --- deferred port checks -----------------------------------------------------------------

# checked - a and b have checks connected, and own nothing
checked() {
	interrupts a b c
	says "$CONNECTED" connect b pass note
	says "$CONNECTED" connect a pass "${1:-note}"
	says "$CONNECTED" connect c pass
	note_all
}

test_T091_checks_are_called_after_a_free_in_order_of_connection() {
	checked
	says 1 call a try
	say call a free
	await_isrs BA
}

test_T092_no_check_is_called_when_a_request_is_granted() {
	checked
	says 1 call a try
	says PENDING allocate 0 b
	say call a free
	await_done 0:SUCCESS
	flush_worker
	says '' isrs
}

test_T093_all_checks_are_called_though_one_takes_the_port() {
	checked take
	says 1 call a try
	say call a free
	await_isrs BA+
	owner_is pta_class
}

test_T094_no_check_is_skipped() {
	interrupts a b
	says "$CONNECTED" connect a pass
	says "$CONNECTED" connect b pass note
	note_all
	says 1 call a try
	say call a free
	await_isrs B
}

is_held() {
	[ "$(soft held)" != 0 ]
}

# While the worker counts devices it has the port, and who is refused then is told, too.
test_a_check_is_called_for_who_was_refused_by_the_worker() {
	[ "$(nproc)" -gt 1 ] || skip "one processor only"
	hold=/sys/module/pta_soft_port/parameters/hold
	allow_connect
	soft_port daisy=1 irq=99
	ports d
	expect 0 open a "$PORT"
	expect 0 open b "$PORT"
	expect 0 connect a mine note
	flush_worker
	pta checks
	echo Y > "$hold"
	background init sh -c "echo ask d init > $CLASS/command"
	wait_for is_held || fail "the worker does not count"
	expect 0 try b
	echo N > "$hold"
	wait "$PID" || fail "init: $(cat "$TMP/init")"
	await_checks a
}

test_T097_no_check_is_called_after_disconnect() {
	checked
	says 'SUCCESS 0' disconnect a
	says 1 call a try
	say call a free
	await_isrs B
}

free_until_stepped() {
	await_says 1 call b try
	say call b free
	flush_worker
	stepped 20 20 0
}

test_T098_no_routine_runs_beside_a_check() {
	interrupts a b
	says "$CONNECTED" connect a step step
	note_all
	wait_for free_until_stepped || fail "the steps are only '$OUTPUT'"
}

# --- everything at once --------------------------------------------------------------------

# stress MS - sets OWNED, INTERRUPTS and VISITS, how often there was one so far
stress() {
	say stress "#Device#ParallelPort$PORT" "$1"
	# shellcheck disable=SC2086 # words are wanted
	set -- $OUTPUT
	[ $# = 4 ] || fail "it ended with '$OUTPUT'"
	ktap_print_msg "owned $2 times, $3 interrupts, $4 of them visited"
	[ "$1" = 0 ] || fail "$1 times something was wrong"
	OWNED=$((OWNED + $2)) INTERRUPTS=$((INTERRUPTS + $3)) VISITS=$((VISITS + $4))
}

# stress_until OWNED INTERRUPTS VISITS - each of them was so often: a slow machine needs longer
stress_until() {
	OWNED=0 INTERRUPTS=0 VISITS=0
	rounds=0
	until [ "$OWNED" -ge "$1" ] && [ "$INTERRUPTS" -ge "$2" ] && [ "$VISITS" -ge "$3" ]; do
		[ "$rounds" -lt 1000 ] ||
			fail "owned $OWNED times, $INTERRUPTS interrupts, $VISITS visited"
		stress 1000
		rounds=$((rounds + 1))
	done
}

test_T148_never_two_owners_and_nobody_is_left() {
	interrupts a
	stress_until 500 50 0
	await_says 1 call a try
	says 0 call a waiters
	say call a free
	owner_is none
}

test_T149_as_many_frees_as_allocates() {
	interrupts a
	stress_until 500 0 0
	flush_worker
	windows_counters "$OWNED" "$OWNED"
}

test_T150_connect_and_disconnect_beside_interrupts_and_frees() {
	interrupts a
	stress_until 0 0 50
	# Everything is disconnected now.
	await_interrupt off
	says "$CONNECTED" connect a mine
	await_interrupt on
	note_isrs
	say pulse a
	await_isrs a
}

run_tests
