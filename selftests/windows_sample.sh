#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A whole Windows class driver, the sample pta_sample_windows, which says in the
# kernel log what it does. Client b of pta_test is its rival for the port.

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"
. "$DIR/pnp.sh"

SAMPLE=pta_sample_windows

sample_log() {
	log_lines "$SAMPLE: "
}

says() {
	said_so_far=$(sample_log)
	case $said_so_far in
	*"$SAMPLE: "*"$1"*) ;;
	*) return 1 ;;
	esac
}

# What it said last, for a test that fails
last_words() {
	sample_log | tail -n 5 | sed "s/.*$SAMPLE: //" | tr '\n' ';'
}

await_said() {
	wait_for says "$1" || fail "no '$1', but: $(last_words)"
}

not_said() {
	! says "$1" || fail "it says '$1': $(last_words)"
}

unload_sample() {
	unload "$SAMPLE"
}

# tidy_up - after the test, have the sample unloaded before anything else
tidy_up() {
	[ "$RESTORE" = unload_and_restore ] || NEXT=$RESTORE
	RESTORE=unload_and_restore
}

unload_and_restore() {
	unload_sample
	[ -z "$NEXT" ] || "$NEXT"
}

load() {
	tidy_up
	# The later of two parameters counts.
	modprobe "$SAMPLE" port="$PORT" time_limit=60000 "$@" ||
		fail "cannot load $SAMPLE: $(last_words)"
	await_said "waiting for interrupts of LPT$((PORT + 1))"
}

# does_not_load SAYS [PARAMETER]... - and leaves nothing behind
does_not_load() {
	said=$1
	shift
	tidy_up
	! modprobe "$SAMPLE" port="$PORT" "$@" 2> /dev/null || fail "it was loaded"
	await_said "$said"
	not_said 'waiting for interrupts'
	[ ! -e "/sys/module/$SAMPLE" ] || fail "it is there all the same"
}

# settle_sample - until all it was asked to do so far is done, and said; also what
# nobody asked it for, see settle in lib.sh
settle_sample() {
	settle
	wait_for at_rest || fail "it does not come to rest: $(last_words)"
}

# For each time that it got the port there is a DPC, and what its free has brought
# about is over.
at_rest() {
	ended=$(times 'DPC: ')
	flush_worker
	[ "$ended" = "$(times 'try is TRUE')" ]
}

times() {
	log_count "$SAMPLE: .*$1"
}

# start - the sample has nothing to do, and b is there
start() {
	need_interrupts
	allow_connect
	load "$@"
	expect 0 open b "$PORT"
	settle_sample
	log_mark
}

raise() {
	ioport strobe "$PROC/base-addr" "$1" 0 || fail "no interrupt was raised"
}

missed_is() {
	[ "$(times 'try is FALSE')" = "$1" ]
}

# rival_owns N - and the sample gets N interrupts in vain
rival_owns() {
	expect 1 try b
	for vain in $(seq "$1"); do
		raise 1
		wait_for missed_is "$vain" || fail "not $vain in vain: $(last_words)"
	done
	not_said 'TRUE'
}

# --- interrupts ------------------------------------------------------------------

test_an_interrupt_is_served() {
	start
	raise 1
	await_said 'interrupt: try is TRUE'
	await_said 'DPC: 1 interrupt(s) served, port freed'
	not_said 'FALSE'
	not_said 'port check'
	# It wrote that number to the port, and freed it.
	await 1 try b
	expect 1 read b data
}

test_work_is_pending_while_another_client_owns() {
	start
	rival_owns 1
	flush_worker
	not_said 'DPC'
	owned_by b
	expect 0 waiters b
}

test_the_port_check_finds_the_pending_work() {
	start
	rival_owns 3
	expect 0 free b
	await_said 'port check: try is TRUE'
	await_said 'DPC: 3 interrupt(s) served, port freed'
	await 1 try b
	expect 3 read b data
}

test_who_waits_in_line_is_first() {
	start
	expect 0 open c "$PORT"
	rival_owns 1
	expect 0 queue 0 c
	expect 0 free b
	await_answers 0:0
	flush_worker
	not_said 'port check'
	expect 0 free c
	await_said 'port check: try is TRUE'
	await_said 'DPC: 1 interrupt(s) served, port freed'
}

test_interrupts_come_as_fast_as_they_can() {
	start
	frees=$(count refused_frees)
	raise 200
	settle_sample
	served=$(sample_log | sed -n 's/.*DPC: \([0-9]*\) .*/\1/p' |
		awk '{ sum += $1 } END { print sum + 0 }')
	heard=$(times 'interrupt: ')
	[ "$heard" -gt 0 ] || fail "no interrupt arrived"
	[ "$served" = "$heard" ] || fail "$served of $heard interrupts were served"
	[ "$(count refused_frees)" = "$frees" ] || fail "it freed what it did not own"
	owned_by none
}

# --- starting ----------------------------------------------------------------------

test_connecting_is_switched_off() {
	does_not_load 'connecting interrupts is switched off'
	await_active none
	allow_connect
	log_mark
	load
}

test_no_such_port() {
	PORT=99
	does_not_load 'cannot open \Device\ParallelPort99: status c0000034'
}

test_a_port_without_interrupt() {
	lose_interrupt
	allow_connect
	does_not_load 'cannot connect interrupts of LPT1: status c00000bb'
	await_active none
}

test_it_waits_for_the_port() {
	allow_connect
	expect 0 open b "$PORT"
	expect 1 try b
	tidy_up
	background modprobe modprobe "$SAMPLE" port="$PORT" time_limit=60000
	await 1 waiters b
	expect 0 free b
	await_said "waiting for interrupts of LPT$((PORT + 1))"
	wait "$PID" || fail "modprobe: $(cat "$TMP/modprobe")"
}

test_it_does_not_wait_for_ever() {
	allow_connect
	expect 0 open b "$PORT"
	expect 1 try b
	does_not_load "cannot allocate LPT$((PORT + 1)): status c00000b5" time_limit=50
	expect 0 waiters b
	owned_by b
	expect 0 free b
	flush_worker
	owned_by none
}

test_a_kill_ends_the_wait() {
	allow_connect
	expect 0 open b "$PORT"
	expect 1 try b
	tidy_up
	background modprobe modprobe "$SAMPLE" port="$PORT" time_limit=60000
	await 1 waiters b
	kill -s KILL "$PID"
	await_said "cannot allocate LPT$((PORT + 1)): status c0000120"
	expect 0 waiters b
	owned_by b
}

# --- unloading ----------------------------------------------------------------------

test_it_is_unloaded_idle() {
	start
	unload_sample
	await_said 'done, '
	not_said 'the device stays as it is'
	owned_by none
	await_interrupt off
}

test_it_is_unloaded_after_work() {
	start
	raise 1
	await_said 'served, port freed'
	unload_sample
	await_said 'done, '
	not_said 'the device stays as it is'
	# It has told the device.
	await 1 try b
	expect 0 read b data
}

test_it_is_unloaded_with_work_pending() {
	start time_limit=50
	rival_owns 1
	unload_sample
	await_said 'the device stays as it is: status c00000b5'
	await_said 'done, '
	owned_by b
	expect 0 waiters b
	expect 0 free b
	flush_worker
	not_said 'port check'
	owned_by none
}

# One DPC or another is queued or running when it goes.
load_and_unload() {
	log_mark
	load
	wait_for says 'served, port freed' || fail "no interrupt arrived"
	unload_sample
	not_said 'the device stays as it is'
}

test_it_is_unloaded_beside_interrupts() {
	need_interrupts
	allow_connect
	background strobe ioport strobe "$PROC/base-addr" 0 1
	expect 0 open b "$PORT"
	refused=$(count refused_frees)
	repeat 10 load_and_unload
	[ "$(count refused_frees)" = "$refused" ] || fail "it freed what it did not own"
	flush_worker
	owned_by none
}

# --- the port goes away -----------------------------------------------------------------

unplug_under_sample() {
	address=$(($(base)))
	unplug
	tidy_up
}

test_unplugged_while_idle() {
	use_last_port
	unload ppdev lp
	allow_connect
	load
	unplug_under_sample
	registers_are_left_alone unload_sample
	await_said 'the device stays as it is: status c0000056'
	await_said 'done, '
	log_mark
	does_not_load "cannot open \\Device\\ParallelPort$PORT: status c0000034"
	plug
	log_mark
	load
}

test_unplugged_with_work_pending() {
	use_last_port
	start
	unload ppdev lp
	rival_owns 1
	unplug_under_sample
	registers_are_left_alone pta close b
	not_said 'port check'
	registers_are_left_alone unload_sample
	await_said 'the device stays as it is: status c0000056'
	await_said 'done, '
}

test_unplugged_while_it_waits() {
	use_last_port
	unload ppdev lp
	allow_connect
	expect 0 open b "$PORT"
	expect 1 try b
	background modprobe modprobe "$SAMPLE" port="$PORT" time_limit=60000
	await 1 waiters b
	unplug_under_sample
	await_said "cannot allocate LPT$((PORT + 1)): status c0000120"
	! wait "$PID" || fail "it was loaded"
}

run_tests
