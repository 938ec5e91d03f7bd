// SPDX-License-Identifier: GPL-2.0
/*
 * Calls that may come from anywhere, made from everywhere: process, softirq,
 * true hard interrupt (on PREEMPT_RT too) and NMI context.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/preempt.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#ifdef CONFIG_X86_LOCAL_APIC
#include <asm/apic.h>
#include <asm/nmi.h>
#endif

#include "pta_test.h"

/* The call that is being made; the command lock allows only one. */
static struct {
	int (*fn)(struct pta_test_client *client);
	struct pta_test_client *client;
	int result;
	struct completion done;
} call;

static int try_allocate(struct pta_test_client *client)
{
	return pta_test_try(client);
}

static int query_waiters(struct pta_test_client *client)
{
	return pta_query_waiters(client->handle);
}

/* A call made in another context than the script asked for proves nothing. */
static void make_call(bool right_context)
{
	call.result = right_context ? call.fn(call.client) : -EPROTO;
}

static void in_softirq_work(struct work_struct *work)
{
	make_call(in_serving_softirq() && !in_hardirq());
}

static int from_softirq(void)
{
	struct work_struct work;

	INIT_WORK_ONSTACK(&work, in_softirq_work);
	queue_work(system_bh_wq, &work);
	flush_work(&work);
	destroy_work_on_stack(&work);
	return call.result;
}

static enum hrtimer_restart in_hard_timer(struct hrtimer *timer)
{
	make_call(in_hardirq());
	complete(&call.done);
	return HRTIMER_NORESTART;
}

static int from_hardirq(void)
{
	struct hrtimer timer;

	init_completion(&call.done);
	hrtimer_setup_on_stack(&timer, in_hard_timer, CLOCK_MONOTONIC,
			       HRTIMER_MODE_REL_HARD);
	hrtimer_start(&timer, 0, HRTIMER_MODE_REL_HARD);
	wait_for_completion(&call.done);
	hrtimer_cancel(&timer);
	destroy_hrtimer_on_stack(&timer);
	return call.result;
}

#ifdef CONFIG_X86_LOCAL_APIC
static atomic_t nmi_wanted;

static int in_nmi_handler(unsigned int type, struct pt_regs *regs)
{
	if (atomic_read(&nmi_wanted) != smp_processor_id() + 1)
		return NMI_DONE;
	make_call(in_nmi());
	atomic_set_release(&nmi_wanted, 0);
	return NMI_HANDLED;
}

static int from_nmi(void)
{
	int err, cpu;

	/* The only call that may come from there */
	if (call.fn != try_allocate)
		return -EBADRQC;

	err = register_nmi_handler(NMI_LOCAL, in_nmi_handler, 0, "pta_test");
	if (err)
		return err;

	call.result = -ETIME;
	cpu = get_cpu();
	atomic_set_release(&nmi_wanted, cpu + 1);
	apic->send_IPI(cpu, NMI_VECTOR);
	put_cpu();
	for (int ms = 0; ms < 5000 && atomic_read_acquire(&nmi_wanted); ms++)
		usleep_range(1000, 2000);

	unregister_nmi_handler(NMI_LOCAL, "pta_test");
	atomic_set(&nmi_wanted, 0);
	return call.result;
}
#else
static int from_nmi(void)
{
	return -EOPNOTSUPP;
}
#endif

/* Makes a call in the context of that name, and returns what it returned. */
int pta_test_call(const char *context, int (*fn)(struct pta_test_client *client),
		  struct pta_test_client *client)
{
	call.fn = fn;
	call.client = client;

	if (!strcmp(context, "process"))
		return fn(client);
	if (!strcmp(context, "softirq"))
		return from_softirq();
	if (!strcmp(context, "hardirq"))
		return from_hardirq();
	if (!strcmp(context, "nmi"))
		return from_nmi();
	return -EBADRQC;
}

/* What a free and a try at once are made with; as above, only one at a time. */
static struct pta_test_client *swap_to;

static int free_and_try(struct pta_test_client *from)
{
	int err = pta_test_free(from);

	return err ?: pta_test_try(swap_to);
}

int pta_test_swap(int argc, char **argv)
{
	struct pta_test_client *from = pta_test_client(argv[1]);

	swap_to = pta_test_client(argv[2]);
	if (!from || !swap_to)
		return -EBADRQC;
	return pta_test_call(argc > 3 ? argv[3] : "process",
			     free_and_try, from);
}

/* try, free and waiters */
int pta_test_context(int argc, char **argv)
{
	struct pta_test_client *client = pta_test_client(argv[1]);

	if (!client)
		return -EBADRQC;
	return pta_test_call(argc > 2 ? argv[2] : "process",
			     !strcmp(argv[0], "try") ? try_allocate :
			     !strcmp(argv[0], "free") ? pta_test_free :
			     query_waiters, client);
}
