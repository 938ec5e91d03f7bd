// SPDX-License-Identifier: GPL-2.0
/*
 * A Linux driver releases the port, which our device claims then, and is stopped on its
 * processor when that claim has succeeded and is not noted yet. Another Linux driver
 * takes the port from our device: it is not ours.
 */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/kprobes.h>
#include <linux/kthread.h>
#include <linux/parport.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/seq_buf.h>

#include "pta_test.h"

/* Ends what hangs, and nothing else. */
#define STOPPED_US	2000000
#define WAIT_MS		10000

static struct task_struct *releaser;
static struct pardevice *first, *thief;
static struct completion ended;
static bool stopped, over;

/* Our device is woken up by the release, and claims there. */
static int __kprobes stop(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	if (current != READ_ONCE(releaser) || (int)regs_return_value(regs))
		return 0;
	WRITE_ONCE(stopped, true);
	/* Of the clocks, the one that is read in every context */
	for (int us = 0; us < STOPPED_US && !READ_ONCE(over); us += 5)
		udelay(5);
	WRITE_ONCE(stopped, false);
	return 0;
}

static struct kretprobe probe;

static int release(void *unused)
{
	parport_release(first);
	complete(&ended);
	while (!kthread_should_stop())
		schedule_timeout_uninterruptible(1);
	return 0;
}

/*
 * On one processor, with who releases on another. -EAGAIN: he was not stopped in time,
 * or our device did not give way.
 */
static int steal_meanwhile(struct pta_client *client)
{
	int cpu = cpumask_any_but(cpu_online_mask, smp_processor_id());
	struct task_struct *task;
	bool in_time, stolen;

	/* Nobody owns the port, so this is not refused. */
	if (parport_claim(first))
		return -EBUSY;
	task = kthread_create(release, NULL, "pta_steal");
	if (IS_ERR(task)) {
		parport_release(first);
		return PTR_ERR(task);
	}
	kthread_bind(task, cpu);
	WRITE_ONCE(releaser, task);
	wake_up_process(task);

	for (int ms = 0; ms < WAIT_MS && !READ_ONCE(stopped); ms++)
		usleep_range(1000, 2000);
	stolen = !parport_claim(thief);
	in_time = READ_ONCE(stopped);
	WRITE_ONCE(over, true);
	wait_for_completion(&ended);
	kthread_stop(task);
	if (stolen && in_time)
		seq_buf_printf(&pta_test_output, "%d", pta_try_allocate(client));
	if (stolen)
		parport_release(thief);
	return stolen && in_time ? 0 : -EAGAIN;
}

static int steal(struct pta_client *client)
{
	int err;

	/* Once our device has the port, no other claim of it is to come. */
	err = pta_allocate(client, 10 * HZ);
	if (err)
		return err;
	pta_free(client);
	migrate_disable();
	err = steal_meanwhile(client);
	migrate_enable();
	if (!err)
		seq_buf_printf(&pta_test_output, " %d", pta_allocate(client, 10 * HZ));
	return err;
}

/*
 * steal PORT; output: a try while the thief has the port, and an allocation when he has
 * released it
 */
int pta_test_steal(int argc, char **argv)
{
	struct pta_client *client;
	unsigned int number;
	int err = -ENODEV;

	if (kstrtouint(argv[1], 0, &number))
		return -EBADRQC;
	if (num_online_cpus() < 2)
		return -EOPNOTSUPP;
	releaser = NULL;
	stopped = false;
	over = false;
	init_completion(&ended);
	probe = (struct kretprobe) { .kp.symbol_name = "parport_claim", .handler = stop };
	if (register_kretprobe(&probe))
		return -EOPNOTSUPP;

	first = pta_test_rival_device(number, 1);
	thief = pta_test_rival_device(number, 2);
	client = pta_open(number, "pta_test steal");
	if (first && thief && !IS_ERR(client))
		err = steal(client);
	unregister_kretprobe(&probe);
	if (!IS_ERR(client))
		pta_close(client);
	if (thief)
		parport_unregister_device(thief);
	if (first)
		parport_unregister_device(first);
	return err;
}
