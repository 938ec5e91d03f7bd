// SPDX-License-Identifier: GPL-2.0
/*
 * Everything at once: tasks that wait, request, cancel and try, an interrupt
 * service routine that tries, and somebody who connects and disconnects another
 * one all the time. There may never be two owners, and no routine may be called
 * that is not connected.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/parport.h>
#include <linux/random.h>
#include <linux/seq_buf.h>
#include <linux/slab.h>

#include "pta_test.h"

#define TASKS	4

struct task {
	struct pta_client *client;
	struct task_struct *thread;
	struct pta_request request;
	struct completion answered;
	int status;
};

/* What a routine that comes and goes is called with. */
struct visit {
	bool connected;
};

static struct {
	struct task task[TASKS];
	struct pta_client *isr_client;
	unsigned long base;
	atomic_long_t owner;	/* whoever believes to own the port */
	atomic_t wrong;
	atomic_t owned;		/* times that somebody owned the port */
	atomic_t interrupts;
	atomic_t visits;
} stress;

static void own_and_free(struct pta_client *me)
{
	atomic_inc(&stress.owned);
	if (atomic_long_xchg(&stress.owner, (long)me))
		atomic_inc(&stress.wrong);
	/* Not from get_random_u32(), whose lock may not be taken in an ISR. */
	for (unsigned int spin = atomic_read(&stress.owned) * 37U % 101; spin; spin--)
		cpu_relax();
	if (atomic_long_xchg(&stress.owner, 0) != (long)me)
		atomic_inc(&stress.wrong);
	if (pta_free(me))
		atomic_inc(&stress.wrong);
}

static bool isr(void *unused)
{
	parport_read_status(pta_parport(stress.isr_client));
	atomic_inc(&stress.interrupts);
	if (pta_try_allocate(stress.isr_client))
		own_and_free(stress.isr_client);
	return false;
}

static bool visiting_isr(void *context)
{
	struct visit *visit = context;

	if (!READ_ONCE(visit->connected))
		atomic_inc(&stress.wrong);
	atomic_inc(&stress.visits);
	return false;
}

static void done(struct pta_request *request, int status)
{
	struct task *me = container_of(request, struct task, request);

	me->status = status;
	complete(&me->answered);
}

static void request_and_cancel(struct task *me)
{
	bool cancelled;

	reinit_completion(&me->answered);
	if (pta_allocate_async(me->client, &me->request)) {
		atomic_inc(&stress.wrong);
		return;
	}
	udelay(get_random_u32_below(200));
	cancelled = pta_cancel(me->client, &me->request);
	wait_for_completion(&me->answered);
	if (me->status != (cancelled ? -ECANCELED : 0))
		atomic_inc(&stress.wrong);
	if (!me->status)
		own_and_free(me->client);
}

static int live(void *context)
{
	struct task *me = context;

	while (!kthread_should_stop()) {
		int err;

		switch (get_random_u32_below(3)) {
		case 0:
			if (pta_try_allocate(me->client))
				own_and_free(me->client);
			break;
		case 1:
			err = pta_allocate(me->client, get_random_u32_below(3));
			if (!err)
				own_and_free(me->client);
			else if (err != -ETIMEDOUT)
				atomic_inc(&stress.wrong);
			break;
		case 2:
			request_and_cancel(me);
			break;
		}
		cond_resched();
	}
	return 0;
}

/* Connects and disconnects for that long, with memory that is gone afterwards. */
static int come_and_go(unsigned int ms)
{
	ktime_t end = ktime_add_ms(ktime_get(), ms);

	while (ktime_before(ktime_get(), end)) {
		struct visit *visit = kzalloc(sizeof(*visit), GFP_KERNEL);
		struct pta_interrupt_service service = {
			.isr = visiting_isr,
			.context = visit,
		};
		int err;

		if (!visit)
			return -ENOMEM;
		WRITE_ONCE(visit->connected, true);
		err = pta_connect_interrupt(stress.isr_client, &service);
		/* Often there is an interrupt just when it is disconnected. */
		for (int i = 0; !err && i < 4; i++) {
			outb(0x1c, stress.base + 2);
			usleep_range(50, 100);
		}
		if (!err)
			err = pta_disconnect_interrupt(stress.isr_client,
						       &service);
		WRITE_ONCE(visit->connected, false);
		kfree(visit);
		if (err)
			return err;
	}
	return 0;
}

static int begin(unsigned int number)
{
	const struct pta_interrupt_service service = { .isr = isr };
	struct pta_port_info info;
	int err;

	stress.isr_client = pta_open(number, "pta_test isr");
	if (IS_ERR(stress.isr_client)) {
		err = PTR_ERR(stress.isr_client);
		stress.isr_client = NULL;
		return err;
	}
	err = pta_get_port_info(stress.isr_client, &info);
	if (err)
		return err;
	stress.base = info.base;

	for (int i = 0; i < TASKS; i++) {
		struct task *task = &stress.task[i];

		init_completion(&task->answered);
		task->request.done = done;
		task->client = pta_open(number, "pta_test task");
		if (IS_ERR(task->client)) {
			err = PTR_ERR(task->client);
			task->client = NULL;
			return err;
		}
		task->thread = kthread_run(live, task, "pta_test/%d", i);
		if (IS_ERR(task->thread)) {
			err = PTR_ERR(task->thread);
			task->thread = NULL;
			return err;
		}
	}
	return pta_connect_interrupt(stress.isr_client, &service);
}

static void end(void)
{
	for (int i = 0; i < TASKS; i++) {
		if (stress.task[i].thread)
			kthread_stop(stress.task[i].thread);
		if (stress.task[i].client)
			pta_close(stress.task[i].client);
	}
	if (stress.isr_client)
		pta_close(stress.isr_client);
}

/*
 * stress PORT MS. Result: how often something was wrong. Output: how often the
 * port was owned, interrupts, and calls of the routine that comes and goes.
 */
int pta_test_stress(int argc, char **argv)
{
	unsigned int number, ms;
	int err;

	if (kstrtouint(argv[1], 0, &number) || kstrtouint(argv[2], 0, &ms))
		return -EBADRQC;

	memset(&stress, 0, sizeof(stress));
	err = begin(number);
	if (!err)
		err = come_and_go(ms);
	end();
	if (err)
		return err;
	seq_buf_printf(&pta_test_output, "%d %d %d", atomic_read(&stress.owned),
		       atomic_read(&stress.interrupts),
		       atomic_read(&stress.visits));
	return atomic_read(&stress.wrong);
}
