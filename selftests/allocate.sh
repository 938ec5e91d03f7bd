#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# try_allocate and free among clients, in every context they may be called from.

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"

open_two() {
	expect 0 open a "$PORT"
	expect 0 open b "$PORT"
	await_active "$MODULE"
}

test_try_is_true_when_the_port_is_free() {
	open_two
	expect 1 try a
}

test_try_is_false_when_another_client_owns_it() {
	open_two
	expect 1 try a
	expect 0 try b
}

test_try_is_false_when_the_same_client_owns_it() {
	open_two
	expect 1 try a
	expect 0 try a
	# ... and took nothing away: one free is enough.
	expect 0 free a
	expect 1 try b
}

test_free_gives_the_port_back() {
	open_two
	expect 1 try a
	expect 0 free a
	expect 1 try b
	expect 0 free b
	expect 1 try a
}

# usage: in_context CONTEXT - all there is to see, in one context
in_context() {
	open_two
	expect 1 try a "$1"
	expect 0 try a "$1"
	expect 0 try b "$1"
	expect 0 waiters b "$1"
	expect "$EPERM" free b "$1"
	expect 0 try b "$1"
	expect 0 free a "$1"
	expect "$EPERM" free a "$1"
	expect 1 try b "$1"
	expect 0 free b "$1"
}

test_all_of_it_in_process_context() {
	in_context process
}

test_all_of_it_in_softirq_context() {
	in_context softirq
}

test_all_of_it_in_hard_interrupt_context() {
	in_context hardirq
}

test_try_in_nmi_context() {
	open_two
	pta try a nmi
	[ "$RESULT" != "$EOPNOTSUPP" ] || skip "no way to raise an NMI here"
	[ "$RESULT" = 1 ] || fail "'try a nmi' returned $RESULT and not 1"
	expect 0 try a nmi
	expect 0 try b nmi
	expect 0 free a
	expect 1 try b nmi
}

test_contexts_can_be_mixed() {
	open_two
	expect 1 try a hardirq
	expect 0 try b softirq
	expect 0 free a process
	expect 1 try b process
	expect 0 try a hardirq
	expect 0 free b hardirq
	expect 1 try a softirq
	expect 0 free a softirq
}

test_free_without_owning_is_refused() {
	open_two
	expect "$EPERM" free a
	expect 1 try a
}

test_second_free_is_refused() {
	open_two
	expect 1 try a
	expect 0 free a
	expect "$EPERM" free a
	expect 1 try b
	# Not even now does a's second free take the port away from b.
	expect "$EPERM" free a
	expect 0 try a
	expect 0 free b
}

test_foreign_free_is_refused_and_the_owner_still_owns() {
	open_two
	expect 1 try a
	expect "$EPERM" free b
	expect 0 try b
	expect 0 free a
}

refusals_logged() {
	log_count "$MODULE: parport$PORT: pta_test b"
}

# Nobody can flood the log by freeing wrongly all the time.
test_refused_free_is_logged_but_not_every_time() {
	# Loaded anew, the module has not said anything yet.
	unload pta_test "$MODULE"
	setup
	open_two
	expect 1 try a
	expect "$EPERM" free b hardirq
	[ "$(refusals_logged)" = 1 ] ||
		fail "$(refusals_logged) lines about one refused free"
	repeat 50 expect "$EPERM" free b hardirq
	[ "$(refusals_logged)" -lt 50 ] ||
		fail "$(refusals_logged) lines about 51 refused frees"
}

test_close_frees_the_port() {
	open_two
	expect 1 try a
	expect 0 close a
	expect 1 try b
}

test_close_of_another_client_frees_nothing() {
	open_two
	expect 1 try a
	expect 0 close b
	expect 0 open b "$PORT"
	expect 0 try b
	expect 0 free a
}

test_nobody_waits() {
	open_two
	expect 0 waiters a
	expect 1 try a
	expect 0 try b
	# Trying is not waiting.
	expect 0 waiters a
	expect 0 waiters b
}

test_ports_are_independent() {
	other=$((PORT + 1))
	[ -d "/proc/sys/dev/parport/parport$other" ] || skip "no parport$other"
	expect 0 open a "$PORT"
	expect 0 open b "$other"
	expect 1 try a
	expect 1 try b
	expect 0 free a
	expect 0 try b
	expect 1 try a
}

run_tests
