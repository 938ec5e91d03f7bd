#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Selecting devices of a daisy chain, on the port in memory. The numbers are explained in
# Documentation/conformance.rst.

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"
. "$DIR/windows_lib.sh"

END=1
KEEP=2
ZIP=4

# chain DEVICES CLIENT... - these have a port open with so many devices
chain() {
	soft_port daisy="$1"
	shift
	ports "$@"
	await_says "SUCCESS 112 * devices=$(cat /sys/module/pta_soft_port/parameters/daisy) *" ask a pnp
	TRAFFIC=$(soft data_writes)
}

no_traffic() {
	soft_is data_writes "$TRAFFIC"
}

traffic() {
	[ "$(soft data_writes)" -gt "$TRAFFIC" ] || fail "nothing was sent"
}

devices_do_not_answer() {
	echo Y > /sys/module/pta_soft_port/parameters/deaf
}

test_T119_select_of_the_end_of_the_chain_sends_nothing() {
	chain 2 a
	for id in 0 2 4; do
		flags=0
		[ "$id" != 0 ] || flags=$END
		says SUCCESS select 0 a "$id" "$flags"
		await_done 0:SUCCESS
		owner_is pta_class
		says 'SUCCESS 0' ask a free
	done
	no_traffic
}

test_T119_select_of_a_device_selects_it() {
	chain 2 a
	says SUCCESS select 0 a 1 0
	await_done 0:SUCCESS
	owner_is pta_class
	soft_is selected 1
	traffic
}

test_T120_select_waits_for_the_port() {
	chain 2 a b
	says 1 call a try
	says PENDING select 0 b 1 0
	none_done
	soft_is selected -1
	say call a free
	await_done 0:SUCCESS
	soft_is selected 1
	says 'SUCCESS 0' ask b free
}

# When its turn comes there is no such device any more.
test_a_select_that_makes_no_sense_any_more_keeps_no_port() {
	chain 2 a b
	says 1 call b try
	says PENDING select 0 a 1 0
	echo 0 > /sys/module/pta_soft_port/parameters/daisy
	says 'SUCCESS 0' ask b init
	say call b free
	await_done 0:INVALID_PARAMETER
	flush_worker
	owner_is none
}

test_T121_keep_takes_no_port() {
	chain 2 a b
	says 1 call a try
	windows_counters 1 0
	says SUCCESS select 0 a 1 "$KEEP"
	await_done 0:SUCCESS
	windows_counters 1 0
	soft_is selected 1
	# There is nothing to keep.
	says ACCESS_DENIED select 1 b 0 "$KEEP"
	await_done 1:ACCESS_DENIED
	says ACCESS_DENIED chain b select 4 "$KEEP"
	says ACCESS_DENIED chain b deselect 4 "$KEEP"
	soft_is selected 1
}

test_T122_a_device_that_is_not_there_is_an_invalid_parameter() {
	chain 2 a
	says INVALID_PARAMETER select 0 a 3 0
	await_done 0:INVALID_PARAMETER
	says 'INVALID_PARAMETER 0' ask a deselect 3 0
	says INVALID_PARAMETER chain a select 3 0
	says INVALID_PARAMETER chain a deselect 3 0
	owner_is none
	windows_counters 0 0
	no_traffic
}

test_T122_a_zip_drive_is_not_supported() {
	chain 2 a
	says NOT_SUPPORTED chain a select 5 0
	says NOT_SUPPORTED chain a select 0 "$ZIP"
	owner_is none
	no_traffic
}

test_T122_a_short_buffer_is_too_small() {
	chain 2 a
	says 'BUFFER_TOO_SMALL 0' ask a select-short
	says 'BUFFER_TOO_SMALL 0' ask a deselect 1 0 short
	owner_is none
}

test_T122_a_cancelled_select_changes_nothing() {
	chain 2 a
	says CANCELLED select 0 a 1 0 cancelled
	await_done 0:CANCELLED
	owner_is none
	no_traffic
}

test_T124_a_select_without_answer_frees_the_port() {
	chain 2 a b
	devices_do_not_answer
	says UNSUCCESSFUL select 0 a 1 0
	await_done 0:UNSUCCESSFUL
	owner_is none
	# The same if the port was waited for
	says 1 call a try
	says PENDING select 0 b 1 0
	say call a free
	await_done 0:UNSUCCESSFUL
	flush_worker
	owner_is none
	# Five times each, seven bytes and the command
	soft_is data_writes $((TRAFFIC + 2 * 5 * 8))
}

test_T124_with_keep_a_select_without_answer_keeps_the_port() {
	chain 2 a
	devices_do_not_answer
	says 1 call a try
	says UNSUCCESSFUL select 0 a 1 "$KEEP"
	await_done 0:UNSUCCESSFUL
	owner_is pta_class
	windows_counters 1 0
}

test_T125_deselect_frees_the_port() {
	chain 2 a b
	says SUCCESS select 0 a 1 0
	says PENDING allocate 1 b
	says 'SUCCESS 0' ask a deselect 1 0
	await_done 0:SUCCESS 1:SUCCESS
	soft_is selected -1
	windows_counters 2 1
}

test_T125_deselect_of_the_end_of_the_chain_sends_nothing() {
	chain 2 a
	says 1 call a try
	says 'SUCCESS 0' ask a deselect 4 0
	owner_is none
	no_traffic
}

test_T125_deselect_of_another_client_is_refused() {
	chain 2 a b
	says SUCCESS select 0 a 1 0
	says 'ACCESS_DENIED 0' ask b deselect 1 0
	soft_is selected 1
	owner_is pta_class
}

test_T126_with_keep_deselect_keeps_the_port() {
	chain 2 a
	says SUCCESS select 0 a 1 0
	says 'SUCCESS 0' ask a deselect 1 "$KEEP"
	soft_is selected -1
	owner_is pta_class
}

test_T126_a_deselect_without_answer_keeps_the_port() {
	chain 2 a
	says SUCCESS select 0 a 1 0
	echo 0 > /sys/module/pta_soft_port/parameters/daisy
	says 'UNSUCCESSFUL 0' ask a deselect 1 0
	owner_is pta_class
}

test_T128_try_select_of_a_busy_port_has_no_effect() {
	chain 2 a b
	says 1 call a try
	says PENDING chain b select 1 0
	says 0 call a waiters
	no_traffic
	say call a free
	flush_worker
	owner_is none
	says 1 call b try
	windows_counters 2 1
}

test_T128_try_select_and_deselect_of_a_free_port() {
	chain 2 a
	says SUCCESS chain a select 0 0
	soft_is selected 0
	owner_is pta_class
	says SUCCESS chain a deselect 0 0
	soft_is selected -1
	owner_is none
}

test_T129_the_bus_is_counted_anew() {
	chain 1 a
	echo 3 > /sys/module/pta_soft_port/parameters/daisy
	says 'SUCCESS 112 * devices=1 *' ask a pnp
	says 1 call a try
	says 'SUCCESS 0' ask a init
	says 'SUCCESS 112 * devices=3 *' ask a pnp
	says SUCCESS select 0 a 2 "$KEEP"
	soft_is selected 2
}

test_T129_the_bus_of_a_free_port_is_counted_and_nothing_allocated() {
	chain 1 a
	echo 4 > /sys/module/pta_soft_port/parameters/daisy
	says 'SUCCESS 0' ask a init
	says 'SUCCESS 112 * devices=4 *' ask a pnp
	windows_counters 0 0
	owner_is none
}

test_T129_the_bus_of_another_clients_port_is_counted_when_it_is_freed() {
	chain 1 a b
	says 1 call a try
	echo 2 > /sys/module/pta_soft_port/parameters/daisy
	says 'SUCCESS 0' ask b init
	says 'SUCCESS 112 * devices=1 *' ask b pnp
	no_traffic
	say call a free
	await_says 'SUCCESS 112 * devices=2 *' ask b pnp
}

# The worker would count, and is giving the answer.
test_T129_a_completion_routine_has_the_bus_counted_later() {
	chain 1 a b
	says 1 call a try
	echo 2 > /sys/module/pta_soft_port/parameters/daisy
	say on 0 init a
	says PENDING allocate 0 b
	say call a free
	await_done 0:SUCCESS a:SUCCESS
	says 'SUCCESS 112 * devices=1 *' ask a pnp
	say call b free
	await_says 'SUCCESS 112 * devices=2 *' ask a pnp
}

test_T129_there_is_no_scan_that_could_be_switched_off() {
	chain 1 a
	says 'SUCCESS 0' ask a rescan-off
	says 'SUCCESS 0' ask a rescan-on
	no_traffic
}

# What a careless client leaves selected, a Linux driver does not find so.
test_a_linux_driver_gets_the_port_deselected() {
	need_module ppdev
	chain 2 a
	says SUCCESS select 0 a 1 0
	say call a free
	soft_is selected 1
	PPDEV=/dev/parport$PORT
	wait_for test -c "$PPDEV" || fail "no $PPDEV"
	background ppdev ppdev "$PPDEV" claim hold
	await_line ppdev claim
	soft_is selected -1
	kill -s TERM "$PID"
	wait "$PID" || fail "ppdev: $(cat "$TMP/ppdev")"
}

run_tests
