#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What a Windows class driver is told when its port goes away. The numbers are explained
# in Documentation/conformance.rst.

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"
. "$DIR/windows_lib.sh"
. "$DIR/pnp.sh"
. "$DIR/linux_users.sh"

# removable DEVICE... - a port that can be unplugged, open as these
removable() {
	use_last_port
	ports "$@"
}

remove() {
	unplug
	RESTORE=unload_and_replug
}

unload_and_replug() {
	unload_class
	replug
}

test_T130_waiters_end_cancelled() {
	removable a b c
	says 1 call a try
	says PENDING allocate 0 b
	says PENDING select 1 c 4 0
	says PENDING allocate 2 b
	remove
	await_done 0:CANCELLED 1:CANCELLED 2:CANCELLED
}

test_T131_requests_end_with_delete_pending() {
	removable a
	remove
	for what in free port more pnp release init; do
		says 'DELETE_PENDING 0' ask a "$what"
	done
	says DELETE_PENDING allocate 0 a
	says DELETE_PENDING select 1 a 4 0
	await_done 0:DELETE_PENDING 1:DELETE_PENDING
	says 'DELETE_PENDING 0' ask a set 0x60
	allow_connect
	says 'DELETE_PENDING 0' connect a mine
	says 'DELETE_PENDING 0' major a create
	says OBJECT_NAME_NOT_FOUND open b "#Device#ParallelPort$PORT"
}

test_T131_a_class_device_is_removed() {
	use_last_port
	lines a
	says SUCCESS lock 0 a
	await_done 0:SUCCESS
	remove
	says 'DEVICE_REMOVED 0' ask a is-free
	says 'DEVICE_REMOVED 0' ask a unlock
	says DEVICE_REMOVED lock 0 a
	says INVALID_DEVICE_STATE ieee a terminate
}

# In the midst of a request, too; one that waits ends as in T130.
test_T131_a_class_device_is_removed_at_any_moment() {
	for _ in $(seq "$((2 * UNPLUGS))"); do
		use_last_port
		lines a
		say lock-until-gone a
		remove
		say gone
		case $OUTPUT in
		DEVICE_REMOVED | CANCELLED) ;;
		*) fail "it ended as '$OUTPUT'" ;;
		esac
		unload_and_replug
	done
}

# Sets NOW, in 10 ms
look_at_clock() {
	read -r NOW _ < /proc/uptime
	NOW=${NOW%.*}${NOW#*.}
}

# Five seconds is how long a device may take, and the end of the port waits for the transfer.
test_a_transfer_ends_with_the_port() {
	soft_port slow=600000
	lines a
	says SUCCESS lock 0 a
	await_done 0:SUCCESS
	look_at_clock
	began=$NOW
	says 'SUCCESS 1' write a ab
	look_at_clock
	patience=$((NOW - began))
	look_at_clock
	began=$NOW
	background writer sh -c "echo write a b > $CLASS/command"
	await_sleep "$PID" class_write
	echo > /sys/kernel/debug/pta_soft_port/unplug
	wait "$PID" || fail "the write: $(cat "$TMP/writer")"
	look_at_clock
	[ $(((NOW - began) * 5)) -lt $((patience * 4)) ] ||
		fail "it ended after $((NOW - began))0 ms, with patience for ${patience}0"
	says 'DEVICE_REMOVED 0' ask a is-free
}

test_T133_try_is_false() {
	removable a
	remove
	says 0 call a try
	says 0 call a waiters
	say call a free
}

# The owner is not called; its free finds out, and is no mistake.
test_T134_the_owner_is_not_told() {
	removable a
	says SUCCESS allocate 0 a
	await_done 0:SUCCESS
	remove
	none_done_without_port
	say call a free
	says 'DELETE_PENDING 0' ask a free
}

none_done_without_port() {
	says '' answers
}

test_T136_requests_are_served_until_the_port_is_gone() {
	removable a b
	says 1 call a try
	says PENDING allocate 0 b
	say call a free
	await_done 0:SUCCESS
	remove
	says 0 call b try
}

test_T138_a_routine_that_is_connected_goes_with_its_driver() {
	interrupts a
	says 'SUCCESS 32 *' connect a mine
	await_interrupt on
	unload_class
	await_interrupt off
}

test_T139_cleanup_after_the_removal_succeeds() {
	removable a
	remove
	says 'SUCCESS 0' major a cleanup
	says 'SUCCESS 0' major a close
	say close a
}

test_T140_disconnect_works_after_the_removal() {
	use_last_port
	interrupts a
	says 'SUCCESS 32 *' connect a mine
	remove
	says 'INVALID_PARAMETER 0' disconnect a other-routine
	says 'SUCCESS 0' disconnect a
	says 'INVALID_PARAMETER 0' disconnect a
}

test_T140_synchronized_code_runs_after_the_removal() {
	use_last_port
	interrupts a
	says 'SUCCESS 32 *' connect a mine
	remove
	says '1 irqsoff' synchronize a
}

run_tests
