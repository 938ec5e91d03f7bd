# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Linux's own modules with the patches of Documentation/upstream/, which tools/build
# makes for the stock kernels and tools/prepare for the debug kernels. Sourced after
# lib.sh, never run.

upstream_patches=("$project"/Documentation/upstream/*.patch)
# Those that the patches change, as they are called in the kernel's source and in
# its directory of modules
upstream_modules='drivers/parport/parport.ko drivers/char/lp.ko drivers/char/ppdev.ko'

# Makes them in DIR, which is not there yet, for the kernel of a build directory.
# usage: build_upstream DIR KDIR SOURCE [MAKE-ARGUMENT...]
build_upstream() {
	local dir=$1 kdir=$2 source=$3 file
	mkdir -p "$dir"
	while read -r file; do
		mkdir -p "$dir/${file%/*}"
		cp -r "$source/$file" "$dir/$file"
	done < <(printf '%s\n' drivers/parport drivers/char/{lp,ppdev}.c include/linux/{lp,parport}.h
		sed -n 's,^+++ b/,,p' "${upstream_patches[@]}")
	for file in "${upstream_patches[@]}"; do
		enter --rw "$dir" -- patch -p1 -d "$dir" <"$file"
	done
	# The kernel's own headers are found first, and these come before them.
	cat >"$dir/Kbuild" <<-'END'
	obj-m := drivers/parport/ drivers/char/
	subdir-ccflags-y := -include $(src)/include/linux/parport.h
	END
	cat >"$dir/drivers/char/Kbuild" <<-'END'
	obj-m := lp.o ppdev.o
	CFLAGS_lp.o := -include $(src)/../../include/linux/lp.h
	END
	enter --rw "$dir" -- make -C "$kdir" M="$dir" -j"$(nproc)" "${@:4}" modules
	# shellcheck disable=SC2086 # a list
	enter --rw "$dir" --cd "$dir" -- strip --strip-debug $upstream_modules
}
