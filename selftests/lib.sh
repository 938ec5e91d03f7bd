# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# What the test scripts share. A script defines a function test_NAME for each of
# its tests, sources this file and calls run_tests, which runs each of them in a
# subshell of its own, with the modules loaded, no client open and connecting
# interrupts switched off.
#
# Environment:
#   PTA_PORT     number of the port to test (default: 0)
#   PTA_ONLY     names of tests, without test_: of all tests of a script, run these
#   PTA_NO_SKIP  not empty: nothing is missing here, so a test that would be
#                skipped fails
#   PTA_LIMIT    what may take a moment is awaited for so many seconds (default: 120)

DIR=$(cd "$(dirname "$0")" && pwd)
PATH=$DIR:$PATH
. "$DIR/ktap_helpers.sh"

PORT=${PTA_PORT:-0}
MODULE=parport_try_alloc
PARAMETER=/sys/module/$MODULE/parameters/enable_connect_interrupt
PROC=/proc/sys/dev/parport/parport$PORT
PPDEV=/dev/parport$PORT
DEBUG=/sys/kernel/debug/pta_test
# Emulated machines are slow, busy ones are slower, and a test must not fail because of
# that.
LIMIT=${PTA_LIMIT:-120}
BACKGROUND=
# Tasks that wait in pta_allocate()
WAITING=
# What else to do after a test
RESTORE=
# Modules that stay loaded from one test of a script to the next, as pta_test does
STAYS=

# errno, as a result of a command
# shellcheck disable=SC2034 # the scripts use them
{
	EPERM=-1
	EINTR=-4
	EAGAIN=-11
	EACCES=-13
	EBUSY=-16
	ENODEV=-19
	EINVAL=-22
	EDEADLK=-35
	EOPNOTSUPP=-95
	ESHUTDOWN=-108
	ETIMEDOUT=-110
	ECANCELED=-125
}

fail() {
	ktap_print_msg "$*"
	exit "$KSFT_FAIL"
}

skip() {
	[ -z "${PTA_NO_SKIP:-}" ] || fail "may not be skipped: $*"
	echo "$*" > "$TMP/skip"
	exit "$KSFT_SKIP"
}

# repeat N COMMAND...
repeat() {
	left=$1
	shift
	while [ "$left" -gt 0 ]; do
		"$@"
		left=$((left - 1))
	done
}

# wait_for COMMAND... - until it succeeds; fails when the limit is reached
wait_for() {
	read -r start _ < /proc/uptime
	until "$@"; do
		read -r now _ < /proc/uptime
		[ $((${now%.*} - ${start%.*})) -le "$LIMIT" ] || return 1
		sleep 0.02
	done
}

# --- the module under test and the clients of the module pta_test -------------

# pta COMMAND... - have pta_test run it and set RESULT
pta() {
	[ -e "$DEBUG/command" ] || fail "$DEBUG/command is missing"
	echo "$*" 2> /dev/null > "$DEBUG/command" || :
	read -r RESULT < "$DEBUG/result"
}

# What it has put out, in SAID
listen() {
	read -r SAID < "$DEBUG/output"
}

# expect RESULT COMMAND...
expect() {
	wanted=$1
	shift
	pta "$@"
	[ "$RESULT" = "$wanted" ] ||
		fail "'$*' returned $RESULT and not $wanted"
}

result_is() {
	is=$1
	shift
	pta "$@"
	[ "$RESULT" = "$is" ]
}

# await RESULT COMMAND... - repeat the command until it has that result
await() {
	wait_for result_is "$@" || fail "'$*': the result is still $RESULT"
}

allow_connect() {
	echo Y > "$PARAMETER"
}

forbid_connect() {
	echo N > "$PARAMETER"
}

# sequence_is LETTERS - whose ISRs ran since it was last asked, in that order
sequence_is() {
	pta sequence
	listen
	[ "$SAID" = "$1" ] || fail "ISRs ran as '$SAID' and not as '$1'"
}

# settle - until all interrupts that were raised are through, also those that nobody
# asked for: connecting may raise one, as QEMU's port does when its control register
# is written.
settle() {
	expect 0 settle "$PORT"
	pta sequence
}

# interrupts_since COUNT - have there been more?
interrupts_since() {
	[ "$(count interrupts)" -gt "$1" ]
}

# storm_limit N - so many unhandled interrupts in 100 ms are a storm, until the
# test ends
storm_limit() {
	limit=/sys/module/$MODULE/parameters/storm_limit
	: "${USUAL_LIMIT:=$(cat "$limit")}"
	RESTORE=usual_storm_limit
	echo "$1" > "$limit"
}

usual_storm_limit() {
	echo "$USUAL_LIMIT" > "$limit"
}

storms_logged() {
	log_count "nobody handles the port's interrupt"
}

# await_storm - until it is off because of one, and the log says so, once
await_storm() {
	await_interrupt off
	wait_for said_storms 1 || fail "said $(storms_logged) times"
}

said_storms() {
	[ "$(storms_logged)" = "$1" ]
}

# --- waiting for the port -----------------------------------------------------

# wait_in_task CLIENT JIFFIES - a task of its own waits in pta_allocate(); sets PID
wait_in_task() {
	# shellcheck disable=SC2016 # expanded by that task
	sh -c 'echo "$1" > "$2"' sh "$1 $2" "$DEBUG/wait" 2> /dev/null 7>&- 8<&- &
	PID=$!
	WAITING="$WAITING $PID"
}

# await_answers ANSWER... - until so many came, which have to be these; what is an
# answer is said in command.c
await_answers() {
	ANSWERS=
	wait_for some_answers $# || fail "no '$*', but: '$ANSWERS'"
	[ "$ANSWERS" = "$*" ] || fail "the answers are '$ANSWERS' and not '$*'"
}

some_answers() {
	pta answers
	listen
	ANSWERS=$ANSWERS${ANSWERS:+${SAID:+ }}$SAID
	# shellcheck disable=SC2086 # words are wanted
	set -- "$1" $ANSWERS
	[ $# -gt "$1" ]
}

no_answer() {
	flush_worker
	pta answers
	listen
	[ -z "$SAID" ] || fail "an answer: '$SAID'"
}

# await_checks CALLS - until so many deferred port checks were called, which have to
# be these
await_checks() {
	CHECKS=
	wait_for some_checks "${#1}" || fail "no '$1', but: '$CHECKS'"
	[ "$CHECKS" = "$1" ] || fail "checks were called as '$CHECKS' and not as '$1'"
}

some_checks() {
	pta checks
	listen
	CHECKS=$CHECKS$SAID
	[ "${#CHECKS}" -ge "$1" ]
}

no_check() {
	flush_worker
	pta checks
	listen
	[ -z "$SAID" ] || fail "checks were called: '$SAID'"
}

# Until the worker has done what it was called for: closing waits for that.
flush_worker() {
	expect 0 open h "$PORT"
	expect 0 close h
}

# count NAME... - numbers from the port's file in debugfs, or who owns it, each in a line,
# in the order of that file
count() {
	awk -v names=" $* " '
		index(names, " " substr($1, 1, length($1) - 1) " ") { sub(/^[^ ]* */, ""); print }
		' "/sys/kernel/debug/$MODULE/parport$PORT"
}

# counts_are ALLOCATES FREES
counts_are() {
	# shellcheck disable=SC2046 # two numbers
	set -- "$1" "$2" $(count allocates frees)
	[ "$1 $2" = "$3 $4" ] || fail "$3 allocates, $4 frees, and not $1 and $2"
}

# owned_by CLIENT - or none
owned_by() {
	port_owner=$(count owner)
	case $1 in
	none) [ "$port_owner" = none ] ;;
	*) [ "$port_owner" = "pta_test $1" ] ;;
	esac || fail "the owner is '$port_owner' and not $1"
}

# --- what Linux says about the port -------------------------------------------

# Who has the port, for Linux: the name of a parport device, or none. With awk, which
# busybox has in itself, and does not start anew as it does cat.
active() {
	awk '{ print }' "$PROC/devices/active"
}

active_is() {
	[ "$(active)" = "$1" ]
}

await_active() {
	wait_for active_is "$1" ||
		fail "the port belongs to '$(active)' and not to '$1'"
}

# These files give all they have to the first read, so the shell, which reads
# byte by byte, would see one character.
base() {
	awk '{ print $1 }' "$PROC/base-addr"
}

irq() {
	awk '{ print }' "$PROC/irq"
}

# Is the port's interrupt switched on, in the hardware?
interrupt_is() {
	control=$(ioport control "$PROC/base-addr")
	case $1 in
	on) [ $((control & 16)) != 0 ] ;;
	off) [ $((control & 16)) = 0 ] ;;
	esac
}

await_interrupt() {
	wait_for interrupt_is "$1" || fail "the port's interrupt is not $1"
}

check_interrupt() {
	interrupt_is "$1" || fail "the port's interrupt is not $1"
}

# lose_interrupt - this port, as the only one, without an interrupt
lose_interrupt() {
	address=$(base)
	unload pta_test "$MODULE" lp ppdev
	rmmod parport_pc || skip "parport_pc is in use"
	RESTORE=reload_parport_pc
	modprobe parport_pc io="$address" irq=none
	# Only this port is there now, and so it is the first.
	PORT=0
	PROC=/proc/sys/dev/parport/parport0
	[ "$(irq)" = -1 ] || fail "it has interrupt $(irq)"
	setup
}

reload_parport_pc() {
	unload pta_test "$MODULE" parport_pc
	modprobe parport_pc
}

# use_soft_port [PARAMETER...] - test the port in memory instead
use_soft_port() {
	# It would have a device on the port, and keep it from being unloaded.
	unload lp
	modprobe pta_soft_port "$@" || fail "cannot load pta_soft_port"
	RESTORE=unload_soft_port
	PORT=$(sed -n 's/^port: //p' /sys/kernel/debug/pta_soft_port/state)
	PROC=/proc/sys/dev/parport/parport$PORT
	PPDEV=/dev/parport$PORT
	wait_for test -d "$PROC" || fail "no $PROC"
}

unload_soft_port() {
	unload pta_soft_port
}

need_module() {
	[ -e "/sys/module/$1" ] || modprobe "$1" 2> /dev/null || skip "no module $1"
}

unload() {
	for unwanted; do
		[ ! -e "/sys/module/$unwanted" ] || rmmod "$unwanted" ||
			fail "cannot unload $unwanted"
	done
}

# Without the module under test: can this port raise an interrupt when it is
# told to? QEMU's can; a real one needs a device for that.
need_interrupts() {
	# That takes a while, so once is enough.
	[ -e "$TMP/looked-for-interrupt-$PORT" ] || {
		[ "$(irq)" -ge 0 ] || skip "parport$PORT has no interrupt"
		need_module ppdev
		wait_for test -c "$PPDEV" || fail "no $PPDEV"
		ppdev "$PPDEV" claim pulse pulse interrupt > /dev/null 2>&1 ||
			: > "$TMP/no-interrupt-$PORT"
		: > "$TMP/looked-for-interrupt-$PORT"
	}
	[ ! -e "$TMP/no-interrupt-$PORT" ] ||
		skip "no interrupt arrives on parport$PORT"
}

# background FILE COMMAND... - run it, with its output in $TMP/FILE, until the
# test ends; sets PID
background() {
	file=$TMP/$1
	shift
	: > "$file"
	"$@" > "$file" 2>&1 7>&- 8<&- &
	PID=$!
	BACKGROUND="$BACKGROUND $PID"
}

# line_users - who has requested the line of the port's interrupt, in the order in which
# they are called, after what the line is
line_users() {
	awk -v line="$(irq):" '$1 == line {
		i = 2
		while ($i ~ /^[0-9]+$/)
			i++
		while (i <= NF)
			printf "%s ", $(i++)
	}' /proc/interrupts
}

# The program in the background has said so.
await_line() {
	wait_for grep -qx "$2" "$TMP/$1" ||
		fail "no '$2' but: $(cat "$TMP/$1")"
}

# --- a holder that keeps the port for long -------------------------------------

WARNING=/sys/module/$MODULE/parameters/hold_warning_ms

# warn_after MS - of a holder, until the test ends; the port must not be open yet
warn_after() {
	[ -e "$WARNING" ] || fail "no $WARNING"
	USUAL_WARNING=$(cat "$WARNING")
	RESTORE=warn_as_usual
	echo "$1" > "$WARNING"
}

warn_as_usual() {
	[ ! -e "$WARNING" ] || echo "$USUAL_WARNING" > "$WARNING"
}

# holders_logged NAME - how often the log names it as a long holder
holders_logged() {
	log_count "parport$PORT: $1 has had the port for"
}

holder_is_logged() {
	log_says "parport$PORT: $1 has had the port for"
}

# --- kernel log ---------------------------------------------------------------

# What was said before is of no interest. All of the log is read by kmsg, which is asked
# by a pipe and answers by another one, for as long as the script runs.
log_open() {
	mkfifo "$TMP/ask" "$TMP/answer"
	kmsg "$TMP/lines" < "$TMP/ask" > "$TMP/answer" &
	exec 7> "$TMP/ask" 8< "$TMP/answer"
	# That it is gone is to be an error, and not the end without a cleanup.
	trap : PIPE
	log_begin "$1"
}

# log_ask COMMAND... - sets FOUND; no answer, or one in words, is an error
log_ask() {
	printf '%s\n' "$*" >&7 || :
	read -r FOUND <&8 || FOUND="no answer"
	case $FOUND in
	'' | *[!0-9]*) fail "kmsg: $*: $FOUND" ;;
	esac
}

# log_begin NAME - says in the log, too, what comes now; forgets what was read so far
log_begin() {
	echo "selftests: ${0##*/}: $1" > /dev/kmsg
	log_ask begin
}

# log_mark [NAME] - the same in the course of a test, and complaints are not forgotten
log_mark() {
	echo "selftests: ${0##*/}: ${1-going on}" > /dev/kmsg
	log_ask mark
}

# What of it matches an extended regular expression

log_says() {
	log_ask find "$1"
	[ "$FOUND" != 0 ]
}

# log_lines EXPRESSION - prints them
log_lines() {
	log_ask find "$1"
	cat "$TMP/lines"
}

# log_count EXPRESSION - prints how many there are
log_count() {
	log_ask find "$1"
	echo "$FOUND"
}

# kernel_complained NAME - since log_begin? Says what, too.
kernel_complained() {
	echo "selftests: ${0##*/}: end of $1" > /dev/kmsg
	log_ask complaints
	[ "$FOUND" != 0 ] || return 1
	cat "$TMP/lines"
}

# --- running ------------------------------------------------------------------

# Probes that are a breakpoint and not a jump, while the tests run. Linux takes the
# jump out some time after the probe. If the module that was probed is gone by then,
# Linux never forgets the probe (kill_optimized_kprobe() takes it off its list before it
# looks whether it is on one), and a probe that comes to be in the same place, in the
# next lp, fails with a warning.
KPROBE_JUMPS=/proc/sys/debug/kprobes-optimization

forbid_kprobe_jumps() {
	[ ! -e "$KPROBE_JUMPS" ] || read -r usual_jumps < "$KPROBE_JUMPS" || :
	[ "$usual_jumps" = 0 ] || echo 0 > "$KPROBE_JUMPS"
}

finish() {
	rm -rf "$TMP"
	[ "$usual_jumps" = 0 ] || echo "$usual_jumps" > "$KPROBE_JUMPS"
}

setup() {
	[ -e /sys/module/parport_pc ] || modprobe parport_pc
	[ -d "$PROC" ] || skip "no parport$PORT"
	[ -e "/sys/module/$MODULE" ] || modprobe "$MODULE" || fail "cannot load $MODULE"
	[ -e /sys/module/pta_test ] || modprobe pta_test || fail "cannot load pta_test"
	[ -e "$DEBUG" ] || mount -t debugfs none /sys/kernel/debug
}

cleanup() {
	set +e
	# They keep pta_test from being unloaded.
	for pid in $WAITING; do
		kill -s KILL "$pid" 2> /dev/null
		wait "$pid" 2> /dev/null
	done
	# First: it lets everybody have the port who waits for it.
	[ ! -e "$DEBUG/command" ] || echo reset > "$DEBUG/command" || rmmod pta_test
	for pid in $BACKGROUND; do
		kill -s KILL "$pid" 2> /dev/null
		wait "$pid" 2> /dev/null
	done
	[ ! -e "$PARAMETER" ] || forbid_connect
	[ -z "$RESTORE" ] || "$RESTORE"
}

# expect_complaint PATTERN - what the kernel has to say in this test, and not more;
# tools/boot knows it, too
expect_complaint() {
	log_ask expect "$1"
}

run_test() {
	log_begin "$1"
	set +e
	(
		set -e
		trap cleanup EXIT
		trap : PIPE
		setup
		"test_$1"
	)
	rc=$?
	set -e
	if kernel_complained "$1"; then
		ktap_print_msg "the kernel complained"
		rc=$KSFT_FAIL
	fi
	case $rc in
	"$KSFT_PASS") ktap_test_pass "$1" ;;
	"$KSFT_SKIP")
		# As ktap_test_skip, with the reason.
		__ktap_test ok "$1" "SKIP $(cat "$TMP/skip")"
		KTAP_CNT_SKIP=$((KTAP_CNT_SKIP + 1))
		;;
	*) ktap_test_fail "$1" ;;
	esac
}

run_tests() {
	set -eu
	tests=$(sed -n 's/^test_\([A-Za-z0-9_]*\)() {$/\1/p' "$0")
	echo "KTAP version 1"
	if [ "$(id -u)" != 0 ]; then
		ktap_skip_all "must be run as root"
		exit "$KSFT_SKIP"
	fi
	TMP=$(mktemp -d)
	usual_jumps=0
	trap finish EXIT
	# dash leaves without it otherwise.
	trap 'exit 130' INT
	trap 'exit 143' TERM
	forbid_kprobe_jumps
	# shellcheck disable=SC2086 # one word per test
	set -- ${PTA_ONLY:-$tests}
	ktap_set_plan $#
	log_open "all tests"
	for name; do
		run_test "$name"
	done
	for left in $STAYS pta_test; do
		[ ! -e "/sys/module/$left" ] || rmmod "$left" ||
			ktap_exit_fail_msg "cannot unload $left"
	done
	log_begin "the end"
	! kernel_complained "all tests" || ktap_exit_fail_msg "the kernel complained"
	ktap_finished
}
