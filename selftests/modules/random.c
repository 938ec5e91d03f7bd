// SPDX-License-Identifier: GPL-2.0
/*
 * Random operation: several actors, each a client with a task, a hard timer,
 * interrupt service routines, deferred port checks and requests, all of which do
 * at random whatever may be done where they are. What any of them finds wrong is
 * counted:
 *
 *  - two owners at a time. Whoever gets the port writes its number to a plain
 *    variable and finds it there when it frees the port;
 *  - a routine, check or synchronised function beside another;
 *  - a call that returns what it must not return;
 *  - requests that were not answered once each;
 *  - allocations and frees that do not agree with what the port has counted,
 *    which is for the script to see.
 *
 * If the port is unplugged meanwhile, which the command has to say, a call may also
 * find that it is gone. Nobody can open the port that is plugged then before
 * everybody has closed the one that is gone: it has another number until then.
 *
 * The same seed gives each of them the same random numbers. What comes of them
 * depends on who is where when, so it is not the same run, but much like it.
 */
#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/hrtimer.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/parport.h>
#include <linux/prandom.h>
#include <linux/printk.h>
#include <linux/sched/task.h>
#include <linux/seq_buf.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "pta_test.h"

#define ACTORS		4
#define REQUESTS	3
/* The calls of a client between its open and its close, at the most */
#define LIFETIME	200
/* How many things that went wrong are named in the log */
#define MOST_SAID	10

/* nInit and nSelectIn have to stay, and the strobe off: lp's printer listens. */
#define CONTROL		(PARPORT_CONTROL_INIT | PARPORT_CONTROL_SELECT)

/* Each of them runs one at a time, so it has random numbers of its own. */
enum where { IN_TASK, IN_TIMER, IN_ISR, IN_CHECK, IN_ANSWER, PLACES };

struct actor;

struct random_request {
	struct pta_request request;
	struct actor *actor;
	atomic_t queued, answered;
};

struct actor {
	unsigned int number;	/* counted from 1 */
	struct pta_client *handle;
	struct task_struct *task;
	struct hrtimer timer;
	struct rnd_state random[PLACES];
	struct pta_interrupt_service service;
	struct random_request request[REQUESTS];
	atomic_t held;		/* 1: the port is ours, and anybody here may free it */
	bool closing;		/* the port must not be held from now on */
	atomic_t answering;
	atomic_t cancels, cancelled;
};

static struct {
	struct actor *actors;
	unsigned int port;
	unsigned int owner;	/* a plain variable: who believes to own the port */
	unsigned int left, right;	/* differ while somebody is in step */
	bool unplugged;		/* now and then the port goes, and comes again */
	bool stop;
	atomic_t allocations, frees, interrupts, checks, answers, opens, gone;
	atomic_t two_owners, out_of_step, wrong;
} run;

static u32 below(struct actor *me, enum where context, u32 limit)
{
	return prandom_u32_state(&me->random[context]) % limit;
}

static void must(bool right, const char *what, int result)
{
	if (right || atomic_inc_return(&run.wrong) > MOST_SAID)
		return;
	pr_err("pta_test: random: %s: %d\n", what, result);
}

/* A call that may be told that the port is gone, if it may be */
static void must_or_gone(bool right, const char *what, int result)
{
	if (run.unplugged && result == -ENODEV)
		atomic_inc(&run.gone);
	else
		must(right, what, result);
}

/* --- having the port ------------------------------------------------------ */

static void give_back(struct actor *me, enum where where)
{
	int err;

	for (u32 spin = below(me, where, 50); spin; spin--)
		cpu_relax();
	if (READ_ONCE(run.owner) != me->number)
		atomic_inc(&run.two_owners);
	WRITE_ONCE(run.owner, 0);
	atomic_inc(&run.frees);
	err = pta_free(me->handle);
	must_or_gone(!err, "free by the owner", err);
}

static void give_back_if_held(struct actor *me, enum where where)
{
	if (atomic_xchg(&me->held, 0))
		give_back(me, where);
}

static void use_registers(struct actor *me, enum where where)
{
	u8 value = below(me, where, 256);
	int err = pta_write_data(me->handle, value);

	must_or_gone(!err, "write of the data", err);
	err = pta_read_data(me->handle);
	must_or_gone(err == value, "data that were written", err);
	if (below(me, where, 4))
		return;
	value = CONTROL | (value & PARPORT_CONTROL_AUTOFD);
	err = pta_write_control(me->handle, value);
	must_or_gone(!err, "write of the control register", err);
	err = pta_read_control(me->handle);
	must_or_gone(err == value, "control register that was written", err);
}

/* The port is ours. We free it now, or leave that to whoever comes next here. */
static void got_it(struct actor *me, enum where where)
{
	if (READ_ONCE(run.owner))
		atomic_inc(&run.two_owners);
	WRITE_ONCE(run.owner, me->number);
	atomic_inc(&run.allocations);

	if (!below(me, where, 4))
		use_registers(me, where);
	if (READ_ONCE(me->closing) || below(me, where, 3))
		give_back(me, where);
	else
		atomic_set_release(&me->held, 1);
}

/* --- what may be done anywhere -------------------------------------------- */

static void queue(struct actor *me, enum where where)
{
	struct random_request *request = &me->request[below(me, where, REQUESTS)];
	int err = pta_allocate_async(me->handle, &request->request);

	if (!err)
		atomic_inc(&request->queued);
	must_or_gone(!err || err == -EBUSY || err == -ESHUTDOWN,
		     "allocate_async", err);
}

static void cancel(struct actor *me, enum where where)
{
	struct random_request *request = &me->request[below(me, where, REQUESTS)];

	if (pta_cancel(me->handle, &request->request))
		atomic_inc(&me->cancels);
}

static void look(struct actor *me)
{
	ktime_t last = pta_interrupt_time(me->handle);
	ktime_t now = ktime_get();
	struct pta_port_info info;
	int err = pta_get_port_info(me->handle, &info);

	must(last <= now, "interrupt time", 0);
	must_or_gone(!err && info.number == run.port, "port info", err);
	err = pta_query_waiters(me->handle);
	/* Requests, tasks, and one Linux driver */
	must(err <= ACTORS * (REQUESTS + 1) + 1, "waiters", err);
	err = pta_read_status(me->handle);
	must_or_gone((err >= 0 && err < 256) || err == -EPERM,
		     "read of the status", err);
}

static void do_anything(struct actor *me, enum where where)
{
	switch (below(me, where, 8)) {
	case 0:
	case 1:
	case 2:
		if (pta_try_allocate(me->handle))
			got_it(me, where);
		break;
	case 3:
	case 4:
		give_back_if_held(me, where);
		break;
	case 5:
		queue(me, where);
		break;
	case 6:
		cancel(me, where);
		break;
	default:
		look(me);
		break;
	}
}

/* --- where it is done ------------------------------------------------------ */

static void step(void)
{
	if (READ_ONCE(run.left) != READ_ONCE(run.right))
		atomic_inc(&run.out_of_step);
	WRITE_ONCE(run.left, run.left + 1);
	for (int spin = 0; spin < 20; spin++)
		cpu_relax();
	WRITE_ONCE(run.right, run.right + 1);
	if (READ_ONCE(run.left) != READ_ONCE(run.right))
		atomic_inc(&run.out_of_step);
}

static int in_step(void *context)
{
	step();
	return ACTORS;
}

static bool isr(void *context)
{
	struct actor *me = context;
	int err;

	/* This acknowledges the interrupt. */
	pta_read_status(me->handle);
	atomic_inc(&run.interrupts);
	step();
	do_anything(me, IN_ISR);
	if (!below(me, IN_ISR, 16)) {
		err = pta_synchronize(me->handle, in_step, me);
		must_or_gone(err == -EDEADLK, "synchronize in an ISR", err);
		err = pta_connect_interrupt(me->handle, &me->service);
		must_or_gone(err == -EDEADLK, "connect in an ISR", err);
		err = pta_disconnect_interrupt(me->handle, &me->service);
		must(err == -EDEADLK, "disconnect in an ISR", err);
	}
	return below(me, IN_ISR, 2);
}

static void port_check(void *context)
{
	struct actor *me = context;

	atomic_inc(&run.checks);
	step();
	do_anything(me, IN_CHECK);
}

static void done(struct pta_request *answered, int status)
{
	struct random_request *request =
		container_of(answered, struct random_request, request);
	struct actor *me = request->actor;
	int err;

	atomic_inc(&me->answering);
	atomic_inc(&run.answers);
	atomic_inc(&request->answered);
	if (!status)
		got_it(me, IN_ANSWER);
	else
		must_or_gone(status == -ECANCELED, "answer", status);
	if (status == -ECANCELED)
		atomic_inc(&me->cancelled);
	if (!below(me, IN_ANSWER, 4))
		queue(me, IN_ANSWER);
	if (!below(me, IN_ANSWER, 16)) {
		err = pta_allocate(me->handle, MAX_SCHEDULE_TIMEOUT);
		if (!err)
			got_it(me, IN_ANSWER);
		must_or_gone(!err || err == -EDEADLK,
			     "allocate in an answer", err);
	}
	atomic_dec(&me->answering);
}

static enum hrtimer_restart tick(struct hrtimer *timer)
{
	struct actor *me = container_of(timer, struct actor, timer);

	do_anything(me, IN_TIMER);
	hrtimer_forward_now(timer, us_to_ktime(200 + below(me, IN_TIMER, 1000)));
	return HRTIMER_RESTART;
}

static int allocate(struct actor *me)
{
	int err = pta_allocate(me->handle, below(me, IN_TASK, 4));

	if (!err)
		got_it(me, IN_TASK);
	must_or_gone(!err || err == -ETIMEDOUT, "allocate", err);
	return err;
}

static void live(struct actor *me)
{
	unsigned int connected = 0;
	int err = 0;

	for (u32 life = below(me, IN_TASK, LIFETIME); life; life--) {
		switch (below(me, IN_TASK, 8)) {
		case 0:
			err = allocate(me);
			break;
		case 1:
			err = pta_synchronize(me->handle, in_step, me);
			must_or_gone(err == ACTORS, "synchronize", err);
			break;
		case 2:
			if (connected == 3)
				break;
			err = pta_connect_interrupt(me->handle, &me->service);
			must_or_gone(!err || err == -EOPNOTSUPP, "connect", err);
			connected += !err;
			break;
		case 3:
			err = pta_disconnect_interrupt(me->handle, &me->service);
			must(err == (connected ? 0 : -EINVAL), "disconnect", err);
			connected -= !err;
			break;
		case 4:
			usleep_range(50, 2000);
			break;
		default:
			do_anything(me, IN_TASK);
			break;
		}
		if (err == -ENODEV || READ_ONCE(run.stop))
			return;
	}
}

static int do_nothing(void *context)
{
	return 0;
}

/*
 * The close finds whatever there is: connections, requests, ownership. But the
 * plain variable has to be cleared before the close frees the port, so from here
 * on nobody holds the port for longer than he runs, and those who looked before
 * are waited for. Of a port that is gone, disconnecting is what waits for them.
 */
static void leave(struct actor *me)
{
	hrtimer_cancel(&me->timer);
	WRITE_ONCE(me->closing, true);
	if (pta_synchronize(me->handle, do_nothing, NULL))
		while (!pta_disconnect_interrupt(me->handle, &me->service))
			;
	while (atomic_read(&me->answering))
		usleep_range(50, 100);
	if (atomic_xchg(&me->held, 0)) {
		if (READ_ONCE(run.owner) != me->number)
			atomic_inc(&run.two_owners);
		WRITE_ONCE(run.owner, 0);
		atomic_inc(&run.frees);
	}
	pta_close(me->handle);
	WRITE_ONCE(me->closing, false);
}

/* Only the task opens and closes, so that nobody uses a handle that is closed. */
static int act(void *actor)
{
	struct actor *me = actor;

	while (!READ_ONCE(run.stop)) {
		me->handle = pta_open(run.port, "pta_test random");
		if (IS_ERR(me->handle)) {
			must_or_gone(false, "open", PTR_ERR(me->handle));
			usleep_range(1000, 2000);
			continue;
		}
		atomic_inc(&run.opens);
		hrtimer_start(&me->timer, us_to_ktime(100), HRTIMER_MODE_REL_HARD);
		live(me);
		leave(me);
	}
	return 0;
}

static int start_actor(struct actor *me, u64 seed)
{
	for (int i = 0; i < PLACES; i++)
		prandom_seed_state(&me->random[i],
				   seed + me->number * PLACES + i);
	for (int i = 0; i < REQUESTS; i++) {
		me->request[i].request.done = done;
		me->request[i].actor = me;
	}
	me->service = (struct pta_interrupt_service) {
		.isr = isr,
		.context = me,
		.port_check = port_check,
		.port_check_context = me,
	};
	hrtimer_setup(&me->timer, tick, CLOCK_MONOTONIC, HRTIMER_MODE_REL_HARD);

	me->task = kthread_create(act, me, "pta_random/%u", me->number);
	if (IS_ERR(me->task))
		return PTR_ERR(me->task);
	get_task_struct(me->task);
	wake_up_process(me->task);
	return 0;
}

/* Everything that was queued was answered, as often as it was queued. */
static void check_requests(struct actor *me)
{
	for (int i = 0; i < REQUESTS; i++) {
		int queued = atomic_read(&me->request[i].queued);
		int answered = atomic_read(&me->request[i].answered);

		must(queued == answered, "requests that have no answer",
		     queued - answered);
	}
	must(atomic_read(&me->cancels) <= atomic_read(&me->cancelled),
	     "cancelled, but not told", atomic_read(&me->cancels));
}

/*
 * random PORT MS SEED [unplugged]; result: how much went wrong. Output:
 * allocations, frees, interrupts of all routines, deferred port checks, answers,
 * opens, how often somebody was told that the port is gone; and of what went
 * wrong, how often there were two owners and two in step
 */
int pta_test_random(int argc, char **argv)
{
	unsigned int ms, started = 0;
	ktime_t end;
	u64 seed;
	int err = 0;

	memset(&run, 0, sizeof(run));
	if (kstrtouint(argv[1], 0, &run.port) || kstrtouint(argv[2], 0, &ms) ||
	    kstrtou64(argv[3], 0, &seed) ||
	    (argc > 4 && strcmp(argv[4], "unplugged")))
		return -EBADRQC;
	run.unplugged = argc > 4;
	run.actors = kcalloc(ACTORS, sizeof(*run.actors), GFP_KERNEL);
	if (!run.actors)
		return -ENOMEM;

	end = ktime_add_ms(ktime_get(), ms);
	while (started < ACTORS && !err) {
		run.actors[started].number = started + 1;
		err = start_actor(&run.actors[started], seed);
		if (!err)
			started++;
	}
	while (!err && ktime_before(ktime_get(), end))
		if (msleep_interruptible(100))
			err = -EINTR;

	WRITE_ONCE(run.stop, true);
	for (unsigned int i = 0; i < started; i++) {
		kthread_stop_put(run.actors[i].task);
		check_requests(&run.actors[i]);
	}
	must(!run.owner, "an owner is left", run.owner);
	kfree(run.actors);
	if (err)
		return err;

	seq_buf_printf(&pta_test_output, "%d %d %d %d %d %d %d %d %d",
		       atomic_read(&run.allocations), atomic_read(&run.frees),
		       atomic_read(&run.interrupts), atomic_read(&run.checks),
		       atomic_read(&run.answers), atomic_read(&run.opens),
		       atomic_read(&run.gone), atomic_read(&run.two_owners),
		       atomic_read(&run.out_of_step));
	return atomic_read(&run.two_owners) + atomic_read(&run.out_of_step) +
	       atomic_read(&run.wrong);
}
