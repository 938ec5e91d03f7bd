#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# run.sh
#
# Compiles the heart of the module for this machine, on model checkers, and runs
# what is in src/tests/: see Documentation/model.rst. Where herd7 is, the litmus
# tests are run on it too. The last line is "N passed, N failed"; exit status 1
# if anything failed or nothing ran.
#
# Needs cargo, and a registry of crates the first time. What is built is kept in
# the cache of the test machine.
#
# Environment:
#   PTA_MODEL_LONG=1  search deeper and longer, in hours perhaps
#   PTA_MEMORY_MODEL  tools/memory-model of a kernel source, for herd7
#                     [that of the source in the cache]

set -eu
cd "$(dirname "$0")/../.."
project=$(pwd -P)

# What src/ is written for.
oldest=1.85

cache=${XDG_CACHE_HOME:-$HOME/.cache}/parport_try_alloc
export CARGO_TARGET_DIR="$cache/model"
copy=$cache/model/source/$(echo "$project" | cksum | cut -d ' ' -f 1)
log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0
failed=0

die() {
	echo "run.sh: $*" >&2
	exit 1
}

at_least() {
	[ "$(printf '%s\n%s\n' "$oldest" "$1" | sort -V | head -n 1)" = "$oldest" ]
}

# On Debian, cargo can be had, if it is new enough.
find_cargo() {
	if ! command -v cargo >/dev/null; then
		version=$(apt-cache policy cargo 2>/dev/null | awk '$1 == "Candidate:" { print $2 }')
		if [ "$(id -u)" != 0 ] || ! at_least "${version:-0}"; then
			die "there is no cargo: install Rust $oldest or later"
		fi
		apt-get install -y --no-install-recommends cargo >"$log" 2>&1 ||
			die "cargo cannot be installed: $(tail -n 1 "$log")"
	fi
	version=$(cargo --version | cut -d ' ' -f 2)
	at_least "$version" || die "cargo is $version: Rust $oldest or later is needed"
}

# What is compiled is a copy, in which only those files change that are not the same any
# more: cargo goes by their times, which are all new in a checkout made anew.
copy_source() {
	find rust selftests/model -name target -prune -o -type f ! -name Cargo.lock -print | while read -r file; do
		cmp -s "$file" "$copy/$file" || {
			mkdir -p "$copy/${file%/*}"
			cp "$file" "$copy/$file"
		}
	done
	(cd "$copy" && find . -type f ! -name Cargo.lock) | while read -r file; do
		[ -e "$file" ] || rm "$copy/$file"
	done
}

# What cargo says, of the files of the checkout
show() {
	sed "s,$copy,$project,g" "$log"
}

# One part: its tests are counted.
# usage: part NAME CHECKER
part() {
	begin=$(date +%s)
	echo "model: $1, by $2"
	if ! cargo test --lib --no-run --no-default-features --features "$2" >"$log" 2>&1; then
		show
		failed=$((failed + 1))
		return
	fi
	built=$(date +%s)
	RUST_BACKTRACE=0 cargo test --lib --no-default-features --features "$2" >"$log" 2>&1 ||
		true
	# What cargo and a test that passed say of themselves is left out.
	show | sed -e 's/^test [^ ]* \.\.\. //' |
		grep -v -e '^running' -e '^ *\(Compiling\|Finished\|Running\)' -e '^ok$' -e '^$' || true
	# A run that was ended by something else has no result.
	counts=$(sed -n 's/^test result: .* \([0-9]*\) passed; \([0-9]*\) failed;.*/\1 \2/p' "$log")
	counts=${counts:-0 1}
	passed=$((passed + ${counts% *}))
	failed=$((failed + ${counts#* }))
	echo "model: $1: ${counts% *} passed, ${counts#* } failed, built in $((built - begin)) s," \
		"run in $(($(date +%s) - built)) s"
}

# The litmus tests, on the kernel's own memory model.
herd() {
	if [ -z "${PTA_MEMORY_MODEL-}" ]; then
		for dir in "$cache"/source-*/tools/memory-model; do
			[ ! -f "$dir/linux-kernel.cfg" ] || PTA_MEMORY_MODEL=$dir
		done
	fi
	if ! command -v herd7 >/dev/null || [ -z "${PTA_MEMORY_MODEL-}" ]; then
		echo "model: litmus tests: not run on herd7, which is not here or has no memory model"
		return
	fi
	for test in "$project"/selftests/model/*.litmus; do
		wanted=$(sed -n 's/^ \* Result: //p' "$test")
		seen=$(cd "$PTA_MEMORY_MODEL" && herd7 -conf linux-kernel.cfg "$test" |
			awk '$1 == "Observation" { print $3 }')
		echo "model: ${test##*/}: ${seen:-nothing}, and $wanted is right"
		if [ "$seen" = "$wanted" ]; then
			passed=$((passed + 1))
		else
			failed=$((failed + 1))
		fi
	done
}

find_cargo
copy_source
cd "$copy/selftests/model"
part 'every order' loom
part 'random orders' shuttle
herd

echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" != 0 ]
