// SPDX-License-Identifier: GPL-2.0
/*
 * C functions for the Rust code: kernel facilities that are macros or inline
 * functions in C and have no counterpart in the kernel crate.
 */

#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/io.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/parport.h>
#include <linux/parport_pc.h>
#include <linux/pci.h>
#include <linux/rcupdate.h>
#include <linux/rcupdate_wait.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "helpers.h"

/* Mainline can make a ring of a port's wait list; there are never so many. */
#define PTA_WAITERS_MAX 1000

void pta_raw_spin_lock_init(raw_spinlock_t *lock, const char *name,
			    struct lock_class_key *key)
{
#ifdef CONFIG_DEBUG_SPINLOCK
	__raw_spin_lock_init(lock, name, key, LD_WAIT_SPIN);
#else
	raw_spin_lock_init(lock);
#endif
}

unsigned long pta_raw_spin_lock_irqsave(raw_spinlock_t *lock)
{
	unsigned long flags;

	raw_spin_lock_irqsave(lock, flags);
	return flags;
}

bool pta_raw_spin_trylock_irqsave(raw_spinlock_t *lock, unsigned long *flags)
{
	return raw_spin_trylock_irqsave(lock, *flags);
}

void pta_raw_spin_unlock_irqrestore(raw_spinlock_t *lock, unsigned long flags)
{
	raw_spin_unlock_irqrestore(lock, flags);
}

void pta_raw_spin_assert_held(raw_spinlock_t *lock)
{
	lockdep_assert_held(lock);
}

/*
 * While this is held no device takes the port and none loses it: parport_claim()
 * and parport_release() change port->cad with the lock held for writing.
 */
unsigned long pta_cad_read_lock(struct parport *port)
{
	unsigned long flags;

	read_lock_irqsave(&port->cad_lock, flags);
	return flags;
}

void pta_cad_read_unlock(struct parport *port, unsigned long flags)
{
	read_unlock_irqrestore(&port->cad_lock, flags);
}

/*
 * Does anybody sleep in parport_claim_or_block() for the port?
 */
bool pta_sleepers_wait(struct parport *port)
{
	unsigned int left = PTA_WAITERS_MAX;
	struct pardevice *waiter;
	unsigned long flags;

	spin_lock_irqsave(&port->waitlist_lock, flags);
	waiter = port->waithead;
	/* data_race: who is about to sleep, or was woken up, sets this without the lock. */
	while (waiter && !(data_race(waiter->waiting) & 2) && --left)
		waiter = waiter->waitnext;
	spin_unlock_irqrestore(&port->waitlist_lock, flags);
	return waiter && left;
}

/*
 * Is everybody who waits for the port still registered? parport_unregister_device()
 * takes a device off the list of devices first and off the wait list afterwards.
 */
static bool pta_waiters_are_registered(struct parport *port)
{
	unsigned int left = PTA_WAITERS_MAX;
	struct pardevice *waiter, *device;
	bool registered = true;

	spin_lock_irq(&port->waitlist_lock);
	for (waiter = port->waithead; waiter && registered && left; left--) {
		for (device = port->devices; device && device != waiter;)
			device = device->next;
		registered = device;
		if (registered)
			waiter = waiter->waitnext;
	}
	spin_unlock_irq(&port->waitlist_lock);
	return registered;
}

/*
 * While this is held parport_release() can give the port to nobody who is freed
 * before it is through: parport_unregister_device() takes the lock before anything
 * is gone, and nobody waits who was past that when it was taken here. There remain
 * the few instructions between its look at port->cad and the lock.
 */
void pta_device_list_lock(struct parport *port)
{
	unsigned int left = 20;

	port = port->physport;
	spin_lock(&port->pardevice_lock);
	/* Not for ever: mainline may have left somebody on the wait list. */
	while (!pta_waiters_are_registered(port) && left--) {
		spin_unlock(&port->pardevice_lock);
		fsleep(100);
		spin_lock(&port->pardevice_lock);
	}
}

void pta_device_list_unlock(struct parport *port)
{
	spin_unlock(&port->physport->pardevice_lock);
}

/*
 * The control register as the hardware has it, with the bits for the interrupt
 * and the direction, or -1 if that cannot be known. parport's accessors tell
 * only what parport itself wrote last.
 */
int pta_hardware_control(struct parport *port)
{
#ifdef CONFIG_HAS_IOPORT
	struct module *owner = port->ops->owner;

	/*
	 * All PC-style ports, also those on PCI and PCMCIA cards, are driven by
	 * this module, and so have their registers at I/O port base.
	 */
	if (port->base && owner && !strcmp(owner->name, "parport_pc"))
		return inb(port->base + 2) & 0x3f;
#endif
	return -1;
}

bool pta_is_pci(struct parport *port)
{
	return port->dev && dev_is_pci(port->dev);
}

/*
 * The buffer of the ECP mode: how many words it has, and how many bytes a word
 * has. Only the driver of PC-style ports says so.
 */
void pta_fifo(struct parport *port, unsigned int *depth, unsigned int *width)
{
#if IS_ENABLED(CONFIG_PARPORT_PC)
	struct module *owner = port->ops->owner;

	if (owner && !strcmp(owner->name, "parport_pc")) {
		const struct parport_pc_private *chip = port->private_data;

		*depth = chip->fifo_depth;
		*width = chip->pword;
	}
#endif
}

/*
 * wait_for_completion_killable_timeout(), but for a task that can be frozen:
 * somebody who waits for a port may wait for long, and a suspend does not wait
 * for him. pta_wake() wakes the task itself up, as it is not on the completion's
 * own list.
 *
 * "Unsafe", because he may hold locks: a write to a file has taken some, and class
 * drivers have their own. Somebody else who waits for one of those cannot be
 * frozen, and the suspend is refused: as it always would be if he could not be.
 */
long pta_sleep(struct completion *over, unsigned long timeout)
{
	long left = min_t(unsigned long, timeout, MAX_SCHEDULE_TIMEOUT);

	for (;;) {
		set_current_state(TASK_KILLABLE | TASK_FREEZABLE_UNSAFE);
		if (completion_done(over)) {
			left = max(left, 1L);
			break;
		}
		if (fatal_signal_pending(current)) {
			left = -ERESTARTSYS;
			break;
		}
		if (!left)
			break;
		left = schedule_timeout(left);
	}
	__set_current_state(TASK_RUNNING);
	return left;
}

/* The completion is on the sleeper's stack: it is gone once it is complete. */
void pta_wake(struct completion *over, struct task_struct *sleeper)
{
	get_task_struct(sleeper);
	complete(over);
	wake_up_process(sleeper);
	put_task_struct(sleeper);
}

void pta_call_rcu_tasks(struct callback_head *head,
			void (*func)(struct callback_head *head))
{
	call_rcu_tasks(head, func);
}

/* Without tasks-RCU, call_rcu_tasks() is call_rcu(), and has no barrier. */
void pta_rcu_barrier_tasks(void)
{
#ifdef CONFIG_TASKS_RCU
	rcu_barrier_tasks();
#else
	rcu_barrier();
#endif
}
