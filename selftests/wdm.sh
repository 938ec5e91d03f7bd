#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What a Windows class driver uses of the Windows kernel, but for the port itself: the
# module pta_windows runs the tests, and is told here which, by name.

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"

WINDOWS=/sys/kernel/debug/pta_windows

# Loading it takes longer than most of the tests.
STAYS=pta_windows

load() {
	[ -e /sys/module/pta_windows ] || modprobe pta_windows || fail "cannot load pta_windows"
	echo "$PORT" > "$WINDOWS/port"
}

# windows TEST - has to be as it should be
windows() {
	load
	echo "$1" > "$WINDOWS/test"
	answered "$1"
}

answered() {
	answer=$(cat "$WINDOWS/test")
	[ "$answer" = ok ] || fail "$1: $answer"
}

# in_isr TEST - the port has to raise an interrupt for it
in_isr() {
	need_interrupts
	allow_connect
	windows "$1"
}

# --- events, waiting, time ----------------------------------------------------

test_notification_event() {
	windows notification_event
}

test_synchronization_event() {
	windows synchronization_event
}

test_set_event_wakes_all() {
	windows set_event_wakes_all
}

test_set_event_wakes_one() {
	windows set_event_wakes_one
}

test_relative_timeout() {
	windows relative_timeout
}

test_absolute_timeout() {
	windows absolute_timeout
}

test_delay() {
	windows delay
}

test_clocks() {
	windows clocks
}

test_event_set_by_dpc() {
	windows event_set_by_dpc
}

test_semaphore() {
	windows semaphore
}

test_fast_mutex() {
	windows fast_mutex
}

waits() {
	log_says 'pta_windows: waiting'
}

# killed TEST - which waits for ever
killed() {
	load
	# shellcheck disable=SC2016 # expanded by that task
	sh -c 'echo "$1" > "$2"' sh "$1" "$WINDOWS/test" &
	PID=$!
	WAITING="$WAITING $PID"
	wait_for waits || fail "it does not wait"
	kill -s KILL "$PID"
	wait "$PID" || :
	answered "$1"
}

test_a_kill_ends_a_wait_in_user_mode() {
	killed wait_to_be_killed
}

test_a_kill_cancels_the_request_that_is_waited_for() {
	killed wait_for_killed_request
}

# --- DPCs and timers -----------------------------------------------------------

test_dpc_arguments() {
	windows dpc_arguments
}

test_dpc_inserted_twice() {
	windows dpc_inserted_twice
}

test_dpc_removed() {
	windows dpc_removed
}

test_dpc_order() {
	windows dpc_order
}

test_dpc_inserts_itself() {
	windows dpc_inserts_itself
}

test_dpc_from_hard_interrupt_context() {
	windows dpc_from_hardirq
}

test_dpc_from_an_isr() {
	in_isr dpc_from_isr
}

test_flush_waits_for_all_dpcs() {
	windows flush_waits_for_all_dpcs
}

test_remove_waits_for_a_running_dpc() {
	windows remove_waits_for_running_dpc
}

test_timer_is_waited_for() {
	windows timer_is_waited_for
}

test_synchronization_timer() {
	windows synchronization_timer
}

test_absolute_timer() {
	windows absolute_timer
}

test_timer_dpc() {
	windows timer_dpc
}

test_timer_cancelled() {
	windows timer_cancelled
}

test_timer_set_again() {
	windows timer_set_again
}

test_periodic_timer() {
	windows periodic_timer
}

test_timer_cancelled_while_it_expires() {
	windows timer_cancelled_while_it_expires
}

# --- IRQLs and locks -------------------------------------------------------------

test_irqls() {
	windows irqls
}

test_irql_in_an_isr() {
	in_isr irql_in_isr
}

test_lock_excludes_dpc() {
	windows lock_excludes_dpc
}

test_pool_under_lock() {
	windows pool_under_lock
}

test_interlocked_lists() {
	windows interlocked_lists
}

# --- memory ------------------------------------------------------------------------

test_interlocked() {
	windows interlocked
}

test_lists() {
	windows lists
}

test_pool() {
	windows pool
}

test_blocks_of_memory() {
	windows blocks
}

test_strings() {
	windows strings
}

test_string_functions() {
	windows string_functions
}

# --- devices -----------------------------------------------------------------------

test_guids() {
	windows guids
}

test_device_life() {
	windows device_life
}

test_device_dpc() {
	windows device_dpc
}

test_error_log() {
	windows error_log
	logged 'error 0xc0000185 (5), status 0xc00000b5'
}

# --- IRPs --------------------------------------------------------------------------

test_irp_life() {
	windows irp_life
}

test_major_functions() {
	windows major_functions
}

test_irp_passes_two_drivers() {
	windows irp_passes_two_drivers
}

test_completion_conditions() {
	windows completion_conditions
}

test_more_processing_required() {
	windows more_processing_required
}

test_request_buffers() {
	windows request_buffers
}

test_request_that_fails() {
	windows request_that_fails
}

test_request_that_pends() {
	windows request_that_pends
}

test_cancel_before_and_after() {
	windows cancel_before_and_after
}

test_cancel_races_with_completion() {
	windows cancel_races_with_completion
}

# --- the log -----------------------------------------------------------------------

# logged TEXT
logged() {
	said=$(log_lines 'pta_windows: ')
	case $said in
	*"pta_windows: $1"*) ;;
	*) fail "no '$1' but: $said" ;;
	esac
}

test_debug_print() {
	windows debug_print
	logged '-1 4294967295 ffffffff 00000ABC -5'
	logged '-1 ffffffffffffffff -1 7 12|'
	logged 'text more still more wide narrow c|'
	logged '   ab|ab   |ab|   42|42   |   7|%'
	logged '(null) (null) (null) 2345'
	logged 'ab  |7   |7   |abc|45 -1'
	logged 'checked build'
}

run_tests
