#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What a port says about itself to a Windows class driver, and to a user. The numbers
# are explained in Documentation/conformance.rst.

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"
. "$DIR/windows_lib.sh"

test_T100_a_short_buffer_is_too_small() {
	ports a
	for what in port more pnp; do
		says 'BUFFER_TOO_SMALL 0' ask a "$what" short
	done
}

test_T101_an_exact_buffer_is_filled() {
	ports a
	hex=$(printf %x "$(base)")
	says "SUCCESS 56 base=$hex controller=$hex span=* callbacks=1" ask a port
}

test_T101_nobody_need_own_the_port_for_it() {
	ports a b
	says 1 call a try
	says 'SUCCESS 56 *' ask b port
	says 'SUCCESS 32 *' ask b more
	says 'SUCCESS 112 *' ask b pnp
}

test_T103_a_port_without_interrupt_has_none() {
	soft_port
	ports a
	says 'SUCCESS 32 level=0 vector=0 affinity=0 mode=0 *' ask a more
}

test_T103_a_port_with_interrupt_has_it() {
	ports a
	[ "$(irq)" -ge 0 ] || skip "parport$PORT has no interrupt"
	says "SUCCESS 32 level=$(irq) vector=$(irq) affinity=1 *" ask a more
}

test_T104_the_mode_is_0_until_one_is_set() {
	soft_port
	ports a
	says 'SUCCESS 112 mode=0 *' ask a pnp
	says 1 call a try
	says 'SUCCESS 0' ask a set 0x60
	says 'SUCCESS 112 mode=60 *' ask a pnp
}

test_T104_capabilities_are_those_of_the_chip() {
	soft_port daisy=2
	ports a
	says "SUCCESS 112 * devices=2 capabilities=1b ecp=9d90 span=3 number=$PORT name=LPT$((PORT + 1)) callbacks=1" \
		ask a pnp
	unload_class
	soft_port ecp=0
	ports a
	says 'SUCCESS 112 * devices=0 capabilities=8 *' ask a pnp
}

# What was on the kernel's stack is no answer.
test_there_are_zeroes_between_the_fields_of_an_answer() {
	ports a
	lines b
	for what in port more pnp; do
		says 'SUCCESS 0' padding a "$what"
	done
	says 'SUCCESS 0' padding b class
}

test_T106_release_does_nothing() {
	ports a
	says 'SUCCESS 0' ask a release
	says 1 call a try
	says 0 call a waiters
	say call a free
}

test_T107_an_unknown_code_is_an_invalid_parameter() {
	ports a
	lines b
	# Functions 16 and 99, those of a filter, and some that are for another device
	for code in 0x00160040 0x0016018c 0x00160048 0x001600c8 0x00160094; do
		says 'INVALID_PARAMETER 0' ask a code "$code"
	done
	for code in 0x00160040 0x0016002c; do
		says 'INVALID_PARAMETER 0' ask b code "$code"
	done
}

test_T108_the_counters_are_in_sysfs() {
	ports a b
	windows_counters 0 0
	says 1 call a try
	windows_counters 1 0
	says PENDING allocate 0 b
	say call a free
	await_done 0:SUCCESS
	windows_counters 2 1
	say call b free
	windows_counters 2 2
}

test_T108_the_counters_cannot_be_written() {
	ports a
	for counter in allocates frees; do
		file=/sys/bus/parport/devices/$MODULE.$PORT/port_$counter
		[ "$(stat -c %a "$file")" = 444 ] || fail "$file: $(stat -c %a "$file")"
		if (echo 7 > "$file") 2> /dev/null; then
			fail "$file can be written"
		fi
	done
	windows_counters 0 0
}

run_tests
