#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Setting and clearing the mode of a port's chip, on the port in memory. The numbers are
# explained in Documentation/conformance.rst.

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"
. "$DIR/windows_lib.sh"

# chip [PARAMETER...] - a owns a port with that chip
chip() {
	soft_port "$@"
	ports a
	says 1 call a try
	ECR=$(soft ecr)
}

mode_is() {
	says "SUCCESS 112 mode=$1 *" ask a pnp
}

test_T109_ecp_can_be_set() {
	chip
	says 'SUCCESS 0' ask a set 0x60
	mode_is 60
	soft_is ecr 0x60
}

test_T109_epp_can_be_set() {
	chip
	says SUCCESS chip a set 0x94
	mode_is 80
	soft_is ecr 0x94
}

test_T109_byte_mode_can_be_set() {
	chip
	says 'SUCCESS 0' ask a set 0x34
	mode_is 20
	soft_is ecr 0x34
	# The lines are as they were.
	soft_is control 0x0c
}

test_T110_epp_cannot_be_set_while_ecp_is() {
	chip
	says 'SUCCESS 0' ask a set 0x60
	says 'INVALID_DEVICE_STATE 0' ask a set 0x80
	says INVALID_DEVICE_STATE chip a set 0x60
	mode_is 60
	soft_is ecr 0x60
}

test_T110_ecp_can_be_set_while_byte_mode_is() {
	chip
	says 'SUCCESS 0' ask a set 0x20
	says 'SUCCESS 0' ask a set 0x60
	mode_is 60
	says 'SUCCESS 0' ask a clear 0x60
	soft_is ecr "$ECR"
}

test_T112_a_mode_that_the_chip_does_not_have() {
	chip ecp=0
	says 'NO_SUCH_DEVICE 0' ask a set 0x60
	says 'NO_SUCH_DEVICE 0' ask a set 0x80
	mode_is 0
	soft_is ecr "$ECR"
	soft_is ecr_writes 0
}

test_T113_a_mode_that_is_not_set_cannot_be_cleared() {
	chip
	says 'SUCCESS 0' ask a set 0x60
	says 'INVALID_DEVICE_STATE 0' ask a clear 0x80
	says INVALID_DEVICE_STATE chip a clear 0x20
	mode_is 60
	soft_is ecr 0x60
}

test_T114_clear_restores_the_register() {
	chip
	for mode in 0x60 0x80 0x20; do
		says 'SUCCESS 0' ask a set "$mode"
		says 'SUCCESS 0' ask a clear "$mode"
		mode_is 0
		soft_is ecr "$ECR"
	done
}

test_T115_there_is_nothing_to_clear_at_first() {
	chip
	says 'UNSUCCESSFUL 0' ask a clear 0
	says UNSUCCESSFUL chip a clear 0
}

test_T117_an_unknown_mode_is_refused() {
	chip
	for mode in 0xc0 0x40 0xa0 0xe0; do
		says 'NO_SUCH_DEVICE 0' ask a set "$mode"
	done
	mode_is 0
	soft_is ecr_writes 0
	says 'SUCCESS 0' ask a set 0x60
}

test_T118_a_short_buffer_is_too_small() {
	chip
	says 'BUFFER_TOO_SMALL 0' ask a set 0x60 short
	says 'BUFFER_TOO_SMALL 0' ask a clear 0x60 short
	mode_is 0
}

# D13: Windows leaves the direction turned round.
test_byte_mode_of_lines_that_cannot_be_turned_round() {
	chip one_way=1
	says 'UNSUCCESSFUL 0' ask a set 0x20
	mode_is 0
	soft_is control 0x0c
	soft_is ecr "$ECR"
}

test_the_mode_is_the_owners_to_set() {
	chip
	ports b
	says 'ACCESS_DENIED 0' ask b set 0x60
	says 'ACCESS_DENIED 0' ask b clear 0
	soft_is ecr_writes 0
	mode_is 0
}

test_the_mode_can_be_set_in_atomic_context() {
	chip
	# The interrupt is off, and nothing there sleeps.
	says 'SUCCESS 0' ask a set 0x60
	say call a free hardirq
	says 1 call a try hardirq
	mode_is 60
}

# The mode is the port's, but a Linux driver finds what it knows.
test_a_linux_driver_gets_the_port_without_the_mode() {
	need_module ppdev
	chip
	says 'SUCCESS 0' ask a set 0x60
	say call a free
	PPDEV=/dev/parport$PORT
	wait_for test -c "$PPDEV" || fail "no $PPDEV"
	background ppdev ppdev "$PPDEV" claim hold
	await_line ppdev claim
	[ "$(soft ecr)" != 0x60 ] || fail "it is still in ECP mode"
	kill -s TERM "$PID"
	wait "$PID" || fail "ppdev: $(cat "$TMP/ppdev")"
	await_says 1 call a try
	mode_is 60
	soft_is ecr 0x60
	says 'SUCCESS 0' ask a clear 0x60
	soft_is ecr "$ECR"
}

run_tests
