#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Loading the module, opening ports, and what of that others can see.

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"

# What of the module is in /sys/bus/parport: driver and devices
leftovers() {
	find /sys/bus/parport/ -name "*$MODULE*"
}

devices() {
	find /sys/bus/parport/devices/ -name "*$MODULE*"
}

reload() {
	rmmod "$MODULE" || fail "cannot unload"
	[ ! -e "/sys/module/$MODULE" ] || fail "still there"
	[ -z "$(leftovers)" ] || fail "left behind: $(leftovers)"
	modprobe "$MODULE" || fail "cannot load"
}

test_loads_and_unloads_again_and_again() {
	rmmod pta_test
	repeat 20 reload
}

test_unloads_and_leaves_parport_pc_unloadable() {
	expect 0 open a "$PORT"
	expect 0 close a
	unload pta_test "$MODULE" lp ppdev
	rmmod parport_pc || skip "parport_pc is in use"
	modprobe parport_pc
	[ -d "$PROC" ] || fail "no parport$PORT after loading parport_pc again"
}

# Nothing is registered with the port, so nothing can shut anybody out.
test_is_invisible_until_a_client_opens() {
	[ -z "$(devices)" ] ||
		fail "registered without a client"
	active_is none || fail "'$(active)' has the port"
}

test_registers_once_from_first_open_to_last_close() {
	expect 0 open a "$PORT"
	await_active "$MODULE"
	expect 0 open b "$PORT"
	[ "$(devices | wc -l)" = 1 ] ||
		fail "not one device for two clients"
	expect 0 close a
	active_is "$MODULE" || fail "'$(active)' has the port of client b"
	expect 0 close b
	active_is none || fail "'$(active)' has the port after the last close"
	[ -z "$(devices)" ] ||
		fail "registered after the last close"
}

test_open_refuses_a_port_that_does_not_exist() {
	expect "$ENODEV" open a 4711
}

# While somebody has the port exclusively, a branch that is taken for a port is refused
# otherwise, and is not waited for in vain.
test_open_refuses_a_branch_of_a_multiplexer() {
	need_module ppdev
	use_soft_port mux=1
	branch=$(sed -n 's/^branch: //p' /sys/kernel/debug/pta_soft_port/state)
	wait_for test -c "/dev/parport$branch" || fail "Linux does not know parport$branch"
	wait_for test -c "$PPDEV" || fail "no $PPDEV"
	background ppdev ppdev "$PPDEV" excl claim hold
	await_line ppdev claim
	expect "$EBUSY" open a "$PORT"
	expect "$ENODEV" open b "$branch"
	kill -s TERM "$PID"
	wait "$PID" || fail "ppdev: $(cat "$TMP/ppdev")"
	expect 0 open a "$PORT"
	expect "$ENODEV" open b "$branch"
	await 1 try a
	expect 0 free a
}

test_open_refuses_a_missing_name() {
	expect "$EINVAL" open a "$PORT" NULL
	expect "$EINVAL" open a "$PORT" EMPTY
	# The name is looked at first.
	expect "$EINVAL" open a 4711 NULL
}

test_refused_open_leaves_nothing_behind() {
	pta open a "$PORT" NULL
	pta open a 4711
	[ -z "$(devices)" ] ||
		fail "registered after a refused open"
	expect 0 open a "$PORT"
}

test_info_agrees_with_linux() {
	expect 0 open a "$PORT"
	expect 0 info a
	listen
	# shellcheck disable=SC2086 # words are wanted
	set -- $SAID
	[ "$1" = "$PORT" ] || fail "number $1"
	[ "$2" = "parport$PORT" ] || fail "name $2"
	# There a tab is between the two.
	[ "$3	$4" = "$(cat "$PROC/base-addr")" ] || fail "addresses $3 $4"
	[ "$5" = "$(irq)" ] || fail "interrupt $5"
	# PARPORT_MODE_PCSPP: what every PC port can do
	[ $(($6 & 1)) = 1 ] || fail "modes $6"
	expect "$EINVAL" info a NULL
}

# modes_of_soft_port - sets MODES
modes_of_soft_port() {
	use_soft_port "$@"
	expect 0 open a "$PORT"
	expect 0 info a
	listen
	# shellcheck disable=SC2086 # words are wanted
	set -- $SAID
	[ "$1" = "$PORT" ] || fail "it is number $1 and not $PORT"
	MODES=$6
	expect 0 close a
	unload pta_soft_port
}

# ECP and EPP, as PARPORT_MODE_* has them
ECP_AND_EPP=$((8 + 4))

test_a_number_that_comes_back_may_be_another_port() {
	modes_of_soft_port
	[ $((MODES & ECP_AND_EPP)) = "$ECP_AND_EPP" ] || fail "the modes are $MODES"
	number=$PORT
	modes_of_soft_port ecp=0
	[ "$PORT" = "$number" ] || skip "number $number did not come back"
	[ $((MODES & ECP_AND_EPP)) = 0 ] || fail "the modes are $MODES again"
}

test_connecting_is_off_by_default() {
	unload pta_test "$MODULE"
	modprobe "$MODULE"
	[ "$(cat "$PARAMETER")" = N ] || fail "it is '$(cat "$PARAMETER")'"
}

test_connecting_can_be_allowed_at_load_time() {
	unload pta_test "$MODULE"
	modprobe "$MODULE" enable_connect_interrupt=Y
	[ "$(cat "$PARAMETER")" = Y ] || fail "it is '$(cat "$PARAMETER")'"
}

test_connect_parameter_refuses_nonsense() {
	if echo perhaps 2> /dev/null > "$PARAMETER"; then
		fail "took 'perhaps' for a truth value"
	fi
	[ "$(cat "$PARAMETER")" = N ] || fail "it is '$(cat "$PARAMETER")'"
}

run_tests
