#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Going away: unloading the module, unloading the port's driver, unplugging the
# port.

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"
. "$DIR/pnp.sh"

SOFT=/sys/kernel/debug/pta_soft_port

need_ppdev() {
	need_module ppdev
	wait_for test -c "$PPDEV" || fail "no $PPDEV"
}

take_with_ppdev() {
	background ppdev ppdev "$PPDEV" claim hold
	await_line ppdev claim
}

end_ppdev() {
	kill -s TERM "$PID"
	wait "$PID" || fail "ppdev: $(cat "$TMP/ppdev")"
}

unload_module() {
	rmmod pta_test || fail "cannot unload pta_test"
	rmmod "$MODULE" || fail "cannot unload $MODULE"
	[ ! -e "/sys/module/$MODULE" ] || fail "$MODULE is still there"
	[ -z "$(find /sys/bus/parport/ -name "*$MODULE*" 2> /dev/null)" ] ||
		fail "something is left in /sys/bus/parport"
}

# --- the module ---------------------------------------------------------------

test_unload_with_nothing_going_on() {
	unload_module
}

test_unload_after_a_client_was_there() {
	expect 0 open a "$PORT"
	expect 1 try a
	expect 0 close a
	unload_module
	active_is none || fail "'$(active)' has the port"
}

test_unload_is_refused_while_clients_are_open() {
	expect 0 open a "$PORT"
	! rmmod "$MODULE" 2> /dev/null || fail "unloaded under a client"
	expect 1 try a
	expect 0 free a
	expect 0 close a
	unload_module
}

test_unload_after_ppdev_took_the_port_and_gave_it_back() {
	need_ppdev
	expect 0 open a "$PORT"
	await_active "$MODULE"
	take_with_ppdev
	end_ppdev
	unload_module
	ppdev "$PPDEV" claim release > /dev/null || fail "ppdev fails afterwards"
	active_is none || fail "'$(active)' has the port"
}

test_unload_while_ppdev_has_the_port() {
	need_ppdev
	expect 0 open a "$PORT"
	await_active "$MODULE"
	take_with_ppdev
	expect 0 close a
	unload_module
	active_is "ppdev$PORT" || fail "'$(active)' has ppdev's port"
	end_ppdev
	active_is none || fail "'$(active)' has the port"
}

test_unload_while_the_port_is_being_handed_over() {
	need_ppdev
	expect 0 open a "$PORT"
	expect 1 try a
	background ppdev ppdev "$PPDEV" claim hold
	await 1 waiters a
	unload_module
	await_line ppdev claim
	end_ppdev
	active_is none || fail "'$(active)' has the port"
}

test_unload_again_and_again_while_ppdev_comes_and_goes() {
	need_ppdev
	background visits ppdev "$PPDEV" again claim release
	for round in 1 2 3; do
		setup
		# Before a has the port, for which the visitor would have to wait.
		await_line visits release
		expect 0 open a "$PORT"
		await 1 try a
		expect 0 free a
		unload_module || fail "round $round"
	done
}

# --- the port's driver --------------------------------------------------------

test_the_ports_driver_stays_while_a_client_is_open() {
	unload lp ppdev
	expect 0 open a "$PORT"
	! rmmod parport_pc 2> /dev/null || fail "unloaded under a client"
	expect 1 try a
	expect 0 close a
	rmmod parport_pc || fail "cannot unload parport_pc after the last close"
	modprobe parport_pc
}

# --- the port -----------------------------------------------------------------

# gone CLIENT - what a client sees whose port is gone
gone() {
	expect 0 try "$1"
	expect 0 try "$1" hardirq
	expect "$ENODEV" free "$1"
	expect "$ENODEV" free "$1" hardirq
	expect "$ENODEV" info "$1"
	expect "$ENODEV" allocate "$1" 0
	expect "$ENODEV" allocate "$1" max
	expect "$ENODEV" queue 9 "$1"
	expect "$ENODEV" synchronize "$1" return 1
	for register in data status control; do
		expect "$ENODEV" read "$1" "$register"
	done
	expect "$ENODEV" write "$1" data 0
	forbid_connect
	expect "$EACCES" connect "$1" mine
	allow_connect
	expect "$ENODEV" connect "$1" mine
	expect 0 try "$1"
}

test_unplug_under_an_idle_client() {
	use_last_port
	expect 0 open a "$PORT"
	unplug
	gone a
	expect "$EINVAL" disconnect a
	expect "$ENODEV" open b "$PORT"
	expect 0 close a
}

test_unplug_under_an_owner() {
	use_last_port
	expect 0 open a "$PORT"
	expect 0 open b "$PORT"
	expect 1 try a
	unplug
	gone a
	gone b
	expect 0 close a
	expect 0 close b
}

test_unplug_under_those_who_wait() {
	use_last_port
	for client in a b c d; do
		expect 0 open "$client" "$PORT"
	done
	expect 1 try a
	expect 0 queue 0 b
	wait_in_task c max
	await 2 waiters a
	expect 0 queue 1 d
	unplug
	# The task says so itself, some time after it was told.
	ANSWERS=
	wait_for some_answers 3 || fail "only '$ANSWERS'"
	for answer in "0:$ENODEV" "1:$ENODEV" "c:$ENODEV"; do
		case " $ANSWERS " in
		*" $answer "*) ;;
		*) fail "no '$answer' but: '$ANSWERS'" ;;
		esac
	done
	expect 0 waiters a
	for client in a b c d; do
		gone "$client"
		expect 0 close "$client"
	done
	pta answers
	listen
	[ -z "$SAID" ] || fail "one more answer: '$SAID'"
}

test_unplug_under_a_connected_client() {
	use_last_port
	need_interrupts
	expect 0 open a "$PORT"
	allow_connect
	expect 0 connect a mine
	expect 1 strobe a 1
	unplug
	gone a
	# There is still one connection, and nothing more.
	expect 0 disconnect a
	expect "$EINVAL" disconnect a
	expect 0 close a
}

test_close_a_connected_client_of_a_port_that_is_gone() {
	use_last_port
	need_interrupts
	expect 0 open a "$PORT"
	allow_connect
	expect 0 connect a mine
	unplug
	expect 0 close a
}

test_unplug_while_a_client_hammers() {
	use_last_port
	expect 0 open a "$PORT"
	await_active "$MODULE"
	expect 0 hammer a 50
	unplug
	pta get a true
	calls=$RESULT
	pta get a false
	wait_for tried_since "$RESULT" || fail "a tries no more"
	expect "$calls" get a true
	expect 0 close a
}

tried_since() {
	pta get a false
	[ "$RESULT" -gt "$1" ]
}

test_unplugged_and_plugged_again() {
	use_last_port
	need_interrupts
	expect 0 open a "$PORT"
	expect 1 try a
	unplug
	plug
	# It is another port, and the old client has no part in it.
	use_last_port
	gone a
	expect 0 open b "$PORT"
	await_active "$MODULE"
	expect 1 try b
	expect "$ENODEV" free a
	expect 0 try a
	expect 0 close a
	expect 0 free b
	expect 0 connect b mine
	expect 3 strobe b 3
}

# unplug_when_held - somebody at the data register of the port in memory, which a has
# then, is held up there, and the port is unplugged meanwhile
unplug_when_held() {
	use_soft_port slow_data=500
	expect 0 open a "$PORT"
	await_active "$MODULE"
	expect 1 try a
	# shellcheck disable=SC2016 # expanded by that shell
	background unplug sh -c 'echo held > "$1"' sh "$SOFT/unplug"
	wait_for grep -q '^awaiting: 1$' "$SOFT/state" || fail "nobody waits"
}

is_unplugged() {
	wait "$PID" || fail "it was not unplugged: $(cat "$TMP/unplug")"
}

test_unplug_waits_for_those_at_the_registers() {
	[ "$(nproc)" -gt 1 ] || skip "one processor only"
	unplug_when_held
	expect 0 write a data 0x5a
	expect $((0x5a)) read a data
	is_unplugged
	gone a
	left=$(sed -n 's/^left_behind: //p' "$SOFT/state")
	[ "$left" = 0 ] || fail "somebody was still at the registers of a port that was gone"
}

# outlives - a synchronized function saw the port die
outlives() {
	unplug_when_held
	pta synchronize a outlive
	outcome=$RESULT
	is_unplugged
	expect 0 close a
	unload_soft_port
	[ "$outcome" != "$EAGAIN" ]
}

# It saw the port alive when it began, so Linux does not give the port away before it ends.
test_unplug_waits_for_a_synchronized_function() {
	[ "$(nproc)" -gt 1 ] || skip "one processor only"
	rounds=0
	until outlives; do
		rounds=$((rounds + 1))
		[ "$rounds" -lt 10 ] || fail "never unplugged meanwhile"
	done
	[ "$outcome" -ge 0 ] || fail "it returned $outcome"
}

test_an_unplugged_port_does_not_pin_its_driver() {
	use_last_port
	unload lp ppdev
	expect 0 open a "$PORT"
	unplug
	expect 0 close a
	RESTORE=
	rmmod parport_pc || fail "cannot unload parport_pc"
	modprobe parport_pc
}

run_tests
