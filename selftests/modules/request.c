// SPDX-License-Identifier: GPL-2.0
/*
 * Requests that wait in line for the port, and what is done with their answers.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/seq_buf.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/wait.h>

#include "pta_test.h"

#define SLOW_MS	100

/* What is done with an answer, beyond noting it. */
enum answer_mode {
	ANSWER_KEEP,	/* nothing: the port is the client's, if it was granted */
	ANSWER_FREE,	/* frees the port, if it was granted */
	ANSWER_AGAIN,	/* queues the same request again, once, then frees */
	ANSWER_ALLOCATE,	/* waits for the port: must be refused; then frees */
	ANSWER_DISCONNECT,	/* frees the port, if it was granted, then disconnects */
	ANSWER_SLOW,	/* sleeps a moment more than it has to, then notes the answer */
	ANSWER_MODES,
};

static const char * const mode_names[ANSWER_MODES] = {
	[ANSWER_KEEP] = "keep",
	[ANSWER_FREE] = "free",
	[ANSWER_AGAIN] = "again",
	[ANSWER_ALLOCATE] = "allocate",
	[ANSWER_DISCONNECT] = "disconnect",
	[ANSWER_SLOW] = "slow",
};

static struct test_request {
	struct pta_request request;
	struct pta_test_client *client;
	enum answer_mode mode;
} requests[10];

/* The answers as they came. */
static DEFINE_RAW_SPINLOCK(answers_lock);
static char answers_text[512];
static struct seq_buf answers = {
	.buffer = answers_text,
	.size = sizeof(answers_text),
};

static atomic_t answering;

/* A slow answer goes on until this, and then for a moment. */
static bool in_a_hurry;
static DECLARE_WAIT_QUEUE_HEAD(hurry);

static void note(const char *format, char who, int number, const char *mark)
{
	guard(raw_spinlock_irqsave)(&answers_lock);
	seq_buf_printf(&answers, format, who, number, mark);
}

/* A ! is added to an answer that came in another context than was promised. */
void pta_test_log_answer(char who, int status, bool right_context)
{
	note("%c:%d%s ", who, status, right_context ? "" : "!");
}

static char name_of(struct test_request *request)
{
	return '0' + (request - requests);
}

static void done(struct pta_request *answered, int status)
{
	struct test_request *request =
		container_of(answered, struct test_request, request);
	struct pta_client *handle = request->client->handle;
	bool in_worker = in_task() && !irqs_disabled() &&
			 (current->flags & PF_WQ_WORKER);
	enum answer_mode mode = request->mode;
	int result;

	atomic_inc(&answering);
	if (mode == ANSWER_SLOW) {
		wait_event_idle(hurry, READ_ONCE(in_a_hurry));
		msleep(SLOW_MS);
	}
	pta_test_log_answer(name_of(request), status, in_worker);

	if (mode == ANSWER_AGAIN) {
		request->mode = ANSWER_FREE;
		result = pta_allocate_async(handle, &request->request);
		note("%c=%d%s ", name_of(request), result, "");
	} else if (mode == ANSWER_ALLOCATE) {
		result = pta_allocate(handle, MAX_SCHEDULE_TIMEOUT);
		note("%c=%d%s ", name_of(request), result, "");
	}
	if (!status && mode != ANSWER_KEEP && mode != ANSWER_SLOW)
		pta_test_free(request->client);
	/* The worker is wanted at once then, as the port is free; and this is the worker. */
	if (!status && mode == ANSWER_DISCONNECT) {
		result = pta_test_disconnect_one(request->client);
		note("%c=%d%s ", name_of(request), result, "");
	}
	atomic_dec(&answering);
}

static struct test_request *request_of(const char *digit)
{
	unsigned int i = digit[0] - '0';

	return i < ARRAY_SIZE(requests) && !digit[1] ? &requests[i] : NULL;
}

/* What pta_test_call() is about; the command lock allows only one. */
static struct test_request *queued;
static struct pta_request *cancelled;

static int queue(struct pta_test_client *client)
{
	struct pta_test_client *before = queued->client;
	int err;

	queued->client = client;
	queued->request.done = done;
	err = pta_allocate_async(client->handle, &queued->request);
	if (err == -EBUSY)
		queued->client = before;
	return err;
}

static int cancel(struct pta_test_client *client)
{
	return pta_cancel(client->handle, cancelled);
}

/* One whose memory is gone when it is answered. */
static void done_once(struct pta_request *request, int status)
{
	pta_test_log_answer('o', status, true);
	kfree(request);
}

static int queue_once(struct pta_test_client *client)
{
	struct pta_request *request = kzalloc(sizeof(*request), GFP_KERNEL);
	int err;

	if (!request)
		return -ENOMEM;
	request->done = done_once;
	err = pta_allocate_async(client->handle, request);
	if (err)
		kfree(request);
	return err;
}

int pta_test_queue(int argc, char **argv)
{
	struct pta_test_client *client = pta_test_client(argv[2]);
	struct pta_request without_done = { };

	if (!client)
		return -EBADRQC;
	if (!strcmp(argv[1], "once"))
		return queue_once(client);
	if (!strcmp(argv[1], "NULL"))
		return pta_allocate_async(client->handle, NULL);
	if (!strcmp(argv[1], "no-done"))
		return pta_allocate_async(client->handle, &without_done);
	queued = request_of(argv[1]);
	if (!queued)
		return -EBADRQC;
	return pta_test_call(argc > 3 ? argv[3] : "process", queue, client);
}

/* Client a's is request 0, and so on. */
static struct test_request *request_in_isr(struct pta_test_client *client)
{
	return &requests[client->id - 'a'];
}

/* Not in the ISR: there it may be in line already, and is the port's. */
void pta_test_queue_setup(struct pta_test_client *client)
{
	struct test_request *request = request_in_isr(client);

	request->client = client;
	request->request.done = done;
}

int pta_test_queue_in_isr(struct pta_test_client *client)
{
	return pta_allocate_async(client->handle, &request_in_isr(client)->request);
}

int pta_test_cancel(int argc, char **argv)
{
	struct test_request *request = request_of(argv[1]);
	struct pta_test_client *client = pta_test_client(argv[2]);

	if (!client || (!request && strcmp(argv[1], "NULL")))
		return -EBADRQC;
	cancelled = request ? &request->request : NULL;
	return pta_test_call(argc > 3 ? argv[3] : "process", cancel, client);
}

int pta_test_answer(int argc, char **argv)
{
	struct test_request *request = request_of(argv[1]);
	int mode = match_string(mode_names, ANSWER_MODES, argv[2]);

	if (!request || mode < 0)
		return -EBADRQC;
	request->mode = mode;
	if (mode == ANSWER_SLOW)
		WRITE_ONCE(in_a_hurry, false);
	return 0;
}

/* Whoever closes a client waits for its answers, and cannot say so while he does. */
void pta_test_hurry_up(void)
{
	WRITE_ONCE(in_a_hurry, true);
	wake_up(&hurry);
}

int pta_test_hurry(int argc, char **argv)
{
	pta_test_hurry_up();
	return 0;
}

int pta_test_answers(int argc, char **argv)
{
	guard(raw_spinlock_irqsave)(&answers_lock);
	/* Without the last blank */
	if (answers.len)
		seq_buf_printf(&pta_test_output, "%.*s", (int)answers.len - 1,
			       answers_text);
	seq_buf_clear(&answers);
	return 0;
}

/* When no client is left */
void pta_test_requests_forget(void)
{
	for (int i = 0; i < ARRAY_SIZE(requests); i++)
		requests[i].mode = ANSWER_KEEP;
	scoped_guard(raw_spinlock_irqsave, &answers_lock)
		seq_buf_clear(&answers);
}

int pta_test_answering(int argc, char **argv)
{
	return atomic_read(&answering);
}

/* allocate CLIENT JIFFIES */
int pta_test_allocate(int argc, char **argv)
{
	struct pta_test_client *client = pta_test_client(argv[1]);
	long timeout = MAX_SCHEDULE_TIMEOUT;
	unsigned long before = jiffies;
	int err;

	if (!client || (strcmp(argv[2], "max") && kstrtol(argv[2], 0, &timeout)))
		return -EBADRQC;
	err = pta_allocate(client->handle, timeout);
	seq_buf_printf(&pta_test_output, "%lu", jiffies - before);
	return err;
}
