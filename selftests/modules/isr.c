// SPDX-License-Identifier: GPL-2.0
/*
 * The interrupt service routine of the test clients, and the device that
 * raises the interrupts.
 */
#include <linux/delay.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/parport.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/string.h>

#include "pta_test.h"

#define CONTROL(base)		((base) + 2)
#define CONTROL_INTEN		0x10
/* Interrupts on, nInit and nSelectIn as always, no strobe. */
#define CONTROL_PULSE		(CONTROL_INTEN | PARPORT_CONTROL_SELECT | \
				 PARPORT_CONTROL_INIT)

/* Ends what hangs, and nothing else. */
#define ANSWER_MS		30000

static const char * const mode_names[PTA_MODES] = {
	[PTA_MINE] = "mine",
	[PTA_PASS] = "pass",
	[PTA_TRY] = "try",
	[PTA_TRY_BH] = "try-bh",
	[PTA_TRY_WORK] = "try-work",
	[PTA_FREE] = "free",
	[PTA_FREE_PENDING] = "free-pending",
	[PTA_RECONNECT] = "reconnect",
	[PTA_FREE_TRY] = "free-try",
	[PTA_QUEUE] = "queue",
	[PTA_SYNCHRONIZE] = "synchronize",
	[PTA_STEP] = "step",
	[PTA_TIME] = "time",
	[PTA_UNTIMED] = "untimed",
	[PTA_LINGER] = "linger",
	[PTA_IGNORE] = "ignore",
};

/* The order in which ISRs ran, across clients. */
static char sequence[256];
static atomic_t sequence_length;

static DEFINE_PER_CPU(bool, in_isr);

/*
 * Is this CPU inside one of our ISRs? They run with interrupts off, so nothing
 * but what an ISR calls can see true.
 */
bool pta_test_in_isr(void)
{
	return raw_cpu_read(in_isr);
}

static void bottom_half(struct pta_test_client *client)
{
	/* Counted last: whoever sees the count sees the port free. */
	pta_test_free(client);
	pta_test_count(client, PTA_BOTTOM);
}

/* Two works: for lockdep, what runs in softirqs may not also run where they come. */
static void softirq_half(struct work_struct *work)
{
	bottom_half(container_of(work, struct pta_test_client, softirq_half));
}

static void process_half(struct work_struct *work)
{
	bottom_half(container_of(work, struct pta_test_client, process_half));
}

static void take(struct pta_test_client *client, enum pta_test_mode mode)
{
	if (!pta_test_try(client))
		return;

	/* Owners may write: this would spoil what another owner is doing. */
	parport_write_data(pta_parport(client->handle), 0x55);

	if (mode == PTA_TRY_BH)
		queue_work(system_bh_wq, &client->softirq_half);
	else if (mode == PTA_TRY_WORK)
		queue_work(system_dfl_wq, &client->process_half);
	else
		pta_test_free(client);
}

static void try_to_reconnect(struct pta_test_client *client)
{
	if (pta_connect_interrupt(client->handle, &client->service) == -EDEADLK)
		pta_test_count(client, PTA_REFUSED);
	if (pta_disconnect_interrupt(client->handle,
				     &client->service) == -EDEADLK)
		pta_test_count(client, PTA_REFUSED);
}

static bool isr(void *context)
{
	struct pta_test_client *client = context;
	/* A second connect changes it meanwhile. */
	enum pta_test_mode mode = READ_ONCE(client->mode);
	unsigned int i;

	raw_cpu_write(in_isr, true);

	/* The read acknowledges the interrupt: the device lowers its line. */
	if (mode != PTA_FREE_PENDING && mode != PTA_IGNORE)
		parport_read_status(pta_parport(client->handle));

	i = atomic_fetch_inc(&sequence_length);
	if (i < sizeof(sequence))
		sequence[i] = client->id;
	if (in_hardirq())
		pta_test_count(client, PTA_HARDIRQ);
	if (irqs_disabled())
		pta_test_count(client, PTA_IRQSOFF);

	switch (mode) {
	case PTA_TRY:
	case PTA_TRY_BH:
	case PTA_TRY_WORK:
		take(client, mode);
		break;
	case PTA_FREE:
	case PTA_FREE_PENDING:
		pta_test_free(client);
		break;
	case PTA_RECONNECT:
		try_to_reconnect(client);
		break;
	case PTA_FREE_TRY:
		if (!pta_test_free(client))
			pta_test_try(client);
		break;
	case PTA_QUEUE:
		pta_test_count(client, pta_test_queue_in_isr(client) ?
				       PTA_FALSE : PTA_TRUE);
		break;
	case PTA_SYNCHRONIZE:
		pta_test_synchronize_in_isr(client);
		break;
	case PTA_STEP:
		pta_test_step(PTA_STEP_ISR, client);
		break;
	case PTA_TIME:
	case PTA_UNTIMED:
		pta_test_time_in_isr(client);
		break;
	case PTA_LINGER:
		pta_test_linger();
		break;
	default:
		break;
	}

	raw_cpu_write(in_isr, false);
	/* Counted last, and ordered: strobe waits for all of the above. */
	atomic_inc_return(&client->counter[PTA_ISR]);
	return mode != PTA_PASS && mode != PTA_IGNORE;
}

/* One that nobody connects */
static bool other_isr(void *context)
{
	return false;
}

void pta_test_isr_setup(struct pta_test_client *client)
{
	client->service.isr = isr;
	client->service.context = client;
	INIT_WORK(&client->softirq_half, softirq_half);
	INIT_WORK(&client->process_half, process_half);
}

/*
 * A bottom half may not outlive its client, so the ISR that queues it has to be
 * gone first. The other modes leave disconnecting to pta_close(), which has to
 * do it anyway.
 */
void pta_test_isr_quiesce(struct pta_test_client *client)
{
	if (client->mode == PTA_TRY_BH || client->mode == PTA_TRY_WORK)
		while (client->connections) {
			pta_disconnect_interrupt(client->handle,
						 &client->service);
			client->connections--;
		}
	cancel_work_sync(&client->softirq_half);
	cancel_work_sync(&client->process_half);
}

int pta_test_connect(int argc, char **argv)
{
	struct pta_test_client *client = pta_test_client(argv[1]);
	struct pta_interrupt_service incomplete = { .context = client };
	struct pta_interrupt_service unknown = {
		.isr = isr, .context = client, .flags = ~PTA_INTERRUPT_TIMESTAMP,
	};
	struct pta_interrupt_service service;
	int mode, err;

	if (!client)
		return -EBADRQC;
	if (!strcmp(argv[2], "NULL"))
		return pta_connect_interrupt(client->handle, NULL);
	if (!strcmp(argv[2], "no-routine"))
		return pta_connect_interrupt(client->handle, &incomplete);
	if (!strcmp(argv[2], "unknown-flags"))
		return pta_connect_interrupt(client->handle, &unknown);

	mode = match_string(mode_names, PTA_MODES, argv[2]);
	if (mode < 0)
		return -EBADRQC;

	if (mode == PTA_QUEUE)
		pta_test_queue_setup(client);
	WRITE_ONCE(client->mode, mode);
	service = client->service;
	if (mode == PTA_TIME)
		service.flags = PTA_INTERRUPT_TIMESTAMP;
	if (argc > 3) {
		err = pta_test_check_setup(client, argv[3], &service);
		if (err)
			return err;
	}
	err = pta_connect_interrupt(client->handle, &service);
	/* The service was copied: what happens to ours may not matter. */
	memset(&service, 0, sizeof(service));
	if (!err)
		client->connections++;
	return err;
}

int pta_test_disconnect_one(struct pta_test_client *client)
{
	int err = pta_disconnect_interrupt(client->handle, &client->service);

	if (!err)
		client->connections--;
	return err;
}

int pta_test_disconnect(int argc, char **argv)
{
	struct pta_test_client *client = pta_test_client(argv[1]);
	struct pta_test_client *other = argc > 2 ? pta_test_client(argv[2]) : NULL;
	struct pta_interrupt_service service;
	int err;

	if (!client)
		return -EBADRQC;
	service = client->service;
	if (argc > 2 && !strcmp(argv[2], "NULL"))
		return pta_disconnect_interrupt(client->handle, NULL);
	if (argc > 2 && !strcmp(argv[2], "other-routine"))
		service.isr = other_isr;
	else if (argc > 2 && !strcmp(argv[2], "other-context"))
		service.context = NULL;
	else if (other)
		service = other->service;
	else if (argc > 2)
		return -EBADRQC;
	err = pta_disconnect_interrupt(client->handle, &service);
	if (!err)
		client->connections--;
	return err;
}

/*
 * Plays the device: has the hardware raise one interrupt, if the port has its
 * interrupt enabled.
 *
 * The write to the control register stands for a pulse of the device on nAck.
 * It writes what is there already while a client with an ISR has the port, so
 * nobody's state changes.
 */
void pta_test_pulse(struct pta_test_client *client)
{
	outb(CONTROL_PULSE, CONTROL(client->base));
}

/*
 * In step with the port's routines: a storm may just be switching the interrupt off,
 * and the pulse would switch it on again.
 */
static int pulse_if_on(void *context)
{
	struct pta_test_client *client = context;

	if (!(inb(CONTROL(client->base)) & CONTROL_INTEN))
		return -ENOTCONN;
	pta_test_pulse(client);
	return 0;
}

static int do_nothing(void *context)
{
	return 0;
}

/*
 * One pulse. 0 if it was answered by the client's ISR; -ENOTCONN if the
 * interrupt is not enabled, -ETIME if no answer came.
 */
int pta_test_strobe_once(struct pta_test_client *client)
{
	atomic_t *answers = &client->counter[PTA_ISR];
	ktime_t limit = ktime_add_ms(ktime_get(), ANSWER_MS);
	int before = atomic_read(answers);
	int err = pta_synchronize(client->handle, pulse_if_on, client);

	if (err)
		return err;
	while (atomic_read(answers) == before) {
		if (ktime_after(ktime_get(), limit))
			return -ETIME;
		usleep_range(20, 50);
	}
	/* What comes after the ISR, in the same interrupt, is over after this. */
	return pta_synchronize(client->handle, do_nothing, NULL);
}

/* Result: how many pulses were answered */
int pta_test_strobe(int argc, char **argv)
{
	struct pta_test_client *client = pta_test_client(argv[1]);
	unsigned int n;

	if (!client || !client->base || kstrtouint(argv[2], 0, &n))
		return -EBADRQC;

	for (unsigned int i = 0; i < n; i++) {
		int err = pta_test_strobe_once(client);

		if (err)
			return err;
	}
	return n;
}

int pta_test_sequence(int argc, char **argv)
{
	unsigned int n = min_t(unsigned int, atomic_read(&sequence_length),
			       sizeof(sequence));

	seq_buf_printf(&pta_test_output, "%.*s", n, sequence);
	atomic_set(&sequence_length, 0);
	return n;
}
