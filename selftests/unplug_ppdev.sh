#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Unplugging a port that somebody at ppdev waits for, or has. To be run last: a
# ppdev that closes a port which is gone leaves parport_pc in use for ever.

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"
. "$DIR/pnp.sh"
. "$DIR/linux_users.sh"

COUNTED="parport ppdev lp $MODULE pta_test"

# need_edge - ppdev, which does not look at the port, never quietens a level-triggered
# line: Linux is interrupted for ever when the port is given to ppdev, with this module or
# without.
need_edge() {
	! grep -q "fasteoi .* parport$PORT\$" /proc/interrupts ||
		skip "the interrupt of parport$PORT is level-triggered"
}

blocked_begins() {
	opened_begins
	await 1 try a
	want_with_ppdev
	await 1 waiters a
}

blocked_ends() {
	gone a
	# Whoever waited has the port now, for what it is worth.
	await_line ppdev claim
	end_ppdev
	opened_ends
}

test_with_a_blocked_ppdev() {
	need_ppdev
	use_last_port
	need_edge
	again_and_again blocked
}

lent_begins() {
	opened_begins
	want_with_ppdev
	await_line ppdev claim
	expect 0 queue 1 a
}

lent_ends() {
	await_answers "1:$ENODEV"
	end_ppdev
	opened_ends
}

test_with_ppdev_having_the_port_and_a_client_waiting() {
	need_ppdev
	use_last_port
	need_edge
	again_and_again lent
}

run_tests
