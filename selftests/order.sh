#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Loading parport_pc, lp, ppdev and the module under test in every order: it works
# in each, and can be unloaded in the opposite order.
#
# Environment:
#   PTA_ORDERS  all (default), or few: two orders for six, and still each two modules one
#               way round and the other

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"

ORDERS=${PTA_ORDERS:-all}

load() {
	for wanted; do
		modprobe "$wanted" || fail "$ORDER: cannot load $wanted"
	done
}

unload_all() {
	unload pta_test "$MODULE" lp ppdev parport_pc
}

# Everybody finds the port, gets it and gives it back.
everything_works() {
	modprobe pta_test || fail "$ORDER: cannot load pta_test"
	wait_for test -d "$PROC" || fail "$ORDER: no parport$PORT"
	wait_for test -c "$PPDEV" || fail "$ORDER: no $PPDEV"
	wait_for test -c "/dev/lp$PORT" || fail "$ORDER: no /dev/lp$PORT"
	expect 0 open a "$PORT"
	await_active "$MODULE"
	await 1 try a
	expect 0 free a
	if [ -n "$INTERRUPTS" ]; then
		allow_connect
		expect 0 connect a mine
		await_interrupt on
		expect 1 strobe a 1
	fi
	if [ -n "$PRINTED" ]; then
		: > "$PRINTED"
		echo "$ORDER" > "/dev/lp$PORT" || fail "$ORDER: lp does not print"
		[ "$(cat "$PRINTED")" = "$ORDER" ] ||
			fail "$ORDER: lp printed '$(cat "$PRINTED")'"
	fi
	ppdev "$PPDEV" claim release > /dev/null ||
		fail "$ORDER: ppdev does not get the port"
	await_active "$MODULE"
	await 1 try a
	expect 0 close a
	active_is none || fail "$ORDER: '$(active)' has the port"
	rmmod pta_test || fail "$ORDER: cannot unload pta_test"
}

# in_order MODULE... - lp, which has its devices registered all the time, keeps a
# parport_pc that was loaded after it; nobody else keeps anything.
in_order() {
	ORDER=$*
	unload_all
	load "$@"
	everything_works
	late=
	reverse=
	for loaded; do
		reverse="$loaded $reverse"
	done
	for loaded in $reverse; do
		rmmod "$loaded" 2> /dev/null && continue
		if [ "$loaded" != parport_pc ] || [ ! -e /sys/module/lp ]; then
			fail "$ORDER: cannot unload $loaded"
		fi
		late=$loaded
	done
	[ -z "$late" ] || rmmod "$late" || fail "$ORDER: cannot unload $late"
}

# orders_from MODULE A B C - that one first, then the others in every order
orders_from() {
	# Probing such a port may raise its line, and nobody is there to quieten it.
	! grep -q 'fasteoi .* parport' /proc/interrupts ||
		skip "a port has a level-triggered interrupt"
	need_module lp
	need_module ppdev
	eval "PRINTED=\${PTA_PORT${PORT}_OUT:-}"
	INTERRUPTS=$(can_interrupt)
	RESTORE=load_parport_pc
	in_order "$1" "$2" "$3" "$4"
	in_order "$1" "$4" "$3" "$2"
	[ "$ORDERS" != few ] || return 0
	in_order "$1" "$2" "$4" "$3"
	in_order "$1" "$3" "$2" "$4"
	in_order "$1" "$3" "$4" "$2"
	in_order "$1" "$4" "$2" "$3"
}

load_parport_pc() {
	modprobe parport_pc
}

# As need_interrupts of lib.sh, but the rest can be tested without.
can_interrupt() {
	[ "$(irq)" -ge 0 ] || return 0
	wait_for test -c "$PPDEV" || fail "no $PPDEV"
	! ppdev "$PPDEV" claim pulse pulse interrupt > /dev/null 2>&1 || echo yes
}

test_parport_pc_first() {
	orders_from parport_pc lp ppdev "$MODULE"
}

test_lp_first() {
	orders_from lp parport_pc ppdev "$MODULE"
}

test_ppdev_first() {
	orders_from ppdev parport_pc lp "$MODULE"
}

test_the_module_first() {
	orders_from "$MODULE" parport_pc lp ppdev
}

run_tests
