# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What tools/check and its like (check-debug, soak, ...) share: building for several
# flavours, running guests, and the sum of all results. Brings lib.sh along.
# Sourced, never run.
#
# Environment:
#   PTA_GUESTS   how many guests run at a time (default: one more than there are
#                processors)
#   PTA_UNPLUGS  see selftests/pnp.sh
#   PTA_ORDERS   see selftests/order.sh

. "$(dirname "$0")/lib.sh"

passed=0
failed=0
skipped=0
work=$(mktemp -d)
# shellcheck disable=SC2046 # a list
trap 'kill $(jobs -p) 2>/dev/null || :; rm -rf "$work"' EXIT

result() {
	printf '%s: passed %d, failed %d, skipped %d\n' "$@"
	passed=$((passed + $2))
	failed=$((failed + $3))
	skipped=$((skipped + $4))
}

declare -A guest built

# usage: build_flavours FLAVOUR...
build_flavours() {
	local flavour
	local -A builder
	for flavour; do
		"$tools/build" "$flavour" >"$work/build-$flavour" 2>&1 </dev/null &
		builder[$flavour]=$!
	done
	for flavour; do
		if wait "${builder[$flavour]}"; then
			built[$flavour]=1
		else
			tail -n 30 "$work/build-$flavour"
			echo "${0##*/}: building for $flavour failed"
			result "$flavour" 0 1 0
		fi
	done
}

# One more than there are processors: each waits now and then.
at_a_time=${PTA_GUESTS:-$(($(nproc) + 1))}
machines=()
next=0

# usage: start_guest NUMBER NAME FLAVOUR SECONDS SCRIPTS BOOT-OPTIONS
start_guest() {
	# shellcheck disable=SC2086 # lists
	"$tools/boot" --flavour "$3" --time-limit 3600 ${6-} -- \
		env PTA_RANDOM_SECONDS="$4" PTA_UNPLUGS="${PTA_UNPLUGS-}" PTA_ORDERS="${PTA_ORDERS-}" \
		/selftests/runner.sh ${5-} \
		>"$work/ktap-$1" 2>"$work/errors-$1" </dev/null &
	guest[$1]=$!
}

is_running() {
	[ -n "${guest[$1]-}" ] && kill -0 "${guest[$1]}" 2>/dev/null
}

# start_guests - those that were not started yet, as many as may run
start_guests() {
	local words running=0 i
	for ((i = 0; i < next; i++)); do
		! is_running $i || running=$((running + 1))
	done
	for (( ; next < ${#machines[@]} && running < at_a_time; next++)); do
		IFS='|' read -r -a words <<<"${machines[next]}"
		if [ -n "${built[${words[1]}]-}" ]; then
			start_guest "$next" "${words[@]}"
			running=$((running + 1))
		fi
	done
}

# Shows what a guest says as it says it, and has the next ones started meanwhile.
# usage: finish_guest NUMBER NAME
finish_guest() {
	local rc=0 counts shown
	echo "${0##*/}: the selftests on $2"
	tail -n +1 -f --pid "${guest[$1]}" "$work/ktap-$1" &
	shown=$!
	while is_running "$1"; do
		sleep 1
		start_guests
	done
	wait "${guest[$1]}" || rc=$?
	wait "$shown"
	cat "$work/errors-$1"
	read -r -a counts < <(awk -f "$tools/ktap.awk" "$work/ktap-$1")
	if [ $rc -ge 121 ]; then
		echo "${0##*/}: the guest did not end as it should"
		counts[1]=$((counts[1] + 1))
	elif [ $rc != 0 ] && [ "${counts[1]}" = 0 ]; then
		echo "${0##*/}: runner.sh ended with status $rc"
		counts[1]=1
	elif [ $((counts[0] + counts[1])) = 0 ]; then
		echo "${0##*/}: no test ran"
		counts[1]=1
	fi
	result "$2" "${counts[@]}"
}

# Runs the selftests on machines, at_a_time of them. Each is said in one word: a
# name, the flavour, the seconds of random operation, the scripts if not all, and
# what else tools/boot is to know, with | between them.
# usage: run_guests MACHINE...
run_guests() {
	local number
	machines=("$@")
	next=0
	for ((number = 0; number < $#; number++)); do
		start_guests
		[ -z "${guest[$number]-}" ] ||
			finish_guest "$number" "${machines[number]%%|*}"
	done
}

# The names of all scripts, in one line
test_programs() {
	sed -n 's/^TEST_PROGS [:+]= //p' "$project/selftests/Makefile" | paste -sd ' '
}

# The last line. Fails if anything failed, or nothing ran.
say_sum() {
	printf '%d passed, %d failed' "$passed" "$failed"
	[ "$skipped" = 0 ] || printf ', %d skipped' "$skipped"
	echo
	[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
}
