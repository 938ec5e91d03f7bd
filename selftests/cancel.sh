#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Cancelling requests.

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"

# three_wait - b, c and d, for a's port, with requests 0, 1 and 2
three_wait() {
	for client in a b c d; do
		expect 0 open "$client" "$PORT"
	done
	await_active "$MODULE"
	expect 1 try a
	expect 0 queue 0 b
	expect 0 queue 1 c
	expect 0 queue 2 d
}

# granted REQUEST CLIENT - it has its turn, and frees
granted() {
	await_answers "$1:0"
	owned_by "$2"
	expect 0 free "$2"
}

test_cancel_of_the_first() {
	three_wait
	expect 1 cancel 0 b
	await_answers "0:$ECANCELED"
	expect 2 waiters a
	expect 0 free a
	granted 1 c
	granted 2 d
	await 1 try a
}

test_cancel_of_one_in_the_middle() {
	three_wait
	expect 1 cancel 1 c
	await_answers "1:$ECANCELED"
	expect 2 waiters a
	expect 0 free a
	granted 0 b
	granted 2 d
	await 1 try a
}

test_cancel_of_the_last() {
	three_wait
	expect 1 cancel 2 d
	await_answers "2:$ECANCELED"
	expect 2 waiters a
	expect 0 free a
	granted 0 b
	granted 1 c
	await 1 try a
}

test_cancel_of_all() {
	three_wait
	expect 1 cancel 1 c
	expect 1 cancel 0 b
	expect 1 cancel 2 d
	await_answers "1:$ECANCELED" "0:$ECANCELED" "2:$ECANCELED"
	expect 0 waiters a
	owned_by a
	expect 0 free a
	await 1 try a
	no_answer
}

test_cancel_of_what_is_not_in_line_is_refused() {
	three_wait
	expect 0 cancel 3 b
	expect 0 cancel NULL b
	expect 3 waiters a
	expect 0 free a
	await_answers 0:0
	# It was granted, and is out of line.
	expect 0 cancel 0 b
	owned_by b
	no_answer
}

test_second_cancel_is_refused() {
	three_wait
	expect 1 cancel 1 c
	expect 0 cancel 1 c
	await_answers "1:$ECANCELED"
	expect 0 cancel 1 c
	no_answer
}

test_cancel_by_another_client_is_refused() {
	three_wait
	expect 0 cancel 0 c
	expect 0 cancel 0 a
	expect 3 waiters a
	no_answer
	expect 0 free a
	await_answers 0:0
}

test_cancelled_it_can_be_queued_again() {
	three_wait
	expect 1 cancel 0 b
	await_answers "0:$ECANCELED"
	expect 0 queue 0 b
	expect 0 free a
	# At the end of the line now
	granted 1 c
	granted 2 d
	granted 0 b
}

test_cancel_works_from_everywhere() {
	three_wait
	expect 1 cancel 0 b hardirq
	expect 1 cancel 1 c softirq
	expect 1 cancel 2 d process
	await_answers "0:$ECANCELED" "1:$ECANCELED" "2:$ECANCELED"
	expect 0 free a
	await 1 try a
}

test_cancel_while_a_linux_driver_has_the_port() {
	expect 0 open a "$PORT"
	await_active "$MODULE"
	expect 0 rival "$PORT"
	expect 0 queue 0 a
	expect 1 waiters a
	expect 1 cancel 0 a
	await_answers "0:$ECANCELED"
	expect 0 rival off
	await 1 try a
}

test_a_request_waits_for_a_linux_driver() {
	expect 0 open a "$PORT"
	await_active "$MODULE"
	expect 0 rival "$PORT"
	expect 0 queue 0 a
	no_answer
	expect 0 rival off
	await_answers 0:0
	owned_by a
}

# Somebody else calls the worker, and is stopped in the middle of that: the close finds
# the worker called, and nothing to wait for yet.
test_close_returns_when_all_is_answered() {
	rounds=0
	until pta late "$PORT" && [ "$RESULT" != "$EAGAIN" ]; do
		rounds=$((rounds + 1))
		[ "$rounds" -lt 10 ] || skip "nobody comes by __queue_work()"
	done
	[ "$RESULT" != "$EOPNOTSUPP" ] || skip "one processor only, or no kprobes"
	[ "$RESULT" = 1 ] || fail "answered $RESULT times, and not once"
}

test_cancel_and_grant_at_the_same_moment_have_one_outcome() {
	# Until each has been first so often: then they race.
	pta duel "$PORT" 300
	[ "$RESULT" != "$EOPNOTSUPP" ] || skip "one processor only"
	[ "$RESULT" -ge 0 ] || fail "the duel ended with $RESULT"
	listen
	# shellcheck disable=SC2086 # words are wanted
	set -- $SAID
	ktap_print_msg "$1 rounds: $2 cancelled"
	[ "$RESULT" = 0 ] || fail "$RESULT outcomes were not one"
}

run_tests
