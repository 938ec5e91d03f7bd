// SPDX-License-Identifier: GPL-2.0
/*
 * pta_synchronize() and what is done inside it.
 */
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/parport.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#include "pta_test.h"

/* Ends what hangs, and nothing else. */
#define ISR_MS	30000

static int do_nothing(void *context)
{
	return 0;
}

static int do_return(void *context)
{
	return *(int *)context;
}

static int do_irqs_off(void *context)
{
	return irqs_disabled();
}

static int do_try(void *context)
{
	return pta_test_try(context);
}

static int do_free(void *context)
{
	return pta_test_free(context);
}

static int do_nested(void *context)
{
	struct pta_test_client *client = context;

	return pta_synchronize(client->handle, do_nothing, NULL);
}

static int do_connect(void *context)
{
	struct pta_test_client *client = context;

	return pta_connect_interrupt(client->handle, &client->service);
}

static int do_disconnect(void *context)
{
	struct pta_test_client *client = context;

	return pta_disconnect_interrupt(client->handle, &client->service);
}

/*
 * The port in memory holds up whoever reads the data register. If it is unplugged
 * meanwhile, this one still has it. -EAGAIN: it was not.
 */
static int do_outlive(void *context)
{
	struct pta_test_client *client = context;
	struct pta_port_info info;

	pta_read_data(client->handle);
	if (pta_get_port_info(client->handle, &info) != -ENODEV)
		return -EAGAIN;
	return pta_read_status(client->handle);
}

static int do_step(void *context)
{
	pta_test_step(PTA_STEP_SYNC, context);
	return 0;
}

static const struct {
	const char *name;
	int (*fn)(void *context);
} functions[] = {
	{ "NULL", NULL },
	{ "irqs-off", do_irqs_off },
	{ "try", do_try },
	{ "free", do_free },
	{ "nested", do_nested },
	{ "connect", do_connect },
	{ "disconnect", do_disconnect },
	{ "outlive", do_outlive },
};

/* What is to be called, and with what; the command lock allows only one. */
static int (*function)(void *context);
static void *argument;

static int synchronize(struct pta_test_client *client)
{
	return pta_synchronize(client->handle, function, argument);
}

static struct {
	struct pta_test_client *client;
	unsigned int n;
} stress;

/* A step, and the one of the ISR whose interrupt it has raised */
static int step_beside_isr(void)
{
	ktime_t limit = ktime_add_ms(ktime_get(), ISR_MS);
	int before = pta_test_isr_steps();
	int err = pta_synchronize(stress.client->handle, do_step, stress.client);

	while (!err && pta_test_isr_steps() == before) {
		if (ktime_after(ktime_get(), limit))
			err = -ETIME;
		usleep_range(20, 50);
	}
	return err;
}

static int step_on_this_cpu(void *unused)
{
	for (unsigned int i = 0; i < stress.n; i++) {
		int err = step_beside_isr();

		if (err)
			return err;
	}
	return 0;
}

static int step_on_all_cpus(struct pta_test_client *client, unsigned int n)
{
	unsigned int cpu;
	int err = 0;

	stress.client = client;
	stress.n = n;
	cpus_read_lock();
	for_each_online_cpu(cpu)
		err = err ?: smp_call_on_cpu(cpu, step_on_this_cpu, NULL, false);
	cpus_read_unlock();
	return err;
}

/* As it is called for the port's interrupt, of which the kernel has one at a time. */
static void handle_interrupts(struct work_struct *unused)
{
	struct parport *port = pta_parport(stress.client->handle);

	for (unsigned int i = 0; i < stress.n; i++) {
		unsigned long flags = 0;

		if (!IS_ENABLED(CONFIG_PREEMPT_RT))
			local_irq_save(flags);
		parport_irq_handler(port->irq, port);
		if (!IS_ENABLED(CONFIG_PREEMPT_RT))
			local_irq_restore(flags);
	}
}

static DEFINE_PER_CPU(struct work_struct, handlers);

static void handle_on_all_cpus(struct pta_test_client *client, unsigned int n)
{
	unsigned int cpu;

	stress.client = client;
	stress.n = n;
	cpus_read_lock();
	for_each_online_cpu(cpu) {
		INIT_WORK(per_cpu_ptr(&handlers, cpu), handle_interrupts);
		queue_work_on(cpu, system_percpu_wq, per_cpu_ptr(&handlers, cpu));
	}
	for_each_online_cpu(cpu)
		flush_work(per_cpu_ptr(&handlers, cpu));
	cpus_read_unlock();
}

/*
 * synchronize CLIENT WHAT [CONTEXT]	with a function that does that
 * synchronize CLIENT return NUMBER	with one that returns the number
 * synchronize CLIENT step N		N times on each processor, see step.c
 * synchronize CLIENT handlers N	the same without a function: instead there are N
 *					interrupts on each processor
 */
int pta_test_synchronize(int argc, char **argv)
{
	struct pta_test_client *client = pta_test_client(argv[1]);
	int number;

	if (!client)
		return -EBADRQC;
	if (!strcmp(argv[2], "return")) {
		if (argc < 4 || kstrtoint(argv[3], 0, &number))
			return -EBADRQC;
		return pta_synchronize(client->handle, do_return, &number);
	}
	if (!strcmp(argv[2], "step")) {
		if (argc < 4 || kstrtoint(argv[3], 0, &number))
			return -EBADRQC;
		return step_on_all_cpus(client, number);
	}
	if (!strcmp(argv[2], "handlers")) {
		if (argc < 4 || kstrtoint(argv[3], 0, &number))
			return -EBADRQC;
		handle_on_all_cpus(client, number);
		return 0;
	}
	for (int i = 0; i < ARRAY_SIZE(functions); i++) {
		if (strcmp(argv[2], functions[i].name))
			continue;
		function = functions[i].fn;
		argument = client;
		return pta_test_call(argc > 3 ? argv[3] : "process",
				     synchronize, client);
	}
	return -EBADRQC;
}

void pta_test_synchronize_in_isr(struct pta_test_client *client)
{
	if (pta_synchronize(client->handle, do_nothing, NULL) == -EDEADLK)
		pta_test_count(client, PTA_REFUSED);
}
