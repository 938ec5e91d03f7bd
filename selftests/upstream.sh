#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What parport itself does wrong, on a port in memory: a test fails on a kernel that
# has the bug, with a symptom, and passes on one that has the patch for it, which is
# in Documentation/upstream/. Neither hangs. The module under test has no part in it.
# tools/check-upstream runs it on both; runner.sh does not.

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"
. "$DIR/linux_users.sh"

UPSTREAM=/sys/kernel/debug/pta_upstream
# In ms
TIMESLICE=/proc/sys/dev/parport/default/timeslice

# symptom TEXT - what shows that the bug is there. A test that fails in another way
# has shown nothing.
symptom() {
	ktap_print_msg "symptom: $*"
	exit "$KSFT_FAIL"
}

# Instead of lib.sh's: this port, and no other module.
setup() {
	modprobe pta_upstream || fail "cannot load pta_upstream"
	RESTORE=unload_port
	PORT=$(cat "$UPSTREAM/port")
	PROC=/proc/sys/dev/parport/parport$PORT
	PPDEV=/dev/parport$PORT
}

unload_port() {
	unload lp ppdev pta_upstream
}

# take_the_port - somebody at ppdev has it; sets OWNER
take_the_port() {
	need_ppdev
	background owner ppdev "$PPDEV" claim hold
	OWNER=$PID
	await_line owner claim
}

# Closing lets the next in line have it.
end_owner() {
	kill -s TERM "$OWNER"
	wait "$OWNER" || fail "ppdev: $(cat "$TMP/owner")"
}

# wait_for_the_port OPERATION... - somebody else at ppdev sleeps until it gets the
# port or a signal, and goes on with that; sets WAITER
wait_for_the_port() {
	background waiter ppdev "$PPDEV" wait "$@"
	WAITER=$PID
	await_sleep "$WAITER" parport_claim_or
}

interrupt_waiter() {
	kill -s USR1 "$WAITER"
	await_line waiter wait
	interrupted || fail "the signal did not end the wait"
}

interrupted() {
	grep -qx interrupted "$TMP/waiter"
}

# need_lp - instead of linux_users.sh's: for this port
need_lp() {
	modprobe lp parport="$PORT" || skip "no lp"
	LP=/dev/lp0
	wait_for test -c "$LP" || fail "no $LP"
}

interrupt_lp() {
	kill -s USR1 "$LP_PID"
	wait_for lp_went_on || fail "the signal did not end the wait"
}

# He has come to "hold", his last operation, or to the end.
lp_went_on() {
	sleeps_in "$LP_PID" sigtimedwait || lp_ended
}

# no_timeslice - devices registered from now on give way as soon as they are asked
no_timeslice() {
	timeslice=$(cat "$TIMESLICE")
	RESTORE=usual_timeslice
	echo 1 > "$TIMESLICE"
}

usual_timeslice() {
	echo "$timeslice" > "$TIMESLICE"
	unload_port
}

unplug() {
	echo 1 > "$UPSTREAM/unplug"
}

# --- 0001 ---------------------------------------------------------------------

test_an_interrupt_is_served_while_a_waiter_gets_the_port() {
	! uname -v | grep -q PREEMPT_RT ||
		skip "with PREEMPT_RT, no lock of parport keeps interrupts off"
	fate=$(cat "$UPSTREAM/interrupt")
	case $fate in
	served) ;;
	hangs) symptom "the interrupt finds cad_lock held by whom it has interrupted" ;;
	*) fail "the interrupt: '$fate'" ;;
	esac
}

# --- 0002 ---------------------------------------------------------------------

test_a_device_is_given_its_own_registers_when_another_gives_way() {
	registers=$(cat "$UPSTREAM/state")
	case $registers in
	"0x0c "*) ;;
	"0x0e "*) symptom "the control register is as the other device has left it" ;;
	*) fail "the control register: $registers" ;;
	esac
}

test_a_device_that_gave_way_has_its_registers_back() {
	registers=$(cat "$UPSTREAM/state")
	case $registers in
	*" 0x0e") ;;
	*" 0x0c") symptom "what it had written to the control register is lost" ;;
	*) fail "the control register: $registers" ;;
	esac
}

# --- 0003 ---------------------------------------------------------------------

test_after_an_interrupted_wait_one_can_wait_again() {
	take_the_port
	wait_for_the_port claim hold
	interrupt_waiter
	await_sleep "$WAITER" parport_claim_or
	end_owner
	await_line waiter claim
	kill -s TERM "$WAITER"
	wait "$WAITER" || fail "ppdev: $(cat "$TMP/waiter")"
	! log_says "don't know how to wake" ||
		symptom "the wait list still has the device when it has the port"
}

# Without the sixth patch, lp does not look whether it got the port, and releases it in
# any case.
test_lp_is_not_in_line_when_it_has_released_the_port() {
	take_the_port
	need_lp
	use_lp hold
	await_sleep "$LP_PID" parport_claim_or
	interrupt_lp
	end_owner
	! active_is lp || symptom "lp was given the port and does not know"
	active_is none || fail "'$(active)' has the port"
}

# --- 0004 ---------------------------------------------------------------------

test_an_interrupted_claim_is_not_in_line() {
	take_the_port
	wait_for_the_port hold
	interrupt_waiter
	end_owner
	! active_is "ppdev$PORT" ||
		symptom "who was told that the claim was interrupted was given the port"
	active_is none || fail "'$(active)' has the port"
}

test_a_port_that_comes_with_a_signal_is_had() {
	take_the_port
	wait_for_the_port hold
	echo "$WAITER" > "$UPSTREAM/signal"
	end_owner
	await_line waiter wait
	active_is "ppdev$PORT" || fail "'$(active)' has the port"
	! interrupted ||
		symptom "who has the port was told that the claim was interrupted"
}

# --- 0005 ---------------------------------------------------------------------

test_who_is_given_the_port_is_not_gone_before_it_is_woken_up() {
	fate=$(cat "$UPSTREAM/wake")
	case $fate in
	kept) ;;
	gone) symptom "the device may have been freed when parport_release() looks at it" ;;
	*) fail "the sleeper: '$fate'" ;;
	esac
}

# --- 0006 ---------------------------------------------------------------------

test_an_open_of_lp_that_was_interrupted_fails() {
	take_the_port
	need_lp
	use_lp hold
	await_sleep "$LP_PID" parport_claim_or
	interrupt_lp
	lp_ended || symptom "lp was opened without the port"
	# EINTR
	lp_ended_with 4
	active_is "ppdev$PORT" || fail "'$(active)' has the port"
}

# The printer makes lp wait, so that somebody else gets in line, and is given the port as
# soon as lp is through with a byte.
test_lp_does_not_print_at_a_port_that_another_has() {
	no_timeslice
	echo 0 > "$UPSTREAM/takes"
	need_lp
	use_lp patient print hold
	await_sleep "$LP_PID" parport_wait_event
	need_ppdev
	background owner ppdev "$PPDEV" claim hold
	OWNER=$PID
	await_sleep "$OWNER" parport_claim_or
	echo 1000 > "$UPSTREAM/takes"
	await_line owner claim
	await_sleep "$LP_PID" parport_claim_or
	printed=$(cat "$UPSTREAM/printed")
	interrupt_lp
	more=$(($(cat "$UPSTREAM/printed") - printed))
	[ "$more" = 0 ] || symptom "lp has strobed $more bytes out, and another had the port"
	end_owner
	active_is none || fail "'$(active)' has the port"
}

# --- 0007 and 0008 ------------------------------------------------------------

test_who_waits_in_lp_has_left_when_its_device_is_gone() {
	take_the_port
	need_lp
	use_lp hold
	await_sleep "$LP_PID" parport_claim_or
	unplug
	wait_for lp_ended_or_sleeps_in parport_claim_or ||
		fail "lp's user is somewhere else"
	lp_ended || symptom "lp's user sleeps in a device that lp has unregistered"
	# ENODEV
	lp_ended_with 19
}

lp_ended_or_sleeps_in() {
	lp_ended || sleeps_in "$LP_PID" "$1"
}

test_who_waits_for_a_printer_has_left_when_its_port_is_gone() {
	echo Y > "$UPSTREAM/off"
	need_lp
	use_lp print hold
	await_sleep "$LP_PID" lp_error
	unplug
	wait_for lp_ended_or_sleeps_in lp_error || fail "lp's user is somewhere else"
	lp_ended || symptom "lp waits for a printer whose port is gone"
	lp_ended_with 19
}

test_a_port_that_is_gone_cannot_be_opened() {
	need_lp
	use_lp patient
	lp_ended_with 0
	# As somebody does who has found /dev/lp0 just before
	LP=$TMP/lp0
	mknod "$LP" c 6 0
	unplug
	use_lp hold
	wait_for lp_went_on || fail "it waits"
	lp_ended || symptom "a port that is gone was opened"
	# ENXIO
	lp_ended_with 6
}

# On a kernel without the patches, these are two of the ways to an oops.
need_retire() {
	grep -q ' parport_retire_device' /proc/kallsyms ||
		skip "the kernel would not survive it without the patch"
}

# In each of the places where a transfer waits for the printer; lp would not be through
# with it for hours.
test_a_transfer_that_keeps_the_port_ends_when_it_goes_away() {
	need_retire
	echo 0 > "$UPSTREAM/takes"
	need_lp
	use_lp patient print hold
	await_sleep "$LP_PID" parport_wait_event
	unplug
	lp_ended_with 19
}

test_a_transfer_that_lends_the_port_ends_when_it_goes_away() {
	need_retire
	echo 1 > "$UPSTREAM/takes"
	need_lp
	use_lp patient print hold
	wait_for lp_lends_the_port || fail "'$(active)' has the port"
	unplug
	# It tells how far it came.
	wait_for lp_went_on || fail "lp's user does not end"
	kill -s TERM "$LP_PID"
	lp_ended_with 0
	[ "$(cat "$UPSTREAM/printed")" = 1 ] || fail "$(cat "$UPSTREAM/printed") bytes"
}

lp_lends_the_port() {
	sleeps_in "$LP_PID" parport_ieee1284_write_compat && active_is none
}

run_tests
