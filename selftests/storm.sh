#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Interrupts that nobody handles: a storm. A real one needs a port with a level-
# triggered line, which stays active until somebody quietens it.

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"

# use_level_port - the first one whose line is level-triggered
use_level_port() {
	PORT=$(sed -n 's/.*fasteoi.* parport\([0-9]*\)$/\1/p' /proc/interrupts |
		head -n 1)
	[ -n "$PORT" ] || skip "no port with a level-triggered interrupt"
	PROC=/proc/sys/dev/parport/parport$PORT
	PPDEV=/dev/parport$PORT
}

# As many as the slowest machine has in 100 ms
LIMIT_OF_STORM=10

# strike CLIENT - raise the interrupt that nobody quietens
strike() {
	wait_for struck "$1" || fail "no interrupt: $RESULT"
}

struck() {
	pta strobe "$1" 1
	[ "$RESULT" = 1 ] || [ "$(count unhandled)" != 0 ]
}

storm_is_over() {
	unhandled=$(count unhandled)
	sleep 0.2
	[ "$(count unhandled)" = "$unhandled" ]
}

test_the_limit_is_a_parameter() {
	need_interrupts
	allow_connect
	expect 0 open a "$PORT"
	expect 0 open b "$PORT"
	await_active "$MODULE"
	storm_limit 0
	expect 0 connect a pass
	settle
	expect 50 strobe a 50
	check_interrupt on
	storm_limit 1
	pta strobe a 1
	await_storm
	storm_limit "$USUAL_LIMIT"
	expect 0 connect b mine
	await_interrupt on
	settle
	expect 50 strobe b 50
	check_interrupt on
}

test_the_limit_by_default() {
	# Loaded anew, it has not been told anything yet.
	unload pta_test "$MODULE"
	setup
	limit=$(cat "/sys/module/$MODULE/parameters/storm_limit")
	[ "$limit" = 4000 ] || fail "it is $limit"
}

# start_passing - a is connected, and handles nothing
start_passing() {
	need_interrupts
	allow_connect
	expect 0 open a "$PORT"
	expect 0 open b "$PORT"
	await_active "$MODULE"
	expect 0 connect a pass
	await_interrupt on
	settle
}

two_in_a_while() {
	# What there was before is not to be counted.
	sleep 0.15
	storm_limit 3
	expect 2 strobe a 2
	check_interrupt on
}

# Three in 100 ms are too many, and two are not, as often as one likes.
test_the_limit_is_one_of_a_tenth_of_a_second() {
	start_passing
	repeat 3 two_in_a_while
	[ "$(storms_logged)" = 0 ] || fail "a storm, it says"
}

# one_storm - the next interrupt is one
one_storm() {
	storm_limit 1
	pta strobe a 1
	await_storm
	storm_limit "$USUAL_LIMIT"
}

test_the_interrupt_stays_off_when_the_port_was_lent() {
	start_passing
	one_storm
	expect 0 rival "$PORT"
	expect 0 rival off
	await_active "$MODULE"
	await 1 try a
	expect 0 free a
	check_interrupt off
}

test_a_second_storm_is_said_again_after_a_connect() {
	start_passing
	one_storm
	expect 0 connect b pass
	await_interrupt on
	settle
	log_mark
	one_storm
}

test_a_storm_is_switched_off() {
	use_level_port
	allow_connect
	storm_limit "$LIMIT_OF_STORM"
	expect 0 open a "$PORT"
	await_active "$MODULE"
	expect 0 connect a ignore
	strike a
	await_storm
	unhandled=$(count unhandled)
	[ "$unhandled" -ge "$LIMIT_OF_STORM" ] ||
		fail "switched off after $unhandled interrupts"
	wait_for storm_is_over || fail "the storm goes on"
	check_interrupt off
	await 1 try a
	expect 0 free a
	check_interrupt off
}

test_the_interrupt_comes_back_with_the_next_connect() {
	use_level_port
	allow_connect
	storm_limit "$LIMIT_OF_STORM"
	expect 0 open a "$PORT"
	expect 0 open b "$PORT"
	await_active "$MODULE"
	expect 0 connect a ignore
	strike a
	await_storm
	wait_for storm_is_over || fail "the storm goes on"
	# b quietens the line.
	expect 0 connect b mine
	await_interrupt on
	settle
	expect 3 strobe b 3
	[ "$(storms_logged)" = 1 ] || fail "said $(storms_logged) times"
}

run_tests
