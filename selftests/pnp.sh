# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# Unplugging a port and plugging it again, for the test scripts: its PnP device is
# unbound from parport_pc and bound. Sourced after lib.sh.

PNP=/sys/bus/pnp/drivers/parport_pc

# Use the port with the highest number. Only that one can be unplugged and
# plugged: filling a gap in the numbers, Linux takes a number that is in use.
use_last_port() {
	PORT=$(find /proc/sys/dev/parport/ -name 'parport*' |
		sed 's/.*parport//' | sort -n | tail -n 1)
	PROC=/proc/sys/dev/parport/parport$PORT
	PPDEV=/dev/parport$PORT
}

# The PnP name of the port, found by its address
pnp_name() {
	address=$(printf 'io 0x%x-' "$(base)")
	for device in "$PNP"/*:*; do
		if grep -q "$address" "$device/resources" 2> /dev/null; then
			echo "${device##*/}"
		fi
	done
}

unplug() {
	name=$(pnp_name)
	[ -n "$name" ] || skip "parport$PORT is not a PnP device"
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
