# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0
#
# What the scripts share that test the Windows-named interface through the module
# pta_class, a class driver of Windows' kind. Sourced after lib.sh. What it can be
# told is said in modules/class/.

CLASS=/sys/kernel/debug/pta_class
SOFT=/sys/kernel/debug/pta_soft_port/state

# say COMMAND... - have pta_class run it and set OUTPUT
say() {
	echo "$*" 2> /dev/null > "$CLASS/command" || fail "'$*' makes no sense"
	IFS= read -r OUTPUT < "$CLASS/output" || :
}

# says PATTERN COMMAND... - the output has to be like that
says() {
	pattern=$1
	shift
	say "$@"
	is_like "$OUTPUT" "$pattern" || fail "'$*' said '$OUTPUT' and not '$pattern'"
}

is_like() {
	# shellcheck disable=SC2254 # a pattern is wanted
	case $1 in
	$2) ;;
	*) return 1 ;;
	esac
}

# await_says PATTERN COMMAND... - repeat the command until it says that
await_says() {
	wait_for says_now "$@" || fail "'$2 ...' still says '$OUTPUT'"
}

says_now() {
	now_pattern=$1
	shift
	say "$@"
	is_like "$OUTPUT" "$now_pattern"
}

load_class() {
	modprobe pta_class || fail "cannot load pta_class"
	RESTORE=unload_class
}

unload_class() {
	[ ! -e /sys/module/pta_class ] || rmmod pta_class
	[ ! -e /sys/module/pta_soft_port ] || rmmod pta_soft_port
	restore_lock_timeout
	[ -z "${USUAL_WARNING:-}" ] || warn_as_usual
	[ -z "${USUAL_LIMIT:-}" ] || usual_storm_limit
}

# ports DEVICE... - open the port as these, and ask what there is to be called
ports() {
	load_class
	for device; do
		says SUCCESS open "$device" "#Device#ParallelPort$PORT"
		says 'SUCCESS 56 *' ask "$device" port
		says 'SUCCESS 112 *' ask "$device" pnp
	done
}

# lines DEVICE... - the same, the device at the end of the chain
lines() {
	load_class
	for device; do
		says SUCCESS open "$device" "#DosDevices#LPT$((PORT + 1))"
		says 'SUCCESS 120 *' ask "$device" class
	done
}

# soft_port [PARAMETER...] - test the port in memory instead
soft_port() {
	load_class
	# It would have a device on the port, and keep it from being unloaded.
	unload lp
	modprobe pta_soft_port "$@" || fail "cannot load pta_soft_port"
	PORT=$(soft port)
	wait_for test -d "/proc/sys/dev/parport/parport$PORT"
}

# soft WHAT - a value of the port in memory
soft() {
	sed -n "s/^$1: //p" "$SOFT"
}

soft_is() {
	[ "$(soft "$1")" = "$2" ] || fail "$1 is $(soft "$1") and not $2"
}

# interrupts DEVICE... - open the port, whose interrupt works, with connecting allowed
interrupts() {
	need_interrupts
	allow_connect
	ports "$@"
}

# note_isrs - forget what ran so far, and what comes that nobody asked for
note_isrs() {
	settle
	say isrs
}

# note_all - the same, with the port checks that follow
note_all() {
	settle
	flush_worker
	say isrs
}

# await_isrs ROUTINES - until that many ran, which have to be these; the interrupt is
# through then
await_isrs() {
	ISRS=
	wait_for some_isrs "${#1}" || fail "no '$1', but: '$ISRS'"
	settle
	some_isrs 0
	[ "$ISRS" = "$1" ] || fail "'$ISRS' ran and not '$1'"
}

some_isrs() {
	say isrs
	ISRS=$ISRS$OUTPUT
	[ "${#ISRS}" -ge "$1" ]
}

# await_done ANSWER... - until so many requests are completed, which have to be these;
# an ANSWER is REQUEST:STATUS, and the information is to be 0
await_done() {
	DONE=
	wait_for some_done $# || fail "no '$*', but: '$DONE'"
	wanted=
	for answer; do
		wanted="$wanted $answer:0"
	done
	completed=
	for answer in $DONE; do
		# Without the context
		completed="$completed ${answer%:*}"
	done
	[ "$completed" = "$wanted" ] || fail "completed were '$DONE' and not '$*'"
}

some_done() {
	say answers
	DONE=$DONE${DONE:+${OUTPUT:+ }}$OUTPUT
	# shellcheck disable=SC2086 # words are wanted
	set -- "$1" $DONE
	[ $# -gt "$1" ]
}

none_done() {
	flush_worker
	says '' answers
}

# owner_is NAME - pta_class, or none
owner_is() {
	[ "$(count owner)" = "$1" ] || fail "the owner is '$(count owner)' and not $1"
}

# How long a lock of the port waits for it, in ms
LOCK_TIMEOUT=/sys/module/$MODULE/parameters/lock_timeout_ms

lock_timeout() {
	[ -n "${OLD_LOCK_TIMEOUT:-}" ] || OLD_LOCK_TIMEOUT=$(cat "$LOCK_TIMEOUT")
	echo "$1" > "$LOCK_TIMEOUT"
}

restore_lock_timeout() {
	[ -z "${OLD_LOCK_TIMEOUT:-}" ] || echo "$OLD_LOCK_TIMEOUT" > "$LOCK_TIMEOUT"
}

# windows_counter allocates|frees - sets COUNTER, as it is in sysfs
windows_counter() {
	read -r COUNTER < "/sys/bus/parport/devices/$MODULE.$PORT/port_$1"
}

# windows_counters ALLOCATES FREES
windows_counters() {
	windows_counter allocates
	counted=$COUNTER
	windows_counter frees
	[ "$counted $COUNTER" = "$1 $2" ] ||
		fail "$counted allocates, $COUNTER frees, and not $1 and $2"
}
