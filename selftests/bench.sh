#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# bench.sh WHAT [MARK]
#
# Measures, in a guest of tools/boot, and prints the results as the module pta_bench
# does. WHAT is
#
#   count       what each path costs, in instructions if it was booted with
#               "--icount --smp 1"; measured stretches are marked at the I/O address
#               MARK
#   contention  try and free on 1, 2 and 4 processors
#   latency     from interrupt to routine, idle and under load; needs two processors

set -eu

BENCH=/sys/kernel/debug/pta_bench
PARAMETER=/sys/module/parport_try_alloc/parameters/enable_connect_interrupt
LOADS=

finish() {
	for pid in $LOADS; do
		kill "$pid" 2> /dev/null || :
	done
	rmmod pta_bench
}

# load COMMAND... - over and over on the processor that takes the interrupt, until
# the end
load() {
	taskset 1 sh -c 'while :; do "$@"; done' sh "$@" > /dev/null 2>&1 &
	LOADS="$LOADS $!"
}

# latency_of STATE - played by the other processor
latency_of() {
	results=$(taskset 2 cat "$BENCH/latency")
	echo "$results" | sed "s/^latency/latency $1/"
}

latency() {
	echo 1 > "/proc/irq/$(cat /proc/sys/dev/parport/parport0/irq)/smp_affinity"
	latency_of idle
	load dd if=/dev/zero of=/dev/null bs=512 count=1000
	load find /sys -name uevent
	load sh -c :
	latency_of load
}

what=$1
modprobe parport_try_alloc
modprobe pta_bench mark="${2:-0}"
trap finish EXIT
echo Y > "$PARAMETER"
case $what in
count | contention) cat "$BENCH/$what" ;;
latency) latency ;;
*) echo "bench.sh: nothing to measure is called '$what'" >&2; exit 2 ;;
esac
