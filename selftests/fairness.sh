#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Who gets the port next, when clients wait for it and Linux drivers too: those
# who wait here in the order in which they came, and a Linux driver that was
# refused after at most one more of them.

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"
. "$DIR/linux_users.sh"

TRACING=/sys/kernel/tracing

# start CLIENT...
start() {
	for client; do
		expect 0 open "$client" "$PORT"
	done
	await_active "$MODULE"
}

# --- a Linux driver that was refused ------------------------------------------

# Three clients wait here, and ppdev was refused before they came.
refuse_ppdev_before_three() {
	start a b c d
	need_ppdev
	await 1 try a
	want_with_ppdev
	await 1 waiters a
	expect 0 queue 1 b
	expect 0 queue 2 c
	expect 0 queue 3 d
	expect 4 waiters a
}

test_a_refused_ppdev_gets_the_port_after_one_more_client() {
	refuse_ppdev_before_three
	expect 0 free a
	await_answers 1:0
	! ppdev_has_it || fail "ppdev has the port, and b too"
	expect 0 free b
	await_line ppdev claim
	no_answer
	end_ppdev
	await_answers 2:0
	expect 0 free c
	await_answers 3:0
	expect 0 free d
	await 1 try a
}

# The same, with those who wait in tasks of their own
test_a_refused_ppdev_gets_the_port_after_one_more_task() {
	start a b c
	need_ppdev
	await 1 try a
	want_with_ppdev
	await 1 waiters a
	wait_in_task b max
	await 2 waiters a
	wait_in_task c max
	await 3 waiters a
	expect 0 free a
	await_answers b:0
	expect 0 free b
	await_line ppdev claim
	no_answer
	end_ppdev
	await_answers c:0
}

test_a_refused_lp_gets_the_port_after_one_more_client() {
	start a b c
	need_lp
	await 1 try a
	want_with_lp
	await 1 waiters a
	expect 0 queue 1 b
	expect 0 queue 2 c
	expect 0 free a
	await_answers 1:0
	! grep -q printed "$TMP/lp" || fail "lp has printed on b's port"
	expect 0 free b
	# It wants the port twice, for its open and for its letter, so it may have to
	# let c in between.
	SERVED=
	wait_for lp_or_client 2 || fail "neither lp nor c got the port"
	await_line lp printed
	# If lp has given way with its letter, c has the port, and closing lp waits for it.
	kill -s KILL "$LP_PID"
	[ -n "$SERVED" ] || {
		await_answers 2:0
		expect 0 free c
	}
	wait "$LP_PID" 2> /dev/null || :
	await 1 try a
}

# lp_or_client REQUEST - has lp printed, or was the request granted? If so the
# port is freed for the next.
lp_or_client() {
	grep -q printed "$TMP/lp" && return
	pta answers
	listen
	[ "$SAID" = "$1:0" ] || return 1
	expect 0 free "$(echo "$1" | tr 0123 abcd)"
	SERVED=$1
}

test_a_ppdev_that_comes_late_is_not_put_off_either() {
	start a b c d
	need_ppdev
	await 1 try a
	expect 0 queue 1 b
	expect 0 queue 2 c
	expect 0 queue 3 d
	expect 0 free a
	await_answers 1:0
	want_with_ppdev
	await 3 waiters a
	expect 0 free b
	await_answers 2:0
	expect 0 free c
	await_line ppdev claim
	no_answer
	end_ppdev
	await_answers 3:0
}

# ppdev and lp have both to wait: parport knows the second, we do not.
test_two_refused_drivers_both_get_the_port() {
	polled_port
	start a b
	need_lp
	need_ppdev
	await 1 try a
	want_with_ppdev
	await_sleep "$PPDEV_PID" parport_claim_or
	want_with_lp
	await_sleep "$LP_PID" parport_claim_or
	expect 0 queue 1 b
	expect 0 free a
	await_answers 1:0
	expect 0 free b
	await_line ppdev claim
	end_ppdev
	await_line lp printed
	end_lp
	await 1 try a
}

test_several_refused_drivers_are_one_waiter() {
	polled_port
	need_ppdev
	start a
	expect 1 try a
	want_with_ppdev
	await 1 waiters a
	expect "$EAGAIN" rival "$PORT" sleep
	[ "$(count preempts_refused)" = 2 ] ||
		fail "$(count preempts_refused) drivers were refused"
	expect 1 waiters a
	# It hands the port on to the other one.
	expect 0 free a
	await_line ppdev claim
	end_ppdev
	wait_for rival_is_woken || fail "the rival sleeps on"
	expect 0 rival off
	await_active "$MODULE"
	await 0 waiters a
}

# Whether it could have been gone by then is for parport to say, which has a patch.
rival_is_woken() {
	pta rival woken
	[ "$RESULT" -ge 0 ]
}

# --- a Linux driver that waits behind another ---------------------------------

# We are first in parport's line, with nobody here that waits any more, and lp is
# second. Whoever takes the port when it is woken ends parport's walk of the
# line, so lp would sleep until we release the port: for ever.
test_the_port_is_left_to_those_who_wait_behind() {
	polled_port
	start a
	need_lp
	need_ppdev
	want_with_ppdev
	await_line ppdev claim
	expect 0 queue 0 a
	flush_worker
	expect 1 cancel 0 a
	want_with_lp
	await_sleep "$LP_PID" parport_claim_or
	end_ppdev
	await_line lp printed
	end_lp
	await 1 try a
}

# The same with clients that wait too, which is no reason to keep lp from it.
test_clients_that_wait_do_not_keep_others_out() {
	polled_port
	start a b
	need_lp
	need_ppdev
	want_with_ppdev
	await_line ppdev claim
	expect 0 queue 0 a
	flush_worker
	want_with_lp
	await_sleep "$LP_PID" parport_claim_or
	expect 0 queue 1 b
	end_ppdev
	# Once for its open, once for its letter
	wait_for lp_or_client 0 || fail "nobody got the port"
	wait_for lp_or_client 1 || fail "nobody got the port"
	# If lp has given way with its letter, a client has the port, and closing lp, for
	# which it needs the port once more, is left to the end, when no client is there.
	await_line lp printed
}

test_two_users_of_ppdev_that_alternate_do_not_keep_a_client_out() {
	polled_port
	start a
	need_ppdev
	# Each leaves the port by closing: see linux_users.sh.
	background first ppdev "$PPDEV" again claim
	background second ppdev "$PPDEV" again claim
	await_line first claim
	await_line second claim
	repeat 10 queue_and_free
	# Nor does the client keep them out.
	for user in first second; do
		count=$(claims "$user")
		turns=0
		until [ "$(claims "$user")" -gt "$count" ]; do
			[ "$turns" -lt 1000 ] || fail "the $user user gets the port no more"
			queue_and_free
			turns=$((turns + 1))
		done
	done
}

claims() {
	grep -c claim "$TMP/$1" || :
}

queue_and_free() {
	expect 0 queue 0 a
	await_answers 0:0
	expect 0 free a
}

# --- asking lp to give way ----------------------------------------------------

# How often lp was asked
asked() {
	grep -c pta_lp_preempt "$TRACING/trace" || :
}

count_asking() {
	grep -q " $TRACING " /proc/mounts ||
		mount -t tracefs none "$TRACING" 2> /dev/null || skip "no tracefs"
	[ -e "$TRACING/kprobe_events" ] || skip "no kprobe events"
	echo > "$TRACING/trace"
	echo 'p:pta_lp_preempt lp:lp_preempt' > "$TRACING/kprobe_events" ||
		skip "lp_preempt() cannot be probed"
	RESTORE=stop_counting
	echo 1 > "$TRACING/events/kprobes/pta_lp_preempt/enable"
}

stop_counting() {
	echo 0 > "$TRACING/events/kprobes/pta_lp_preempt/enable"
	echo > "$TRACING/kprobe_events"
	echo > "$TRACING/trace"
}

asked_is() {
	[ "$(asked)" = "$1" ]
}

await_asked() {
	wait_for asked_is "$1" || fail "lp was asked $(asked) times and not $1"
	# Not more often either.
	flush_worker
	asked_is "$1" || fail "lp was asked $(asked) times and not $1"
}

release_logged() {
	log_count "lp$PORT releasing parport"
}

test_lp_is_asked_once_for_each_request() {
	start a b
	need_lp
	count_asking
	take_with_lp
	await_asked 0
	expect 0 queue 1 a
	await_asked 1
	expect 0 try a
	expect 0 try b hardirq
	await_asked 1
	expect 0 queue 2 b
	await_asked 2
	active_is lp || fail "'$(active)' has lp's port"
	# With its next letter lp notices. It gives way then, in the midst of it or
	# afterwards.
	print_with_lp b
	await_answers 1:0
	expect 0 free a
	await_answers 2:0
	expect 0 free b
	await_line lp "printed b"
	# More than once, if lp had the port again in between, with b waiting.
	[ "$(release_logged)" -ge 1 ] || fail "lp did not give way"
	end_lp
	await_active "$MODULE"
	[ "$(cat "$PRINTED")" = ab ] || fail "printed: '$(cat "$PRINTED")'"
}

test_lp_is_asked_for_a_task_that_waits() {
	start a
	need_lp
	count_asking
	take_with_lp
	wait_in_task a max
	await_asked 1
	print_with_lp b
	await_answers a:0
	expect 0 free a
	await_line lp "printed b"
	end_lp
}

test_trying_does_not_ask_lp_to_give_way() {
	start a
	need_lp
	count_asking
	take_with_lp
	repeat 20 expect 0 try a
	repeat 20 expect 0 try a hardirq
	expect "$ETIMEDOUT" allocate a 0
	pta get a false
	tries=$RESULT
	expect 0 hammer a 200
	wait_for more_false_than $((tries + 100)) || fail "a tries no more"
	expect 0 hammer a 0
	# Nor does the worker, when it is called for something else.
	flush_worker
	await_asked 0
	print_with_lp b
	await_line lp "printed b"
	active_is lp || fail "'$(active)' has lp's port"
	[ "$(release_logged)" = 0 ] || fail "lp gave way"
	end_lp
	await_active "$MODULE"
}

more_false_than() {
	pta get a false
	[ "$RESULT" -gt "$1" ]
}

run_tests
