#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Waiting for the port: pta_allocate() and pta_allocate_async().

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"

# start CLIENT...
start() {
	for client; do
		expect 0 open "$client" "$PORT"
	done
	await_active "$MODULE"
}

# --- a task that waits --------------------------------------------------------

test_allocate_with_a_time_limit() {
	start a b
	expect 0 allocate b 0
	expect 0 free b
	expect 0 allocate b 100
	expect 0 free b
	expect 0 allocate b max
	expect "$ETIMEDOUT" allocate a 0
	expect "$ETIMEDOUT" allocate a 25
	listen
	[ "$SAID" -ge 25 ] || fail "the limit of 25 was over after $SAID jiffies"
	expect 0 waiters a
	expect 0 free b
	# Somebody had waited, so a worker has it for a moment.
	await 1 try a
}

test_allocate_refuses_a_negative_time_limit() {
	start a b
	expect "$EINVAL" allocate a -1
	owned_by none
	expect 1 try b
	expect "$EINVAL" allocate a -1
	expect 0 waiters b
}

test_a_task_that_waits_gets_the_port() {
	start a b
	expect 1 try a
	wait_in_task b max
	await 1 waiters a
	expect 0 free a
	await_answers b:0
	wait "$PID" || fail "the task was told that it failed"
	owned_by b
	expect 0 free b
	await 1 try a
}

test_a_killed_task_leaves_no_trace() {
	start a b c d
	expect 1 try a
	expect 0 queue 0 b
	wait_in_task c max
	await 2 waiters a
	expect 0 queue 1 d
	kill -s KILL "$PID"
	await_answers "c:$EINTR"
	status=0
	wait "$PID" || status=$?
	[ "$status" = 137 ] || fail "the task ended with $status"
	expect 2 waiters a
	# Those around it are served as if it had never been there.
	expect 0 free a
	await_answers 0:0
	expect 0 free b
	await_answers 1:0
	expect 0 free d
	await 1 try a
	counts_are 4 3
}

test_a_killed_task_that_waited_alone_leaves_no_trace() {
	start a b
	expect 1 try a
	wait_in_task b max
	await 1 waiters a
	kill -s KILL "$PID"
	await_answers "b:$EINTR"
	expect 0 waiters a
	expect 0 free a
	await 1 try b
}

test_a_signal_that_does_not_kill_does_not_end_the_wait() {
	start a b
	expect 1 try a
	wait_in_task b max
	await 1 waiters a
	kill -s STOP "$PID"
	kill -s CONT "$PID"
	no_answer
	expect 0 free a
	await_answers b:0
}

# killed_or_granted - the task is killed in the moment in which it is granted the port
killed_or_granted() {
	await 1 try a
	wait_in_task b max
	await 1 waiters a
	kill -s KILL "$PID" 2> /dev/null &
	killer=$!
	expect 0 free a hardirq
	# It may have come too late for the task.
	wait "$killer" 2> /dev/null || :
	ANSWERS=
	wait_for some_answers 1 || fail "the task is still there"
	case $ANSWERS in
	b:0)
		owned_by b
		expect 0 free b
		;;
	"b:$EINTR")
		killed=$((killed + 1))
		expect "$EPERM" free b
		;;
	*) fail "the answers are '$ANSWERS'" ;;
	esac
	no_answer
}

test_kill_and_grant_at_the_same_moment_have_one_outcome() {
	start a b
	killed=0
	repeat 12 killed_or_granted
	ktap_print_msg "killed $killed times of 12"
	await 1 try a
}

# granted_meanwhile COMMAND - that stops a task, which is granted the port then
granted_meanwhile() {
	pta "$1" "$PORT"
	[ "$RESULT" != "$EOPNOTSUPP" ] || skip "one processor only, or no kprobes"
	[ "$RESULT" = 0 ] || fail "'$1' returned $RESULT"
	listen
	[ "$SAID" = "0 0 0" ] ||
		fail "allocate, free and the next allocate returned '$SAID'"
}

# The same with the task stopped between the two
test_a_killed_task_that_was_granted_the_port_has_it() {
	granted_meanwhile killed
}

# And with one that nobody kills
test_a_task_that_was_granted_the_port_before_it_slept_has_it() {
	granted_meanwhile drowsy
}

test_tasks_are_served_in_order() {
	start a b c d e
	expect 1 try a
	waiting=0
	for client in d b e c; do
		wait_in_task "$client" max
		waiting=$((waiting + 1))
		await "$waiting" waiters a
	done
	expect 0 free a
	for client in d b e c; do
		await_answers "$client:0"
		owned_by "$client"
		expect 0 free "$client"
	done
	await 1 try a
}

# --- a request that is answered -----------------------------------------------

test_a_request_for_a_free_port_is_granted() {
	start a
	expect 0 queue 0 a
	await_answers 0:0
	owned_by a
	no_answer
}

test_a_request_without_answer_is_refused() {
	start a
	expect "$EINVAL" queue NULL a
	expect "$EINVAL" queue no-done a
	expect 0 waiters a
	expect 1 try a
}

test_a_request_that_is_in_line_is_refused() {
	start a b c
	expect 1 try a
	expect 0 queue 0 b
	expect "$EBUSY" queue 0 b
	expect "$EBUSY" queue 0 c
	expect 1 waiters a
	expect 0 free a
	await_answers 0:0
	owned_by b
	no_answer
	# Answered, it is the caller's again.
	expect 0 queue 0 c
	expect 0 free b
	await_answers 0:0
	owned_by c
}

test_a_request_can_be_queued_from_everywhere() {
	start a b
	expect 1 try a
	expect 0 queue 0 b process
	expect 0 queue 1 b softirq
	expect 0 queue 2 b hardirq
	expect 3 waiters a
	for request in 0 1 2; do
		expect 0 answer "$request" free
	done
	expect 0 free a
	await_answers 0:0 1:0 2:0
	await 1 try a
}

test_a_request_for_a_free_port_can_be_queued_from_everywhere() {
	start a
	for context in process softirq hardirq; do
		expect 0 queue 0 a "$context"
		await_answers 0:0
		expect 0 free a
	done
}

# The routine queues the request in every interrupt, also in those that QEMU's port
# raises by itself, and is refused while the request is in line already.
test_a_request_can_be_queued_in_an_isr() {
	need_interrupts
	start a b
	allow_connect
	expect 0 connect a queue
	pta strobe a 1
	await_answers 0:0
	owned_by a
	pta strobe a 1
	await 1 waiters b
	expect 1 cancel 0 a
	await_answers "0:$ECANCELED"
	pta get a true
	[ "$RESULT" -ge 2 ] || fail "$RESULT requests were queued"
}

test_an_answer_may_free_and_queue_again() {
	start a b
	expect 0 answer 0 again
	expect 1 try a
	expect 0 queue 0 b
	expect 0 queue 1 a
	expect 0 free a
	# Its second turn comes after those who wait already.
	await_answers 0:0 0=0 1:0
	owned_by a
	expect 0 free a
	await_answers 0:0
	await 1 try a
	flush_worker
	no_answer
}

# Of a debug kernel, KASAN watches.
test_an_answer_may_free_the_memory_of_its_request() {
	start a b c
	expect 1 try a
	expect 0 queue once b
	expect 0 free a
	await_answers o:0
	owned_by b
	expect 0 queue once c
	expect 0 close c
	await_answers "o:$ECANCELED"
	no_answer
}

test_an_answer_may_not_wait_for_the_port() {
	start a b
	expect 0 answer 0 allocate
	expect 1 try a
	expect 0 queue 0 b
	expect 0 free a
	await_answers 0:0 "0=$EDEADLK"
	await 1 try a
}

# What the worker is wanted for then, it does when it has given the answer.
test_an_answer_may_disconnect() {
	need_interrupts
	start a b
	allow_connect
	expect 0 connect b mine
	await_interrupt on
	expect 0 answer 0 disconnect
	expect 1 try a
	expect 0 queue 0 b
	expect 0 free a
	await_answers 0:0 0=0
	await_interrupt off
	await 1 try a
}

test_an_answer_comes_in_process_context_whoever_freed() {
	start a b
	for context in process softirq hardirq; do
		await 1 try a
		expect 0 queue 0 b
		expect 0 free a "$context"
		# It would have a mark if the context was not a worker's.
		await_answers 0:0
		expect 0 free b
	done
}

# --- order --------------------------------------------------------------------

# flood_is_over N
flood_is_over() {
	pta flooded
	[ "$RESULT" = "$1" ]
}

# Freeing in the answer, as many do, must not nest one answer into the other.
test_a_thousand_answers_that_free_do_not_pile_up() {
	start a b
	expect 1 try a
	expect 1000 flood b 1000
	expect 1000 waiters a
	expect 0 free a
	wait_for flood_is_over 1000 || fail "only $RESULT were answered"
	listen
	# shellcheck disable=SC2086 # words are wanted
	set -- $SAID
	[ "$1" = 0 ] || fail "$1 were answered out of order, or not with 0"
	[ "$2" -lt 512 ] || fail "the stack grew by $2 bytes"
	[ "$3" = 0 ] || fail "the port was free $3 times while others waited"
	counts_are 1001 1000
	# Not one more.
	expect 0 free b
	flush_worker
	expect 1000 flooded
}

test_nobody_who_tries_gets_past_those_who_wait() {
	start a b c
	expect 1 try a
	owner=a
	floods=0
	tried=0
	# How often c tries meanwhile is for the machine to say.
	until [ "$tried" -ge 20 ]; do
		[ "$floods" -lt 10000 ] || fail "c tried $tried times only"
		floods=$((floods + 1))
		try_beside_a_flood "$owner"
		# The last in line keeps the port.
		owned_by b
		owner=b
	done
}

# try_beside_a_flood OWNER - adds to tried how often c did
try_beside_a_flood() {
	expect 1000 flood b 1000
	expect 0 hammer c 50
	expect 0 free "$1" hardirq
	wait_for flood_is_over 1000 || fail "only $RESULT were answered"
	listen
	# shellcheck disable=SC2086 # words are wanted
	set -- $SAID
	tried=$((tried + $4))
	expect 0 hammer c 0
	expect 0 get c true
}

test_the_port_is_not_free_between_free_and_grant() {
	start a b c
	for context in process softirq hardirq; do
		await 1 try a
		expect 0 queue 0 b
		expect 0 swap a c "$context"
		await_answers 0:0
		expect 0 free b
	done
}

# --- the end ------------------------------------------------------------------

test_close_waits_for_an_answer_that_is_being_given() {
	start a b
	expect 0 answer 0 slow
	expect 0 queue 0 b
	await 1 answering
	expect 0 close b
	# The slow answer is noted when it is done.
	pta answers
	listen
	[ "$SAID" = 0:0 ] || fail "closed, and the answer is '$SAID'"
	expect 0 answering
	await 1 try a
}

test_close_waits_for_its_cancelled_requests() {
	start a b
	expect 1 try a
	expect 0 answer 0 slow
	expect 0 queue 0 b
	expect 0 queue 1 b
	expect 0 close b
	pta answers
	listen
	[ "$SAID" = "0:$ECANCELED 1:$ECANCELED" ] ||
		fail "closed, and the answers are '$SAID'"
	owned_by a
	expect 0 waiters a
}

test_a_closing_client_cannot_queue_again() {
	start a b
	expect 1 try a
	expect 0 answer 0 again
	expect 0 queue 0 b
	expect 0 close b
	await_answers "0:$ECANCELED" "0=$ESHUTDOWN"
	expect 0 waiters a
	no_answer
}

run_tests
