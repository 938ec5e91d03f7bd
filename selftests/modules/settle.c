// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupts that are under way. Who raises one goes on at once; the processor that
 * is to take it may not even be running, on a machine that is emulated.
 */
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>
#include <linux/parport.h>
#include <linux/smp.h>

#include "pta_test.h"

/* A processor that runs a task has taken the interrupts that were raised before. */
static int have_run(void *unused)
{
	return 0;
}

static void run_on_all_cpus(void)
{
	unsigned int cpu;

	cpus_read_lock();
	for_each_online_cpu(cpu)
		smp_call_on_cpu(cpu, have_run, NULL, false);
	cpus_read_unlock();
}

/* settle PORT: until every interrupt that was raised before is through */
int pta_test_settle(int argc, char **argv)
{
	struct parport *port;
	unsigned int number;

	if (kstrtouint(argv[1], 0, &number))
		return -EBADRQC;
	port = parport_find_number(number);
	if (!port)
		return -ENODEV;
	run_on_all_cpus();
	/* On PREEMPT_RT a thread does what they are for. */
	if (port->irq != PARPORT_IRQ_NONE)
		synchronize_irq(port->irq);
	parport_put_port(port);
	return 0;
}
