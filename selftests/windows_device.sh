#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# The device at the end of a port's chain: locking the port for it, and transfers. The
# numbers are explained in Documentation/conformance.rst.

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"
. "$DIR/windows_lib.sh"
. "$DIR/linux_users.sh"

# Bits of transfer modes
COMPATIBILITY=0x2
NIBBLE=0x4
BYTE=0x10
EPP_HW=0x20
ECP_HW=0x300

locked() {
	says SUCCESS lock 0 "$1" ${2:+"$2"}
	await_done 0:SUCCESS
}

# --- lock ---------------------------------------------------------------------------

test_T141_lock_takes_the_port() {
	lines a
	locked a
	owner_is pta_class
	windows_counters 1 0
}

test_T142_a_lock_that_cannot_be_had_is_busy() {
	lines a
	ports b
	lock_timeout 50
	says 1 call b try
	says PENDING lock 0 a
	await_done 0:DEVICE_BUSY
	says 0 call b waiters
	windows_counters 1 0
	say call b free
	# Somebody had waited, so a worker has it for a moment.
	flush_worker
	locked a
}

test_T142_a_lock_waits_for_the_port() {
	lines a
	ports b
	lock_timeout 300000
	says 1 call b try
	says PENDING lock 0 a
	none_done
	say call b free
	await_done 0:SUCCESS
	says 0 call b try
	says 'SUCCESS 0' ask a unlock
}

# Its limit is its own, and not what was left of the one before.
test_T142_each_lock_has_a_limit_of_its_own() {
	lines a
	ports b
	limit=400
	until lock_in_time "$limit"; do
		[ "$limit" -lt 100000 ] || fail "not locked in $limit ms"
		limit=$((limit * 2))
	done
	says 'SUCCESS 0' ask a unlock
	lock_timeout 300000
	says 1 call b try
	says PENDING lock 0 a
	# When the limit of the first would be over
	sleep $((limit / 1000 + 1))
	none_done
	says 1 cancel 0
	await_done 0:CANCELLED
}

# lock_in_time MS - a waits for a lock, and gets it. How long that takes is for the
# machine to say.
lock_in_time() {
	lock_timeout "$1"
	# After a lock that was not had in time, a worker has the port for a moment.
	await_says 1 call b try
	says PENDING lock 0 a
	say call b free
	DONE=
	wait_for some_done 1 || fail "not answered"
	case $DONE in
	0:SUCCESS:*) return 0 ;;
	0:DEVICE_BUSY:*) return 1 ;;
	*) fail "it ended as '$DONE'" ;;
	esac
}

# Nor is it what a lock that is over had before it.
test_T142_a_shorter_limit_is_not_kept_waiting() {
	lines a
	ports b
	lock_timeout 300000
	says 1 call b try
	says PENDING lock 0 a
	says 1 cancel 0
	await_done 0:CANCELLED
	lock_timeout 50
	says PENDING lock 0 a
	await_done 0:DEVICE_BUSY
}

test_T142_a_lock_can_be_cancelled() {
	lines a
	ports b
	lock_timeout 300000
	says 1 call b try
	says PENDING lock 0 a
	says DEVICE_BUSY lock 1 a
	await_done 1:DEVICE_BUSY
	says 1 cancel 0
	await_done 0:CANCELLED
	says 0 call b waiters
}

test_T144_unlock_frees_the_port() {
	lines a
	locked a
	says 'SUCCESS 0' ask a unlock
	owner_is none
}

test_T144_unlock_always_succeeds() {
	lines a
	ports b
	says 'SUCCESS 0' ask a unlock
	says 1 call b try
	says 'SUCCESS 0' ask a unlock
	says 'SUCCESS 0' ask a unlock-no-deselect
	owner_is pta_class
	windows_counters 1 0
}

test_T145_lock_without_select_sends_nothing() {
	soft_port daisy=2
	lines a
	traffic=$(soft data_writes)
	locked a no-select
	owner_is pta_class
	says 'SUCCESS 0' ask a unlock-no-deselect
	owner_is none
	soft_is data_writes "$traffic"
}

test_T145_what_is_locked_stays_locked() {
	lines a
	ports b
	locked a
	says PENDING allocate 1 b
	# Windows gives the port to those who wait after 250 ms.
	sleep 0.5
	none_done
	says 1 call b waiters
	says 'SUCCESS 0' ask a unlock
	await_done 1:SUCCESS
}

test_a_lock_while_it_is_locked_succeeds() {
	lines a
	locked a
	locked a no-select
	windows_counters 1 0
	says 'SUCCESS 0' ask a unlock
	owner_is none
}

test_T146_a_free_port_is_free() {
	lines a
	says 'SUCCESS 1 1' ask a is-free
	windows_counters 1 1
	owner_is none
}

test_T146_an_owned_port_is_not_free() {
	lines a
	ports b
	says 1 call b try
	says 'SUCCESS 1 0' ask a is-free
	windows_counters 1 0
	say call b free
	locked a
	says 'SUCCESS 1 0' ask a is-free
	windows_counters 2 1
	says 'BUFFER_TOO_SMALL 0' ask a is-free short
}

# Whoever asks has the port for a moment, which is not a lock.
test_T146_a_lock_is_a_lock_while_somebody_asks() {
	lines a
	ports b
	locks=0
	rounds=0
	until [ "$locks" -ge 1000 ]; do
		[ "$rounds" -lt 10000 ] || fail "only $locks locks"
		say lock-beside-ask a b 1000
		[ "${OUTPUT% *}" = 0 ] || fail "${OUTPUT% *} times the lock was none"
		locks=$((locks + ${OUTPUT#* }))
		rounds=$((rounds + 1))
	done
}

# --- what there is to be called -------------------------------------------------------

test_the_information_of_a_class_device() {
	lines a
	hex=$(printf %x "$(base)")
	says "SUCCESS 120 controller=$hex callbacks=1 never=0" ask a class
	says 'BUFFER_TOO_SMALL 0' ask a class short
	says 'SUCCESS 0' ask a class-off
}

test_the_port_of_a_class_device() {
	lines a
	says 'BUFFER_TOO_SMALL 0' ask a fdo short
	says 'SUCCESS 8 fdo=1' ask a fdo
	# From here on, a is that one.
	says 'SUCCESS 56 *' ask a port
	says 1 call a try
	owner_is pta_class
	say call a free
}

test_the_data_link_is_not_supported() {
	lines a
	for code in 0x001600a4 0x001600a8 0x001600ac 0x001600b0; do
		says 'NOT_SUPPORTED 0' ask a code "$code"
	done
}

# --- transfers ------------------------------------------------------------------------

# device - a has locked a port with a device that negotiates
device() {
	soft_port ieee1284=1
	lines a
	locked a
}

test_transfers_need_the_lock() {
	soft_port ieee1284=1
	lines a
	says INVALID_DEVICE_STATE ieee a negotiate "$COMPATIBILITY" "$NIBBLE" 1
	says 'INVALID_DEVICE_STATE 0' write a text
	says 'INVALID_DEVICE_STATE 0' read a 3
	says 0 ieee a modes
	soft_is sent ""
}

test_transfers_need_a_thread() {
	device
	for context in softirq hardirq; do
		says INVALID_DEVICE_REQUEST ieee a terminate "$context"
	done
}

test_what_the_device_can_do() {
	device
	says 777 ieee a modes
	soft_is mode 0xff
}

test_what_a_device_cannot_do_that_does_not_negotiate() {
	soft_port
	lines a
	locked a
	says 3 ieee a modes
	says UNSUCCESSFUL ieee a negotiate "$ECP_HW" "$ECP_HW" 1
}

test_bytes_are_sent_and_received() {
	device
	says SUCCESS ieee a negotiate "$COMPATIBILITY" "$NIBBLE" 1
	says 'SUCCESS 5' write a hello
	soft_is sent hello
	says SUCCESS ieee a reverse
	soft_is mode 0x00
	says 'SUCCESS 4 nnnn' read a 4
	says SUCCESS ieee a forward
	soft_is mode 0xff
	says 'SUCCESS 1' write a !
	soft_is sent 'hello!'
}

TIMESLICE=/proc/sys/dev/parport/default/timeslice

# parport's own function releases the port after each byte if somebody waits for it, once
# the timeslice of who has it is over.
test_a_transfer_keeps_the_port_from_those_who_wait() {
	need_lp
	timeslice=$(cat "$TIMESLICE")
	echo 1 > "$TIMESLICE"
	lines a
	echo "$timeslice" > "$TIMESLICE"
	locked a
	want_with_lp
	await_sleep "$LP_PID" parport_claim_or
	says 'SUCCESS 5' write a hello
	owner_is pta_class
	active_is parport_try_alloc || fail "'$(active)' has the port"
	! grep -q printed "$TMP/lp" || fail "lp has printed"
	check_interrupt off
	says 'SUCCESS 0' ask a unlock
	await_line lp printed
	[ "$(cat "$PRINTED")" = helloa ] || fail "'$(cat "$PRINTED")' was printed"
}

# parport's own function releases the port while the device is busy, if it has no
# interrupt.
test_a_slow_device_is_waited_for_with_the_port() {
	soft_port slow=120
	PPDEV=/dev/parport$PORT
	need_ppdev
	lines a
	locked a
	want_with_ppdev
	await_sleep "$PPDEV_PID" parport_claim_or
	says 'SUCCESS 4' write a slow
	soft_is sent slow
	owner_is pta_class
	! ppdev_has_it || fail "ppdev has it"
	says 'SUCCESS 0' ask a unlock
	await_line ppdev claim
	end_ppdev
	unload ppdev
}

test_a_device_without_paper_is_not_waited_for() {
	soft_port slow=600000 paper_out=1
	lines a
	locked a
	says 'SUCCESS 1' write a text
	soft_is sent t
	says 'IO_TIMEOUT 0' write a ext
}

# Asked while it has nothing to say, parport's own function comes back with nothing.
test_a_device_that_is_quiet_at_first_is_waited_for() {
	soft_port ieee1284=1 quiet=120
	lines a
	locked a
	says SUCCESS ieee a negotiate "$ECP_HW" "$ECP_HW" 1
	says 'SUCCESS 3 ccc' read a 3
}

# transfer_to_a_printer - a has locked the port, whose interrupts a client has that handles
# none
transfer_to_a_printer() {
	need_interrupts
	allow_connect
	expect 0 open a "$PORT"
	expect 0 connect a pass
	lines a
	locked a
	await_interrupt on
	settle
}

# limit_storms N - to be undone when the class driver is unloaded
limit_storms() {
	storm_limit "$1"
	RESTORE=unload_class
}

# The interrupts of a transfer are nobody's, and it has as many as bytes: 20, and ten are a
# storm. Two or three come afterwards: one that is late, and those of the register.
BYTES=twentybytesofatransf

test_a_transfer_is_no_storm() {
	transfer_to_a_printer
	interrupts=$(count interrupts)
	limit_storms 10
	repeat 10 says 'SUCCESS 20' write a "$BYTES"
	settle
	interrupts_since $((interrupts + 9)) || fail "the transfers had no interrupts"
	[ "$(storms_logged)" = 0 ] || fail "a storm, it says"
	check_interrupt on
}

# In the transfer they are forgiven, and afterwards no more.
test_a_storm_after_a_transfer_is_one() {
	transfer_to_a_printer
	ports b
	says 'SUCCESS 20' write a "$BYTES"
	settle
	limit_storms 1
	say pulse b
	await_storm
}

# A byte is lost if the register is written from an interrupt while parport writes it.
test_no_byte_of_a_transfer_is_lost_in_a_storm() {
	find_printed
	[ -n "$PRINTED" ] || skip "cannot read back what parport$PORT prints"
	transfer_to_a_printer
	: > "$PRINTED"
	limit_storms 1
	repeat 10 says 'SUCCESS 20' write a "$BYTES"
	[ "$(cat "$PRINTED")" = "$(repeat 10 printf "$BYTES")" ] ||
		fail "'$(cat "$PRINTED")' was printed"
}

transfer_and_six_more() {
	says 'SUCCESS 20' write a "$BYTES"
	for _ in 1 2 3 4 5 6; do
		say pulse b
	done
}

test_the_interrupts_of_a_transfer_are_not_counted_afterwards() {
	transfer_to_a_printer
	ports b
	limit_storms 15
	repeat 5 transfer_and_six_more
	settle
	[ "$(storms_logged)" = 0 ] || fail "a storm, it says"
	check_interrupt on
}

test_the_fastest_mode_of_the_masks_is_taken() {
	device
	says SUCCESS ieee a negotiate $((COMPATIBILITY | ECP_HW)) $((NIBBLE | ECP_HW)) 1
	soft_is mode 0x10
	says 'SUCCESS 3 ccc' read a 3
	says SUCCESS ieee a terminate
	soft_is mode 0xff
	says SUCCESS ieee a negotiate $((EPP_HW | ECP_HW)) $((EPP_HW | ECP_HW)) 0
	soft_is mode 0x40
	says SUCCESS ieee a terminate
	says SUCCESS ieee a negotiate "$COMPATIBILITY" $((NIBBLE | BYTE)) 0
	soft_is mode 0x01
	says 'SUCCESS 2 bb' read a 2
}

test_a_mode_is_negotiated_once() {
	device
	says SUCCESS ieee a negotiate "$COMPATIBILITY" "$NIBBLE" 1
	says DEVICE_PROTOCOL_ERROR ieee a negotiate "$ECP_HW" "$ECP_HW" 1
	says SUCCESS ieee a terminate
	says DEVICE_PROTOCOL_ERROR ieee a reverse
	says SUCCESS ieee a negotiate "$ECP_HW" "$ECP_HW" 1
}

test_the_unsafe_way_is_refused() {
	device
	says UNSUCCESSFUL ieee a negotiate "$COMPATIBILITY" "$NIBBLE" 1 unsafe
}

test_idle_and_unlock_leave_the_mode() {
	device
	says SUCCESS ieee a negotiate "$ECP_HW" "$ECP_HW" 1
	soft_is mode 0x10
	says 'SUCCESS 0' ask a idle
	soft_is mode 0xff
	says SUCCESS ieee a negotiate "$ECP_HW" "$ECP_HW" 1
	says 'SUCCESS 0' ask a unlock
	soft_is mode 0xff
	owner_is none
}

test_a_close_leaves_the_mode() {
	device
	says SUCCESS ieee a negotiate "$ECP_HW" "$ECP_HW" 1
	say close a
	soft_is mode 0xff
	owner_is none
}

run_tests
