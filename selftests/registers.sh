#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The port's registers: who may access them, and what is left in them.

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"

# nInit and nSelectIn, as parport has them
NEUTRAL=12

# start CLIENT...
start() {
	for client; do
		expect 0 open "$client" "$PORT"
	done
	await_active "$MODULE"
}

# control_is VALUE - of the bits that a port has
control_is() {
	is=$(($(ioport control "$PROC/base-addr") & 0x3f))
	[ "$is" = "$1" ] || fail "the control register is $is and not $1"
}

# --- the accessors ------------------------------------------------------------

test_the_owner_reads_and_writes() {
	start a
	expect 1 try a
	expect 0 write a data 0x5a
	expect $((0x5a)) read a data
	expect 0 write a data 0xa5
	expect $((0xa5)) read a data
	expect "$NEUTRAL" read a control
	expect 0 write a control 14
	expect 14 read a control
	control_is 14
	expect 0 write a control "$NEUTRAL"
	pta read a status
	[ "$RESULT" -ge 0 ] || fail "reading the status returned $RESULT"
}

test_the_owner_reads_and_writes_in_every_context() {
	start a
	expect 1 try a
	expect 0 write a data 0x33
	for context in process softirq hardirq; do
		expect $((0x33)) read a data "$context"
		expect "$NEUTRAL" read a control "$context"
	done
}

test_others_are_refused() {
	start a b
	expect 1 try a
	expect 0 write a data 0x11
	for register in data control; do
		expect "$EPERM" read b "$register"
		expect "$EPERM" read b "$register" hardirq
		expect "$EPERM" write b "$register" 0x22
	done
	expect $((0x11)) read a data
	expect "$NEUTRAL" read a control
	# Not the owner any more
	expect 0 free a
	expect "$EPERM" read a data
	expect "$EPERM" write a data 0x22
}

test_a_client_of_a_free_port_is_refused() {
	start a
	expect "$EPERM" read a data
	expect "$EPERM" read a control
	expect "$EPERM" write a data 0
	expect "$EPERM" write a control 0
	control_is "$NEUTRAL"
}

test_everybody_may_read_the_status_unless_the_port_is_lent() {
	start a b
	expect 1 try a
	pta read b status
	[ "$RESULT" -ge 0 ] || fail "while another client owns: $RESULT"
	expect 0 free a
	pta read b status hardirq
	[ "$RESULT" -ge 0 ] || fail "while nobody owns: $RESULT"
	expect 0 rival "$PORT"
	expect "$EPERM" read b status
	expect "$EPERM" read b data
	expect "$EPERM" write b control 0
	expect 0 rival off
	await_active "$MODULE"
	pta read b status
	[ "$RESULT" -ge 0 ] || fail "when the port is back: $RESULT"
}

# Nobody can say in which context somebody will access them.
test_registers_whose_accesses_sleep_are_left_alone() {
	use_soft_port sleeps=1 irq=99
	accesses=$(soft_accesses)
	start a b
	allow_connect
	expect "$EOPNOTSUPP" connect a mine
	expect 1 try a
	for register in data status control; do
		expect "$EOPNOTSUPP" read a "$register"
	done
	for register in data control; do
		expect "$EOPNOTSUPP" write a "$register" 0
	done
	expect 0 queue 0 b
	expect 0 free a
	await_answers 0:0
	expect 0 free b
	# Claimed, lent, taken back and released.
	expect 0 rival "$PORT"
	expect 0 rival off
	await_active "$MODULE"
	expect 0 close a
	expect 0 close b
	[ "$(soft_accesses)" = "$accesses" ] ||
		fail "accessed $(soft_accesses) times and not $accesses"
}

# How often the registers of the port in memory were accessed
soft_accesses() {
	sed -n 's/^accesses: //p' /sys/kernel/debug/pta_soft_port/state
}

test_writing_the_control_register_leaves_the_interrupt_alone() {
	need_interrupts
	start a
	allow_connect
	expect 0 connect a mine
	await_interrupt on
	await 1 try a
	expect 0 write a control 0x0e
	check_interrupt on
	expect 14 read a control
	expect 0 free a
	control_is $((NEUTRAL + 16))
}

# --- what is left in them -----------------------------------------------------

# leaves WHAT - and neither the next client nor a Linux driver finds it
leaves() {
	start a b
	expect 1 try a
	expect 0 leave a "$1"
	[ $(($(ioport control "$PROC/base-addr") & 0x3f)) != "$NEUTRAL" ] ||
		fail "there is nothing to clean up"
	expect 0 free a
	expect 1 try b
	control_is "$NEUTRAL"
	expect "$NEUTRAL" read b control
	expect 0 free b

	expect 1 try a
	expect 0 leave a "$1"
	expect 0 free a
	expect 0 rival "$PORT"
	control_is "$NEUTRAL"
	expect 0 rival off
	await_active "$MODULE"

	# One that closes does not free.
	await 1 try a
	expect 0 leave a "$1"
	expect 0 close a
	await 1 try b
	control_is "$NEUTRAL"
}

test_autofd_does_not_stay() {
	leaves autofd
}

test_a_missing_init_does_not_stay() {
	leaves no-init
}

test_the_reverse_direction_does_not_stay() {
	leaves reverse
}

test_the_interrupt_does_not_stay() {
	leaves interrupt
}

test_what_was_written_past_parport_does_not_stay() {
	leaves raw
}

test_a_mess_is_cleaned_up_in_hard_interrupt_context() {
	start a b
	expect 1 try a
	expect 0 leave a raw
	expect 0 free a hardirq
	expect 1 try b
	control_is "$NEUTRAL"
}

test_a_mess_is_cleaned_up_before_it_is_handed_over() {
	start a b
	expect 1 try a
	expect 0 leave a raw
	expect 0 queue 0 b
	expect 0 free a
	await_answers 0:0
	control_is "$NEUTRAL"
	expect "$NEUTRAL" read b control
}

# a_driver_leaves WHAT - and a client does not find it
a_driver_leaves() {
	expect 0 rival "$PORT"
	expect 0 leave a "$1"
	is=$(($(ioport control "$PROC/base-addr") & 0x3f))
	[ "$is" != "$NEUTRAL" ] || fail "'$1' leaves nothing to clean up"
	expect 0 rival off
	await_active "$MODULE"
	await 1 try a
	control_is "$NEUTRAL"
	expect 0 free a
}

test_what_a_linux_driver_left_does_not_stay() {
	start a
	for what in autofd no-init reverse interrupt raw; do
		a_driver_leaves "$what"
	done
}

# Nobody looks after a register that the owner was not told of.
test_no_register_is_touched_for_a_client_without_registers() {
	start a
	expect 0 open b "$PORT" BLIND
	for context in process softirq hardirq; do
		await 1 try b
		expect 0 leave a autofd
		expect 0 free b "$context"
		control_is 14
	done
	expect 1 try a
	expect 0 free a
	control_is "$NEUTRAL"
}

test_ppdev_finds_a_clean_port() {
	need_module ppdev
	wait_for test -c "$PPDEV" || fail "no $PPDEV"
	start a
	expect 1 try a
	expect 0 leave a reverse
	expect 0 leave a autofd
	background ppdev ppdev "$PPDEV" claim hold
	await 1 waiters a
	expect 0 free a
	await_line ppdev claim
	is=$(($(ioport control "$PROC/base-addr") & 0x2f))
	[ "$is" = "$NEUTRAL" ] || fail "ppdev found $is in the control register"
}

# While a routine is connected the interrupt is on, and a client that switched it
# off gives it back.
test_the_interrupt_comes_on_again_with_the_free() {
	need_interrupts
	start a b
	allow_connect
	expect 0 connect b mine
	await_interrupt on
	settle
	await 1 try a
	expect 0 leave a no-interrupt
	check_interrupt off
	expect 0 free a
	await_interrupt on
	control_is $((NEUTRAL + 16))
	expect 1 strobe b 1
	await 1 try a
	expect 0 leave a raw
	expect 0 free a
	control_is $((NEUTRAL + 16))
	expect 1 strobe b 1
}

run_tests
