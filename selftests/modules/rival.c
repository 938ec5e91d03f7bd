// SPDX-License-Identifier: GPL-2.0
/*
 * The rival: a Linux parport driver like any other, that does not use the port's
 * interrupt. If it is refused the port, it goes away, or waits as one that sleeps in
 * parport_claim_or_block().
 */
#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/kprobes.h>
#include <linux/parport.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/wait.h>

#include "pta_test.h"

static struct pardevice *rival;
static bool claimed;

/* 0 or 1 once it was woken up: could it not have been gone by then? */
static atomic_t woken;

/*
 * Somebody who sleeps and is given the port may see that before he is woken up. If he
 * can release the port and unregister before parport is through with waking him up,
 * it does so to a device that is gone.
 */
static int rival_woken(struct wait_queue_entry *entry, unsigned int mode, int flags,
		       void *key)
{
	struct parport *port = rival->port;
	bool released, unlisted;

	released = read_trylock(&port->cad_lock);
	if (released)
		read_unlock(&port->cad_lock);
	unlisted = spin_trylock(&port->pardevice_lock);
	if (unlisted)
		spin_unlock(&port->pardevice_lock);
	atomic_set(&woken, !(released && unlisted));
	return 0;
}

static struct wait_queue_entry sleeper;

/* Off the list of devices, and not off the wait list, as one that is being closed */
static bool unlisted;
/* Has the worker of the module under test slept meanwhile, with nothing given? */
static bool waited;

static int __kprobes note_sleep(struct kprobe *p, struct pt_regs *regs)
{
	if (current->flags & PF_WQ_WORKER && atomic_read(&woken) == -EAGAIN)
		WRITE_ONCE(waited, true);
	return 0;
}

static struct kprobe sleep_probe;

static int rival_unlist(void)
{
	struct parport *port = rival->port;
	int err;

	waited = false;
	sleep_probe = (struct kprobe) {
		.symbol_name = "usleep_range_state",
		.pre_handler = note_sleep,
	};
	err = register_kprobe(&sleep_probe);
	if (err)
		return -EOPNOTSUPP;
	spin_lock(&port->pardevice_lock);
	if (rival->next)
		rival->next->prev = rival->prev;
	if (rival->prev)
		rival->prev->next = rival->next;
	else
		port->devices = rival->next;
	spin_unlock(&port->pardevice_lock);
	unlisted = true;
	return 0;
}

static void rival_list(void)
{
	struct parport *port = rival->port;

	if (!unlisted)
		return;
	unlisted = false;
	unregister_kprobe(&sleep_probe);
	spin_lock(&port->pardevice_lock);
	rival->prev = NULL;
	rival->next = port->devices;
	if (rival->next)
		rival->next->prev = rival;
	port->devices = rival;
	spin_unlock(&port->pardevice_lock);
}

/* Until there was something to see */
static int rival_waited(void)
{
	for (int ms = 0; ms < 10000 && !READ_ONCE(waited) && atomic_read(&woken) < 0; ms++)
		fsleep(1000);
	rival_list();
	return READ_ONCE(waited);
}

static void rival_match_port(struct parport *port)
{
}

static struct parport_driver rival_driver = {
	.name = "pta_test_rival",
	.match_port = rival_match_port,
};

int pta_test_rival_init(void)
{
	return parport_register_driver(&rival_driver);
}

void pta_test_rival_leave(void)
{
	if (!rival)
		return;
	rival_list();
	if (sleeper.func) {
		remove_wait_queue(&rival->wait_q, &sleeper);
		sleeper.func = NULL;
		if (atomic_read(&woken) >= 0)
			claimed = true;
	}
	if (claimed)
		parport_release(rival);
	claimed = false;
	parport_unregister_device(rival);
	rival = NULL;
}

void pta_test_rival_exit(void)
{
	parport_unregister_driver(&rival_driver);
}

/* As far as parport can tell, this is parport_claim_or_block(). */
static int rival_sleep(void)
{
	atomic_set(&woken, -EAGAIN);
	init_waitqueue_func_entry(&sleeper, rival_woken);
	add_wait_queue(&rival->wait_q, &sleeper);
	rival->waiting = 2;
	return parport_claim(rival);
}

/* A device of this driver on a port, or NULL */
struct pardevice *pta_test_rival_device(unsigned int number, int id)
{
	const struct pardev_cb callbacks = { };
	struct parport *port = parport_find_number(number);
	struct pardevice *device;

	if (!port)
		return NULL;
	device = parport_register_dev_model(port, rival_driver.name, &callbacks, id);
	parport_put_port(port);
	return device;
}

static int rival_claim(const char *port_number, bool sleeps)
{
	unsigned int number;
	int err;

	if (kstrtouint(port_number, 0, &number))
		return -EBADRQC;
	rival = pta_test_rival_device(number, 0);
	if (!rival)
		return -EBUSY;

	err = sleeps ? rival_sleep() : parport_claim(rival);
	claimed = !err;
	if (err && !sleeps)
		pta_test_rival_leave();
	return err;
}

/*
 * rival PORT claims the port, rival off releases it. rival PORT sleep waits if it is
 * refused, and rival woken says -EAGAIN while it waits and then whether it could not
 * have been gone as it was woken up. rival unlist has it, waiting, off the list of
 * devices; rival waited puts it back once it was waited for, or given the port, and says
 * whether it was waited for.
 */
int pta_test_rival(int argc, char **argv)
{
	if (!strcmp(argv[1], "woken"))
		return atomic_read(&woken);
	if (!strcmp(argv[1], "unlist"))
		return rival ? rival_unlist() : -ENODEV;
	if (!strcmp(argv[1], "waited"))
		return rival ? rival_waited() : -ENODEV;
	pta_test_rival_leave();
	if (!strcmp(argv[1], "off"))
		return 0;
	return rival_claim(argv[1], argc > 2);
}
