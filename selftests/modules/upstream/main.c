// SPDX-License-Identifier: GPL-2.0
/*
 * Has parport do what it does wrong, on a port in memory, for selftests/upstream.sh.
 * It needs parport and nothing else. Its files in /sys/kernel/debug/pta_upstream:
 *
 *   port       the number of the port
 *   interrupt  what becomes of an interrupt that comes while a device that waited is
 *              given the port: it is "served", or it "hangs"
 *   state      the control register of a device that was given the port of another
 *              one that gave way, and of that one when it has the port again
 *   signal     a process whose number is written there gets SIGUSR1 while the port
 *              is given to somebody, the next time this is done
 *   wake       whether a device that sleeps for the port can have released it and be
 *              gone by the time it is woken up: it is "kept", or it is "gone"
 *   takes      how many bytes the printer takes before it is busy
 *   printed    how many bytes it was given
 *   off        whether it is off-line: Y or N
 *   unplug     when something is written there, the port goes away; what was freed
 *              then stays in memory until this module is unloaded
 */
#include <linux/debugfs.h>
#include <linux/irq_work.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/wait.h>

#include "upstream.h"

static struct dentry *directory;

static struct pardevice *first;
static struct pardevice *second;

static struct pid *signalled;

static struct pardevice *add(const char *name, int (*preempt)(void *), void (*wakeup)(void *))
{
	const struct pardev_cb callbacks = {
		.preempt = preempt,
		.wakeup = wakeup,
	};

	return parport_register_dev_model(port, name, &callbacks, 0);
}

static void remove_both(void)
{
	if (second)
		parport_unregister_device(second);
	if (first)
		parport_unregister_device(first);
	first = NULL;
	second = NULL;
}

/* --- an interrupt while a device that waited is given the port -------------------- */

static bool armed;
static bool arrived;
static bool served;

/*
 * Does as parport_generic_irq(), but does not insist: if the lock is held here, it is
 * by whom this has interrupted.
 */
static void interrupt(struct irq_work *work)
{
	served = read_trylock(&port->cad_lock);
	if (served)
		read_unlock(&port->cad_lock);
	WRITE_ONCE(arrived, true);
}

static DEFINE_IRQ_WORK(interrupt_work, interrupt);

/* The interrupt comes at once if it can, and else when interrupts are on again. */
static void raise_interrupt(void)
{
	armed = false;
	irq_work_queue(&interrupt_work);
	while (!irqs_disabled() && !READ_ONCE(arrived))
		cpu_relax();
}

static void claim_second(void *private)
{
	armed = true;
	parport_claim(second);
}

static int interrupt_show(struct seq_file *m, void *v)
{
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		return -EOPNOTSUPP;
	arrived = false;
	first = add("pta_first", NULL, NULL);
	second = add("pta_second", NULL, claim_second);
	if (!first || !second || parport_claim(first) || parport_claim(second) != -EAGAIN) {
		remove_both();
		return -EBUSY;
	}
	parport_release(first);
	parport_release(second);
	irq_work_sync(&interrupt_work);
	remove_both();
	seq_puts(m, !arrived ? "lost\n" : served ? "served\n" : "hangs\n");
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(interrupt);

/* --- the registers of a device that gives way --------------------------------------- */

static int give_way(void *private)
{
	return 0;
}

static int state_show(struct seq_file *m, void *v)
{
	first = add("pta_first", give_way, NULL);
	second = add("pta_second", NULL, NULL);
	if (!first || !second || parport_claim(first)) {
		remove_both();
		return -EBUSY;
	}
	parport_write_control(port, CONTROL_AT_START | PARPORT_CONTROL_AUTOFD);
	parport_claim(second);
	seq_printf(m, "0x%02x", parport_read_control(port));
	parport_release(second);
	parport_claim(first);
	seq_printf(m, " 0x%02x\n", parport_read_control(port));
	parport_release(first);
	remove_both();
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(state);

/* --- a signal that comes with the port ------------------------------------------------ */

static int signal_set(void *data, u64 number)
{
	put_pid(xchg(&signalled, find_get_pid(number)));
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(signal_fops, NULL, signal_set, "%llu\n");

static void send_signal(void)
{
	struct pid *pid = xchg(&signalled, NULL);

	if (pid)
		kill_pid(pid, SIGUSR1, 1);
	put_pid(pid);
}

void on_restore(void)
{
	if (armed)
		raise_interrupt();
	send_signal();
}

/* --- a device that may be gone when it is woken up ----------------------------------- */

static bool woken;
static bool kept;

/* Its driver releases the port with this lock held for writing. */
static int wake(struct wait_queue_entry *entry, unsigned int mode, int flags, void *key)
{
	kept = !read_trylock(&port->cad_lock);
	if (!kept)
		read_unlock(&port->cad_lock);
	woken = true;
	return 0;
}

static int wake_show(struct seq_file *m, void *v)
{
	struct wait_queue_entry sleeper;
	int err = -EBUSY;

	woken = false;
	first = add("pta_first", NULL, NULL);
	second = add("pta_second", NULL, NULL);
	if (!first || !second || parport_claim(first))
		goto out;
	init_waitqueue_func_entry(&sleeper, wake);
	add_wait_queue(&second->wait_q, &sleeper);
	/* As parport_claim_or_block() does. */
	second->waiting = 2;
	err = parport_claim(second) == -EAGAIN ? 0 : -EBUSY;
	parport_release(first);
	remove_wait_queue(&second->wait_q, &sleeper);
	if (!err)
		seq_puts(m, !woken ? "asleep\n" : kept ? "kept\n" : "gone\n");
	parport_release(second);
out:
	remove_both();
	return err;
}
DEFINE_SHOW_ATTRIBUTE(wake);

/* --- a port that goes away ---------------------------------------------------------- */

static int unplug_set(void *data, u64 value)
{
	port_unplug();
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(unplug_fops, NULL, unplug_set, "%llu\n");

/* --- module ----------------------------------------------------------------------------- */

static int port_show(struct seq_file *m, void *v)
{
	seq_printf(m, "%d\n", port->number);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(port);

static int __init upstream_init(void)
{
	int err = port_create();

	if (err)
		return err;
	directory = debugfs_create_dir("pta_upstream", NULL);
	debugfs_create_file("port", 0400, directory, NULL, &port_fops);
	debugfs_create_file("interrupt", 0400, directory, NULL, &interrupt_fops);
	debugfs_create_file("state", 0400, directory, NULL, &state_fops);
	debugfs_create_file("signal", 0200, directory, NULL, &signal_fops);
	debugfs_create_file("wake", 0400, directory, NULL, &wake_fops);
	debugfs_create_u32("takes", 0600, directory, &printer_takes);
	debugfs_create_u32("printed", 0400, directory, &printed);
	debugfs_create_bool("off", 0600, directory, &printer_off);
	debugfs_create_file("unplug", 0200, directory, NULL, &unplug_fops);
	return 0;
}

static void __exit upstream_exit(void)
{
	debugfs_remove(directory);
	put_pid(xchg(&signalled, NULL));
	port_remove();
}

module_init(upstream_init);
module_exit(upstream_exit);

MODULE_DESCRIPTION("What parport does wrong, for the selftests of parport_try_alloc");
MODULE_LICENSE("GPL");
