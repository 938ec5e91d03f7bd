#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# What a debug kernel has to say when everything else is through: lockdep, which
# stops at its first report and is silent from then on, kmemleak, which speaks when
# it is asked, and KCSAN, which has to have seen the code it was to watch. The last of
# the scripts.

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"

LOCKDEP=/proc/lockdep_stats
KMEMLEAK=/sys/kernel/debug/kmemleak
KCSAN=/sys/kernel/debug/kcsan

test_lockdep_is_awake() {
	[ -e "$LOCKDEP" ] || skip "this kernel has no lockdep"
	grep -q '^ *debug_locks: *1$' "$LOCKDEP" ||
		fail "lockdep has switched itself off: $(grep debug_locks: "$LOCKDEP")"
}

# What Linux itself loses, with or without this module, by the function that
# allocated it:
#
#   device_set_deferred_probe_reason	a driver is registered while a device is, as
#					modprobe lp is while ppdev claims; the reason
#					why the device is not probed yet is never freed
KNOWN='device_set_deferred_probe_reason'

# What was freed a moment ago may still be found in a register or on a stack, and
# what was allocated a moment ago nowhere: a leak is what two scans call one.
leaks() {
	echo scan > "$KMEMLEAK"
	echo scan > "$KMEMLEAK"
	awk -v known="$KNOWN" '
		function say() {
			if (object !~ " (" known ")[+]")
				printf "%s", object
			object = ""
		}
		/^unreferenced object/ { say() }
		{ object = object $0 "\n" }
		END { say() }' "$KMEMLEAK"
}

no_leaks() {
	LEAKS=$(leaks)
	[ -z "$LEAKS" ] || {
		echo "$LEAKS" | sed 's/^/# /'
		fail "memory is lost"
	}
}

# While the modules are loaded, whose code it was has a name.
test_nothing_is_lost_with_the_modules_loaded() {
	[ -e "$KMEMLEAK" ] || skip "this kernel has no kmemleak"
	expect 0 open a "$PORT"
	expect 0 close a
	no_leaks
}

test_nothing_is_lost_with_the_modules_unloaded() {
	[ -e "$KMEMLEAK" ] || skip "this kernel has no kmemleak"
	unload pta_test "$MODULE"
	no_leaks
}

# The race is between pta_test, which looks where it must not, and the module under
# test: neither of them is watched in vain. KCSAN names them by the alphabet.
RACE='BUG: KCSAN: data-race in [^ ]+ \[parport_try_alloc\] / pta_test_snoop_around '
# If it has only seen that the value changed, it names who has looked.
CHANGE='BUG: KCSAN: data-race in pta_test_snoop_around[+]'

race_reported() {
	pta snoop "$PORT" 1000
	[ "$RESULT" -gt 0 ] || fail "snoop returned $RESULT"
	log_says "$RACE"
}

test_kcsan_sees_the_module() {
	[ -e "$KCSAN" ] || skip "this kernel has no KCSAN"
	expect_complaint "$RACE|$CHANGE"
	wait_for race_reported || fail "there was a race and no report"
}

run_tests
