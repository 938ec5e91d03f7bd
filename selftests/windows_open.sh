#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Devices of a Windows class driver: opening them, giving them back, and what is left of
# them until the driver goes.

# shellcheck disable=SC2317 # run_tests calls them
set -eu
. "$(dirname "$0")/lib.sh"
. "$DIR/windows_lib.sh"

test_devices_are_found_by_name() {
	load_class
	says SUCCESS open a "#Device#ParallelPort$PORT"
	says SUCCESS open b "#DEVICE#PARALLELPORT$PORT"
	says SUCCESS open c "#Device#Parallel$PORT"
	says SUCCESS open d "#DosDevices#LPT$((PORT + 1))"
	says SUCCESS open e "#??#LPT$((PORT + 1))"
	for name in '#Device#ParallelPort' '#Device#ParallelPort99' '#Device#ParallelPort0x' \
		'#Device#ParallelPort99999999999' '#DosDevices#LPT0' '#Device#Serial0' 'LPT1'; do
		says OBJECT_NAME_NOT_FOUND open f "$name"
	done
}

test_files_can_be_created_cleaned_up_and_closed() {
	ports a
	for major in create cleanup close; do
		says 'SUCCESS 0' major a "$major"
	done
}

test_a_device_may_be_used_after_its_file_object_was_given_back() {
	ports a b
	say reference b
	say close b device
	says 1 call b try
	# The last reference frees, and the device stays.
	say close b device
	owner_is none
	says 1 call b try
	say close b device
	owner_is pta_class
	rmmod pta_class
	[ ! -d "/sys/bus/parport/devices/$MODULE.$PORT" ] || fail "the port is still open"
}

# One part of a driver gave its file object back early; another opens and closes the port.
test_an_open_leaves_a_device_alone_that_is_used_without_a_reference() {
	ports a
	say close a device
	says 1 call a try
	ports b
	says 0 call b try
	says PENDING allocate 0 b
	say close b
	await_done 0:CANCELLED
	owner_is pta_class
	says 'SUCCESS 0' ask a free
}

# opened_until N - beside a thread that closes the same device, so often the very one
opened_until() {
	same=0
	rounds=0
	until [ "$same" -ge "$1" ]; do
		[ "$rounds" -lt 10000 ] || fail "only $same times it was the same device"
		say open-beside-close "#Device#ParallelPort$PORT" 1000
		# shellcheck disable=SC2086 # words are wanted
		set -- "$1" $OUTPUT
		[ "$2" = SUCCESS ] || fail "it ended with '$OUTPUT'"
		[ "$3" = 0 ] || fail "$3 times the port was lost"
		same=$((same + $4))
		rounds=$((rounds + 1))
	done
}

# A device is let go, with the port, before it can be opened again.
test_a_close_takes_nothing_from_whoever_opens_the_device_next() {
	ports a
	opened_until 200
	owner_is none
}

test_a_dpc_finds_the_devices_of_its_module_when_that_goes() {
	ports a
	say leave a
	rmmod pta_class
	log_says 'the last DPC had the port' ||
		fail "the log says: $(log_lines pta_class)"
	[ ! -d "/sys/bus/parport/devices/$MODULE.$PORT" ] || fail "the port is still open"
}

run_tests
