#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Two clients try at the same moment, in hard interrupt context on two CPUs.

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"

# race ROUNDS - sets DOUBLES, NOBODY, LEFT and RIGHT
race() {
	pta race "$PORT" "$1"
	[ "$RESULT" != "$EOPNOTSUPP" ] || skip "one processor only"
	[ "$RESULT" -ge 0 ] || fail "the race ended with $RESULT"
	# shellcheck disable=SC2046 # words are wanted
	set -- "$1" $(output)
	ktap_print_msg "$2 rounds: $3 double wins, $4 without winner, wins $5:$6"
	[ "$2" = "$1" ] || fail "$2 rounds and not $1"
	DOUBLES=$3 NOBODY=$4 LEFT=$5 RIGHT=$6
}

test_exactly_one_wins_a_hundred_thousand_times() {
	race 100000
	[ "$RESULT" = 0 ] || fail "$RESULT rounds, or frees, went wrong"
	[ "$DOUBLES" = 0 ] || fail "$DOUBLES double wins"
	[ "$NOBODY" = 0 ] || fail "$NOBODY rounds without winner"
	# Otherwise they did not race.
	[ "$LEFT" -gt 0 ] || fail "one side never won"
	[ "$RIGHT" -gt 0 ] || fail "one side never won"
	[ $((LEFT + RIGHT)) = 100000 ] || fail "the wins do not add up"
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
	background visits sh -c "while ppdev '$PPDEV' claim release; do :; done"
	await_line visits release
	races=0
	until [ "$(visits)" -gt 10 ]; do
		[ "$races" -lt 100 ] || fail "ppdev came $(visits) times only"
		race 20000
		races=$((races + 1))
		[ "$DOUBLES" = 0 ] || fail "$DOUBLES double wins"
		[ $((LEFT + RIGHT + NOBODY)) = 20000 ] || fail "the wins do not add up"
	done
}

run_tests
