/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the parts of the benchmark share. Each prints its results as lines of a
 * kind, a name and numbers; tools/bench.awk knows what they mean.
 */
#ifndef PTA_BENCH_H
#define PTA_BENCH_H

#include <linux/io.h>
#include <linux/parport.h>
#include <linux/parport_try_alloc.h>
#include <linux/seq_file.h>
#include <linux/timex.h>
#include <linux/types.h>

/* How often a path is taken that takes no time */
#define BENCH_TURNS	1000U
/* And one that others take part in */
#define BENCH_ROUNDS	100U

/* The port under test. It is there as long as the module. */
extern struct parport *bench_port;

/* The Linux drivers that parport's own figures are taken with */
enum bench_rival { BENCH_OWNER, BENCH_OTHER, BENCH_LISTENER, BENCH_RIVALS };
extern struct pardevice *bench_rivals[BENCH_RIVALS];
/* Called on an interrupt while BENCH_LISTENER has the port */
extern void (*bench_listen)(void *context);
int bench_rivals_init(unsigned int number);
void bench_rivals_exit(void);

/*
 * Where to mark the beginning and the end of what is measured: a register of the
 * emulated port that does nothing, for the emulator's log of port I/O to be read
 * by. 0 for none.
 */
extern unsigned long bench_mark_at;

#define BENCH_MARK_END	0

static __always_inline void bench_mark(u8 mark)
{
	if (bench_mark_at)
		outb(mark, bench_mark_at);
}

/* The mark of the next result */
u8 bench_next_mark(void);

/* Prints a result: what one turn took, in hundredths, and how many were marked. */
void bench_result(struct seq_file *m, const char *name, u8 mark,
		  unsigned int turns, s64 hundredths);

/* The middle one; sorts them */
u64 bench_median(u64 *values, unsigned int count);

/* What is counted between two looks at the counter that follow each other */
u64 bench_stamp_cost(void);

/* Until the port is free. */
int bench_await_free(struct pta_client *client);

int bench_paths(struct seq_file *m);
int bench_handover(struct seq_file *m);
int bench_interrupt(struct seq_file *m);
int bench_latency(struct seq_file *m);
int bench_contention(struct seq_file *m);

#endif /* PTA_BENCH_H */
