// SPDX-License-Identifier: GPL-2.0
/*
 * Watches from where parport_claim() and parport_release() are called: never
 * from hard interrupt context, and never from a client's ISR, which on
 * PREEMPT_RT is not hard interrupt context.
 */
#include <linux/kprobes.h>
#include <linux/preempt.h>
#include <linux/string.h>

#include "pta_test.h"

static atomic_t calls, calls_in_irq;
static bool registered;

/* A probe that is a breakpoint is an NMI, which counts as a hard interrupt. */
static bool was_in_hardirq(void)
{
	return hardirq_count() > (in_nmi() ? HARDIRQ_OFFSET : 0);
}
NOKPROBE_SYMBOL(was_in_hardirq);

static int __kprobes watch(struct kprobe *p, struct pt_regs *regs)
{
	atomic_inc(&calls);
	if (was_in_hardirq() || pta_test_in_isr())
		atomic_inc(&calls_in_irq);
	return 0;
}

static struct kprobe probes[2];

void pta_test_probe_stop(void)
{
	if (!registered)
		return;
	for (int i = 0; i < ARRAY_SIZE(probes); i++)
		unregister_kprobe(&probes[i]);
	registered = false;
}

static int start(void)
{
	static const char * const symbols[] = {
		"parport_claim", "parport_release"
	};

	if (registered)
		return -EBADRQC;
	for (int i = 0; i < ARRAY_SIZE(probes); i++) {
		int err;

		probes[i] = (struct kprobe) {
			.symbol_name = symbols[i],
			.pre_handler = watch,
		};
		err = register_kprobe(&probes[i]);
		if (err) {
			while (i--)
				unregister_kprobe(&probes[i]);
			return err;
		}
	}
	atomic_set(&calls, 0);
	atomic_set(&calls_in_irq, 0);
	registered = true;
	return 0;
}

int pta_test_probe(int argc, char **argv)
{
	if (!strcmp(argv[1], "on"))
		return start();
	if (!strcmp(argv[1], "off")) {
		pta_test_probe_stop();
		return 0;
	}
	if (!strcmp(argv[1], "calls"))
		return atomic_read(&calls);
	if (!strcmp(argv[1], "irq"))
		return atomic_read(&calls_in_irq);
	return -EBADRQC;
}
