#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Unplugging a port and plugging it again, many times, whatever goes on there:
# nothing that waits is forgotten, nothing touches the registers afterwards, and
# nothing is left behind.
#
# Environment:
#   PTA_UNPLUGS  how many times in each test (default: 5)

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"
. "$DIR/pnp.sh"
. "$DIR/linux_users.sh"

UNPLUGS=${PTA_UNPLUGS:-5}

# What a mark looks like that nobody writes by himself
MARK_DATA=90
MARK_CONTROL=4

# poke OFFSET VALUE, peek OFFSET - a register of the port that was unplugged
poke() {
	# shellcheck disable=SC2059 # a byte
	printf "$(printf '\\%03o' "$2")" |
		dd of=/dev/port bs=1 seek=$((address + $1)) 2> /dev/null
}

peek() {
	dd if=/dev/port bs=1 skip=$((address + $1)) count=1 2> /dev/null |
		od -A n -t u1 | tr -d ' '
}

# registers_are_left_alone COMMAND... - neither the data nor the control register
# of the port changes while the command runs
registers_are_left_alone() {
	poke 0 "$MARK_DATA"
	poke 2 "$MARK_CONTROL"
	"$@"
	[ "$(peek 0)" = "$MARK_DATA" ] ||
		fail "$1: the data register is $(peek 0)"
	[ $(($(peek 2) & 63)) = "$MARK_CONTROL" ] ||
		fail "$1: the control register is $(peek 2)"
}

# What must be as before, after as many unplugs as you like
inventory() {
	for module in parport parport_pc ppdev lp "$MODULE" pta_test; do
		[ ! -e "/sys/module/$module" ] ||
			echo "$module $(cat "/sys/module/$module/refcnt")"
	done
	find /sys/bus/parport/ /proc/sys/dev/parport/ "/sys/kernel/debug/$MODULE" |
		sort
	grep parport /proc/ioports
	sed -n 's/.*\(parport.*\)/\1/p' /proc/interrupts
}

inventory_is() {
	inventory > "$TMP/now"
	cmp -s "$TMP/before" "$TMP/now"
}

# again_and_again WITH - WITH_begins before each unplug and WITH_ends after it
again_and_again() {
	use_last_port
	unload lp
	address=$(($(base)))
	round=0
	inventory > "$TMP/before"
	while [ "$round" -lt "$UNPLUGS" ]; do
		round=$((round + 1))
		"$1_begins"
		unplug
		"$1_ends"
		plug
		[ -d "$PROC" ] ||
			fail "round $round: plugged, it is not parport$PORT"
	done
	RESTORE=
	wait_for inventory_is || {
		diff "$TMP/before" "$TMP/now" | sed 's/^/# /'
		fail "not as before $UNPLUGS unplugs"
	}
	# It works as ever.
	expect 0 open a "$PORT"
	await 1 try a
	expect 0 free a
}

opened_begins() {
	expect 0 open a "$PORT"
	expect 0 open b "$PORT"
	await_active "$MODULE"
}

# What a client of a port that is gone can do
gone() {
	expect 0 try "$1"
	expect "$ENODEV" free "$1"
	expect "$ENODEV" write "$1" data 1
	expect "$ENODEV" write "$1" control 8
	expect "$ENODEV" read "$1" status
	expect "$ENODEV" allocate "$1" 100
	expect "$ENODEV" queue 9 "$1"
	expect "$ENODEV" synchronize "$1" irqs-off
	expect 0 waiters "$1"
}

opened_ends() {
	registers_are_left_alone gone a
	registers_are_left_alone gone b
	registers_are_left_alone pta close a
	registers_are_left_alone pta close b
	expect "$ENODEV" open a "$PORT"
}

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
	# shellcheck disable=SC2046,SC2086 # words are wanted
	TOLD=$(printf ' %s\n' $TOLD $(output) | sort | tr -d '\n')
	# shellcheck disable=SC2086
	set -- $TOLD
	[ $# -ge 4 ]
}

test_with_all_kinds_of_waiters() {
	again_and_again queued
}

# lp is not tried here: it frees what its own users are sleeping in.
blocked_begins() {
	owned_begins
	want_with_ppdev
	await 1 waiters a
}

blocked_ends() {
	gone a
	# Whoever waited has the port now, for what it is worth.
	await_line ppdev claim
	end_ppdev
	opened_ends
}

test_with_a_blocked_ppdev() {
	need_ppdev
	use_last_port
	again_and_again blocked
}

lent_begins() {
	opened_begins
	want_with_ppdev
	await_line ppdev claim
	expect 0 queue 1 a
}

lent_ends() {
	await_answers "1:$ENODEV"
	end_ppdev
	opened_ends
}

test_with_ppdev_having_the_port_and_a_client_waiting() {
	need_ppdev
	use_last_port
	again_and_again lent
}

interrupted_begins() {
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
	background strobe ioport strobe "$(base)" 0 1
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
	registers_are_left_alone wait_for missed_more
	expect "$successes" get a true
	opened_ends
}

missed_more() {
	pta get a false
	before=$RESULT
	sleep 0.01
	pta get a false
	[ "$RESULT" -gt "$before" ]
}

test_with_a_client_that_hammers() {
	again_and_again hammered
}

run_tests
