#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# A demonstration, step by step, of what the module is for. It looks whether
# each step does what it says, and fails if one does not.

set -eu
. "$(dirname "$0")/lib.sh"

TMP=$(mktemp -d)
log_open "demonstration"
STEP=0
trap 'cleanup; rm -rf "$TMP"' EXIT

cleanup() {
	set +e
	for pid in $BACKGROUND; do
		kill -s KILL "$pid" 2> /dev/null
	done
	for module in pta_sample pta_test "$MODULE"; do
		[ ! -e "/sys/module/$module" ] || rmmod "$module"
	done
}

# The log is shown from where the step begins.
step() {
	STEP=$((STEP + 1))
	printf '\n%d. %s\n' "$STEP" "$*"
	log_mark "$*"
}

say() {
	printf '   %s\n' "$*"
}

# What helpers of lib.sh say when something is not as told
fail() {
	say "NOT AS TOLD: $*"
	dmesg | tail -n 20
	exit 1
}

run() {
	say "# $*"
	"$@" || fail "'$*' failed"
}

sample_log() {
	log_lines 'pta_sample:'
}

logged() {
	sample_log > "$TMP/sample"
	grep -q "$1" "$TMP/sample"
}

show_log() {
	sed 's/^/   | /'
}

# expect_log TEXT... - the sample says each of them, in the kernel log
expect_log() {
	for text; do
		wait_for logged "$text" || fail "no '$text' in the kernel log"
	done
	sample_log | show_log
}

expect_no_log() {
	! logged "$1" || fail "'$1' in the kernel log"
}

# settle_sample - until it has dealt with all interrupts that were raised. Every
# processor has run a program since, and so has taken what was on its way.
settle_sample() {
	cpu=0
	while taskset "$(printf %x $((1 << cpu)))" true 2> /dev/null; do
		cpu=$((cpu + 1))
	done
	wait_for is_free || fail "'$(count owner)' has the port"
}

is_free() {
	[ "$(count owner)" = none ]
}

expect_active() {
	await_active "$1"
	say "$PROC/devices/active: $(active)"
}

raise_interrupt() {
	say "(the device raises an interrupt)"
	ioport strobe "$PROC/base-addr" 1 0 || fail "no interrupt was raised"
}

printf 'parport%s at %s, interrupt %s, Linux %s\n' "$PORT" \
	"$(printf '0x%x' "$(base)")" "$(irq)" "$(uname -r)"

step "Loading the module changes nothing for anybody: nobody has the port."
run modprobe "$MODULE"
expect_active none

step "The sample driver may not connect its interrupt: that is off by default."
say "# modprobe pta_sample port=$PORT"
! modprobe pta_sample port="$PORT" 2> /dev/null || fail "the sample was loaded"
wait_for logged 'connecting interrupts is switched off' ||
	fail "the sample does not say why"
# One line will do: some modprobes try twice.
sample_log | head -n 1 | show_log
expect_active none

step "The administrator switches it on. Now the sample waits for interrupts."
say "# echo Y > $PARAMETER"
echo Y > "$PARAMETER"
run modprobe pta_sample port="$PORT"
expect_log 'waiting for interrupts'
settle_sample
expect_active "$MODULE"

step "An interrupt. The ISR gets the port, its bottom half works and frees it."
raise_interrupt
expect_log 'try_allocate is TRUE' 'served, port freed'
expect_no_log 'FALSE'

step "Another client owns the port. The ISR is called all the same: FALSE."
run modprobe pta_test
say "(client b: open, try_allocate)"
expect 0 open b "$PORT"
expect 1 try b
raise_interrupt
expect_log 'try_allocate is FALSE'
expect_no_log 'TRUE'

step "The client frees the port. The next interrupt serves both."
say "(client b: free)"
expect 0 free b
raise_interrupt
expect_log 'try_allocate is TRUE' 'bottom half: 2 interrupt(s) served'

step "A Linux driver wants the port while a client owns it: it has to wait."
run modprobe ppdev
wait_for test -c "$PPDEV" || fail "no $PPDEV"
say "(client b: try_allocate)"
expect 1 try b
say "# ppdev $PPDEV claim hold &"
background ppdev ppdev "$PPDEV" claim hold
await 1 waiters b
expect_active "$MODULE"
say "(client b: query_waiters says 1)"

step "The client frees the port: it goes to the Linux driver, and to nobody else."
say "(client b: free, and try_allocate again: FALSE)"
expect 0 free b
expect 0 try b
await_line ppdev claim
expect_active "ppdev$PORT"

step "The Linux driver releases the port: the module has it again, as if nothing was."
kill -s TERM "$PID"
wait "$PID" || fail "ppdev: $(cat "$TMP/ppdev")"
expect_active "$MODULE"
await_interrupt on
settle_sample
if [ -n "$(sample_log)" ]; then
	say "(taking it back raised an interrupt, as it does with QEMU's port)"
	sample_log | show_log
	log_mark "back at rest"
fi
raise_interrupt
expect_log 'try_allocate is TRUE' 'served, port freed'

step "Everything is unloaded, and nothing is left."
run rmmod pta_sample
expect_log 'done, [1-9][0-9]* interrupt(s) found the port taken'
run rmmod pta_test
run rmmod "$MODULE"
expect_active none
[ -z "$(find /sys/bus/parport/ -name "*$MODULE*")" ] ||
	fail "something is left in /sys/bus/parport"

printf '\nAll %d steps did what they said.\n' "$STEP"
