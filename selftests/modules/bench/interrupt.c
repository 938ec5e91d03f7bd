// SPDX-License-Identifier: GPL-2.0
/*
 * From an interrupt to the routine that is connected to it, and from one routine to
 * the next.
 */
#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "bench.h"

/* What raises an interrupt in QEMU's port: INTEN, nInit, nSelectIn, no strobe. */
#define CONTROL(port)	((port)->base + 2)
#define PULSE		(0x10 | PARPORT_CONTROL_SELECT | PARPORT_CONTROL_INIT)

#define SETTLE_MS	20
#define STUCK_MS	5000
/* How often each way is taken in turn, and how many turns they have */
#define BATCH		50U
#define BATCHES		20U
/* Twice the time of the one before; the last one has all that is longer. */
#define BINS		24

static u64 seen;
static ktime_t seen_at;
static atomic_t interrupts;

static __always_inline void note_count(void)
{
	WRITE_ONCE(seen, get_cycles());
	bench_mark(BENCH_MARK_END);
	/* The read quietens the line. */
	parport_read_status(bench_port);
	atomic_inc(&interrupts);
}

/*
 * The same function three times: as a client's routine, as a Linux driver's, and
 * as what is called directly, to find out what the call and the look cost.
 */
static bool counting_isr(void *context)
{
	note_count();
	return true;
}

static void counting_listener(void *context)
{
	note_count();
}

static __always_inline void note_time(void)
{
	seen_at = ktime_get();
	parport_read_status(bench_port);
	atomic_inc(&interrupts);
}

static bool timing_isr(void *context)
{
	note_time();
	return true;
}

static void timing_listener(void *context)
{
	note_time();
}

static bool handling_isr(void *context)
{
	return true;
}

static bool passing_isr(void *context)
{
	return false;
}

static const struct pta_interrupt_service counting = { .isr = counting_isr };
static const struct pta_interrupt_service timing = { .isr = timing_isr };
static const struct pta_interrupt_service handling = { .isr = handling_isr };
static const struct pta_interrupt_service passing = { .isr = passing_isr };

/* Has the port raise an interrupt, and waits until a routine has seen it. */
static int pulse(u8 mark, u64 *begin)
{
	int before = atomic_read(&interrupts);
	ktime_t limit = ktime_add_ms(ktime_get(), STUCK_MS);

	bench_mark(mark);
	*begin = get_cycles();
	outb(PULSE, CONTROL(bench_port));
	while (atomic_read(&interrupts) == before) {
		if (ktime_after(ktime_get(), limit))
			return -ETIME;
		cpu_relax();
	}
	return 0;
}

static int measure_pulses(struct seq_file *m, const char *name)
{
	u64 *took = kcalloc(BENCH_ROUNDS, sizeof(*took), GFP_KERNEL);
	u8 mark = bench_next_mark();
	int err = 0;

	if (!took)
		return -ENOMEM;
	/* Switching an interrupt on may raise one. */
	msleep(SETTLE_MS);
	for (unsigned int i = 0; !err && i < BENCH_ROUNDS; i++) {
		u64 begin;

		err = pulse(mark, &begin);
		took[i] = READ_ONCE(seen) - begin;
	}
	if (!err)
		bench_result(m, name, mark, BENCH_ROUNDS,
			     100 * (bench_median(took, BENCH_ROUNDS) -
				    bench_stamp_cost()));
	kfree(took);
	return err;
}

static int measure_listener(struct seq_file *m)
{
	int err;

	bench_listen = counting_listener;
	err = parport_claim(bench_rivals[BENCH_LISTENER]);
	if (err)
		return err;
	err = measure_pulses(m, "pulse_to_listener");
	parport_release(bench_rivals[BENCH_LISTENER]);
	return err;
}

/* From here to the routine that looks at the counter */
static noinline u64 way_to(void (*function)(void *context), void *context)
{
	u64 begin = get_cycles();

	function(context);
	return READ_ONCE(seen) - begin;
}

/* From here and back */
static noinline u64 way_through(void (*function)(void *context), void *context)
{
	u64 begin = get_cycles();

	function(context);
	return get_cycles() - begin;
}

static void nothing(void *context)
{
}

/*
 * Calls our device's irq_func as parport does: the one function or the other around
 * it, less what that costs around a function of this module's.
 */
static u64 dispatch(u64 (*way)(void (*function)(void *context), void *context),
		    void (*directly)(void *context), u8 mark)
{
	unsigned long flags;
	u64 took, direct;

	read_lock(&bench_port->cad_lock);
	local_irq_save(flags);
	direct = way(directly, NULL);
	bench_mark(mark);
	took = way(bench_port->cad->irq_func, bench_port->cad->private);
	bench_mark(BENCH_MARK_END);
	local_irq_restore(flags);
	read_unlock(&bench_port->cad_lock);
	return took - direct;
}

static int measure_dispatch(struct seq_file *m, struct pta_client *client)
{
	u8 mark = bench_next_mark();
	int err = pta_connect_interrupt(client, &counting) ?: bench_await_free(client);

	if (err)
		return err;
	bench_result(m, "dispatch", mark, 1,
		     100 * dispatch(way_to, counting_listener, mark));
	err = measure_pulses(m, "pulse_to_isr");
	pta_disconnect_interrupt(client, &counting);
	return err;
}

/* The chain with one routine, and with some before it */
static int measure_walks(struct seq_file *m, struct pta_client *client)
{
	const unsigned int more = 4;
	u8 mark = bench_next_mark();
	u64 one, many;
	int err;

	err = pta_connect_interrupt(client, &handling) ?: bench_await_free(client);
	if (err)
		return err;
	one = dispatch(way_through, nothing, mark);
	bench_result(m, "walk", mark, 1, 100 * one);
	pta_disconnect_interrupt(client, &handling);

	mark = bench_next_mark();
	for (unsigned int i = 0; !err && i < more; i++)
		err = pta_connect_interrupt(client, &passing);
	err = err ?: pta_connect_interrupt(client, &handling) ?:
	      bench_await_free(client);
	if (err)
		return err;
	many = dispatch(way_through, nothing, mark);
	bench_result(m, "further_isr", mark, more, 100 * (many - one) / more);
	return 0;
}

/* parport's own figure is taken with none of our clients there. */
int bench_interrupt(struct seq_file *m)
{
	struct pta_client *client;
	int err = measure_listener(m);

	if (err)
		return err;
	client = pta_open(bench_port->number, "pta_bench");
	if (IS_ERR(client))
		return PTR_ERR(client);
	err = measure_dispatch(m, client) ?: measure_walks(m, client);
	pta_close(client);
	return err;
}

static int fill(unsigned int bins[BINS])
{
	/* As in measure_pulses() */
	msleep(SETTLE_MS);
	for (unsigned int i = 0; i < BATCH; i++) {
		ktime_t begin;
		u64 unused;
		int err;

		/* Not in step with anything */
		usleep_range(100, 100 + get_random_u32_below(400));
		begin = ktime_get();
		err = pulse(BENCH_MARK_END, &unused);
		if (err)
			return err;
		bins[min(fls64(ktime_us_delta(seen_at, begin)), BINS - 1)]++;
	}
	return 0;
}

static int fill_listener(unsigned int bins[BINS])
{
	int err = parport_claim(bench_rivals[BENCH_LISTENER]);

	if (err)
		return err;
	/* A claim that preempts has the register as it was left. */
	parport_enable_irq(bench_port);
	err = fill(bins);
	parport_release(bench_rivals[BENCH_LISTENER]);
	return err;
}

/*
 * Prints how many interrupts took less than so many microseconds, and no less than
 * half of it, to get to a client's routine, and how many to a Linux driver's.
 */
int bench_latency(struct seq_file *m)
{
	unsigned int to_isr[BINS] = {}, to_listener[BINS] = {};
	struct pta_client *client = pta_open(bench_port->number, "pta_bench");
	int err;

	if (IS_ERR(client))
		return PTR_ERR(client);
	bench_listen = timing_listener;
	err = pta_connect_interrupt(client, &timing);
	for (unsigned int i = 0; !err && i < BATCHES; i++)
		err = bench_await_free(client) ?: fill(to_isr) ?:
		      fill_listener(to_listener);
	pta_close(client);
	for (unsigned int i = 0; !err && i < BINS; i++)
		seq_printf(m, "latency %llu %u %u\n", 1ULL << i, to_isr[i],
			   to_listener[i]);
	return err;
}
