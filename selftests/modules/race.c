// SPDX-License-Identifier: GPL-2.0
/*
 * Two clients of one port try to allocate it at the same moment, each from a
 * hard timer on a CPU of its own. Of the two exactly one must win, every time.
 *
 * The rounds are played in batches: both timers fire, their callbacks meet, and
 * then play with interrupts off, meeting before and after each try.
 */
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/smp.h>

#include "pta_test.h"

#define BATCH		64
#define PAUSE_US	100
/*
 * Generous: the machine may be a guest whose processors seldom run at the same
 * time, and then each meeting takes a time slice of the host's.
 */
#define BATCH_MS	20
#define STUCK_MS	10000
#define RACE_MS		600000

struct racer {
	struct hrtimer timer;
	struct pta_client *client;
	unsigned int side;
	unsigned int round;
	unsigned int meetings;
	unsigned int wins;
	bool won;
};

static struct {
	struct racer racer[2];
	unsigned int rounds;
	unsigned int doubles;	/* rounds that both sides won */
	unsigned int nobody;	/* rounds that neither side won */
	unsigned int refused;	/* frees of a winner that were refused */
	atomic_t present;	/* callbacks waiting for a batch to begin */
	atomic_t met;
	atomic_t running;
	bool stuck;
	struct completion done;
} race;

/*
 * Waits for the other callback. It may not come in time, for example because
 * its CPU waits for this one; then give up together, and meet another time.
 */
static bool begin_batch(void)
{
	ktime_t limit = ktime_add_ms(ktime_get(), BATCH_MS);

	if (atomic_inc_return(&race.present) == 2)
		return true;
	while (atomic_read(&race.present) != 2) {
		if (READ_ONCE(race.stuck))
			return false;
		if (ktime_after(ktime_get(), limit) &&
		    atomic_cmpxchg(&race.present, 1, 0) == 1)
			return false;
		cpu_relax();
	}
	return true;
}

static bool meet(struct racer *me)
{
	ktime_t limit = ktime_add_ms(ktime_get(), STUCK_MS);

	me->meetings++;
	atomic_inc_return(&race.met);
	while (atomic_read(&race.met) < 2 * me->meetings) {
		if (READ_ONCE(race.stuck))
			return false;
		if (ktime_after(ktime_get(), limit)) {
			WRITE_ONCE(race.stuck, true);
			return false;
		}
		cpu_relax();
	}
	return true;
}

static void play_batch(struct racer *me)
{
	for (int i = 0; i < BATCH && me->round < race.rounds; i++) {
		/* Handicaps, so that no side is the faster one every time. */
		unsigned int handicap = me->round % 2 == me->side ?
					me->round / 2 % 8 : 0;

		me->round++;
		if (!meet(me))
			return;
		while (handicap--)
			cpu_relax();
		me->won = pta_try_allocate(me->client);
		me->wins += me->won;
		if (!meet(me))
			return;

		/* Both have tried, neither tries again before we meet again. */
		if (me->side == 0) {
			race.doubles += me->won && race.racer[1].won;
			race.nobody += !me->won && !race.racer[1].won;
		}
		if (me->won && pta_free(me->client))
			race.refused++;
	}

	/* The last to leave allows the next batch to begin. */
	if (meet(me) && me->side == 0)
		atomic_set(&race.present, 0);
	meet(me);
}

static enum hrtimer_restart racer_tick(struct hrtimer *timer)
{
	struct racer *me = container_of(timer, struct racer, timer);

	if (begin_batch())
		play_batch(me);
	if (me->round < race.rounds && !READ_ONCE(race.stuck)) {
		hrtimer_forward_now(timer, us_to_ktime(PAUSE_US));
		return HRTIMER_RESTART;
	}
	if (atomic_dec_and_test(&race.running))
		complete(&race.done);
	return HRTIMER_NORESTART;
}

static void start_racer(void *arg)
{
	struct racer *me = arg;

	hrtimer_start(&me->timer, us_to_ktime(PAUSE_US),
		      HRTIMER_MODE_REL_PINNED_HARD);
}

static int play(void)
{
	unsigned int side = 0, cpu;
	long left;
	int err = 0;

	atomic_set(&race.present, 0);
	atomic_set(&race.met, 0);
	atomic_set(&race.running, 2);
	init_completion(&race.done);

	cpus_read_lock();
	if (num_online_cpus() < 2) {
		cpus_read_unlock();
		return -EOPNOTSUPP;
	}
	for_each_online_cpu(cpu) {
		struct racer *racer = &race.racer[side];

		hrtimer_setup(&racer->timer, racer_tick, CLOCK_MONOTONIC,
			      HRTIMER_MODE_REL_PINNED_HARD);
		smp_call_function_single(cpu, start_racer, racer, true);
		if (++side == 2)
			break;
	}
	/* Killable: on a busy host this takes longer than a task may be blocked. */
	left = wait_for_completion_killable_timeout(&race.done,
						    msecs_to_jiffies(RACE_MS));
	if (left <= 0)
		err = left ?: -ETIME;
	for (side = 0; side < 2; side++)
		hrtimer_cancel(&race.racer[side].timer);
	cpus_read_unlock();
	return race.stuck ? -ETIME : err;
}

/*
 * Result: how many rounds did not have exactly one winner. Output: rounds,
 * double wins, rounds without winner, wins of either side.
 */
int pta_test_race(int argc, char **argv)
{
	unsigned int number, side;
	int err = 0;

	memset(&race, 0, sizeof(race));
	if (kstrtouint(argv[1], 0, &number) ||
	    kstrtouint(argv[2], 0, &race.rounds))
		return -EBADRQC;

	for (side = 0; side < 2; side++) {
		struct pta_client *client = pta_open(number, "pta_test race");

		if (IS_ERR(client)) {
			err = PTR_ERR(client);
			break;
		}
		race.racer[side].client = client;
		race.racer[side].side = side;
	}

	if (!err)
		err = play();
	while (side--)
		pta_close(race.racer[side].client);
	if (err)
		return err;

	seq_buf_printf(&pta_test_output, "%u %u %u %u %u", race.racer[0].round,
		       race.doubles, race.nobody, race.racer[0].wins,
		       race.racer[1].wins);
	return race.doubles + race.nobody + race.refused;
}
