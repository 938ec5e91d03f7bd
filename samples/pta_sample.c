// SPDX-License-Identifier: GPL-2.0
/*
 * A class driver to copy from: the driver of a thing on a parallel port that
 * raises an interrupt when it wants attention.
 *
 * The interrupt comes when it likes, also while somebody else owns the port,
 * and an interrupt service routine cannot wait. So it *tries* to allocate:
 *
 *  - TRUE: the port is ours. A bottom half does the work and frees the port.
 *  - FALSE: somebody else has the port. The ISR remembers that there is work to
 *    do; the next interrupt brings the next chance.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/parport.h>
#include <linux/parport_try_alloc.h>
#include <linux/printk.h>
#include <linux/workqueue.h>

static unsigned int port;
module_param(port, uint, 0444);
MODULE_PARM_DESC(port, "number N of parportN (default: 0)");

struct pta_sample {
	struct pta_client *client;
	struct work_struct bottom_half;
	atomic_t pending;	/* interrupts whose work is not done yet */
	atomic_t missed;	/* interrupts that found the port taken */
	bool working;		/* we own the port, the bottom half is coming */
};

static struct pta_sample sample;

static bool pta_sample_take(struct pta_sample *s)
{
	if (!pta_try_allocate(s->client))
		return false;
	WRITE_ONCE(s->working, true);
	return true;
}

/*
 * The order matters: once the port is free the ISR may take it, and the flag is
 * then the ISR's.
 */
static int pta_sample_give(struct pta_sample *s)
{
	int err;

	WRITE_ONCE(s->working, false);
	err = pta_free(s->client);
	smp_mb(); /* before the caller looks at pending, see the ISR */
	return err;
}

static bool pta_sample_isr(void *context)
{
	struct pta_sample *s = context;

	/*
	 * Quieten the device first, or it interrupts for ever. On this one a
	 * look at the status does it. Reading is allowed to everybody; only the
	 * owner of the port may write.
	 */
	parport_read_status(pta_parport(s->client));

	atomic_inc(&s->pending);
	/*
	 * Paired with the barrier in pta_sample_give(): either we see that the
	 * bottom half is through, or it sees that there is more.
	 */
	smp_mb__after_atomic();

	if (READ_ONCE(s->working)) {
		/* The port is ours already: the bottom half will see to it. */
		pr_info_ratelimited("interrupt: left to the bottom half\n");
	} else if (pta_sample_take(s)) {
		pr_info_ratelimited("interrupt: try_allocate is TRUE\n");
		queue_work(system_bh_wq, &s->bottom_half);
	} else {
		atomic_inc(&s->missed);
		pr_info_ratelimited("interrupt: try_allocate is FALSE, work is pending\n");
	}

	/*
	 * It was our interrupt, whether or not we got the port: the routines
	 * connected after this one need not be called. A driver that can tell
	 * its own device's interrupts from others says false to the others.
	 */
	return true;
}

/*
 * Runs in softirq context, right after the ISR but with interrupts on: a thing
 * on a parallel port is slow, and nobody's interrupt should wait for it. Work
 * that sleeps goes to system_dfl_wq instead; nothing else would change.
 */
static void pta_sample_bottom_half(struct work_struct *work)
{
	struct pta_sample *s = container_of(work, struct pta_sample,
					    bottom_half);
	struct parport *pp = pta_parport(s->client);

	do {
		int done = atomic_xchg(&s->pending, 0);

		/*
		 * We own the port, so its registers are ours. A real device
		 * would be served here; this one is only told a number.
		 */
		parport_write_data(pp, done);

		if (pta_sample_give(s)) {
			pr_info_ratelimited("bottom half: the port is gone\n");
			return;
		}
		pr_info_ratelimited("bottom half: %d interrupt(s) served, port freed\n",
				    done);

		/*
		 * An interrupt that came while we had the port has left its
		 * work to us, perhaps just after we looked. Look again.
		 */
	} while (atomic_read(&s->pending) && pta_sample_take(s));
}

static const struct pta_interrupt_service service = {
	.isr = pta_sample_isr,
	.context = &sample,
};

static int __init pta_sample_init(void)
{
	int err;

	INIT_WORK(&sample.bottom_half, pta_sample_bottom_half);

	/* What the ISR uses has to be there before it is connected. */
	sample.client = pta_open(port, KBUILD_MODNAME);
	if (IS_ERR(sample.client)) {
		err = PTR_ERR(sample.client);
		pr_err("cannot open parport%u: %pe\n", port, sample.client);
		return err;
	}

	err = pta_connect_interrupt(sample.client, &service);
	if (err == -EACCES)
		pr_err("connecting interrupts is switched off, switch it on with: echo Y > /sys/module/parport_try_alloc/parameters/enable_connect_interrupt\n");
	else if (err)
		pr_err("cannot connect to the interrupt of parport%u: %pe\n",
		       port, ERR_PTR(err));
	if (err) {
		pta_close(sample.client);
		return err;
	}

	pr_info("waiting for interrupts of parport%u\n", port);
	return 0;
}

static void __exit pta_sample_exit(void)
{
	/*
	 * From the top down: without an ISR nobody queues the bottom half,
	 * without a bottom half nobody uses the client. If that cancelled a
	 * bottom half with the port in its hands, closing frees the port.
	 */
	pta_disconnect_interrupt(sample.client, &service);
	cancel_work_sync(&sample.bottom_half);
	pta_close(sample.client);

	pr_info("done, %d interrupt(s) found the port taken\n",
		atomic_read(&sample.missed));
}

module_init(pta_sample_init);
module_exit(pta_sample_exit);

MODULE_DESCRIPTION("Sample class driver for parport_try_alloc");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("PARPORT_TRY_ALLOC");
