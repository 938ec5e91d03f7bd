#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Several ports at once: what happens on one of them is nothing to the others.
# Client a is at the first port, b and c are at the second and the third: c at the one
# with a level-triggered interrupt, which some tests need.

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"

# find_ports - sets those of b and c
find_ports() {
	PORT_B=1
	PORT_C=2
	! grep -q 'fasteoi .* parport1$' /proc/interrupts || {
		PORT_B=2
		PORT_C=1
	}
}

# at_port N - what follows is about that port
at_port() {
	PORT=$1
	PROC=/proc/sys/dev/parport/parport$PORT
	PPDEV=/dev/parport$PORT
	[ -d "$PROC" ] || skip "no parport$PORT"
}

# quieten - lowers a level-triggered line that an earlier test has left active, by
# a look at the status: QEMU's port raises it when its interrupt is switched off.
quieten() {
	dd if=/dev/port bs=1 skip=$(($(base) + 1)) count=1 > /dev/null 2>&1
}

# start CLIENT... - each at its port, with an ISR that says that the interrupt was
# its own
start() {
	find_ports
	for client; do
		at_port "$(port_of "$client")"
		# ppdev, which that needs, would leave a level-triggered line active.
		[ "$client" = c ] || need_interrupts
	done
	allow_connect
	for client; do
		at_port "$(port_of "$client")"
		quieten
		expect 0 open "$client" "$PORT"
		await_active "$MODULE"
		expect 0 connect "$client" mine
		await_interrupt on
		settle
	done
}

port_of() {
	case $1 in
	a) echo 0 ;;
	b) echo "$PORT_B" ;;
	c) echo "$PORT_C" ;;
	esac
}

need_level_line() {
	find_ports
	at_port "$PORT_C"
	grep -q "fasteoi .* parport$PORT_C\$" /proc/interrupts ||
		skip "neither parport1 nor parport2 has a level-triggered interrupt"
}

# counts CLIENT - allocations, frees, refusals and interrupts of its port
counts() {
	at_port "$(port_of "$1")"
	echo "$(count allocates) $(count frees) $(count refused_tries)" \
		"$(count refused_frees) $(count interrupts) $(count unhandled)"
}

# work CLIENT N - it is interrupted N times; before each it has the port once, is
# refused once and frees once too often; and all of that is counted
work() {
	worker=$1
	rounds=$2
	# shellcheck disable=SC2046 # words are wanted
	set -- $(counts "$worker")
	repeat "$rounds" work_once "$worker"
	wanted="$(($1 + rounds)) $(($2 + rounds)) $(($3 + rounds))"
	wanted="$wanted $(($4 + rounds)) $(($5 + rounds)) $6"
	[ "$(counts "$worker")" = "$wanted" ] ||
		fail "the counts of $worker are $(counts "$worker") and not $wanted"
}

work_once() {
	expect 1 try "$1"
	expect 0 try "$1" hardirq
	expect 1 strobe "$1" 1
	expect 0 free "$1"
	expect "$EPERM" free "$1"
}

test_three_ports_count_what_is_theirs() {
	start a b c
	before="$(counts b) $(counts c)"
	work a 10
	[ "$(counts b) $(counts c)" = "$before" ] || fail "a's work is counted elsewhere"
	work b 10
	work c 10
}

test_three_owners_at_a_time() {
	start a b c
	expect 1 try a
	expect 1 try b
	expect 1 try c
	expect 0 free b
	expect 0 try a
	expect 0 try c
	expect 1 try b
}

test_waiters_are_those_of_the_port() {
	start a b
	expect 0 open d 0
	expect 1 try a
	expect 1 try b
	expect 0 queue 0 d
	expect 1 waiters a
	expect 0 waiters b
	expect 0 free b
	no_answer
	expect 0 free a
	await_answers 0:0
	expect 1 try b
}

# The second to come is there under the same number at both ports.
test_a_client_of_another_port_cancels_nothing() {
	find_ports
	at_port "$PORT_B"
	expect 0 open b "$PORT"
	expect 0 open d "$PORT"
	at_port 0
	expect 0 open a "$PORT"
	expect 0 open e "$PORT"
	await 1 try a
	expect 0 queue 0 e
	expect 0 cancel 0 d
	expect 1 waiters a
	expect 0 waiters b
	expect 0 free a
	await_answers 0:0
}

test_a_linux_driver_on_one_port_is_nothing_to_the_others() {
	start a b
	at_port 0
	expect 0 rival 0
	expect 0 try a
	check_interrupt off
	work b 5
	at_port 0
	expect 0 rival off
	await_active "$MODULE"
	await_interrupt on
	settle
	work a 5
}

test_a_level_line_is_served_like_any_other() {
	need_level_line
	start c
	before=$(count unhandled)
	expect 500 strobe c 500
	work c 10
	[ "$(count unhandled)" = "$before" ] ||
		fail "$(($(count unhandled) - before)) were not handled"
	[ "$(storms_logged)" = 0 ] || fail "a storm, it says"
}

test_a_storm_on_one_port_is_nothing_to_the_others() {
	need_level_line
	start a b
	at_port "$PORT_C"
	quieten
	expect 0 open c "$PORT_C"
	expect 0 open d "$PORT_C"
	await_active "$MODULE"
	# As many as the slowest machine has in 100 ms
	storm_limit 10
	before=$(count unhandled)
	expect 0 connect c ignore
	# If connecting has not begun it already; it may be over by now, too.
	pta strobe c 1
	work a 20
	work b 20
	at_port "$PORT_C"
	await_storm
	[ $(($(count unhandled) - before)) -ge 10 ] ||
		fail "off after $(($(count unhandled) - before)) interrupts"
	log_says "parport$PORT_C: .*nobody handles" ||
		fail "the port is not named"
	# It can still be had, and so can the others, with their interrupts.
	await 1 try c
	expect 0 free c
	check_interrupt off
	work a 20
	work b 20
	at_port "$PORT_C"
	# With somebody who looks after it, the storm is over.
	expect 0 connect d mine
	await_interrupt on
	settle
	expect 20 strobe d 20
	await 1 try d
	expect 0 free d
	[ "$(storms_logged)" = 1 ] || fail "said $(storms_logged) times"
}

run_tests
