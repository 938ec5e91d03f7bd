// SPDX-License-Identifier: GPL-2.0
/*
 * The benchmark of parport_try_alloc, driven by selftests/bench.sh. Reading a file
 * in /sys/kernel/debug/pta_bench measures, which takes a moment, and has the
 * results:
 *
 *   count	what each path costs. get_cycles() counts, so these are instructions
 *		only in a guest of "tools/boot --icount --smp 1". Not on PREEMPT_RT
 *   contention	try and free on several processors, against a bare word
 *   latency	from a device's interrupt to the routine, and to a Linux driver
 *
 * The last two compare or show times and mean something anywhere.
 */
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sort.h>

#include "bench.h"

static unsigned int port;
module_param(port, uint, 0444);
MODULE_PARM_DESC(port, "N of the parportN to measure with");

unsigned long bench_mark_at;
module_param_named(mark, bench_mark_at, ulong, 0444);
MODULE_PARM_DESC(mark, "I/O address to mark measured stretches at; 0 for none");

static DEFINE_MUTEX(lock);
static struct dentry *dir;
static u8 last_mark;

u8 bench_next_mark(void)
{
	return ++last_mark;
}

void bench_result(struct seq_file *m, const char *name, u8 mark,
		  unsigned int turns, s64 hundredths)
{
	u64 size = abs(hundredths);

	seq_printf(m, "count %s %s%llu.%02llu %u 0x%02x\n", name,
		   hundredths < 0 ? "-" : "", size / 100, size % 100, turns, mark);
}

static int compare(const void *left, const void *right)
{
	u64 l = *(const u64 *)left, r = *(const u64 *)right;

	return l < r ? -1 : l > r;
}

u64 bench_median(u64 *values, unsigned int count)
{
	sort(values, count, sizeof(*values), compare, NULL);
	return values[count / 2];
}

int bench_await_free(struct pta_client *client)
{
	int err = pta_allocate(client, 10 * HZ);

	return err ?: pta_free(client);
}

static int count(struct seq_file *m)
{
	int err;

	/* The loops have interrupts off, and there parport's locks sleep. */
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		return -EOPNOTSUPP;
	last_mark = BENCH_MARK_END;
	err = bench_paths(m);
	if (!err)
		err = bench_handover(m);
	if (!err)
		err = bench_interrupt(m);
	return err;
}

static int show(struct seq_file *m, void *unused)
{
	int (*measure)(struct seq_file *m) = m->private;
	int err;

	err = mutex_lock_interruptible(&lock);
	if (err)
		return err;
	err = measure(m);
	mutex_unlock(&lock);
	return err;
}

static int open(struct inode *inode, struct file *file)
{
	/* Large enough: with one that is too small it would measure again. */
	return single_open_size(file, show, inode->i_private, 4 * PAGE_SIZE);
}

static const struct file_operations fops = {
	.owner = THIS_MODULE,
	.open = open,
	.read = seq_read,
	.llseek = seq_lseek,
	.release = single_release,
};

static int __init bench_init(void)
{
	int err = bench_rivals_init(port);

	if (err)
		return err;
	dir = debugfs_create_dir("pta_bench", NULL);
	debugfs_create_file("count", 0400, dir, count, &fops);
	debugfs_create_file("contention", 0400, dir, bench_contention, &fops);
	debugfs_create_file("latency", 0400, dir, bench_latency, &fops);
	return 0;
}

static void __exit bench_exit(void)
{
	debugfs_remove(dir);
	bench_rivals_exit();
}

module_init(bench_init);
module_exit(bench_exit);
MODULE_DESCRIPTION("Benchmark of parport_try_alloc");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("PARPORT_TRY_ALLOC");
