#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Sharing the port with Linux' own parport drivers: ppdev, lp, and the rival in
# pta_test, a driver that claims and does nothing else.

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"

# start CLIENT...
start() {
	need_module ppdev
	wait_for test -c "$PPDEV" || fail "no $PPDEV"
	for client; do
		expect 0 open "$client" "$PORT"
		await_active "$MODULE"
	done
}

# want_with_ppdev - somebody else begins to wait for the port, or has it
want_with_ppdev() {
	background ppdev ppdev "$PPDEV" claim hold
}

take_with_ppdev() {
	want_with_ppdev
	await_line ppdev claim
	active_is "ppdev$PORT" || fail "claimed, but '$(active)' has the port"
}

end_ppdev() {
	kill -s TERM "$PID"
	wait "$PID" || fail "ppdev: $(cat "$TMP/ppdev")"
}

# ppdev_exclusively STATUS - somebody wants the port exclusively
ppdev_exclusively() {
	status=0
	ppdev "$PPDEV" excl claim release > /dev/null 2>&1 || status=$?
	[ "$status" = "$1" ] || fail "ppdev ended with $status and not with $1"
}

need_printer() {
	eval "printed=\${PTA_PORT${PORT}_OUT:-}"
	[ -n "$printed" ] || skip "cannot read back what parport$PORT prints"
	need_module lp
	wait_for test -c "/dev/lp$PORT" || fail "no /dev/lp$PORT"
	: > "$printed"
}

# --- lending ------------------------------------------------------------------

test_ppdev_gets_an_idle_port_at_once() {
	start a
	take_with_ppdev
	expect 0 try a
	expect 0 try a hardirq
	expect 0 waiters a
}

test_the_port_comes_back_when_ppdev_releases_it() {
	start a
	take_with_ppdev
	end_ppdev
	await_active "$MODULE"
	await 1 try a
	expect 0 free a
}

test_the_port_comes_back_every_time() {
	start a
	for round in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		ppdev "$PPDEV" claim release > /dev/null ||
			fail "round $round: ppdev did not get the port"
		await_active "$MODULE"
		await 1 try a
		expect 0 free a
	done
}

test_interrupts_arrive_again_when_the_port_is_back() {
	need_interrupts
	start a
	allow_connect
	expect 0 connect a mine
	expect 1 strobe a 1
	take_with_ppdev
	end_ppdev
	await_active "$MODULE"
	await_interrupt on
	expect 10 strobe a 10
}

test_isr_is_not_called_while_ppdev_has_the_port() {
	need_interrupts
	start a
	allow_connect
	expect 0 connect a mine
	settle
	pta get a isr
	calls=$RESULT
	background ppdev ppdev "$PPDEV" claim pulse pulse interrupt hold
	await_line ppdev interrupt
	expect "$calls" get a isr
}

test_open_while_ppdev_has_the_port() {
	start
	take_with_ppdev
	expect 0 open a "$PORT"
	expect 0 try a
	end_ppdev
	await_active "$MODULE"
	await 1 try a
}

test_last_close_while_ppdev_has_the_port() {
	start a
	take_with_ppdev
	expect 0 close a
	active_is "ppdev$PORT" || fail "'$(active)' has the port"
	end_ppdev
	await_active none
}

test_a_driver_without_wakeup_gets_an_idle_port() {
	start a
	expect 0 rival "$PORT"
	expect 0 try a
	expect 0 rival off
	await_active "$MODULE"
	await 1 try a
}

# --- refusing, and handing over -----------------------------------------------

test_ppdev_waits_while_a_client_owns() {
	start a b
	expect 1 try a
	want_with_ppdev
	await 1 waiters a
	expect 1 waiters b
	active_is "$MODULE" || fail "'$(active)' has a's port"
	! grep -q claim "$TMP/ppdev" || fail "ppdev has a's port"
	# Somebody waits: nobody else may get in between.
	expect 0 free a
	expect 0 try a
	expect 0 try b
	await_line ppdev claim
	await 0 waiters a
	end_ppdev
	await 1 try a
}

# handed_over_from CONTEXT - free with a waiter
handed_over_from() {
	start a
	expect 1 try a
	want_with_ppdev
	await 1 waiters a
	expect 0 free a "$1"
	await_line ppdev claim
	active_is "ppdev$PORT" || fail "'$(active)' has ppdev's port"
	end_ppdev
	await_active "$MODULE"
	await 1 try a
}

test_handed_over_from_softirq_context() {
	handed_over_from softirq
}

test_handed_over_from_hard_interrupt_context() {
	handed_over_from hardirq
}

test_handed_over_from_an_isr_without_a_parport_call_in_it() {
	need_interrupts
	start a
	allow_connect
	expect 0 connect a free
	settle
	pta probe on
	[ "$RESULT" = 0 ] || skip "no kprobes"
	await 1 try a
	want_with_ppdev
	await 1 waiters a
	expect 1 strobe a 1
	expect 1 get a freed
	await_line ppdev claim
	end_ppdev
	await_active "$MODULE"
	await 1 try a
	expect 0 probe irq
	# Was there anything to see? Our release, ppdev's, and our claim. The claims
	# between them are parport's own, which need not come by the exported function.
	pta probe calls
	[ "$RESULT" -ge 3 ] || fail "the probe saw $RESULT calls only"
}

# The hand-over may not deadlock with the port's interrupt. This one is pending on
# the very processor that hands over, because the ISR that frees leaves it so; and
# mainline lets it in while it holds the lock that the interrupt handler takes. The
# status that is read as the interrupt is switched off lowers QEMU's line, so this
# alone does not show that the guard is there: the next two tests do.
test_handed_over_with_an_interrupt_pending() {
	need_interrupts
	start a
	allow_connect
	expect 0 connect a free-pending
	settle
	await 1 try a
	want_with_ppdev
	await 1 waiters a
	expect 1 strobe a 1
	expect 0 try a
	await_line ppdev claim
	end_ppdev
	await_active "$MODULE"
}

test_handed_over_with_the_interrupt_kept_away() {
	[ "$(irq)" -ge 0 ] || skip "parport$PORT has no interrupt"
	start a
	pta probe on
	[ "$RESULT" = 0 ] || skip "no kprobes, or not a port of parport_pc"
	await 1 try a
	want_with_ppdev
	await 1 waiters a
	expect 0 free a
	await_line ppdev claim
	pta probe open
	[ "$RESULT" -ge 1 ] || skip "this parport keeps all interrupts off as it claims"
	expect 0 probe unguarded
	end_ppdev
}

# Whom parport gives the port it still has to wake up. He must not be gone by then.
test_handed_over_to_a_driver_that_cannot_be_gone_meanwhile() {
	start a
	expect 1 try a
	expect "$EAGAIN" rival "$PORT" sleep
	expect "$EAGAIN" rival woken
	expect 0 free a
	await 1 rival woken
	active_is pta_test_rival || fail "'$(active)' has the rival's port"
	expect 0 rival off
	await_active "$MODULE"
	await 1 try a
}

# free_while_one_is_closed - the rival waits, and is just being closed, when a frees the port
free_while_one_is_closed() {
	start a
	expect 1 try a
	expect "$EAGAIN" rival "$PORT" sleep
	pta rival unlist
	[ "$RESULT" != "$EOPNOTSUPP" ] || skip "no kprobes"
	[ "$RESULT" = 0 ] || fail "'rival unlist' returned $RESULT and not 0"
	expect 0 free a
}

# parport takes a device that is unregistered off its list of devices first, and off the
# wait list afterwards. Given the port in between, it would be freed as the owner.
test_not_handed_over_to_a_driver_that_is_being_closed() {
	free_while_one_is_closed
	expect 1 rival waited
	await 1 rival woken
	expect 0 rival off
	await_active "$MODULE"
	await 1 try a
}

# Somebody may be left there for ever: mainline forgets some that do not wait any more.
test_who_is_never_closed_is_waited_for_a_while() {
	free_while_one_is_closed
	await 1 rival woken
	expect 0 rival off
	await_active "$MODULE"
	await 1 try a
}

# Nor may taking it back. Our claim comes from a wait list, so mainline lets interrupts
# in with that lock held, and writes to the control register then, where ppdev has left
# the interrupt on. For QEMU's port that is a reason to raise it; the processor that
# takes the port back is the one that has the interrupt.
test_taken_back_with_an_interrupt_coming() {
	need_interrupts
	start a
	cpu=$(cat "/proc/irq/$(irq)/effective_affinity_list" 2> /dev/null || echo 0)
	background ppdev taskset "$(printf %x $((1 << cpu)))" ppdev "$PPDEV" claim hold
	await_line ppdev claim
	check_interrupt on
	expect 0 queue 0 a
	flush_worker
	end_ppdev
	await_answers 0:0
	expect 0 free a
}

# in_flight - a claim of ours was in flight while the worker wanted to claim, too
in_flight() {
	expect 0 open a "$PORT"
	await_active "$MODULE"
	take_with_ppdev
	echo Y > "$SOFT/hold"
	kill -s TERM "$PID"
	wait_for held_or_over || fail "the claim was neither held up nor done"
	expect 0 queue 0 a
	flush_worker
	overlap=$(held)
	! log_says "already owner" || fail "claimed what was claimed"
	echo N > "$SOFT/hold"
	wait "$PID" || fail "ppdev: $(cat "$TMP/ppdev")"
	await_answers 0:0
	expect 0 close a
	[ "$overlap" = 1 ]
}

held() {
	sed -n 's/^held: //p' /sys/kernel/debug/pta_soft_port/state
}

held_or_over() {
	[ "$(held)" != 0 ] || active_is "$MODULE"
}

# The port in memory holds our claim up, and while it does, a client gets in line, for
# whom the worker would claim.
test_one_claim_at_a_time() {
	[ "$(nproc)" -gt 1 ] || skip "one processor only"
	need_module ppdev
	use_soft_port
	SOFT=/sys/module/pta_soft_port/parameters
	wait_for test -c "$PPDEV" || fail "no $PPDEV"
	rounds=0
	until in_flight; do
		rounds=$((rounds + 1))
		[ "$rounds" -lt 10000 ] || fail "the worker never came meanwhile"
	done
}

# Another driver takes the port from us before our claim, which succeeded, is noted.
test_a_claim_that_was_lost_at_once_is_none() {
	pta steal "$PORT"
	[ "$RESULT" != "$EOPNOTSUPP" ] || skip "one processor only, or no kprobes"
	[ "$RESULT" = 0 ] || fail "'steal' returned $RESULT"
	listen
	[ "$SAID" = "0 0" ] || fail "a try and an allocate after that returned '$SAID'"
}

test_nobody_gets_in_between_free_and_hand_over() {
	start a b
	expect 1 try a
	want_with_ppdev
	await 1 waiters a
	expect 0 hammer b 50
	wait_for tried b || fail "b does not try"
	expect 0 free a
	await_line ppdev claim
	expect 0 hammer b 0
	expect 0 get b true
}

# tried CLIENT - in vain
tried() {
	pta get "$1" false
	[ "$RESULT" -gt 0 ]
}

test_handed_over_by_close() {
	start a b
	expect 1 try a
	want_with_ppdev
	await 1 waiters b
	expect 0 close a
	await_line ppdev claim
	end_ppdev
	await 1 try b
}

test_handed_over_by_last_close() {
	start a
	expect 1 try a
	want_with_ppdev
	await 1 waiters a
	expect 0 close a
	await_line ppdev claim
	end_ppdev
	await_active none
}

# It was refused and went away: the port must not be kept for it.
test_a_driver_that_does_not_wait_leaves_no_trace() {
	start a
	expect 1 try a
	expect "$EAGAIN" rival "$PORT"
	expect 0 try a
	expect 0 free a
	await 1 try a
	await 0 waiters a
	active_is "$MODULE" || fail "'$(active)' has a's port"
}

test_ppdev_gets_through_a_client_that_hammers() {
	start a
	expect 0 hammer a 100
	for round in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		ppdev "$PPDEV" claim release > /dev/null ||
			fail "round $round: ppdev did not get the port"
	done
	pta get a true
	calls=$RESULT
	await_active "$MODULE"
	wait_for more_true_than "$calls" || fail "a gets the port no more"
	expect 0 hammer a 0
	expect 0 get a refused
}

more_true_than() {
	pta get a true
	[ "$RESULT" -gt "$1" ]
}

# --- exclusive users ----------------------------------------------------------

test_exclusive_users_work_unless_a_client_is_open() {
	start
	unload lp
	ppdev_exclusively 0
	expect 0 open a "$PORT"
	# ENXIO
	ppdev_exclusively 6
	expect 0 close a
	ppdev_exclusively 0
}

test_open_is_refused_while_an_exclusive_user_is_there() {
	start
	unload lp
	background ppdev ppdev "$PPDEV" excl claim hold
	await_line ppdev claim
	expect "$EBUSY" open a "$PORT"
	end_ppdev
	expect 0 open a "$PORT"
	await 1 try a
}

# --- lp -----------------------------------------------------------------------

# print_piece - and adds it to the job
print_piece() {
	head -c 1024 /dev/urandom > "$TMP/piece"
	cat "$TMP/piece" >> "$TMP/job"
	cat "$TMP/piece" > "/dev/lp$PORT" || fail "lp did not print"
}

test_lp_prints_while_a_client_is_open() {
	start a
	need_printer
	head -c 8192 /dev/urandom > "$TMP/job"
	cat "$TMP/job" > "/dev/lp$PORT" || fail "lp did not print"
	cmp "$TMP/job" "$printed" || fail "the output is not the job"
	await_active "$MODULE"
	await 1 try a
}

# Whoever owns the port writes to its data register, so two owners at a time
# would show in the output. How often they get it meanwhile is for the machine to say.
test_lp_prints_unharmed_while_clients_take_and_free_the_port() {
	need_interrupts
	start a b
	need_printer
	allow_connect
	expect 0 connect a try
	background strobe ioport strobe "$PROC/base-addr" 0 1
	expect 0 hammer b 500
	: > "$TMP/job"
	repeat 12 print_piece
	more=0
	until got_the_port a && got_the_port b; do
		[ "$more" -lt 1000 ] || fail "somebody got the port $RESULT times only"
		print_piece
		more=$((more + 1))
	done
	expect 0 hammer b 0
	expect 0 get a refused
	expect 0 get b refused
	cmp "$TMP/job" "$printed" || fail "the output is not the job"
}

got_the_port() {
	pta get "$1" true
	[ "$RESULT" -gt 10 ]
}

run_tests
