#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Everything at once. The numbers are explained in Documentation/conformance.rst.

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"

start() {
	need_interrupts
	allow_connect
	expect 0 open a "$PORT"
	await_active "$MODULE"
}

# stress MS - sets OWNED, INTERRUPTS and VISITS
stress() {
	pta stress "$PORT" "$1"
	[ "$RESULT" -ge 0 ] || fail "it ended with $RESULT"
	listen
	# shellcheck disable=SC2086 # words are wanted
	set -- $SAID
	ktap_print_msg "owned $1 times, $2 interrupts, $3 of them visited"
	OWNED=$1 INTERRUPTS=$2 VISITS=$3
	[ "$RESULT" = 0 ] || fail "$RESULT times something was wrong"
}

# stress_more MS OWNED INTERRUPTS VISITS - until each of them was more often than
# that: a slow machine needs longer
stress_more() {
	rounds=0 owned=0 interrupts=0 visits=0
	until [ "$owned" -gt "$2" ] && [ "$interrupts" -gt "$3" ] &&
		[ "$visits" -gt "$4" ]; do
		[ "$rounds" -lt 1000 ] ||
			fail "owned $owned times, $interrupts interrupts, $visits visited"
		stress "$1"
		rounds=$((rounds + 1))
		owned=$((owned + OWNED))
		interrupts=$((interrupts + INTERRUPTS))
		visits=$((visits + VISITS))
	done
}

test_T148_never_two_owners_and_nobody_is_left() {
	start
	stress_more 2000 500 50 0
	await 1 try a
	expect 0 waiters a
	expect 0 free a
	owned_by none
}

test_T149_as_many_frees_as_allocates() {
	start
	stress_more 500 500 0 0
	flush_worker
	counts_are "$owned" "$owned"
}

test_T150_connect_and_disconnect_beside_interrupts_and_frees() {
	start
	stress_more 1000 0 0 50
	# Everything is disconnected now.
	await_interrupt off
	expect 0 connect a mine
	await_interrupt on
	expect 3 strobe a 3
}

run_tests
