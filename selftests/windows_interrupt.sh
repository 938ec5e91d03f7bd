#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Interrupts and deferred port checks: what Windows' port driver promises its
# class drivers, statement by statement. The numbers are explained in
# Documentation/conformance.rst.

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

# note_counter CLIENT COUNTER; later: rose_by CLIENT COUNTER HOW_MUCH
note_counter() {
	pta get "$1" "$2"
	eval "noted_$1_$2=$RESULT"
}

rose_by() {
	expect $(($(noted "$1" "$2") + $3)) get "$1" "$2"
}

noted() {
	eval "echo \$noted_$1_$2"
}

# await_rise - the same for what may take a moment
await_rise() {
	await $(($(noted "$1" "$2") + $3)) get "$1" "$2"
}

# --- connect and disconnect ---------------------------------------------------

test_T050_connect_is_refused_by_default() {
	unload pta_test "$MODULE"
	setup
	[ "$(cat "$PARAMETER")" = N ] || fail "connecting is allowed by default"
	expect 0 open a "$PORT"
	expect "$EACCES" connect a mine
	flush_worker
	check_interrupt off
}

test_T051_disabled_is_reported_before_bad_arguments() {
	expect 0 open a "$PORT"
	expect "$EACCES" connect a NULL
	expect "$EACCES" connect a no-routine
}

test_T053_every_way_to_say_yes_enables_connect() {
	start a
	for yes in Y y 1 on; do
		forbid_connect
		expect "$EACCES" connect a mine
		echo "$yes" > "$PARAMETER"
		expect 0 connect a mine
	done
}

test_T055_connect_of_a_port_without_interrupt_is_not_supported() {
	lose_interrupt
	expect 0 open a 0
	await_active "$MODULE"
	allow_connect
	expect "$EOPNOTSUPP" connect a mine
	expect "$EINVAL" disconnect a
}

# The line itself is parport's for as long as the port is there. Nor is the interrupt
# switched on once more: that would raise one.
test_T057_the_second_connect_requests_nothing_more() {
	start a b
	expect 0 connect a mine
	await_interrupt on
	settle
	users=$(line_users)
	echo "$users" | grep -qw "parport$PORT" || fail "the line is used by '$users'"
	before=$(count interrupts)
	expect 0 connect b mine
	flush_worker
	settle
	check_interrupt on
	[ "$(line_users)" = "$users" ] ||
		fail "the line is used by '$(line_users)', before by '$users'"
	[ "$(count interrupts)" = "$before" ] || fail "there was an interrupt"
}

test_T058_the_interrupt_stays_until_the_last_disconnect() {
	start a b
	expect 0 connect a mine
	await_interrupt on
	expect 0 connect b mine
	expect 0 disconnect a
	flush_worker
	check_interrupt on
	expect 0 disconnect b
	await_interrupt off
}

test_T059_what_is_connected_can_synchronize_try_and_free() {
	start a
	expect 0 connect a free-try
	settle
	await 1 synchronize a try
	note_counter a freed
	expect 1 strobe a 1
	rose_by a freed 1
	owned_by a
	expect 0 synchronize a free
}

test_T060_connect_while_another_client_owns() {
	start a b
	expect 1 try b
	expect 0 connect a mine
	owned_by b
}

test_T061_disconnect_without_connection_is_invalid() {
	start a
	expect "$EINVAL" disconnect a
}

test_T062_disconnect_of_another_routine_or_context_is_invalid() {
	start a b
	expect 0 connect a mine
	settle
	expect "$EINVAL" disconnect a other-routine
	expect "$EINVAL" disconnect a other-context
	expect "$EINVAL" disconnect b
	# Nor by another client
	expect "$EINVAL" disconnect b a
	expect 1 strobe a 1
	expect 0 disconnect a
}

test_T066_disconnect_while_connect_is_disabled() {
	start a
	expect 0 connect a mine
	forbid_connect
	expect 0 disconnect a
	await_interrupt off
}

# It is the owner's register.
test_T069_an_owners_interrupt_enable_is_left_alone() {
	start a b
	await 1 try a
	expect 0 connect b mine
	flush_worker
	check_interrupt off
	expect 0 free a
	await_interrupt on
	await 1 try a
	expect 0 disconnect b
	flush_worker
	check_interrupt on
	expect 0 free a
	await_interrupt off
}

test_T070_connect_of_no_routine_is_invalid() {
	start a
	expect "$EINVAL" connect a no-routine
	expect "$EINVAL" connect a NULL
	expect "$EINVAL" disconnect a
}

# --- dispatch -----------------------------------------------------------------

test_T072_all_routines_are_called_in_order_of_connection() {
	start a b c
	expect 0 connect c pass
	expect 0 connect a pass
	expect 0 connect b pass
	settle
	unhandled=$(count unhandled)
	expect 1 strobe b 1
	sequence_is cab
	[ "$(count unhandled)" -gt "$unhandled" ] ||
		fail "nobody handled it, but $(count unhandled) are unhandled"
}

test_T073_routines_after_one_that_handled_it_are_not_called() {
	start a b c
	expect 0 connect a pass
	expect 0 connect b mine
	expect 0 connect c pass
	settle
	unhandled=$(count unhandled)
	expect 1 strobe b 1
	sequence_is ab
	[ "$(count unhandled)" = "$unhandled" ] ||
		fail "b handled it, but it counts as unhandled"
}

test_T074_routines_are_called_while_nobody_owns() {
	start a
	expect 0 connect a mine
	settle
	owned_by none
	expect 3 strobe a 3
}

test_T075_routines_of_others_are_called_while_a_client_owns() {
	start a b
	expect 0 connect b mine
	settle
	await 1 try a
	expect 3 strobe b 3
	owned_by a
}

test_T077_routines_run_alone_and_with_interrupts_off() {
	start a b
	expect 0 connect a step
	expect 1 strobe a 1
	expect 0 synchronize a step 50
	expect 0 synchronize a handlers 50
	settle
	expect 0 steps
	listen
	# shellcheck disable=SC2086 # words are wanted
	set -- $SAID
	[ "$1" -ge 101 ] || fail "only $1 routines have run"
	pta get a isr
	expect "$RESULT" get a irqsoff
}

# The interrupt is switched on by the owner itself, and the second write to the
# control register raises one.
test_T079_nothing_of_ours_runs_before_a_connect() {
	start a
	forbid_connect
	expect "$EACCES" connect a mine note
	allow_connect
	expect "$EINVAL" connect a no-routine
	await 1 try a
	before=$(count interrupts)
	unhandled=$(count unhandled)
	expect 0 leave a interrupt
	expect 0 leave a interrupt
	wait_for interrupts_since "$before" || fail "there was no interrupt"
	pta read a status
	expect 0 settle "$PORT"
	sequence_is ""
	[ $(($(count unhandled) - unhandled)) = $(($(count interrupts) - before)) ] ||
		fail "somebody has handled one"
	expect 0 free a
	no_check
	expect 0 connect a mine
	settle
	expect 1 strobe a 1
	sequence_is a
}

# --- try_allocate and free in a routine ---------------------------------------

test_T080_try_in_a_routine_is_true_when_the_port_is_free() {
	start a
	expect 0 connect a try
	settle
	allocates=$(count allocates)
	note_counter a true
	note_counter a freed
	expect 5 strobe a 5
	rose_by a true 5
	# It was its own, or it could not free it.
	rose_by a freed 5
	[ "$(count allocates)" = $((allocates + 5)) ] ||
		fail "$(count allocates) allocates after $allocates"
}

test_T081_try_in_a_routine_is_false_when_the_port_is_owned() {
	start a b
	expect 0 connect a try
	settle
	await 1 try b
	note_counter a true
	expect 5 strobe a 5
	rose_by a true 0
	expect 0 waiters b
	owned_by b
	expect 0 free b
	await 1 try a
	expect 5 strobe a 5
	rose_by a true 1
	expect 0 waiters a
	owned_by a
}

# It is free before the routine returns: the routine gets it again at once.
test_T083_free_in_a_routine_frees_at_once() {
	start a
	expect 0 connect a free-try
	settle
	await 1 try a
	note_counter a true
	expect 1 strobe a 1
	rose_by a true 1
	owned_by a
}

test_T084_free_in_a_routine_is_counted_and_checks_are_called() {
	start a b
	expect 0 connect a free
	expect 0 connect b mine note
	settle
	a_frees_with_an_interrupt a
}

# a_frees_with_an_interrupt CLIENT - which quietens the device
a_frees_with_an_interrupt() {
	await 1 try a
	flush_worker
	pta checks
	frees=$(count frees)
	expect 1 strobe "$1" 1
	[ "$(count frees)" = $((frees + 1)) ] ||
		fail "$(count frees) frees after $frees"
	await_checks b
}

# It frees another way. c is the one who quietens the device.
test_T084_the_same_if_it_does_not_know_the_registers() {
	start b c
	expect 0 open a "$PORT" BLIND
	expect 0 connect c pass
	expect 0 connect a free-pending
	expect 0 connect b mine note
	settle
	a_frees_with_an_interrupt c
}

test_T085_free_in_a_routine_with_waiters_hands_over() {
	start a b
	expect 0 connect a free-try
	settle
	await 1 try a
	expect 0 queue 0 b
	note_counter a freed
	note_counter a true
	note_counter a false
	expect 1 strobe a 1
	rose_by a freed 1
	# The same routine tried again.
	rose_by a true 0
	rose_by a false 1
	await_answers 0:0
	owned_by b
}

test_T087_a_handed_over_free_is_counted_as_one() {
	start a b
	expect 0 connect a free
	settle
	await 1 try a
	expect 0 queue 0 b
	allocates=$(count allocates)
	expect 1 strobe a 1
	await_answers 0:0
	counts_are $((allocates + 1)) "$allocates"
}

test_T090_free_in_the_bottom_half_of_a_routine() {
	start a
	expect 0 connect a try-work
	settle
	# An interrupt that nobody asked for has a bottom half, too.
	pta get a true
	await "$RESULT" get a bottom
	frees=$(count frees)
	note_counter a bottom
	expect 1 strobe a 1
	await_rise a bottom 1
	[ "$(count frees)" = $((frees + 1)) ] ||
		fail "$(count frees) frees after $frees"
	await 1 try a
}

# --- deferred port checks -----------------------------------------------------

# take CLIENT - it owns the port, and no check is due any more
take() {
	await 1 try "$1"
	flush_worker
	pta checks
}

test_T091_a_check_is_called_after_a_free() {
	start a b
	expect 0 connect a mine note
	take b
	expect 0 free b
	await_checks a
	no_check
}

# It frees another way.
test_T091_a_check_is_called_after_a_free_by_one_without_registers() {
	start a
	expect 0 open b "$PORT" BLIND
	expect 0 connect a mine note
	for context in process softirq hardirq; do
		take b
		expect 0 free b "$context"
		await_checks a
		no_check
	done
}

test_T092_no_check_is_called_when_a_request_is_granted() {
	start a b c
	expect 0 connect a mine note
	take b
	expect 0 queue 0 c
	expect 0 free b
	await_answers 0:0
	no_check
	# The next free finds nobody in line.
	expect 0 free c
	await_checks a
}

test_T093_checks_are_called_in_order_of_connection() {
	start a b c d
	expect 0 connect c mine note
	expect 0 connect a mine note
	expect 0 connect b mine note
	take d
	expect 0 free d
	await_checks cab
}

test_T094_no_check_is_skipped() {
	start a b c d
	expect 0 connect a mine note
	expect 0 connect b mine
	expect 0 connect c mine note
	take d
	expect 0 free d
	await_checks ac
}

test_T097_no_check_is_called_after_disconnect() {
	start a b
	expect 0 connect a mine note
	take b
	expect 0 disconnect a
	expect 0 free b
	no_check
	await 1 try b
	expect 0 free b
	no_check
}

free_in_step() {
	await 1 try b
	expect 0 free b
	await_checks a
}

test_T098_no_routine_runs_beside_a_check() {
	start a b
	expect 0 connect a step step
	settle
	take b
	expect 0 free b
	await_checks a
	repeat 20 free_in_step
	expect 0 settle "$PORT"
	expect 0 steps
	listen
	# shellcheck disable=SC2086 # words are wanted
	set -- $SAID
	[ "$1" -ge 1 ] || fail "no routine has run"
	[ "$2" -ge 21 ] || fail "only $2 checks have run"
}

run_tests
