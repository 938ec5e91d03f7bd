# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What the scripts of this directory share: where things are, how an error is
# said, and how a command is run in the trixie root. Sourced, never run.

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
tools=$project/tools
home=~
cache=${XDG_CACHE_HOME:-$home/.cache}/parport_try_alloc
root=$cache/root
flavours='amd64 rt-amd64'
# Built here and not by Debian, for the checks they have; what takes longest first
debug_flavours='debug-kasan debug-rt debug-kcsan'

# A script whose exit status means something else sets $failure.
failure=1
die() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit "$failure"
}

check_flavour() {
	case " $flavours $debug_flavours " in
	*" $1 "*) ;;
	*) die "unknown flavour '$1': it is one of: $flavours $debug_flavours" ;;
	esac
}

# Everything in the cache belongs to root, and a chroot is root's to enter.
check_machine() {
	[ "$(id -u)" = 0 ] || die "must be run as root: it makes and enters a chroot"
	case $cache/ in
	"$project"/*) die "the cache, '$cache', may not be inside of the checkout, of which it has copies" ;;
	esac
	case $project$cache in
	*[[:space:]:]*) die "neither '$project' nor '$cache' may have a space or colon in its name: Kbuild cannot build there" ;;
	esac
}

# A piece of the cache is a directory. It is whole if its stamp exists: the
# stamp is written last, and says what the piece was made from and what is in it.
# usage: have PIECE
have() {
	[ -f "$cache/$1.stamp" ]
}

# Lock the cache for as long as this process and its children live: shared (-s)
# to use it, exclusively (-x) to change it.
lock_cache() {
	mkdir -p "$cache"
	exec 8>>"$cache/lock"
	flock -n "$1" 8 && return
	echo "${0##*/}: waiting for another user of $cache" >&2
	flock "$1" 8
}

# usage: hold_cache FLAVOUR
hold_cache() {
	local piece
	lock_cache -s
	for piece in root "kernel-$1" "kdir-$1"; do
		have "$piece" || die "$1 is not prepared: run 'tools/prepare $1' first"
	done
}

# What a kernel says that complains
splat='WARNING:|BUG:|Oops|Call Trace|Kernel panic|general protection|unable to handle'
splat+='|stack segment|divide error|invalid opcode|refcount_t:|UBSAN|KASAN|KCSAN'
splat+='|soft lockup|hard LOCKUP|blocked for more than|detected( expedited)? stalls|self-detected stall'
splat+='|kthread starved|scheduling while atomic|sleeping function called|Invalid wait context'
splat+='|possible (circular|recursive|irq lock)|inconsistent lock state|suspicious RCU usage'
splat+='|bad unlock balance|held lock freed|locking correctness validator|corruption|nobody cared|panicked at'

# Where tools/build puts what it makes; each checkout has its own place, and each
# set of arguments. $PTA_MUTANT is what tools/check-negative has put in the place of
# the checkout, if anything.
# usage: build_dir FLAVOUR [MAKE-ARGUMENT...]
build_dir() {
	local id
	id=$(printf '%s\n' "$project${PTA_MUTANT:+ $PTA_MUTANT}" "${@:2}" | cksum)
	printf '%s/build/%s-%s\n' "$cache" "$1" "${id%% *}"
}

# What tools/enter enters, and what is seen there.
export PTA_ROOT=$root PTA_SEEN="$project $cache"
enter() {
	"$tools/enter" "$@"
}
