// SPDX-License-Identifier: GPL-2.0
/*
 * What must not be done: looking at a request while it is the port's, without the
 * lock that it is under, on another CPU. Nothing comes of it here. But a kernel that
 * looks for data races has to report this one, or it does not see what the module
 * under test does.
 */
#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "pta_test.h"

static struct pta_request request;
static atomic_t answered;

/* The name that the report has to have, and that tools/boot knows. */
static noinline int pta_test_snoop_around(void *unused)
{
	unsigned long seen = 0;

	while (!kthread_should_stop()) {
		for (int i = 0; i < ARRAY_SIZE(request.reserved); i++)
			seen += request.reserved[i];
		barrier();
		cond_resched();
	}
	return seen & 1;
}

static void done(struct pta_request *unused, int status)
{
	atomic_inc(&answered);
}

/* In line and out of it, again and again; the result is how often. */
static int queue_and_cancel(struct pta_client *client, ktime_t end)
{
	int queued = 0;
	int err = 0;

	while (!err && ktime_before(ktime_get(), end)) {
		err = pta_allocate_async(client, &request);
		if (err)
			break;
		queued++;
		if (!pta_cancel(client, &request))
			err = -EINVAL;
		while (!err && atomic_read(&answered) != queued)
			cond_resched();
	}
	return err ?: queued;
}

/* snoop PORT MS */
int pta_test_snoop(int argc, char **argv)
{
	struct pta_client *client;
	struct task_struct *task;
	unsigned int port, ms;
	int result = -EBUSY;

	if (kstrtouint(argv[1], 0, &port) || kstrtouint(argv[2], 0, &ms))
		return -EBADRQC;
	if (num_online_cpus() < 2)
		return -EOPNOTSUPP;
	client = pta_open(port, "pta_test snoop");
	if (IS_ERR(client))
		return PTR_ERR(client);
	memset(&request, 0, sizeof(request));
	request.done = done;
	atomic_set(&answered, 0);

	task = kthread_run(pta_test_snoop_around, NULL, "pta_snoop");
	if (IS_ERR(task)) {
		pta_close(client);
		return PTR_ERR(task);
	}
	/* Whoever owns the port does not get it once more: the request waits. */
	if (!pta_allocate(client, MAX_SCHEDULE_TIMEOUT))
		result = queue_and_cancel(client, ktime_add_ms(ktime_get(), ms));
	kthread_stop(task);
	pta_close(client);
	return result;
}
