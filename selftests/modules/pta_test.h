/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the parts of the test module share.
 */
#ifndef PTA_TEST_H
#define PTA_TEST_H

#include <linux/atomic.h>
#include <linux/parport_try_alloc.h>
#include <linux/seq_buf.h>
#include <linux/types.h>
#include <linux/workqueue.h>

/* What a test can count about a client; the names are in client.c. */
enum pta_test_counter {
	PTA_ISR,	/* calls of its ISR */
	PTA_HARDIRQ,	/* of those, in hard interrupt context */
	PTA_IRQSOFF,	/* of those, with interrupts off */
	PTA_TRUE,	/* allocations that were tried and got the port */
	PTA_FALSE,	/* allocations that were tried and did not */
	PTA_FREED,	/* frees that returned 0 */
	PTA_REFUSED,	/* frees, connects and disconnects that were refused */
	PTA_BOTTOM,	/* bottom halves run */
	PTA_COUNTERS,
};

/* What the client does in its ISR; the names are in isr.c. */
enum pta_test_mode {
	PTA_MINE,	/* says that the interrupt was its own */
	PTA_PASS,	/* says that it was not */
	PTA_TRY,	/* tries to allocate, frees at once */
	PTA_TRY_BH,	/* tries to allocate, frees in softirq context */
	PTA_TRY_WORK,	/* tries to allocate, frees in process context */
	PTA_FREE,	/* frees */
	PTA_FREE_PENDING,	/* frees, leaves the interrupt unacknowledged */
	PTA_RECONNECT,	/* tries to connect and to disconnect: must be refused */
	PTA_MODES,
};

struct pta_test_client {
	char id;
	struct pta_client *handle;	/* NULL: not open */
	unsigned long base;
	enum pta_test_mode mode;
	struct pta_interrupt_service service;
	unsigned int connections;
	struct work_struct bottom_half;
	atomic_t counter[PTA_COUNTERS];
};

/* One command: what it returns is the result, or the errno of the write. */
typedef int (*pta_test_fn)(int argc, char **argv);

/* What the last command has to say beyond its result. */
extern struct seq_buf pta_test_output;

static inline void pta_test_count(struct pta_test_client *client,
				  enum pta_test_counter counter)
{
	atomic_inc(&client->counter[counter]);
}

struct pta_test_client *pta_test_client(const char *id);
bool pta_test_try(struct pta_test_client *client);
int pta_test_free(struct pta_test_client *client);
int pta_test_open(int argc, char **argv);
int pta_test_close(int argc, char **argv);
int pta_test_info(int argc, char **argv);
int pta_test_get(int argc, char **argv);
void pta_test_close_all(void);

int pta_test_connect(int argc, char **argv);
int pta_test_disconnect(int argc, char **argv);
int pta_test_strobe(int argc, char **argv);
int pta_test_sequence(int argc, char **argv);
void pta_test_isr_setup(struct pta_test_client *client);
void pta_test_isr_quiesce(struct pta_test_client *client);
bool pta_test_in_isr(void);

int pta_test_context(int argc, char **argv);

int pta_test_hammer(int argc, char **argv);
void pta_test_hammer_stop(void);

int pta_test_race(int argc, char **argv);

int pta_test_rival(int argc, char **argv);
int pta_test_rival_init(void);
void pta_test_rival_exit(void);

int pta_test_probe(int argc, char **argv);
void pta_test_probe_stop(void);

#endif /* PTA_TEST_H */
