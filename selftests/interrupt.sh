#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Connecting interrupt service routines, and what happens in them. The
# interrupts are real: the hardware raises them when "strobe" tells it to.

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

# --- the permission -----------------------------------------------------------

test_connect_is_refused_by_default() {
	# Loaded anew, it has not been told anything yet.
	unload pta_test "$MODULE"
	setup
	[ "$(cat "$PARAMETER")" = N ] || fail "connecting is allowed by default"
	expect 0 open a "$PORT"
	expect "$EACCES" connect a mine
	flush_worker
	check_interrupt off
}

test_the_refusal_comes_before_everything_else() {
	expect 0 open a "$PORT"
	expect "$EACCES" connect a NULL
	expect "$EACCES" connect a no-routine
}

test_the_permission_is_read_at_every_connect() {
	need_interrupts
	expect 0 open a "$PORT"
	expect "$EACCES" connect a mine
	allow_connect
	expect 0 connect a mine
	forbid_connect
	expect "$EACCES" connect a mine
	allow_connect
	expect 0 connect a mine
}

test_disconnect_needs_no_permission() {
	start a
	expect 0 connect a mine
	expect 1 strobe a 1
	forbid_connect
	# What is connected stays so.
	expect 1 strobe a 1
	expect 0 disconnect a
	await_interrupt off
}

test_bad_arguments_are_refused() {
	start a b
	expect "$EINVAL" connect a NULL
	expect "$EINVAL" connect a no-routine
	expect "$EINVAL" connect a unknown-flags
	expect "$EINVAL" disconnect a
	expect 0 connect a mine
	expect "$EINVAL" disconnect a NULL
	# What a has connected is not b's to disconnect.
	expect "$EINVAL" disconnect b a
	expect 1 strobe a 1
	expect 0 disconnect a
	expect "$EINVAL" disconnect a
}

# --- being called ---------------------------------------------------------------

test_a_thousand_interrupts_are_a_thousand_calls() {
	start a
	expect 0 connect a mine
	settle
	pta get a isr
	before=$RESULT
	expect 1000 strobe a 1000
	# Not more either.
	settle
	expect $((before + 1000)) get a isr
}

test_isr_runs_in_the_documented_context() {
	start a
	expect 0 connect a mine
	expect 10 strobe a 10
	settle
	pta get a isr
	calls=$RESULT
	expect "$calls" get a irqsoff
	case "$(uname -v) $(cat /proc/cmdline)" in
	*PREEMPT_RT* | *threadirqs*) expect 0 get a hardirq ;;
	*) expect "$calls" get a hardirq ;;
	esac
}

test_isr_of_a_client_that_does_not_own_is_called() {
	start a b
	expect 0 connect a mine
	await 1 try b
	expect 5 strobe a 5
	expect 0 free b
}

test_isr_of_the_owner_is_called() {
	start a
	expect 0 connect a mine
	await 1 try a
	expect 5 strobe a 5
	expect 0 free a
}

test_isrs_run_in_connect_order() {
	start a b c
	expect 0 connect c pass
	expect 0 connect a pass
	expect 0 connect b pass
	settle
	expect 1 strobe b 1
	sequence_is cab
	# Whoever connects again goes to the end.
	expect 0 disconnect c
	expect 0 connect c pass
	settle
	expect 1 strobe c 1
	sequence_is abc
	expect 3 strobe c 3
	sequence_is abcabcabc
}

test_isrs_after_the_first_true_are_not_called() {
	start a b c
	expect 0 connect a pass
	expect 0 connect b mine
	expect 0 connect c mine
	settle
	expect 1 strobe b 1
	sequence_is ab
	# The next interrupt finds everything as before.
	expect 2 strobe b 2
	sequence_is abab
	expect 0 disconnect b
	settle
	expect 1 strobe c 1
	sequence_is ac
}

test_isr_is_not_called_after_disconnect() {
	start a b
	expect 0 connect a pass
	expect 0 connect b mine
	expect 3 strobe b 3
	expect 0 disconnect a
	pta get a isr
	calls=$RESULT
	expect 20 strobe b 20
	expect "$calls" get a isr
}

test_isr_is_not_called_after_close() {
	start a b
	expect 0 connect a pass
	expect 0 connect b mine
	expect 1 strobe b 1
	expect 0 close a
	settle
	expect 3 strobe b 3
	sequence_is bbb
}

# advances CLIENT COUNT - has its ISR been called since it was called COUNT times?
advances() {
	pta get "$1" isr
	[ "$RESULT" -gt "$2" ]
}

connect_and_disconnect() {
	pta get a isr
	calls=$RESULT
	expect 0 connect a mine
	wait_for advances a "$calls" || fail "connected, but never called"
	expect 0 disconnect a
	pta get a isr
	calls=$RESULT
	# Two more interrupts: at least one is younger than the disconnect.
	pta get b isr
	count=$RESULT
	wait_for advances b $((count + 1)) || fail "no more interrupts"
	expect "$calls" get a isr
}

test_connect_and_disconnect_while_interrupts_come() {
	start a b
	expect 0 connect b pass
	background strobe ioport strobe "$PROC/base-addr" 0 1
	repeat 15 connect_and_disconnect
}

# waits_for_it COMMAND... - the command ends what runs, and waits for that
waits_for_it() {
	pta "$@"
	[ "$RESULT" != "$EOPNOTSUPP" ] || skip "one processor only"
	[ "$RESULT" = 0 ] || fail "'$*' returned $RESULT and not 0"
}

# lingers - a's ISR does, or the check that is given. Without one that is left, the
# worker would be waited for, too.
lingers() {
	start a b
	expect 0 connect a "$@"
	expect 0 connect b mine
	settle
	flush_worker
}

test_disconnect_waits_for_an_isr_that_runs() {
	lingers linger
	waits_for_it drain a disconnect
	expect "$EINVAL" disconnect a
}

test_close_waits_for_an_isr_that_runs() {
	lingers linger
	waits_for_it drain a close
}

test_disconnect_waits_for_a_check_that_runs() {
	lingers mine linger
	waits_for_it drain a disconnect b
	expect "$EINVAL" disconnect a
}

test_close_waits_for_a_check_that_runs() {
	lingers mine linger
	waits_for_it drain a close b
}

test_the_same_pair_can_be_connected_twice() {
	start a b
	expect 0 connect a pass
	expect 0 connect a pass
	expect 0 connect b mine
	settle
	expect 1 strobe b 1
	sequence_is aab
	expect 0 disconnect a
	settle
	expect 1 strobe b 1
	sequence_is ab
	expect 0 disconnect a
	settle
	expect 1 strobe b 1
	sequence_is b
	expect "$EINVAL" disconnect a
}

# --- what an ISR may do and may not ------------------------------------------

test_try_in_the_isr_is_true_when_the_port_is_free() {
	start a
	expect 0 connect a try
	settle
	pta get a true
	before=$RESULT
	pta get a false
	misses=$RESULT
	expect 10 strobe a 10
	expect $((before + 10)) get a true
	expect $((before + 10)) get a freed
	expect "$misses" get a false
	await 1 try a
}

test_try_in_the_isr_is_false_when_another_client_owns() {
	start a b
	expect 0 connect a try
	settle
	await 1 try b
	pta get a true
	before=$RESULT
	expect 10 strobe a 10
	expect "$before" get a true
	pta get a false
	[ "$RESULT" -ge 10 ] || fail "tried $RESULT times in 10 interrupts"
	expect 0 free b
	expect 1 strobe a 1
	expect $((before + 1)) get a true
}

test_try_in_the_isr_is_false_when_the_same_client_owns() {
	start a
	await 1 try a
	expect 0 connect a try
	# Connected while owned: the interrupt comes on with the free.
	expect 0 free a
	await_interrupt on
	settle
	await 1 try a
	pta get a true
	before=$RESULT
	expect 10 strobe a 10
	expect "$before" get a true
	expect 0 free a
}

test_free_in_the_isr() {
	start a b
	expect 0 connect a free
	settle
	pta get a freed
	before=$RESULT
	await 1 try a
	expect 1 strobe a 1
	expect $((before + 1)) get a freed
	await 1 try b
	# It is b's now: a's ISR cannot free it.
	expect 1 strobe a 1
	expect $((before + 1)) get a freed
	expect 0 try a
	expect 0 free b
}

# bottom_half MODE - the ISR takes the port, its bottom half frees it
bottom_half() {
	start a b
	expect 0 connect a "$1"
	settle
	expect 1 strobe a 1
	pta get a true
	await "$RESULT" get a bottom
	expect "$RESULT" get a freed
	await 1 try b
	expect 0 free b
	expect 1 strobe a 1
	pta get a true
	await "$RESULT" get a freed
}

test_free_in_a_bottom_half_in_softirq_context() {
	bottom_half try-bh
}

test_free_in_a_bottom_half_in_process_context() {
	bottom_half try-work
}

test_connect_and_disconnect_in_the_isr_are_refused() {
	start a
	expect 0 connect a reconnect
	expect 1 strobe a 1
	settle
	pta get a isr
	expect $((2 * RESULT)) get a refused
	expect 1 strobe a 1
	expect 0 disconnect a
	expect "$EINVAL" disconnect a
}

# --- the interrupt in the hardware --------------------------------------------

test_the_interrupt_is_off_without_an_isr() {
	start a
	check_interrupt off
	await 1 try a
	check_interrupt off
	expect 0 free a
	check_interrupt off
}

test_the_interrupt_is_on_from_first_connect_to_last_disconnect() {
	start a b
	expect 0 connect a mine
	await_interrupt on
	expect 0 connect b mine
	expect 0 disconnect a
	# One is left, for which it stays on.
	settle
	expect 3 strobe b 3
	expect 0 disconnect b
	await_interrupt off
	expect 0 connect b mine
	await_interrupt on
	expect 0 close b
	await_interrupt off
}

test_the_interrupt_is_on_while_a_client_owns() {
	start a b
	expect 0 connect a mine
	await_interrupt on
	await 1 try b
	check_interrupt on
	expect 0 free b
	check_interrupt on
}

test_connect_while_owned_switches_it_on_with_the_free() {
	start a b
	await 1 try b
	expect 0 connect a mine
	expect 0 free b
	await_interrupt on
	expect 1 strobe a 1
	await 1 try b
}

test_disconnect_while_owned_switches_it_off_with_the_free() {
	start a b
	expect 0 connect a mine
	await_interrupt on
	await 1 try b
	expect 0 disconnect a
	expect 0 free b
	await_interrupt off
	await 1 try b
}

test_the_interrupt_is_off_while_the_port_is_lent() {
	start a
	expect 0 connect a mine
	await_interrupt on
	expect 0 rival "$PORT"
	check_interrupt off
	expect 0 rival off
	await_active "$MODULE"
	await_interrupt on
	expect 1 strobe a 1
}

test_the_interrupt_stays_off_after_a_loan_without_an_isr() {
	start a
	expect 0 rival "$PORT"
	expect 0 rival off
	await 1 try a
	check_interrupt off
}

test_the_interrupt_follows_what_changed_during_a_loan() {
	start a
	expect 0 rival "$PORT"
	expect 0 connect a mine
	# The register is the rival's.
	check_interrupt off
	expect 0 rival off
	await_interrupt on
	expect 1 strobe a 1
	expect 0 rival "$PORT"
	expect 0 disconnect a
	expect 0 rival off
	await 1 try a
	check_interrupt off
}

test_a_port_without_interrupt() {
	lose_interrupt
	expect 0 open a 0
	await_active "$MODULE"
	expect "$EACCES" connect a mine
	allow_connect
	expect "$EOPNOTSUPP" connect a mine
	await 1 try a
	expect 0 free a
	await 1 try a hardirq
	expect 0 free a
}

run_tests
