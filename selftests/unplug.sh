#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Unplugging a port and plugging it again, many times, whatever goes on there:
# nothing that waits is forgotten, nothing touches the registers afterwards, and
# nothing is left behind. How many times is said in pnp.sh.

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"
. "$DIR/pnp.sh"

test_with_idle_clients() {
	again_and_again opened
}

owned_begins() {
	opened_begins
	await 1 try a
	# With that, its free looks after the registers.
	expect 0 write a control 14
}

owned_ends() {
	opened_ends
}

test_with_an_owner() {
	again_and_again owned
}

# A task, two requests, and one more of the owner itself
queued_begins() {
	owned_begins
	wait_in_task b max
	await 1 waiters a
	expect 0 queue 1 a
	expect 0 queue 2 b
	expect 0 queue 3 b
	expect 4 waiters a
}

queued_ends() {
	await_all_told
	opened_ends
	WAITING=
}

# Requests are told in the order in which they came, but a task takes a moment.
await_all_told() {
	TOLD=
	wait_for all_told || fail "told:$TOLD"
	[ "$TOLD" = " 1:$ENODEV 2:$ENODEV 3:$ENODEV b:$ENODEV" ] ||
		fail "told:$TOLD"
}

all_told() {
	pta answers
	listen
	# shellcheck disable=SC2046,SC2086 # words are wanted
	TOLD=$(printf ' %s\n' $TOLD $SAID | sort | tr -d '\n')
	# shellcheck disable=SC2086
	set -- $TOLD
	[ $# -ge 4 ]
}

test_with_all_kinds_of_waiters() {
	again_and_again queued
}

interrupted_begins() {
	background strobe ioport strobe "$PROC/base-addr" 0 1
	DEVICE=$PID
	opened_begins
	expect 0 connect a try
	expect 0 connect b pass borrow
	# The device interrupts whenever the port's interrupt is on.
	wait_for interrupted || fail "no interrupt"
}

interrupted() {
	pta get a isr
	[ "$RESULT" -gt 2 ]
}

interrupted_ends() {
	# It may just have found the interrupt on, and would switch it on again.
	kill -s KILL "$DEVICE"
	wait "$DEVICE" 2> /dev/null || :
	pta get a isr
	calls=$RESULT
	gone a
	expect "$calls" get a isr
	opened_ends
}

test_with_interrupts_arriving() {
	use_last_port
	need_interrupts
	unload ppdev
	allow_connect
	again_and_again interrupted
}

hammered_begins() {
	opened_begins
	expect 0 hammer a 100
	wait_for hammered || fail "the hammer does not get the port"
}

hammered() {
	pta get a true
	[ "$RESULT" -gt 2 ]
}

hammered_ends() {
	pta get a true
	successes=$RESULT
	pta get a false
	misses=$RESULT
	registers_are_left_alone wait_for missed_more
	expect "$successes" get a true
	opened_ends
}

missed_more() {
	pta get a false
	[ "$RESULT" -gt "$misses" ]
}

test_with_a_client_that_hammers() {
	again_and_again hammered
}

run_tests
