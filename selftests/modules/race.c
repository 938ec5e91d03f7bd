// SPDX-License-Identifier: GPL-2.0
/*
 * Two clients of one port try to allocate it at the same moment, each from a
 * hard timer on a CPU of its own. Of the two exactly one must win, every time.
 *
 * The rounds are played in batches: both timers fire, their callbacks meet, and
 * then play with interrupts off, meeting before and after each try. How long that
 * takes is for the machine to say, so it may be over before all rounds are played.
 */
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/smp.h>

#include "pta_test.h"

#define BATCH		64
#define PAUSE_US	100
#define TURNS		4096
/*
 * Generous: the machine may be a guest whose processors seldom run at the same
 * time, and then each meeting takes a time slice of the host's.
 */
#define MEETING_MS	20
#define BATCH_MS	500
#define ENOUGH_MS	3000
/* These end what hangs, and nothing else. */
#define STUCK_MS	30000
#define RACE_MS		600000
/* From here on, whoever wins one round after the other gets a handicap for it. */
#define STREAK		16
#define MOST_SHIFT	27

struct racer {
	struct hrtimer timer;
	struct pta_client *client;
	unsigned int side;
	unsigned int round;
	unsigned int meetings;
	unsigned int wins;
	unsigned int streak;	/* rounds that were won one after the other */
	bool won;
};

static struct {
	struct racer racer[2];
	unsigned int rounds;
	unsigned int doubles;	/* rounds that both sides won */
	unsigned int nobody;	/* rounds that neither side won */
	atomic_t refused;	/* frees of a winner that were refused */
	atomic_t present;	/* callbacks waiting for a batch to begin */
	atomic_t met;
	atomic_t running;
	bool stuck;
	bool last;		/* round of this batch: what side 0 says */
	ktime_t end;
	struct completion done;
} race;

/*
 * Waits for the other callback. It may not come in time, for example because
 * its CPU waits for this one; then give up together, and meet another time.
 */
static bool begin_batch(void)
{
	ktime_t limit = ktime_add_ms(ktime_get(), MEETING_MS);

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

/* Only who waits for long looks at the clock, which takes longer than a round. */
static bool meet(struct racer *me)
{
	unsigned int turns = 0;
	ktime_t limit;

	me->meetings++;
	atomic_inc_return(&race.met);
	while (atomic_read(&race.met) < 2 * me->meetings) {
		if (READ_ONCE(race.stuck))
			return false;
		if (++turns == TURNS)
			limit = ktime_add_ms(ktime_get(), STUCK_MS);
		if (!(turns % TURNS) && ktime_after(ktime_get(), limit)) {
			WRITE_ONCE(race.stuck, true);
			return false;
		}
		cpu_relax();
	}
	return true;
}

/*
 * Handicaps, so that no side is the faster one every time. A guest whose processors
 * share one of the host's has always the same one run as both have met: there a
 * handicap is worth nothing that is shorter than a time slice of the host's.
 */
static void wait_handicap(struct racer *me)
{
	unsigned int turns = me->round % 2 == me->side ? me->round / 2 % 8 : 0;
	unsigned int shift = min(me->streak, STREAK + MOST_SHIFT);
	ktime_t until;

	while (turns--)
		cpu_relax();
	if (shift <= STREAK)
		return;
	until = ktime_add_ns(ktime_get(), 1U << (shift - STREAK));
	while (ktime_before(ktime_get(), until))
		cpu_relax();
}

static bool is_over(const struct racer *me)
{
	return me->round == race.rounds || ktime_after(ktime_get(), race.end);
}

static void play_batch(struct racer *me)
{
	ktime_t end = ktime_add_ms(ktime_get(), BATCH_MS);
	int played = 0;

	do {
		if (!meet(me))
			return;
		wait_handicap(me);
		me->round++;
		me->won = pta_try_allocate(me->client);
		me->wins += me->won;
		me->streak = me->won ? me->streak + 1 : 0;
		if (me->side == 0)
			race.last = ++played == BATCH || me->round == race.rounds ||
				    (!(played % 8) && ktime_after(ktime_get(), end));
		if (!meet(me))
			return;

		/* Both have tried, neither tries again before we meet again. */
		if (me->side == 0) {
			race.doubles += me->won && race.racer[1].won;
			race.nobody += !me->won && !race.racer[1].won;
		}
		if (me->won && pta_free(me->client))
			atomic_inc(&race.refused);
	} while (!race.last);

	/* The last to leave allows the next batch to begin. */
	if (meet(me) && me->side == 0)
		atomic_set(&race.present, 0);
	meet(me);
}

static enum hrtimer_restart racer_tick(struct hrtimer *timer)
{
	struct racer *me = container_of(timer, struct racer, timer);
	ktime_t began, pause = us_to_ktime(PAUSE_US);

	if (begin_batch()) {
		began = ktime_get();
		play_batch(me);
		/* Of a slow machine, no more than half: it has others to serve. */
		pause = max(pause, ktime_sub(ktime_get(), began));
	}
	/* Should one go on when the other does not, he meets nobody any more. */
	if (!is_over(me) && !READ_ONCE(race.stuck)) {
		hrtimer_forward_now(timer, pause);
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
	race.end = ktime_add_ms(ktime_get(), ENOUGH_MS);

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
 * race PORT ROUNDS: that many, or fewer if it takes long. Result: how many rounds did
 * not have exactly one winner. Output: rounds, double wins, rounds without winner, wins
 * of either side.
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
	return race.doubles + race.nobody + atomic_read(&race.refused);
}
