#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Random operation: clients that do everything that may be done, wherever it may be
# done, while interrupts come, lp and ppdev are used, and the port is unplugged. At
# the end everything has to add up.
#
# Environment:
#   PTA_RANDOM_SECONDS  for how long beside lp and ppdev (default: 60); half of that
#                       while the port is unplugged, and a quarter alone
#   PTA_RANDOM_SEED     where the random numbers begin (default: a random one)

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"
. "$DIR/linux_users.sh"
. "$DIR/pnp.sh"

SECONDS_TO_RUN=${PTA_RANDOM_SECONDS:-60}
SEED=${PTA_RANDOM_SEED:-$(od -A n -N 4 -t u4 /dev/urandom | tr -d ' ')}

# In one loop, for one of them at a time: two that wait for the port hang the
# machine, see linux_users.sh.
use_linux_drivers() {
	while [ ! -e "$TMP/enough" ]; do
		head -c 300 /dev/urandom > "$TMP/piece"
		cat "$TMP/piece" > "$LP" || return
		cat "$TMP/piece" >> "$TMP/job"
		echo printed
		ppdev "$PPDEV" claim release > /dev/null || return
	done
	echo finished
}

# run SECONDS [unplugged] - everybody at once; adds to ALLOCATIONS and so on
run() {
	# shellcheck disable=SC2086 # one word or none
	pta random "$PORT" $(($1 * 1000)) "$SEED" ${2-}
	listen
	# shellcheck disable=SC2086 # words are wanted
	set -- $SAID
	ktap_print_msg "seed $SEED: $1 allocations, $3 calls of routines," \
		"$4 port checks, $5 answers, $6 opens;" \
		"$7 times told that the port is gone;" \
		"$8 times two owners, $9 times two in step"
	[ "$RESULT" = 0 ] || fail "seed $SEED: $RESULT things went wrong"
	SEED=$((SEED + 1))
	ALLOCATIONS=$((ALLOCATIONS + $1)) FREES=$((FREES + $2))
	ROUTINES=$((ROUTINES + $3)) CHECKS=$((CHECKS + $4))
	ANSWERS=$((ANSWERS + $5)) OPENS=$((OPENS + $6)) GONE=$((GONE + $7))
}

nothing_has_run() {
	ALLOCATIONS=0 FREES=0 ROUTINES=0 CHECKS=0 ANSWERS=0 OPENS=0 GONE=0
}

# Otherwise it has shown nothing.
enough_has_happened() {
	pieces=$(grep -c printed "$TMP/users" || :)
	set -- "$ALLOCATIONS" "$ANSWERS" "$OPENS"
	[ "$(irq)" -lt 0 ] || set -- "$@" "$ROUTINES" "$CHECKS"
	for number; do
		[ "$number" -gt 20 ] || return 1
	done
	[ "$pieces" -gt 2 ]
}

# run_enough SECONDS - as long as that, and longer on a machine that is slow
run_enough() {
	nothing_has_run
	run "$1"
	more=0
	until enough_has_happened; do
		[ "$more" -lt 1000 ] || fail "not much has happened"
		run 5
		more=$((more + 1))
	done
}

# Client h looks on, so that the port stays open for as long.
everything_adds_up() {
	counts_are "$ALLOCATIONS" "$FREES"
	[ "$ALLOCATIONS" = "$FREES" ] ||
		fail "$ALLOCATIONS allocations, $FREES frees"
	[ "$(count refused_frees)" = 0 ] ||
		fail "$(count refused_frees) frees were refused"
	owned_by none
	await 0 waiters h
	await 1 try h
	expect 0 free h
	active_is "$MODULE" || fail "'$(active)' has the port"
	expect 0 close h
	active_is none || fail "'$(active)' has the port after the last close"
}

test_everything_at_random() {
	need_lp
	need_ppdev
	allow_connect
	expect 0 open h "$PORT"
	await_active "$MODULE"
	rm -f "$TMP/enough"
	: > "$TMP/job"
	[ "$(irq)" -lt 0 ] || background strobe ioport strobe "$PROC/base-addr" 0 3
	background users use_linux_drivers
	run_enough "$SECONDS_TO_RUN"
	: > "$TMP/enough"
	await_line users finished
	ktap_print_msg "meanwhile lp has printed $pieces times"
	cmp "$TMP/job" "$PRINTED" || fail "what was printed is not the job"
	await_active "$MODULE"
	everything_adds_up
}

# Nothing but the clients: their last close is the port's, again and again.
test_clients_alone() {
	allow_connect
	[ "$(irq)" -lt 0 ] || background strobe ioport strobe "$PROC/base-addr" 0 3
	nothing_has_run
	run $(((SECONDS_TO_RUN + 3) / 4))
	[ "$ALLOCATIONS" = "$FREES" ] ||
		fail "$ALLOCATIONS allocations, $FREES frees"
	active_is none || fail "'$(active)' has the port after the last close"
}

# As long as somebody has not closed the port that is gone, a port that is plugged
# gets another number.
plugged_again() {
	plug
	[ ! -d "$PROC" ] || return 0
	echo "$name" > "$PNP/unbind"
	return 1
}

unplug_and_plug() {
	while [ ! -e "$TMP/enough" ]; do
		unplug
		wait_for plugged_again || return
		echo plugged
	done
	echo finished
}

unplugs() {
	grep -c plugged "$TMP/unplugs" || :
}

# How often it is unplugged in that time is for the machine to say: it goes on until
# that was often enough. No Linux driver is here, as lp frees what its own users
# sleep in, and ppdev does not let go of parport_pc.
test_a_port_that_is_unplugged() {
	use_last_port
	unload lp ppdev
	allow_connect
	# The first time, Linux may find more of the port than it did at boot.
	unplug
	plug
	inventory > "$TMP/before"
	rm -f "$TMP/enough"
	[ "$(irq)" -lt 0 ] || background strobe ioport strobe "$PROC/base-addr" 0 3
	background unplugs unplug_and_plug
	nothing_has_run
	runs=0
	until [ "$(unplugs)" -gt 3 ] && [ "$GONE" -gt 0 ]; do
		[ "$runs" -lt 200 ] ||
			fail "$(unplugs) times unplugged, $GONE told of it"
		run $(((SECONDS_TO_RUN + 1) / 2)) unplugged
		runs=$((runs + 1))
		[ "$ALLOCATIONS" = "$FREES" ] ||
			fail "$ALLOCATIONS allocations, $FREES frees"
	done
	: > "$TMP/enough"
	await_line unplugs finished
	ktap_print_msg "unplugged $(unplugs) times"
	all_is_as_before "$(unplugs)"
	expect 0 close a
	active_is none || fail "'$(active)' has the port after the last close"
}

run_tests
