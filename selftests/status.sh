#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Who owns it? The port's file in debugfs, and the name of a long holder in the
# log.

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"
. "$DIR/linux_users.sh"

STATUS=/sys/kernel/debug/$MODULE

start() {
	for client; do
		expect 0 open "$client" "$PORT"
	done
	await_active "$MODULE"
	await 0 waiters "$1"
}

# What is counted. Linux drivers leave interrupts behind that nobody raised, so
# those of the interrupts are looked at only where nobody else was there.
COUNTERS="allocates frees refused_tries refused_frees preempts_given"
COUNTERS="$COUNTERS preempts_refused handovers"
OF_INTERRUPTS="interrupts unhandled lent_interrupts"

# read_as PREFIX - each number of the file, in a variable of that name with PREFIX
read_as() {
	eval "$(awk -v prefix="$1" '
		$2 ~ /^[0-9]+$/ { print prefix substr($1, 1, length($1) - 1) "=" $2 }
		' "$STATUS/parport$PORT")"
}

snapshot() {
	read_as before_
	for counter in $COUNTERS; do
		eval "[ -n \"\${before_$counter-}\" ]" || fail "there is no $counter"
	done
}

# moved [COUNTER=N]... - since the snapshot, or since it was last asked; those that
# are not named have not moved
moved() {
	read_as now_
	before='' now=''
	for counter in $COUNTERS; do
		wanted=0
		for by; do
			[ "${by%=*}" != "$counter" ] || wanted=${by#*=}
		done
		eval "before=\$before_$counter now=\$now_$counter"
		[ "$now" = $((before + wanted)) ] ||
			fail "$counter went from $before to $now, and not by $wanted"
		eval "before_$counter=\$now"
	done
}

# shows NAME VALUE
shows() {
	[ "$(count "$1")" = "$2" ]
}

check_shows() {
	shows "$1" "$2" || fail "$1: '$(count "$1")' and not '$2'"
}

await_shows() {
	wait_for shows "$1" "$2" || fail "$1: '$(count "$1")' and not '$2'"
}

# --- the file -----------------------------------------------------------------

test_the_file_is_there_from_first_open_to_last_close() {
	[ -d "$STATUS" ] || fail "no $STATUS"
	[ ! -e "$STATUS/parport$PORT" ] || fail "there without a client"
	start a b
	[ -e "$STATUS/parport$PORT" ] || fail "not there with a client"
	expect 0 close a
	[ -e "$STATUS/parport$PORT" ] || fail "gone with the first close"
	expect 0 close b
	[ ! -e "$STATUS/parport$PORT" ] || fail "there after the last close"
}

test_a_new_port_starts_from_nothing() {
	start a
	for counter in $COUNTERS; do
		check_shows "$counter" 0
	done
	check_shows owner none
	check_shows lent_to none
	check_shows waiters 0
}

test_the_owner_is_named() {
	start a b
	check_shows owner none
	[ -z "$(count held_ms)" ] || fail "nobody has it, for $(count held_ms) ms"
	expect 1 try b
	owned_by b
	expect 0 free b
	owned_by none
	expect 1 try a hardirq
	owned_by a
	expect 0 free a
	expect 0 open c "$PORT" 'somebody'
	expect 1 try c
	check_shows owner somebody
}

test_the_owner_is_named_after_a_hand_over() {
	start a b
	expect 1 try a
	expect 0 queue 0 b
	expect 0 free a
	await_answers 0:0
	owned_by b
}

test_the_time_it_is_held() {
	start a
	expect 1 try a
	wait_for held_anew_for_less_than 1000 ||
		fail "held for $(count held_ms) ms from the beginning"
	wait_for the_time_is_right || fail "from $first to $second ms in a second"
	# Another allocation begins anew.
	wait_for held_anew_for_less_than "$second" ||
		fail "still held for $(count held_ms) ms"
}

# the_time_is_right - the clock that it is held by goes as the other does. It may be
# behind for a moment, if the processor that is to move it on has no time.
the_time_is_right() {
	before=$(uptime_ms)
	first=$(count held_ms)
	begin=$(uptime_ms)
	sleep 1
	end=$(uptime_ms)
	second=$(count held_ms)
	after=$(uptime_ms)
	[ $((second - first)) -ge $((end - begin - 100)) ] &&
		[ $((second - first)) -le $((after - before + 100)) ]
}

uptime_ms() {
	read -r uptime _ < /proc/uptime
	echo "${uptime%.*}${uptime#*.}0"
}

# held_anew_for_less_than MS - the port being freed and taken. On a machine that has
# other things to do, that may take longer.
held_anew_for_less_than() {
	expect 0 free a
	expect 1 try a
	[ "$(count held_ms)" -lt "$1" ]
}

test_the_waiters_are_counted() {
	start a b
	expect 1 try a
	check_shows waiters 0
	expect 0 queue 0 b
	expect 0 queue 1 b
	check_shows waiters 2
	expect "$EAGAIN" rival "$PORT"
	check_shows waiters 3
	expect 1 cancel 0 b
	check_shows waiters 2
}

test_the_linux_driver_that_has_the_port_is_named() {
	start a
	need_ppdev
	check_shows lent_to none
	want_with_ppdev
	await_line ppdev claim
	check_shows lent_to "ppdev$PORT"
	check_shows owner none
	end_ppdev
	await_shows lent_to none
}

# --- the counters -------------------------------------------------------------

test_allocations_and_frees_are_counted() {
	start a b
	snapshot
	expect 1 try a
	moved allocates=1
	expect 0 free a
	moved frees=1
	repeat 10 allocate_and_free hardirq
	moved allocates=10 frees=10
	expect 0 allocate a 100
	expect 0 close a
	moved allocates=1 frees=1
}

allocate_and_free() {
	expect 1 try b "$1"
	expect 0 free b "$1"
}

test_what_is_refused_is_counted() {
	start a b
	expect 1 try a
	snapshot
	repeat 3 expect 0 try b
	expect 0 try a hardirq
	moved refused_tries=4
	repeat 5 expect "$EPERM" free b
	moved refused_frees=5
	expect "$ETIMEDOUT" allocate b 0
	moved refused_tries=1
}

test_hand_overs_to_clients_are_counted() {
	start a b
	expect 1 try a
	expect 0 queue 0 b
	expect 0 queue 1 a
	snapshot
	expect 0 free a
	await_answers 0:0
	moved allocates=1 frees=1 handovers=1
	expect 0 free b
	await_answers 1:0
	moved allocates=1 frees=1 handovers=1
	expect 0 free a
	moved frees=1
}

test_what_linux_drivers_want_is_counted() {
	start a
	need_ppdev
	snapshot
	expect 0 rival "$PORT"
	moved preempts_given=1
	expect 0 rival off
	await_active "$MODULE"
	await 1 try a
	moved allocates=1
	refused=$(count preempts_refused)
	want_with_ppdev
	await 1 waiters a
	# It is counted just after it is one of those who wait.
	await_shows preempts_refused $((refused + 1))
	moved preempts_refused=1
	expect 0 free a
	await_line ppdev claim
	moved frees=1 handovers=1
	end_ppdev
	await_active "$MODULE"
	moved
}

test_interrupts_are_counted() {
	COUNTERS="$COUNTERS $OF_INTERRUPTS"
	need_interrupts
	start a b
	allow_connect
	expect 0 connect a pass
	expect 0 connect b mine
	await_interrupt on
	settle
	snapshot
	expect 20 strobe b 20
	moved interrupts=20
	expect 0 disconnect b
	settle
	snapshot
	expect 7 strobe a 7
	moved interrupts=7 unhandled=7
}

test_interrupts_that_come_while_the_port_is_lent_are_counted() {
	need_interrupts
	start a
	allow_connect
	expect 0 connect a mine
	await_interrupt on
	settle
	pta get a isr
	calls=$RESULT
	before=$(count lent_interrupts)
	background ppdev ppdev "$PPDEV" claim pulse pulse interrupt hold
	PPDEV_PID=$PID
	await_line ppdev interrupt
	expect "$calls" get a isr
	end_ppdev
	await_active "$MODULE"
	# They are counted when the port comes back.
	[ $(($(count lent_interrupts) - before)) -ge 1 ] ||
		fail "no interrupt of the time it was lent was counted"
}

# --- a holder that keeps the port for long ------------------------------------

# named CLIENT - how often the log names it as a long holder
named() {
	holders_logged "pta_test $1"
}

is_named() {
	[ "$(named "$1")" = "$2" ]
}

test_a_long_holder_is_named_once_for_each_allocation() {
	warn_after 300
	start a b
	expect 1 try a
	wait_for is_named a 1 || fail "named $(named a) times"
	sleep 0.7
	is_named a 1 || fail "named $(named a) times for one allocation"
	expect 0 free a
	sleep 0.4
	is_named a 1 || fail "named $(named a) times, and it has freed the port"
	expect 1 try a
	wait_for is_named a 2 || fail "not named again"
	is_named b 0 || fail "b is named, which never had the port"
}

# From its first moment on: c had the port before, with both of them waiting.
test_the_log_says_who_waits_for_a_long_holder() {
	warn_after 300
	start a b c
	expect 1 try c
	expect 0 queue 0 a
	expect 0 queue 1 b
	expect 0 free c
	await_answers 0:0
	wait_for is_named a 1 || fail "named $(named a) times"
	log_says 'pta_test a has had the port for [0-9]* ms, 1 waiting' ||
		fail "it does not say that one waits"
}

test_a_holder_that_got_the_port_by_a_hand_over_is_named() {
	warn_after 300
	start a b
	rounds=0
	until only_b_is_named; do
		rounds=$((rounds + 1))
		[ "$rounds" -lt 100 ] || fail "a is named"
	done
}

# On a machine that has other things to do, a may have the port for so long that it is
# named with good reason: but not every time.
only_b_is_named() {
	log_mark
	await 1 try a
	expect 0 queue 0 b
	expect 0 free a
	await_answers 0:0
	wait_for is_named b 1 || fail "named $(named b) times"
	expect 0 free b
	is_named a 0
}

test_who_takes_and_frees_all_the_time_is_not_named() {
	warn_after 300
	start a
	wait_for hammers_unnamed || fail "named"
}

# On a machine that has other things to do, the timer that is to free the port may
# come so late that a is named with good reason: but not every time.
hammers_unnamed() {
	log_mark
	expect 0 hammer a 1000
	sleep 0.8
	expect 0 hammer a 0
	is_named a 0
}

test_zero_switches_it_off() {
	warn_after 0
	start a
	expect 1 try a
	sleep 0.5
	is_named a 0 || fail "named although it is off"
}

run_tests
