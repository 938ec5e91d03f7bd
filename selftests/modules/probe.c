// SPDX-License-Identifier: GPL-2.0
/*
 * Watches from where parport_claim() and parport_release() are called: never
 * from hard interrupt context, and never from a client's ISR, which on
 * PREEMPT_RT is not hard interrupt context.
 *
 * And whether the port's interrupt is kept away where it must not come: a claim by
 * one that was on the wait list goes on with interrupts on and cad_lock held, and
 * the interrupt's handler would wait for that lock on the same processor, for ever.
 * There it writes the control register of a PC port.
 */
#include <linux/irq.h>
#include <linux/kprobes.h>
#include <linux/parport.h>
#include <linux/preempt.h>
#include <linux/string.h>

#include "pta_test.h"

static atomic_t calls, calls_in_irq, open_claims, unguarded_claims;
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

static int __kprobes watch_line(struct kprobe *p, struct pt_regs *regs)
{
	struct parport *port = (struct parport *)regs_get_kernel_argument(regs, 0);

	if (port->irq < 0 || regs_irqs_disabled(regs))
		return 0;
	atomic_inc(&open_claims);
	/* Others may change what else is in the same word. */
	if (!data_race(irqd_irq_disabled(irq_get_irq_data(port->irq))))
		atomic_inc(&unguarded_claims);
	return 0;
}

static const struct {
	const char *symbol;
	kprobe_pre_handler_t watch;
} watched[] = {
	{ "parport_claim", watch },
	{ "parport_release", watch },
	{ "parport_pc_restore_state", watch_line },
};

static struct kprobe probes[ARRAY_SIZE(watched)];

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
	if (registered)
		return -EBADRQC;
	for (int i = 0; i < ARRAY_SIZE(probes); i++) {
		int err;

		probes[i] = (struct kprobe) {
			.symbol_name = watched[i].symbol,
			.pre_handler = watched[i].watch,
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
	atomic_set(&open_claims, 0);
	atomic_set(&unguarded_claims, 0);
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
	if (!strcmp(argv[1], "open"))
		return atomic_read(&open_claims);
	if (!strcmp(argv[1], "unguarded"))
		return atomic_read(&unguarded_claims);
	return -EBADRQC;
}
