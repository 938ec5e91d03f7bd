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

struct pardevice;

/* What a test can count about a client; the names are in client.c. */
enum pta_test_counter {
	PTA_ISR,	/* calls of its ISR */
	PTA_HARDIRQ,	/* of those, in hard interrupt context */
	PTA_IRQSOFF,	/* of those, with interrupts off */
	PTA_TRUE,	/* allocations that were tried and got the port */
	PTA_FALSE,	/* allocations that were tried and did not */
	PTA_FREED,	/* frees that returned 0 */
	PTA_REFUSED,	/* frees, and calls in a routine, that were refused */
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
	PTA_FREE_TRY,	/* frees, and if it did, tries again at once */
	PTA_QUEUE,	/* queues the request that is named by its client's letter */
	PTA_SYNCHRONIZE,	/* tries to synchronize: must be refused */
	PTA_STEP,	/* takes a step, see step.c */
	PTA_TIME,	/* notes the time, see time.c */
	PTA_UNTIMED,	/* the same, and is connected without a time stamp */
	PTA_LINGER,	/* stays while it is disconnected, see linger.c */
	PTA_IGNORE,	/* leaves the interrupt alone, and says it is not its own */
	PTA_MODES,
};

/* What the client does in its deferred port check; the names are in check.c. */
enum pta_test_check_mode {
	PTA_CHECK_NOTE,	/* nothing, but its call is noted, as in the others */
	PTA_CHECK_TAKE,	/* tries to allocate */
	PTA_CHECK_BORROW,	/* tries to allocate, frees at once */
	PTA_CHECK_STEP,	/* takes a step, see step.c */
	PTA_CHECK_CALL,	/* calls what must be refused there */
	PTA_CHECK_LINGER,	/* stays while it is disconnected, see linger.c */
	PTA_CHECK_VISITED,	/* once, has another CPU allocate and free meanwhile */
	PTA_CHECK_MODES,
};

struct pta_test_client {
	char id;
	struct pta_client *handle;	/* NULL: not open */
	unsigned long base;
	enum pta_test_mode mode;
	enum pta_test_check_mode check_mode;
	struct pta_interrupt_service service;
	unsigned int connections;
	struct work_struct softirq_half;
	struct work_struct process_half;
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
int pta_test_misses(struct pta_test_client *client);
int pta_test_open(int argc, char **argv);
int pta_test_close(int argc, char **argv);
int pta_test_info(int argc, char **argv);
int pta_test_get(int argc, char **argv);
void pta_test_close_client(struct pta_test_client *client);
void pta_test_close_all(void);

int pta_test_settle(int argc, char **argv);

int pta_test_connect(int argc, char **argv);
int pta_test_disconnect(int argc, char **argv);
int pta_test_disconnect_one(struct pta_test_client *client);
int pta_test_strobe(int argc, char **argv);
int pta_test_strobe_once(struct pta_test_client *client);
void pta_test_pulse(struct pta_test_client *client);
int pta_test_sequence(int argc, char **argv);
void pta_test_isr_setup(struct pta_test_client *client);
void pta_test_isr_quiesce(struct pta_test_client *client);
bool pta_test_in_isr(void);

int pta_test_context(int argc, char **argv);
int pta_test_call(const char *context, int (*fn)(struct pta_test_client *client),
		  struct pta_test_client *client);
int pta_test_swap(int argc, char **argv);

extern const struct file_operations pta_test_wait_fops;

int pta_test_allocate(int argc, char **argv);
int pta_test_queue(int argc, char **argv);
int pta_test_cancel(int argc, char **argv);
int pta_test_answer(int argc, char **argv);
int pta_test_answers(int argc, char **argv);
int pta_test_answering(int argc, char **argv);
int pta_test_hurry(int argc, char **argv);
void pta_test_hurry_up(void);
void pta_test_requests_forget(void);
void pta_test_log_answer(char who, int status, bool right_context);
void pta_test_queue_setup(struct pta_test_client *client);
int pta_test_queue_in_isr(struct pta_test_client *client);

int pta_test_flood(int argc, char **argv);
int pta_test_flooded(int argc, char **argv);
void pta_test_flood_end(void);

int pta_test_duel(int argc, char **argv);

int pta_test_stress(int argc, char **argv);

int pta_test_checks(int argc, char **argv);
int pta_test_check_setup(struct pta_test_client *client, const char *mode,
			 struct pta_interrupt_service *service);

int pta_test_synchronize(int argc, char **argv);
void pta_test_synchronize_in_isr(struct pta_test_client *client);

enum pta_test_stepper { PTA_STEP_ISR, PTA_STEP_CHECK, PTA_STEP_SYNC, PTA_STEPPERS };
void pta_test_step(enum pta_test_stepper stepper, struct pta_test_client *client);
int pta_test_isr_steps(void);
int pta_test_steps(int argc, char **argv);
void pta_test_steps_forget(void);

void pta_test_linger(void);
int pta_test_drain(int argc, char **argv);
int pta_test_late(int argc, char **argv);
int pta_test_killed(int argc, char **argv);
int pta_test_steal(int argc, char **argv);

void pta_test_time_in_isr(struct pta_test_client *client);
int pta_test_times(int argc, char **argv);

int pta_test_read(int argc, char **argv);
int pta_test_write(int argc, char **argv);
int pta_test_leave(int argc, char **argv);

int pta_test_hammer(int argc, char **argv);
void pta_test_hammer_stop(void);

int pta_test_race(int argc, char **argv);

int pta_test_rival(int argc, char **argv);
struct pardevice *pta_test_rival_device(unsigned int number, int id);
int pta_test_rival_init(void);
void pta_test_rival_leave(void);
void pta_test_rival_exit(void);

int pta_test_lose(int argc, char **argv);
void pta_test_power_stop(void);

int pta_test_snoop(int argc, char **argv);

int pta_test_random(int argc, char **argv);

int pta_test_probe(int argc, char **argv);
void pta_test_probe_stop(void);

#endif /* PTA_TEST_H */
