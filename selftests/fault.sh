#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Memory that cannot be had. Each allocation that a call makes is made to fail
# once, with the kernel's fault injection: the first one, the second, and so on,
# until the call has no more. Each time the call fails cleanly, or does without;
# nothing is left behind, and the port works afterwards.

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"

FAILSLAB=/sys/kernel/debug/failslab
ENOMEM=-12

need_faults() {
	[ -d "$FAILSLAB" ] || skip "this kernel has no fault injection"
	[ -e /proc/self/fail-nth ] || skip "no /proc/PID/fail-nth"
	RESTORE=no_faults
	# Also those that may sleep, and without a word: a trace in the log would be
	# taken for a complaint.
	echo N > "$FAILSLAB/ignore-gfp-wait"
	echo 0 > "$FAILSLAB/verbose"
}

no_faults() {
	echo Y > "$FAILSLAB/ignore-gfp-wait"
	echo 0 > "$FAILSLAB/require-start"
	echo 0xffffffffffffffff > "$FAILSLAB/require-end"
}

# failing N COMMAND... - have pta_test run it, with its Nth allocation failing;
# sets RESULT, and LEFT: 0 if there were that many. The files are opened before,
# for their allocations not to count.
failing() {
	exec 3> "$DEBUG/command" 4<> /proc/self/fail-nth 5> /dev/null
	echo "$1" >&4
	shift
	echo "$*" 2>&5 >&3 || :
	read -r LEFT <&4
	echo 0 >&4
	exec 3>&- 4<&- 5>&-
	read -r RESULT < "$DEBUG/result"
}

# each_fails UNDO COMMAND... - its allocations fail, one at a time. Without one it
# returns 0 or ENOMEM: what it did is undone by UNDO, which is told whether it did.
# Sets FAILURES, how often it was ENOMEM
each_fails() {
	undo=$1
	shift
	FAILURES=0
	nth=0
	while :; do
		nth=$((nth + 1))
		failing "$nth" "$@"
		[ "$LEFT" = 0 ] || break
		case $RESULT in
		0) "$undo" succeeded ;;
		"$ENOMEM")
			FAILURES=$((FAILURES + 1))
			"$undo" failed
			;;
		*) fail "'$*' without its allocation $nth returned $RESULT" ;;
		esac
	done
	[ "$RESULT" = 0 ] || fail "'$*' returned $RESULT with all allocations"
	"$undo" succeeded
	ktap_print_msg "'$*': $((nth - 1)) allocations, $FAILURES of them needed"
}

# What must be as before, whatever failed
inventory() {
	cat /sys/module/parport*/refcnt
	find /sys/bus/parport/devices/ /proc/sys/dev/parport/ \
		"/sys/kernel/debug/$MODULE" | sort
}

as_before() {
	inventory > "$TMP/now"
	cmp -s "$TMP/before" "$TMP/now" || {
		diff "$TMP/before" "$TMP/now" | sed 's/^/# /'
		fail "allocation $nth: something is left"
	}
}

works() {
	expect 0 open a "$PORT"
	await 1 try a
	expect 0 free a
	expect 0 close a
}

after_open() {
	[ "$1" = failed ] || expect 0 close a
	active_is none || fail "allocation $nth: '$(active)' has the port"
	as_before
	works
}

test_each_allocation_of_the_first_open() {
	need_faults
	works
	inventory > "$TMP/before"
	each_fails after_open open a "$PORT"
	[ "$FAILURES" -gt 0 ] || fail "not one allocation failed"
}

after_second_open() {
	[ "$1" = failed ] || expect 0 close b
	as_before
	await 1 try a
	expect 0 free a
}

test_each_allocation_of_a_further_open() {
	need_faults
	expect 0 open a "$PORT"
	await_active "$MODULE"
	inventory > "$TMP/before"
	each_fails after_second_open open b "$PORT"
	[ "$FAILURES" -gt 0 ] || fail "not one allocation failed"
}

after_connect() {
	[ "$1" = failed ] || expect 0 disconnect b
	expect "$EINVAL" disconnect b
	settle
	expect 1 strobe a 1
	sequence_is a
}

test_each_allocation_of_connect() {
	need_faults
	need_interrupts
	expect 0 open a "$PORT"
	expect 0 open b "$PORT"
	await_active "$MODULE"
	allow_connect
	expect 0 connect a mine
	await_interrupt on
	each_fails after_connect connect b pass
	[ "$FAILURES" -gt 0 ] || fail "not one allocation failed"
}

after_first_connect() {
	if [ "$1" = failed ]; then
		flush_worker
		check_interrupt off
	else
		expect 0 disconnect a
		await_interrupt off
	fi
	expect "$EINVAL" disconnect a
	await 1 try a
	expect 0 free a
}

test_T068_a_first_connect_without_memory_leaves_no_connection() {
	need_faults
	need_interrupts
	expect 0 open a "$PORT"
	await_active "$MODULE"
	allow_connect
	each_fails after_first_connect connect a mine
	[ "$FAILURES" -gt 0 ] || fail "not one allocation failed"
}

# allocates_nothing RESULT COMMAND...
allocates_nothing() {
	wanted=$1
	shift
	failing 1 "$@"
	[ "$LEFT" = 1 ] || fail "'$*' allocates memory"
	[ "$RESULT" = "$wanted" ] || fail "'$*' returned $RESULT and not $wanted"
}

# They may be called where there is no memory to be had.
test_what_may_be_called_anywhere_allocates_nothing() {
	need_faults
	expect 0 open a "$PORT"
	expect 0 open b "$PORT"
	await_active "$MODULE"
	allocates_nothing 1 try a
	allocates_nothing 0 try b
	allocates_nothing 0 queue 0 b
	allocates_nothing 1 waiters a
	allocates_nothing 0 free a
	await_answers 0:0
	allocates_nothing 0 queue 1 a
	allocates_nothing 1 cancel 1 a
	await_answers "1:$ECANCELED"
	allocates_nothing 0 free b
	await 1 try a
	allocates_nothing "$ETIMEDOUT" allocate b 1
	allocates_nothing 0 free a
	await 1 try b
}

no_faults_and_ports() {
	no_faults
	reload_parport_pc
}

# only_the_module - what it allocates, or has allocated for it, can fail, and nothing
# else. Its code ends with the page of its last function.
only_the_module() {
	# shellcheck disable=SC2046 # two words
	set -- $(awk -v module="[$MODULE]" '
		$4 == module && $2 ~ /[tT]/ { print $1 }' /proc/kallsyms |
		sort | sed -n '1p;$p')
	[ $# = 2 ] || fail "the code of $MODULE has no names"
	echo "0x$1" > "$FAILSLAB/require-start"
	echo "0x${2%???}fff" > "$FAILSLAB/require-end"
	echo 32 > "$FAILSLAB/stacktrace-depth"
}

test_a_port_that_there_is_no_memory_for() {
	need_faults
	unload pta_test "$MODULE" lp ppdev
	rmmod parport_pc || skip "parport_pc is in use"
	RESTORE=no_faults_and_ports
	modprobe "$MODULE"
	# Room that was made for a port once stays.
	[ ! -e /sys/module/parport_pc ] ||
		skip "$MODULE does not load without a port"
	only_the_module
	log_mark
	sh -c 'echo 1 > /proc/self/fail-nth; exec modprobe parport_pc'
	missing=$(log_count 'no memory to manage the port')
	[ "$missing" = 1 ] || fail "$missing ports are not managed, and not 1"
	modprobe pta_test
	open=0
	for port in /proc/sys/dev/parport/parport*; do
		pta open a "${port##*parport}"
		case $RESULT in
		0)
			open=$((open + 1))
			expect 0 close a
			;;
		"$ENODEV") missing=$((missing - 1)) ;;
		*) fail "${port##*/}: opening it returned $RESULT" ;;
		esac
	done
	[ "$missing" = 0 ] || fail "the port is managed"
	ktap_print_msg "1 port is not managed, $open are"

	unload pta_test parport_pc
	modprobe parport_pc
	setup
	works
}

run_tests
