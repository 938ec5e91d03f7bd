#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The class driver in Rust, pta_sample_rust: it serves an interrupt in its routine
# if it can have the port then, and in its deferred port check if not. What it does not
# use of the interface, pta_test_rust does.

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"

SAMPLE=pta_sample_rust

need_sample() {
	modinfo "$SAMPLE" > /dev/null 2>&1 || skip "no module $SAMPLE"
	# It knows this one only.
	[ "$PORT" = 0 ] || skip "$SAMPLE is a driver of parport0"
	RESTORE=unload_sample
}

unload_sample() {
	[ ! -e "/sys/module/$SAMPLE" ] || rmmod "$SAMPLE"
}

# How many interrupts the sample got. Nobody else has a routine, so those that came
# before its own are not handled.
arrived() {
	echo $(($(count interrupts) - $(count unhandled)))
}

# All that were raised; sets INTERRUPTS
count_arrived() {
	settle
	INTERRUPTS=$(arrived)
}

# With client a beside it, which sees each interrupt first, passes it on, and lets
# us know when it has come: the sample does not say anything before it goes.
start() {
	need_sample
	need_interrupts
	allow_connect
	expect 0 open a "$PORT"
	await_active "$MODULE"
	expect 0 connect a pass
	await_interrupt on
	settle
	modprobe "$SAMPLE" || fail "cannot load $SAMPLE"
	count_arrived
}

# strobe N - each of them arrives, and is counted
strobe() {
	before=$(arrived)
	expect "$1" strobe a "$1"
	count_arrived
	[ "$INTERRUPTS" = $((before + $1)) ] ||
		fail "$1 were raised, $((INTERRUPTS - before)) came"
}

# The data lines show what it served last.
data() {
	dd if=/dev/port bs=1 skip=$(($(base))) count=1 2> /dev/null |
		od -A n -t u1 | tr -d ' '
}

data_is() {
	[ "$(data)" = "$1" ]
}

# ends - it is unloaded, and says what it did; sets SERVED, PENDING and MISSED
ends() {
	rmmod "$SAMPLE" || fail "cannot unload $SAMPLE"
	said=$(log_lines "$SAMPLE: " | tail -n 1)
	said=${said##*"$SAMPLE: "}
	# shellcheck disable=SC2046 # words are wanted
	set -- $(echo "$said" | sed 's/ interrupt(s) served,//
		s/ pending,//
		s/ found the port taken$//')
	[ $# = 3 ] || fail "it says '$said'"
	SERVED=$1 PENDING=$2 MISSED=$3
}

# ends_with SERVED PENDING MISSED
ends_with() {
	ends
	[ "$SERVED $PENDING $MISSED" = "$*" ] ||
		fail "$SERVED served, $PENDING pending, $MISSED missed, and not $*"
}

test_it_cannot_be_loaded_unless_connecting_is_allowed() {
	need_sample
	! modprobe "$SAMPLE" 2> /dev/null || fail "loaded all the same"
	[ ! -e "/sys/module/$SAMPLE" ] || fail "still there"
	active_is none || fail "'$(active)' has the port"
	need_interrupts
	allow_connect
	modprobe "$SAMPLE" || fail "cannot load $SAMPLE"
	# And goes without a trace.
	rmmod "$SAMPLE" || fail "cannot unload $SAMPLE"
	active_is none || fail "'$(active)' has the port"
}

test_it_pins_the_module_under_test() {
	start
	! rmmod "$MODULE" 2> /dev/null || fail "unloaded under a class driver"
	strobe 1
}

test_it_serves_each_interrupt() {
	start
	strobe 50
	data_is 1 || fail "$(data) were served at once"
	# One allocation for each, and none goes on
	owned_by none
	counts_are "$INTERRUPTS" "$INTERRUPTS"
	ends_with "$INTERRUPTS" 0 0
	expect 0 disconnect a
	await_interrupt off
	await 1 try a
}

test_it_serves_in_its_port_check_what_found_the_port_taken() {
	start
	served=$INTERRUPTS
	await 1 try a
	strobe 5
	owned_by a
	[ "$(count refused_frees)" = 0 ] || fail "it has freed what it did not own"
	expect 0 free a
	# All five of them at once
	wait_for data_is 5 || fail "$(data) were served at once"
	await 1 try a
	expect 0 free a
	ends_with $((served + 5)) 0 5
}

test_it_does_not_serve_while_a_linux_driver_has_the_port() {
	start
	await 1 try a
	strobe 3
	# From a's hands to the rival's: it has no chance in between.
	need_module ppdev
	background ppdev ppdev "$PPDEV" claim hold
	await 1 waiters a
	expect 0 free a
	await_line ppdev claim
	! data_is 3 || fail "served while ppdev has the port"
	kill -s TERM "$PID"
	wait "$PID" || fail "ppdev: $(cat "$TMP/ppdev")"
	await_active "$MODULE"
	# The port may have come back with interrupts that nobody raised.
	await_interrupt on
	count_arrived
	await 1 try a
	expect 0 free a
	flush_worker
	ends
	[ "$SERVED $PENDING" = "$INTERRUPTS 0" ] ||
		fail "$SERVED of $INTERRUPTS served, $PENDING pending"
	[ "$MISSED" -ge 3 ] || fail "$MISSED found the port taken"
}

test_it_is_unloaded_with_work_pending() {
	start
	served=$INTERRUPTS
	await 1 try a
	strobe 2
	ends_with "$served" 2 2
	owned_by a
	expect 0 free a
	expect 0 disconnect a
	await_interrupt off
}

unload_test() {
	unload pta_test_rust
}

test_what_the_sample_does_not_use() {
	[ "$PORT" = 0 ] || skip "pta_test_rust is a driver of parport0"
	need_interrupts
	allow_connect
	expect 0 open a "$PORT"
	await_active "$MODULE"
	expect 0 connect a mine
	RESTORE=unload_test
	modprobe pta_test_rust || fail "$(log_lines pta_test_rust)"
	# It frees the port, and goes on to hear interrupts, as the first one that does.
	expect 0 disconnect a
	expect 0 connect a mine
	settle
	expect 20 strobe a 20
	rmmod pta_test_rust || fail "cannot unload pta_test_rust"
	said=$(log_lines 'pta_test_rust: ')
	said=${said##*pta_test_rust: }
	[ "${said%% *}" -ge 20 ] || fail "it says '$said'"
	[ "${said#*, }" = "the time of 0 was wrong" ] || fail "it says '$said'"
}

run_tests
