#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Suspending the machine, with hardware that loses the port's control register
# meanwhile. Who owns the port and who waits for it stays as it was, and the
# register is as it was too. Most tests have the kernel itself resume after a moment,
# since a machine that has nothing to wake it up would sleep for ever.
#
# Environment:
#   PTA_WAKE  the file power/wakeup of a device that wakes the machine up again and
#             again; without one, the tests that sleep are skipped

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"

POWER=/sys/power
DELAY=/sys/module/suspend/parameters/pm_test_delay

# suspend_to LEVEL - devices are suspended as for LEVEL of pm_test, and resumed
suspend_to() {
	[ -w "$POWER/pm_test" ] || skip "this kernel cannot test suspending"
	grep -q "$1" "$POWER/pm_test" || skip "no '$1' in pm_test"
	grep -q freeze "$POWER/state" || skip "no suspend to idle"
	echo 0 > "$DELAY"
	# shellcheck disable=SC2034 # lib.sh uses it
	RESTORE=no_pm_test
	echo "$1" > "$POWER/pm_test"
	go_to_sleep
	no_pm_test
	[ -z "$suspended" ] || fail "cannot suspend"
}

# A machine of tools/boot has a share that does not survive it.
go_to_sleep() {
	! command -v guest-share > /dev/null || guest-share away
	suspended=
	echo freeze > "$POWER/state" || suspended=no
	! command -v guest-share > /dev/null || guest-share back
}

# sleep_until_woken - as any user would suspend the machine
sleep_until_woken() {
	[ -n "${PTA_WAKE:-}" ] || skip "nothing would wake this machine up"
	# shellcheck disable=SC2034 # lib.sh uses it
	RESTORE=no_wake
	echo enabled > "$PTA_WAKE"
	sleeps=$(cat "$POWER/suspend_stats/success")
	# What wakes it up may do so before it sleeps.
	wait_for slept_once_more || fail "cannot sleep"
	no_wake
}

slept_once_more() {
	go_to_sleep 2> /dev/null
	[ "$(cat "$POWER/suspend_stats/success")" -gt "$sleeps" ]
}

no_wake() {
	echo disabled > "$PTA_WAKE"
}

no_pm_test() {
	echo none > "$POWER/pm_test"
}

# The control register, but for the two bits that no PC port has
control() {
	echo $(($(ioport control "$PROC/base-addr") & 63))
}

control_is() {
	[ "$(control)" = "$1" ] || fail "the control register is $(control) and not $1"
}

# IDLE: nInit and nSelectIn, as always. With AUTOFD; with the interrupt on
IDLE=12
AUTOFD=14
INTERRUPT=28

# start CLIENT... - the register is lost in each suspend from now on
start() {
	for client; do
		expect 0 open "$client" "$PORT"
	done
	await_active "$MODULE"
	expect 0 lose "$1"
}

was_lost() {
	pta lose count
	[ "$RESULT" -ge 1 ] || fail "no register was lost"
}

test_the_register_of_a_free_port_is_restored() {
	start a
	control_is "$IDLE"
	suspend_to platform
	was_lost
	control_is "$IDLE"
	await 1 try a
}

test_the_interrupt_of_a_connected_client_is_restored() {
	start a
	need_interrupts
	allow_connect
	expect 0 connect a mine
	await_interrupt on
	settle
	control_is "$INTERRUPT"
	suspend_to platform
	was_lost
	control_is "$INTERRUPT"
	settle
	expect 10 strobe a 10
	await 1 try a
}

test_what_an_owner_has_set_is_restored() {
	start a b
	await 1 try a
	expect 0 write a control "$AUTOFD"
	control_is "$AUTOFD"
	suspend_to platform
	was_lost
	control_is "$AUTOFD"
	# It owns the port as before.
	expect "$AUTOFD" read a control
	expect 0 try b
	expect 0 free a
	control_is "$IDLE"
	expect 1 try b
}

test_what_an_owner_has_set_is_restored_with_its_interrupt() {
	start a
	need_interrupts
	allow_connect
	expect 0 connect a mine
	await_interrupt on
	await 1 try a
	expect 0 write a control "$AUTOFD"
	suspend_to platform
	was_lost
	control_is $((AUTOFD + 16))
	expect 0 free a
	control_is "$INTERRUPT"
	settle
	expect 3 strobe a 3
}

test_the_machine_sleeps() {
	start a b c
	need_interrupts
	allow_connect
	expect 0 connect a mine
	await_interrupt on
	await 1 try a
	expect 0 write a control "$AUTOFD"
	expect 0 queue 0 b
	wait_in_task c max
	await 2 waiters a
	sleep_until_woken
	was_lost
	control_is $((AUTOFD + 16))
	no_answer
	expect 2 waiters a
	expect 0 try c
	expect 0 free a
	await_answers 0:0
	expect 0 free b
	await_answers c:0
	expect 0 free c
	control_is "$INTERRUPT"
	settle
	expect 3 strobe a 3
	await 1 try a
}

# Each answer comes only after a free that comes after the suspend.
test_requests_wait_on() {
	start a b c
	await 1 try a
	expect 0 queue 0 c
	expect 0 queue 1 b
	suspend_to platform
	was_lost
	no_answer
	expect 2 waiters a
	expect 0 free a
	await_answers 0:0
	expect 0 free c
	await_answers 1:0
}

# A task that waits may not keep the machine from being suspended, nor be told of
# it. A ppdev that waits is not tried: parport ends its wait, and leaves it in line.
test_a_task_that_waits_waits_on() {
	start a b
	await 1 try a
	wait_in_task b max
	await 1 waiters a
	suspend_to freezer
	no_answer
	expect 1 waiters a
	suspend_to platform
	was_lost
	no_answer
	expect 0 free a
	await_answers b:0
}

# The register of a port that is lent is its driver's, not ours to restore.
test_the_register_of_a_lent_port_is_left_alone() {
	start a
	need_interrupts
	allow_connect
	expect 0 connect a mine
	await_interrupt on
	expect 0 rival "$PORT"
	suspend_to platform
	was_lost
	control_is 0
	expect 0 rival off
	await_active "$MODULE"
	await_interrupt on
	settle
	expect 3 strobe a 3
}

test_a_client_that_hammers_goes_on() {
	start a
	expect 0 hammer a 500
	suspend_to platform
	pta get a true
	wins=$RESULT
	wait_for more_wins_than "$wins" || fail "a gets the port no more"
	expect 0 hammer a 0
	expect 0 get a refused
}

more_wins_than() {
	pta get a true
	[ "$RESULT" -gt "$1" ]
}

run_tests
