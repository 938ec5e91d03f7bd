// SPDX-License-Identifier: GPL-2.0
/*
 * Paths that one processor takes alone, in loops with interrupts off: taking and
 * freeing the port, and what that can be compared with.
 */
#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/irqflags.h>
#include <linux/spinlock.h>

#include "bench.h"

static atomic_t word;
static DEFINE_RAW_SPINLOCK(raw_lock);
static struct pta_client *client, *other;

/*
 * What is measured is one turn. Each is inlined into a loop of its own, and tells
 * whether it did what it is to do.
 */

static __always_inline bool empty(void)
{
	barrier();
	return true;
}

/* If these are not a hundred, instructions are not what is counted. */
static __always_inline bool hundred_nops(void)
{
	asm volatile(".rept 100\n\tnop\n\t.endr");
	return true;
}

static __always_inline bool cmpxchg_pair(void)
{
	atomic_cmpxchg_acquire(&word, 0, 1);
	atomic_cmpxchg_release(&word, 1, 0);
	return true;
}

static __always_inline bool spinlock_pair(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&raw_lock, flags);
	raw_spin_unlock_irqrestore(&raw_lock, flags);
	return true;
}

static __always_inline bool claim_pair(void)
{
	if (parport_claim(bench_rivals[BENCH_OWNER]))
		return false;
	parport_release(bench_rivals[BENCH_OWNER]);
	return true;
}

static __always_inline bool failed_claim(void)
{
	return parport_claim(bench_rivals[BENCH_OTHER]);
}

/* A free that did not free would fail the next try. */
static __always_inline bool pair(void)
{
	if (!pta_try_allocate(client))
		return false;
	pta_free(client);
	return true;
}

static __always_inline bool failed_try(void)
{
	return !pta_try_allocate(client);
}

static __always_inline u64 loop(u8 mark, bool (*turn)(void), bool *right)
{
	unsigned long flags;
	u64 begin, end;
	unsigned int i;

	bench_mark(mark);
	local_irq_save(flags);
	begin = get_cycles();
	for (i = BENCH_TURNS; i; i--) {
		if (!turn())
			break;
		/* Not several turns in one */
		OPTIMIZER_HIDE_VAR(i);
	}
	end = get_cycles();
	local_irq_restore(flags);
	bench_mark(BENCH_MARK_END);
	*right = !i;
	return end - begin;
}

static __always_inline int measure(struct seq_file *m, const char *name,
				   bool (*turn)(void))
{
	u64 stamp = bench_stamp_cost(), base, all;
	u8 mark = bench_next_mark();
	bool right;

	base = turn == empty ? 0 : loop(BENCH_MARK_END, empty, &right) - stamp;
	all = loop(mark, turn, &right) - stamp;
	if (!right)
		return -EIO;
	/* A loop may be shorter than the empty one. */
	bench_result(m, name, mark, BENCH_TURNS,
		     (s64)(all - base) * 100 / (s64)BENCH_TURNS);
	return 0;
}

u64 bench_stamp_cost(void)
{
	unsigned long flags;
	u64 begin, end;

	local_irq_save(flags);
	begin = get_cycles();
	end = get_cycles();
	local_irq_restore(flags);
	return end - begin;
}

static int measure_others(struct seq_file *m)
{
	int err;

	err = measure(m, "empty", empty) ?:
	      measure(m, "hundred_nops", hundred_nops) ?:
	      measure(m, "cmpxchg_pair", cmpxchg_pair) ?:
	      measure(m, "spinlock_pair", spinlock_pair) ?:
	      measure(m, "claim_pair", claim_pair);
	if (err)
		return err;

	err = parport_claim(bench_rivals[BENCH_OWNER]);
	if (err)
		return err;
	err = measure(m, "failed_claim", failed_claim);
	parport_release(bench_rivals[BENCH_OWNER]);
	return err;
}

static int measure_ours(struct seq_file *m)
{
	int err;

	err = bench_await_free(client) ?: measure(m, "pair", pair);
	if (err)
		return err;

	if (!pta_try_allocate(other))
		return -EBUSY;
	err = measure(m, "failed_try", failed_try);
	pta_free(other);
	if (err)
		return err;

	/* From here on its control register is looked after. */
	pta_parport(client);
	return measure(m, "pair_with_registers", pair);
}

/* parport's own figures are taken with none of our clients there. */
int bench_paths(struct seq_file *m)
{
	int err = measure_others(m);

	if (err)
		return err;
	client = pta_open(bench_port->number, "pta_bench");
	if (IS_ERR(client))
		return PTR_ERR(client);
	other = pta_open(bench_port->number, "pta_bench other");
	if (IS_ERR(other)) {
		pta_close(client);
		return PTR_ERR(other);
	}
	err = measure_ours(m);
	pta_close(other);
	pta_close(client);
	return err;
}
