#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# runner.sh [SCRIPT...]
#
# Runs the test scripts, all of them if none is named, and prints their results
# as one nested KTAP document. Fails if a test failed, and if no test ran.

set -eu
cd "$(dirname "$0")"
. ./ktap_helpers.sh

limit=$(sed -n 's/^timeout=//p' settings)
# shellcheck disable=SC2046 # one word per script
[ $# -gt 0 ] || set -- $(sed -n 's/^TEST_PROGS [:+]= //p' Makefile)
some_ran=

# Indents what a script prints, and notes whether any of its tests ran.
show() {
	ran=
	while IFS= read -r line; do
		case $line in
		"ok "*"# SKIP"*) ;;
		"ok "* | "not ok "*) ran=1 ;;
		esac
		printf '  %s\n' "$line"
	done
	[ -z "$ran" ] || : > "$tmp/ran"
}

# In a session of its own, so that all of it can be killed.
run_script() {
	setsid "./$1" 2>&1 &
	pid=$!
	(
		left=$limit
		while [ "$left" -gt 0 ]; do
			sleep 1
			left=$((left - 1))
		done
		kill -s KILL -- "-$pid"
	) > /dev/null 2>&1 &
	watchdog=$!
	rc=0
	wait "$pid" || rc=$?
	kill "$watchdog" 2> /dev/null || :
	echo "$rc" > "$tmp/rc"
}

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

echo "KTAP version 1"
ktap_set_plan $#
for script; do
	rm -f "$tmp/ran"
	read -r began _ < /proc/uptime
	run_script "$script" | show
	read -r ended _ < /proc/uptime
	ktap_print_msg "$script took $((${ended%.*} - ${began%.*})) s"
	rc=$(cat "$tmp/rc")
	if [ -e "$tmp/ran" ]; then
		some_ran=1
	elif [ "$rc" = "$KSFT_PASS" ]; then
		# It passed nothing: all was skipped.
		rc=$KSFT_SKIP
	fi
	case $rc in
	"$KSFT_PASS") ktap_test_pass "$script" ;;
	"$KSFT_SKIP") ktap_test_skip "$script" ;;
	137)
		ktap_test_fail "$script # TIMEOUT $limit seconds"
		# Whatever it has left behind, the others would stumble over it.
		ktap_exit_fail_msg "$script had to be killed"
		;;
	*) ktap_test_fail "$script" ;;
	esac
done
[ -n "$some_ran" ] || ktap_exit_fail_msg "no test ran"
ktap_finished
