# SPDX-License-Identifier: GPL-2.0
#
# parport_try_alloc, built out of the kernel's tree. What is built and how is
# said in Kbuild; this file only calls the kernel's make, and the test machine.

MINUTES ?= 10
KDIR ?= /lib/modules/$(shell uname -r)/build

here := $(patsubst %/,%,$(dir $(realpath $(lastword $(MAKEFILE_LIST)))))
kbuild = $(MAKE) -C $(KDIR) M=$(here) $(if $(MO),MO=$(abspath $(MO)))
rustfmt = $(shell find $(here) -name '*.rs' ! -name '*_generated.rs') --edition 2021

modules: preflight
	+$(kbuild) modules

modules_install:
	+$(kbuild) modules_install

clean:
	+$(kbuild) clean

clippy: preflight
	+$(kbuild) CLIPPY=1 modules

doc: preflight
	+$(kbuild) PTA_RUSTDOC=1 modules

rust-analyzer: preflight
	+$(kbuild) rust-analyzer

fmt:
	rustfmt --check $(rustfmt)

fmt-fix:
	rustfmt $(rustfmt)

run:
	@$(here)/tools/run

check:
	@$(here)/tools/check

check-debug:
	@$(here)/tools/check-debug

check-upstream:
	@$(here)/tools/check-upstream

check-negative:
	@$(here)/tools/check-negative

soak:
	@$(here)/tools/soak $(MINUTES)

bench:
	@$(here)/tools/bench

model:
	@$(here)/selftests/model/run.sh

preflight:
	@$(here)/tools/preflight $(KDIR)

define help_text
Building, against the kernel build directory KDIR (needs its Rust metadata):
  modules          parport-try-alloc.ko (the default)
  modules_install  install it for that kernel; then run depmod
  clean            remove what was built
  clippy           build with the Rust linter
  doc              the Rust documentation of the module
  rust-analyzer    rust-project.json, for editors
  fmt, fmt-fix     check the format of the Rust files; put it right

The test machine, on Debian as root; the first time takes some minutes:
  run              build, boot a stock Debian kernel in QEMU, demonstrate
  check            build, run all tests on the stock and the PREEMPT_RT kernel
  check-debug      the same tests on kernels that check themselves (KASAN, lockdep,
                   kmemleak, fault injection, KCSAN), which it builds first
  check-upstream   see the bugs of Linux's own parport on the stock kernels, and see
                   them mended by the patches of Documentation/upstream/
  check-negative   do wrong, in class drivers and in the module, and see that the
                   checks find it
  soak             random operation on the kernel with KASAN, for MINUTES
  bench            build, measure on the stock kernel, compare with the budgets

On any machine with cargo, some minutes:
  model            try what decides who has a port in every order of events

Variables:
  KDIR                kernel build directory [$(KDIR)]
  MO                  build there and not here (kernel 6.13 and later)
  PTA_TESTS=1         build the samples and the test modules too
  PTA_MIRROR          Debian mirror [the one this machine's apt uses]
  PTA_KERNEL_VERSION  version of linux-image-amd64 and linux-image-rt-amd64
                      [the newest of trixie-backports]
  MINUTES             for how long make soak goes on [$(MINUTES)]
  PTA_MODEL_LONG=1    have model search deeper, in hours perhaps
  PTA_ACCEL           accelerator of QEMU, kvm or tcg [kvm if it works]
  XDG_CACHE_HOME      the test machine is kept in its parport_try_alloc [~/.cache]
endef

help:
	$(info $(help_text))
	@:

.PHONY: modules modules_install clean clippy doc rust-analyzer fmt fmt-fix run check check-debug check-upstream check-negative soak bench model preflight help
