// SPDX-License-Identifier: GPL-2.0
/*
 * A bad class driver. It is loaded with "what" it is to do wrong, and does it once,
 * in its initialisation or in its interrupt service routine, which it has the port
 * raise an interrupt for. The client is called "pta_bad".
 *
 *   connect-off		connects, allowed or not
 *   free-twice			frees what it has freed
 *   free-foreign		frees what another client owns
 *   isr-allocate, isr-connect, isr-disconnect, isr-synchronize, isr-close
 *				calls that in its routine
 *   isr-claim			has a parport device of its own, and claims with it
 *				in its routine
 *   isr-sleep			sleeps in its routine
 *   forget			owns the port, has changed its control register and is
 *				connected, and is unloaded without closing; what it
 *				forgot is its "handle"
 *   forget-request		the same, but it waits for the port, which is another's
 *   close			closes the "handle" that another one forgot
 *
 * What the wrong call returned is its "result"; 1 if nothing was called or it
 * returns nothing.
 */
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/parport.h>
#include <linux/parport_try_alloc.h>
#include <linux/slab.h>
#include <linux/string.h>

#define NAME		"pta_bad"
#define CONTROL_INTEN	0x10
/* Ends what hangs, and nothing else. */
#define LIMIT		(60 * HZ)

static unsigned int port;
module_param(port, uint, 0444);
MODULE_PARM_DESC(port, "number N of parportN (default: 0)");

static char *what = "";
module_param(what, charp, 0444);
MODULE_PARM_DESC(what, "what to do wrong");

static unsigned long handle;
module_param(handle, ulong, 0444);
MODULE_PARM_DESC(handle, "of the client");

static int result = 1;
module_param(result, int, 0444);
MODULE_PARM_DESC(result, "what was returned");

static struct pta_client *client;
/* Somebody else on the port */
static struct pta_client *victim;
static struct pardevice *device;
static struct pta_interrupt_service service;
static atomic_t calls;
static DECLARE_COMPLETION(through);

static int nothing(void *context)
{
	return 0;
}

/*
 * They have names of their own, are not inlined, and return to where they were called
 * from, for the log of a kernel that finds one of them to say which it was.
 */
static noinline void pta_bad_sleeps(void)
{
	msleep(100);
	WRITE_ONCE(result, 0);
}

static noinline void pta_bad_claims(void)
{
	WRITE_ONCE(result, parport_claim(device));
}

static noinline void pta_bad_allocates(void)
{
	WRITE_ONCE(result, pta_allocate(client, MAX_SCHEDULE_TIMEOUT));
}

static noinline void pta_bad_connects(void)
{
	WRITE_ONCE(result, pta_connect_interrupt(client, &service));
}

static noinline void pta_bad_disconnects(void)
{
	WRITE_ONCE(result, pta_disconnect_interrupt(client, &service));
}

static noinline void pta_bad_synchronizes(void)
{
	WRITE_ONCE(result, pta_synchronize(client, nothing, NULL));
}

static noinline void pta_bad_closes(void)
{
	pta_close(client);
	WRITE_ONCE(result, 1);
}

static const struct {
	const char *what;
	void (*fn)(void);
} in_isr[] = {
	{ "isr-sleep", pta_bad_sleeps },
	{ "isr-claim", pta_bad_claims },
	{ "isr-allocate", pta_bad_allocates },
	{ "isr-connect", pta_bad_connects },
	{ "isr-disconnect", pta_bad_disconnects },
	{ "isr-synchronize", pta_bad_synchronizes },
	{ "isr-close", pta_bad_closes },
};

static void do_wrong(void)
{
	for (int i = 0; i < ARRAY_SIZE(in_isr); i++)
		if (!strcmp(what, in_isr[i].what))
			in_isr[i].fn();
}

static bool isr(void *context)
{
	parport_read_status(pta_parport(client));
	if (atomic_inc_return(&calls) == 1) {
		do_wrong();
		complete(&through);
	}
	/* Those who come after it see each interrupt, too. */
	return false;
}

/* As a pulse of a device on nAck, see isr.c; connecting may have raised one before. */
static int interrupt_once(void)
{
	unsigned long limit = jiffies + LIMIT;
	unsigned long control = pta_parport(client)->base + 2;

	do {
		if (time_after(jiffies, limit))
			return -ETIME;
		outb(CONTROL_INTEN | PARPORT_CONTROL_SELECT | PARPORT_CONTROL_INIT,
		     control);
	} while (!wait_for_completion_timeout(&through, 1));
	return 0;
}

static void match_port(struct parport *port)
{
}

static struct parport_driver driver = {
	.name = NAME,
	.match_port = match_port,
};

static int free_wrongly(void)
{
	bool twice = !strcmp(what, "free-twice");
	/* The port may be on its way from Linux still. */
	int err = pta_allocate(twice ? client : victim, LIMIT);

	if (err)
		return err;
	if (twice)
		pta_free(client);
	result = pta_free(client);
	if (!twice)
		pta_free(victim);
	return 0;
}

/* Its memory is not the module's, so whoever has it in line still has a request. */
static void done(struct pta_request *request, int status)
{
	kfree(request);
}

static int wait_in_line(void)
{
	struct pta_request *request = kzalloc_obj(*request);
	int err;

	if (!request)
		return -ENOMEM;
	request->done = done;
	err = pta_allocate_async(client, request);
	if (err)
		kfree(request);
	return err;
}

static int own_and_change(void)
{
	return pta_allocate(client, LIMIT) ?:
	       pta_write_control(client, PARPORT_CONTROL_SELECT | PARPORT_CONTROL_INIT |
					 PARPORT_CONTROL_AUTOFD);
}

static int connect_isr(void)
{
	const struct pardev_cb callbacks = { };
	int err;

	service.isr = isr;
	if (!strcmp(what, "isr-claim")) {
		device = parport_register_dev_model(pta_parport(client), NAME,
						    &callbacks, 0);
		if (!device)
			return -EBUSY;
	}
	err = pta_connect_interrupt(client, &service);
	if (!strcmp(what, "connect-off")) {
		result = err;
		return 0;
	}
	/* It would get a port that is free without waiting. */
	if (!err && !strcmp(what, "isr-allocate"))
		err = pta_allocate(victim, LIMIT);
	err = err ?: interrupt_once();
	if (!strcmp(what, "isr-allocate"))
		pta_free(victim);
	if (!err && !strcmp(what, "forget"))
		err = own_and_change();
	if (!err && !strcmp(what, "forget-request"))
		err = wait_in_line();
	return err;
}

static void leave(void)
{
	if (!IS_ERR_OR_NULL(victim))
		pta_close(victim);
	if (!IS_ERR_OR_NULL(client) && strncmp(what, "forget", 6))
		pta_close(client);
	if (device)
		parport_unregister_device(device);
	parport_unregister_driver(&driver);
}

static int __init pta_bad_init(void)
{
	int err;

	err = parport_register_driver(&driver);
	if (err)
		return err;
	if (!strcmp(what, "close")) {
		client = (struct pta_client *)handle;
		return 0;
	}
	victim = pta_open(port, NAME " victim");
	client = pta_open(port, NAME);
	handle = (unsigned long)client;

	if (IS_ERR(victim) || IS_ERR(client))
		err = -ENODEV;
	else if (!strncmp(what, "free-", 5))
		err = free_wrongly();
	else
		err = connect_isr();
	if (err)
		leave();
	return err;
}

static void __exit pta_bad_exit(void)
{
	leave();
}

module_init(pta_bad_init);
module_exit(pta_bad_exit);

MODULE_DESCRIPTION("Class driver that does one thing wrong, for the selftests of parport_try_alloc");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("PARPORT_TRY_ALLOC");
