/* SPDX-License-Identifier: GPL-2.0 */
/*
 * C functions for the Rust code: kernel facilities that are macros or inline
 * functions in C and have no counterpart in the kernel crate.
 */
#ifndef _PTA_HELPERS_H
#define _PTA_HELPERS_H

#include <linux/spinlock_types.h>
#include <linux/types.h>

struct completion;
struct lock_class_key;
struct module;
struct parport;
struct pardevice;
struct task_struct;

void pta_raw_spin_lock_init(raw_spinlock_t *lock, const char *name,
			    struct lock_class_key *key);
unsigned long pta_raw_spin_lock_irqsave(raw_spinlock_t *lock);
bool pta_raw_spin_trylock_irqsave(raw_spinlock_t *lock, unsigned long *flags);
void pta_raw_spin_unlock_irqrestore(raw_spinlock_t *lock, unsigned long flags);
void pta_raw_spin_assert_held(raw_spinlock_t *lock);

unsigned long pta_cad_read_lock(struct parport *port);
void pta_cad_read_unlock(struct parport *port, unsigned long flags);

bool pta_sleepers_wait(struct parport *port);
void pta_device_list_lock(struct parport *port);
void pta_device_list_unlock(struct parport *port);

int pta_hardware_control(struct parport *port);
bool pta_is_pci(struct parport *port);
void pta_fifo(struct parport *port, unsigned int *depth, unsigned int *width);

long pta_sleep(struct completion *over, unsigned long timeout);
void pta_wake(struct completion *over, struct task_struct *sleeper);

void pta_call_rcu_tasks(struct callback_head *head,
			void (*func)(struct callback_head *head));
void pta_rcu_barrier_tasks(void);

int pta_watch_modules(void);
void pta_unwatch_modules(void);
bool pta_is_in_module(const struct module *module, unsigned long address);
/* In Rust */
void pta_module_goes(const struct module *module, const char *name);

extern bool pta_enable_connect_interrupt;
extern unsigned int pta_lock_timeout_ms;
extern unsigned int pta_hold_warning_ms;
extern unsigned int pta_storm_limit;

#endif /* _PTA_HELPERS_H */
