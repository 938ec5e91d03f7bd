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
	! log_since_mark | grep -q "don't know how to wake" ||
		symptom "the wait list still has the device when it has the port"
}

# lp does not look whether it got the port, and releases it in any case.
test_lp_is_not_in_line_when_it_has_released_the_port() {
	take_the_port
	modprobe lp parport="$PORT" || skip "no lp"
	wait_for test -c /dev/lp0 || fail "no /dev/lp0"
	background lp ppdev /dev/lp0 hold
	await_sleep "$PID" parport_claim_or
	kill -s USR1 "$PID"
	await_sleep "$PID" sigtimedwait
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

run_tests
