// SPDX-License-Identifier: GPL-2.0
/*
 * The deferred port check of the test clients.
 */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/seq_buf.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "pta_test.h"

static const char * const mode_names[PTA_CHECK_MODES] = {
	[PTA_CHECK_NOTE] = "note",
	[PTA_CHECK_TAKE] = "take",
	[PTA_CHECK_BORROW] = "borrow",
	[PTA_CHECK_STEP] = "step",
	[PTA_CHECK_CALL] = "call",
	[PTA_CHECK_LINGER] = "linger",
	[PTA_CHECK_VISITED] = "visited",
};

/* Ends what hangs, and nothing else. */
#define VISIT_US	10000000

/* 0 or an error, and 1 before that */
static int visit_result;

static DEFINE_RAW_SPINLOCK(checks_lock);
static char checks_text[256];
static struct seq_buf checks = {
	.buffer = checks_text,
	.size = sizeof(checks_text),
};

static void note(char id, const char *what)
{
	guard(raw_spinlock_irqsave)(&checks_lock);
	seq_buf_printf(&checks, "%c%s", id, what);
}

static int do_nothing(void *context)
{
	return 0;
}

/* Each of these would wait for the lock that the check runs under, or sleep. */
static void call_what_is_refused(struct pta_test_client *client)
{
	int results[] = {
		pta_connect_interrupt(client->handle, &client->service),
		pta_disconnect_interrupt(client->handle, &client->service),
		pta_synchronize(client->handle, do_nothing, NULL),
		pta_allocate(client->handle, MAX_SCHEDULE_TIMEOUT),
	};

	for (int i = 0; i < ARRAY_SIZE(results); i++)
		if (results[i] == -EDEADLK)
			pta_test_count(client, PTA_REFUSED);
}

/* Allocates and frees, in an interrupt on another CPU. */
static void visit(void *info)
{
	struct pta_test_client *client = info;
	int result = pta_test_try(client) ? pta_test_free(client) : -EBUSY;

	WRITE_ONCE(visit_result, result);
}

static call_single_data_t visit_call = CSD_INIT(visit, NULL);

/* Was it there, and through with it? */
static bool is_visited(struct pta_test_client *client)
{
	int cpu = cpumask_any_but(cpu_online_mask, raw_smp_processor_id());

	WRITE_ONCE(visit_result, 1);
	visit_call.info = client;
	if (smp_call_function_single_async(cpu, &visit_call))
		return false;
	for (int us = 0; us < VISIT_US && READ_ONCE(visit_result) > 0; us += 5)
		udelay(5);
	return !READ_ONCE(visit_result);
}

static void port_check(void *context)
{
	struct pta_test_client *client = context;
	enum pta_test_check_mode mode = READ_ONCE(client->check_mode);
	const char *what = "";
	bool got = false;

	switch (mode) {
	case PTA_CHECK_TAKE:
	case PTA_CHECK_BORROW:
		got = pta_test_try(client);
		what = got ? "+" : "-";
		break;
	case PTA_CHECK_STEP:
		pta_test_step(PTA_STEP_CHECK, client);
		break;
	case PTA_CHECK_CALL:
		call_what_is_refused(client);
		break;
	case PTA_CHECK_LINGER:
		pta_test_linger();
		break;
	case PTA_CHECK_VISITED:
		WRITE_ONCE(client->check_mode, PTA_CHECK_NOTE);
		what = is_visited(client) ? "+" : "-";
		break;
	default:
		break;
	}
	/* A ! is added to one that ran in another context than was promised. */
	if (!irqs_disabled() || in_hardirq() || in_serving_softirq())
		what = "!";
	/* Noted before the free: whoever sees the port free sees the note. */
	note(client->id, what);
	if (got && mode == PTA_CHECK_BORROW)
		pta_test_free(client);
}

int pta_test_check_setup(struct pta_test_client *client, const char *mode,
			 struct pta_interrupt_service *service)
{
	int check_mode = match_string(mode_names, PTA_CHECK_MODES, mode);

	if (check_mode < 0)
		return -EBADRQC;
	if (check_mode == PTA_CHECK_VISITED && num_online_cpus() < 2)
		return -EOPNOTSUPP;
	WRITE_ONCE(client->check_mode, check_mode);
	service->port_check = port_check;
	service->port_check_context = client;
	return 0;
}

int pta_test_checks(int argc, char **argv)
{
	guard(raw_spinlock_irqsave)(&checks_lock);
	seq_buf_printf(&pta_test_output, "%.*s", (int)checks.len, checks_text);
	seq_buf_clear(&checks);
	return 0;
}
