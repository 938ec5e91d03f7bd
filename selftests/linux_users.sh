# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# Users of a port by way of Linux' own drivers, for the test scripts: somebody at
# ppdev, somebody at lp. Sourced after lib.sh.
#
# No two processes may be at ppdev's ioctls at once: it lets one in at a time, and
# who waits for the port stays inside. So whoever has the port ends by closing.

need_ppdev() {
	need_module ppdev
	wait_for test -c "$PPDEV" || fail "no $PPDEV"
}

# want_with_ppdev - somebody at ppdev begins to wait for the port, or has it;
# sets PPDEV_PID
want_with_ppdev() {
	background ppdev ppdev "$PPDEV" claim hold
	PPDEV_PID=$PID
}

ppdev_has_it() {
	grep -qx claim "$TMP/ppdev"
}

end_ppdev() {
	kill -s TERM "$PPDEV_PID"
	wait "$PPDEV_PID" || fail "ppdev: $(cat "$TMP/ppdev")"
}

# polled_port - this port without an interrupt. That is how it has to be if two
# Linux drivers contend for it: parport_claim() lets interrupts in while it holds
# the lock that the port's interrupt handler takes, whenever who claims has waited.
# The module under test keeps the interrupt away; Linux' own drivers do not, and
# the machine hangs.
polled_port() {
	find_printed
	lose_interrupt
	# shellcheck disable=SC2034 # lib.sh uses it
	RESTORE=interrupt_again
	LP=/dev/lp$PORT
}

interrupt_again() {
	unload pta_test "$MODULE" lp ppdev parport_pc
	modprobe parport_pc
}

# What lp prints is found there.
find_printed() {
	LP=/dev/lp$PORT
	eval "PRINTED=\${PTA_PORT${PORT}_OUT:-}"
}

need_lp() {
	[ -n "${PRINTED+set}" ] || find_printed
	[ -n "$PRINTED" ] || skip "cannot read back what parport$PORT prints"
	# If it was asked to give way as it was closed, it remembers, and gives way
	# after its next letter.
	unload lp
	need_module lp
	wait_for test -c "$LP" || fail "no $LP"
	: > "$PRINTED"
}

# want_with_lp - somebody opens lp, which wants the port for a moment, and prints
# a letter; from then on lp keeps the port until it is asked to give way and
# prints another one. Sets LP_PID
want_with_lp() {
	rm -f "$TMP/letters"
	mkfifo "$TMP/letters"
	# shellcheck disable=SC2016 # expanded by the other shell
	background lp sh -c '
		exec 3> "$1"
		printf a >&3
		echo printed
		while read -r letter; do
			printf %s "$letter" >&3
			echo "printed $letter"
		done < "$2"' sh "$LP" "$TMP/letters"
	LP_PID=$PID
	# It stays open, or the reader would see the end after the first line.
	exec 4<> "$TMP/letters"
}

take_with_lp() {
	want_with_lp
	await_line lp printed
	active_is lp || fail "printed, but '$(active)' has the port"
}

# print_with_lp LETTER - returns at once, it may have to wait for the port
print_with_lp() {
	echo "$1" >&4
}

# It closes lp, for which it needs the port once more.
end_lp() {
	kill -s KILL "$LP_PID"
	wait "$LP_PID" 2> /dev/null || :
}

# use_lp OPERATION... - somebody opens lp and goes on with that, until he comes to his
# end; sets LP_PID
use_lp() {
	background lp ppdev "$LP" "$@"
	LP_PID=$PID
}

lp_ended() {
	! grep -q '^State:.[^Z]' "/proc/$LP_PID/status" 2> /dev/null
}

# lp_ended_with ERRNO... - he comes to it, with one of these, or 0
lp_ended_with() {
	wait_for lp_ended || fail "lp's user does not come to an end"
	status=0
	wait "$LP_PID" || status=$?
	for errno; do
		[ "$status" != "$errno" ] || return 0
	done
	fail "lp's user ended with $status and not with $*: $(cat "$TMP/lp")"
}

# sleeps_in PID FUNCTION - is the task in that function of the kernel?
sleeps_in() {
	grep -q "$2" "/proc/$1/stack" 2> /dev/null
}

await_sleep() {
	[ -e "/proc/$1/stack" ] || skip "no /proc/PID/stack"
	wait_for sleeps_in "$1" "$2" || fail "$1 is not in $2"
}
