#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Class drivers that do wrong, each loaded as pta_bad: what they do is refused, the
# log names them, and nothing has changed for others.

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"

BAD=/sys/module/pta_bad/parameters

start() {
	need_interrupts
	allow_connect
	RESTORE=unload_bad
}

unload_bad() {
	[ ! -e /sys/module/pta_bad ] || rmmod pta_bad
}

# does WHAT RESULT - a driver that does this wrong is told so
does() {
	modprobe pta_bad port="$PORT" what="$1" || fail "cannot load pta_bad"
	[ "$(cat "$BAD/result")" = "$2" ] ||
		fail "it was told $(cat "$BAD/result") and not $2"
}

# named TEXT - one line in the log says that of it
named() {
	log_lines "$MODULE: parport$PORT: pta_bad " > "$TMP/named"
	sed 's/^/# /' "$TMP/named"
	[ "$(grep -c "pta_bad $1" "$TMP/named")" = 1 ] || fail "nobody says '$1'"
}

# A bit of the control register, which a free port does not have
AUTOFD=2

owner_is() {
	[ "$(count owner)" = "$1" ] || fail "the owner is '$(count owner)' and not $1"
}

# Others find the port as it was, and the bad one can go.
nothing_has_changed() {
	expect 0 open a "$PORT"
	await 1 try a
	expect 0 free a
	allow_connect
	expect 0 connect a mine
	await_interrupt on
	expect 3 strobe a 3
	rmmod pta_bad || fail "cannot unload pta_bad"
	expect 3 strobe a 3
	await 1 try a
}

# in_isr CALL RESULT TEXT
in_isr() {
	start
	does "isr-$1" "$2"
	named "$3"
	nothing_has_changed
}

test_connects_though_it_is_not_allowed() {
	start
	forbid_connect
	does connect-off "$EACCES"
	named "connected an interrupt, and enable_connect_interrupt is off: refused"
	nothing_has_changed
}

test_frees_twice() {
	start
	does free-twice "$EPERM"
	named "freed the port without owning it: refused"
	nothing_has_changed
}

test_frees_what_another_one_owns() {
	start
	does free-foreign "$EPERM"
	named "freed the port without owning it: refused"
	nothing_has_changed
}

test_waits_for_the_port_in_its_isr() {
	in_isr allocate "$EDEADLK" "waited for the port in a routine of it: refused"
}

test_connects_in_its_isr() {
	in_isr connect "$EDEADLK" "connected in a routine of the port: refused"
}

test_disconnects_in_its_isr() {
	in_isr disconnect "$EDEADLK" "disconnected in a routine of the port: refused"
}

test_synchronizes_in_its_isr() {
	in_isr synchronize "$EDEADLK" "synchronized in a routine of the port: refused"
}

test_closes_in_its_isr() {
	in_isr close 1 "closed the port in a routine of it: refused"
}

test_is_unloaded_while_it_is_connected() {
	start
	modprobe pta_bad port="$PORT" what=forget || fail "cannot load pta_bad"
	handle=$(cat "$BAD/handle")
	owner_is pta_bad
	rmmod pta_bad || fail "cannot unload pta_bad"
	named "was unloaded without closing the port: disconnected"
	await_interrupt off
	[ $(($(ioport control "$PROC/base-addr") & AUTOFD)) = 0 ] ||
		fail "AUTOFD is still on"
	# Whoever has found the handle may close it.
	modprobe pta_bad port="$PORT" what=close handle="$handle" ||
		fail "cannot load pta_bad"
	nothing_has_changed
	expect 0 close a
	active_is none || fail "'$(active)' has the port"
}

test_is_unloaded_while_it_waits() {
	start
	expect 0 open b "$PORT"
	await 1 try b
	modprobe pta_bad port="$PORT" what=forget-request || fail "cannot load pta_bad"
	handle=$(cat "$BAD/handle")
	expect 1 waiters b
	rmmod pta_bad || fail "cannot unload pta_bad"
	named "was unloaded without closing the port: disconnected"
	# Nobody is told of a grant who is not there any more.
	expect 0 waiters b
	expect 0 free b
	flush_worker
	owner_is none
	modprobe pta_bad port="$PORT" what=close handle="$handle" ||
		fail "cannot load pta_bad"
	nothing_has_changed
}

run_tests
