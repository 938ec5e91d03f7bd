#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Two clients try at the same moment, in hard interrupt context on two CPUs.

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"

# race ROUNDS - or fewer, if they take long; sets ROUNDS, DOUBLES, NOBODY, LEFT and RIGHT
race() {
	pta race "$PORT" "$1"
	[ "$RESULT" != "$EOPNOTSUPP" ] || skip "one processor only"
	[ "$RESULT" -ge 0 ] || fail "the race ended with $RESULT"
	listen
	# shellcheck disable=SC2086 # words are wanted
	set -- $SAID
	ktap_print_msg "$1 rounds: $2 double wins, $3 without winner, wins $4:$5"
	ROUNDS=$1 DOUBLES=$2 NOBODY=$3 LEFT=$4 RIGHT=$5
	[ "$DOUBLES" = 0 ] || fail "$DOUBLES double wins"
	[ $((LEFT + RIGHT + NOBODY)) = "$ROUNDS" ] || fail "the wins do not add up"
}

# A hundred thousand rounds, or fewer on a machine that is slow with them. If only one
# side wins they do not race.
test_exactly_one_wins_every_time() {
	races=0
	rounds=0
	left=0
	right=0
	until [ "$rounds" -ge 1000 ] && [ "$left" -gt 0 ] && [ "$right" -gt 0 ]; do
		[ "$races" -lt 1000 ] || fail "wins $left:$right in $rounds rounds"
		race 100000
		[ "$RESULT" = 0 ] || fail "$RESULT rounds, or frees, went wrong"
		[ "$NOBODY" = 0 ] || fail "$NOBODY rounds without winner"
		races=$((races + 1))
		rounds=$((rounds + ROUNDS))
		left=$((left + LEFT))
		right=$((right + RIGHT))
	done
}

visits() {
	grep -c release "$TMP/visits" || :
}

# With a Linux driver coming and going, nobody may win a round, but never both.
# How often it comes while they race is for the two processors to say: they race
# until it came often enough.
test_never_two_win_while_ppdev_comes_and_goes() {
	need_module ppdev
	wait_for test -c "$PPDEV" || fail "no $PPDEV"
	background visits ppdev "$PPDEV" again claim release
	await_line visits release
	races=0
	came=0
	until [ "$came" -gt 10 ]; do
		[ "$races" -lt 1000 ] || fail "ppdev came $came times only"
		before=$(visits)
		race 2000
		races=$((races + 1))
		came=$((came + $(visits) - before))
	done
}

run_tests
