#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Unplugging a port that somebody at lp waits for, or has. Mainline's lp frees what its
# users are using then, so this needs the patches of Documentation/upstream/.

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"
. "$DIR/pnp.sh"
. "$DIR/linux_users.sh"

# lp is there all the time, and so has to let go of the port each time.
LP_STAYS=1

# To look through all symbols takes long, so once is enough.
need_patched_lp() {
	[ -e "$TMP/symbol" ] ||
		grep ' parport_retire_device' /proc/kallsyms > "$TMP/symbol" || :
	[ -s "$TMP/symbol" ] ||
		skip "this kernel's lp does not survive it, see Documentation/upstream/"
	use_last_port
	need_lp
}

# Of a port that goes away, those hear first who were there first.
lp_before_the_module() {
	unload pta_test "$MODULE"
	setup
}

lp_prints() {
	: > "$PRINTED"
	use_lp print
	lp_ended_with 0
	[ "$(cat "$PRINTED")" = 0123456789 ] || fail "lp printed '$(cat "$PRINTED")'"
}

# --- somebody waits in lp while a client owns the port ----------------------------

blocked() {
	await 1 waiters a
	await_sleep "$LP_PID" parport_claim_or
}

open_begins() {
	opened_begins
	await 1 try a
	use_lp print
	blocked
}

# lp hears of it first, so he is not given the port.
open_ends() {
	# ENODEV
	registers_are_left_alone lp_ended_with 19
	opened_ends
}

test_with_somebody_opening_lp() {
	need_patched_lp
	lp_before_the_module
	again_and_again open
	lp_prints
}

write_begins() {
	opened_begins
	use_lp hold print
	await_sleep "$LP_PID" sigtimedwait
	await 1 try a
	kill -s TERM "$LP_PID"
	blocked
}

write_ends() {
	open_ends
}

test_with_somebody_writing_to_lp() {
	need_patched_lp
	lp_before_the_module
	again_and_again write
	lp_prints
}

given_begins() {
	open_begins
}

# The module hears of it first and releases the port, so he has it, and may even be
# through before lp hears of it.
given_ends() {
	registers_are_left_alone lp_ended_with 19 0
	opened_ends
}

test_with_somebody_opening_lp_who_is_given_the_port_at_last() {
	need_patched_lp
	again_and_again given
	lp_prints
}

# --- lp has the port, and a client waits for it ------------------------------------

lent_begins() {
	opened_begins
	use_lp print hold print
	await_line lp print
	active_is lp || fail "printed, but '$(active)' has the port"
	expect 0 queue 1 a
}

lent_ends() {
	await_answers "1:$ENODEV"
	kill -s TERM "$LP_PID"
	registers_are_left_alone lp_ended_with 19
	opened_ends
}

test_with_lp_having_the_port_and_a_client_waiting() {
	need_patched_lp
	again_and_again lent
	lp_prints
}

# --- lp stays open until the port is back ------------------------------------------

# What was opened is gone for good.
test_with_lp_open_until_the_port_is_back() {
	need_patched_lp
	unplug
	plug
	inventory > "$TMP/before"
	use_lp print hold print
	await_line lp print
	OLD=$LP_PID
	unplug
	plug
	# EBUSY
	use_lp print
	lp_ended_with 16
	kill -s TERM "$OLD"
	LP_PID=$OLD
	lp_ended_with 19
	lp_prints
	all_is_as_before 1
}

run_tests
