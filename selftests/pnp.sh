# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# Unplugging a port and plugging it again, for the test scripts: its PnP device is
# unbound from parport_pc and bound. Sourced after lib.sh.
#
# Environment:
#   PTA_UNPLUGS  how many times in each test (default: 5)

UNPLUGS=${PTA_UNPLUGS:-5}
# What a mark looks like that nobody writes by himself
MARK_DATA=90
MARK_CONTROL=4
# The modules that must not be in use by more than before
COUNTED="parport parport_pc ppdev lp parport_try_alloc pta_test"

PNP=/sys/bus/pnp/drivers/parport_pc

# Use the port with the highest number. Only that one can be unplugged and
# plugged: filling a gap in the numbers, Linux takes a number that is in use.
use_last_port() {
	PORT=$(find /proc/sys/dev/parport/ -name 'parport*' |
		sed 's/.*parport//' | sort -n | tail -n 1)
	PROC=/proc/sys/dev/parport/parport$PORT
	# shellcheck disable=SC2034 # the scripts use it
	PPDEV=/dev/parport$PORT
}

# The PnP name of the port, found by its address
pnp_name() {
	address=$(printf 'io 0x%x-' "$(base)")
	found=$(grep -ls "$address" "$PNP"/*:*/resources) || return 0
	found=${found%/resources}
	echo "${found##*/}"
}

unplug() {
	name=$(pnp_name)
	[ -n "$name" ] || skip "parport$PORT is not a PnP device"
	# shellcheck disable=SC2034 # lib.sh uses it
	RESTORE=replug
	echo "$name" > "$PNP/unbind"
	[ ! -d "$PROC" ] || fail "parport$PORT is still there"
}

plug() {
	echo "$name" > "$PNP/bind"
}

# Plugged while somebody still holds the port that is gone, it got another
# number.
replug() {
	[ ! -e "$PNP/$name" ] || echo "$name" > "$PNP/unbind"
	plug
}

# --- again and again -----------------------------------------------------------

# registers_are_left_alone COMMAND... - neither the data nor the control register
# of the port, which was unplugged, changes while the command runs
registers_are_left_alone() {
	ioport mark "$address" "$MARK_DATA" "$MARK_CONTROL"
	"$@"
	# shellcheck disable=SC2046 # two numbers
	set -- "$1" $(ioport look "$address")
	[ "$2" = "$MARK_DATA" ] || fail "$1: the data register is $2"
	[ $(($3 & 63)) = "$MARK_CONTROL" ] || fail "$1: the control register is $3"
}

# What must be as before, after as many unplugs as you like
inventory() {
	for module in $COUNTED; do
		[ ! -e "/sys/module/$module" ] ||
			echo "$module $(cat "/sys/module/$module/refcnt")"
	done
	find /sys/bus/parport/ /proc/sys/dev/parport/ \
		/sys/kernel/debug/parport_try_alloc |
		sort
	grep parport /proc/ioports
	sed -n 's/.*\(parport.*\)/\1/p' /proc/interrupts
}

inventory_is() {
	inventory > "$TMP/now"
	cmp -s "$TMP/before" "$TMP/now"
}

# all_is_as_before UNPLUGS - the port is plugged again, nothing is left of those, and
# client a can take it
all_is_as_before() {
	# shellcheck disable=SC2034 # lib.sh uses it
	RESTORE=
	wait_for inventory_is || {
		diff "$TMP/before" "$TMP/now" | sed 's/^/# /'
		fail "not as before $1 unplugs"
	}
	# It works as ever.
	expect 0 open a "$PORT"
	await 1 try a
	expect 0 free a
}

# again_and_again WITH - WITH_begins before each unplug and WITH_ends after it. Without
# lp, unless $LP_STAYS
again_and_again() {
	use_last_port
	[ -n "${LP_STAYS:-}" ] || unload lp
	address=$(($(base)))
	# The first time, Linux may find more of the port than it did at boot.
	unplug
	plug
	round=0
	inventory > "$TMP/before"
	while [ "$round" -lt "$UNPLUGS" ]; do
		round=$((round + 1))
		"$1_begins"
		unplug
		"$1_ends"
		plug
		[ -d "$PROC" ] ||
			fail "round $round: plugged, it is not parport$PORT"
	done
	all_is_as_before "$UNPLUGS"
}

opened_begins() {
	expect 0 open a "$PORT"
	expect 0 open b "$PORT"
	await_active parport_try_alloc
}

# What a client of a port that is gone can do
gone() {
	expect 0 try "$1"
	expect "$ENODEV" free "$1"
	expect "$ENODEV" write "$1" data 1
	expect "$ENODEV" write "$1" control 8
	expect "$ENODEV" read "$1" status
	expect "$ENODEV" allocate "$1" 100
	expect "$ENODEV" queue 9 "$1"
	expect "$ENODEV" synchronize "$1" irqs-off
	expect 0 waiters "$1"
}

# gone_and_closed CLIENT... - all that they still do, one after the other
gone_and_closed() {
	for client; do
		gone "$client"
		pta close "$client"
	done
}

opened_ends() {
	registers_are_left_alone gone_and_closed a b
	expect "$ENODEV" open a "$PORT"
}
