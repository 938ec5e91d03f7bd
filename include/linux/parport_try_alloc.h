/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Native C interface of parport_try_alloc: ownership of a parallel port for
 * class drivers, with an allocate that never waits and may be called from the
 * driver's interrupt service routine.
 *
 * A class driver is a kernel driver for a thing on a parallel port. It opens a
 * port and becomes a *client*. At most one client of a port is its *owner* at
 * any time, and only the owner may touch the port's registers. lp, ppdev and
 * every other Linux parport driver count as owners too: while one of them has
 * the port, no client has it.
 *
 * Every function is exported GPL-only in the symbol namespace
 * PARPORT_TRY_ALLOC, so a class driver says
 * ``MODULE_IMPORT_NS("PARPORT_TRY_ALLOC");``.
 */
#ifndef _LINUX_PARPORT_TRY_ALLOC_H
#define _LINUX_PARPORT_TRY_ALLOC_H

#include <linux/types.h>

struct parport;

/**
 * struct pta_client - one open handle on one port
 *
 * Opaque. Made by pta_open(), gone after pta_close(). It stays safe to use for
 * all that time, also when the port is unplugged.
 */
struct pta_client;

/**
 * struct pta_port_info - what is known about a port
 * @name: the port's name, for example "parport0"; valid until pta_close()
 * @base: I/O address of the data register; 0 if the port has none
 * @base_hi: I/O address of the ECP registers; 0 if the port has none
 * @number: N of parportN
 * @modes: PARPORT_MODE_* bits of <uapi/linux/parport.h>
 * @irq: interrupt line, or PARPORT_IRQ_NONE (-1)
 */
struct pta_port_info {
	const char *name;
	unsigned long base;
	unsigned long base_hi;
	unsigned int number;
	unsigned int modes;
	int irq;
};

/**
 * struct pta_interrupt_service - what a client wants called on an interrupt
 * @isr: the interrupt service routine. Returns true if the interrupt was its
 *       own: the routines connected after it are then not called. It runs in
 *       hard interrupt context (in the interrupt thread, with interrupts off,
 *       on PREEMPT_RT and with ``threadirqs``), under the raw lock of the
 *       port's interrupt chain, and never beside another routine of the same
 *       port. It may call pta_try_allocate(), pta_free() and
 *       pta_query_waiters(), and nothing that sleeps, connects, disconnects or
 *       closes. It is called whether or not its client owns the port; it may
 *       write to the port's registers only if it does.
 * @context: given to @isr as it is
 */
struct pta_interrupt_service {
	bool (*isr)(void *context);
	void *context;
};

/**
 * pta_open() - open a parallel port
 * @number: N of parportN
 * @name: name of the client, for logs; it is copied
 *
 * Opening does not allocate the port. The first open of a port registers this
 * module with the port and the last close unregisters it; in between no Linux
 * driver can register with the port exclusively (ppdev's PPEXCL).
 *
 * Context: Process context. May sleep.
 * Return: the client, or an ERR_PTR():
 *
 * * -EINVAL - @name is NULL or empty
 * * -ENODEV - there is no such port
 * * -EBUSY - a Linux driver uses the port exclusively, or the port has as many
 *   clients as it can have
 * * -ENOMEM - no memory, or the port's low-level driver is going away
 */
struct pta_client *pta_open(unsigned int number, const char *name);

/**
 * pta_close() - close a port
 * @client: what pta_open() returned; it may not be used any more
 *
 * Disconnects what the client has connected and frees the port if the client
 * owns it. No other call on @client may be running or come later.
 *
 * Context: Process context, not from an interrupt service routine. May sleep.
 */
void pta_close(struct pta_client *client);

/**
 * pta_try_allocate() - take the port if it is free, without waiting
 * @client: the client that wants the port
 *
 * One atomic compare-and-exchange: no lock, no loop, no port I/O, nothing is
 * queued and nobody is told. It is false while any client (this one included)
 * or a Linux driver owns the port, while somebody waits for it, while it is
 * handed over, and after the port is gone.
 *
 * Reads and writes that the previous owner did before its pta_free() are
 * visible to the caller that got true.
 *
 * Context: Any context, NMI included.
 * Return: true if @client now owns the port.
 */
bool __must_check pta_try_allocate(struct pta_client *client);

/**
 * pta_free() - give the port back
 * @client: the client that owns the port
 *
 * With nobody waiting the port is free when this returns. If a Linux driver
 * waits for the port, the port stays taken until deferred work has handed it
 * over; parport is never called from here.
 *
 * A refused free changes nothing, is counted and is named in the log.
 *
 * Context: Any context but NMI.
 * Return:
 *
 * * 0 - the port was @client's and is no more
 * * -EPERM - @client does not own the port: it never did, or freed it before
 * * -ENODEV - the port is gone, and the ownership with it
 */
int pta_free(struct pta_client *client);

/**
 * pta_connect_interrupt() - have a routine called on each interrupt of a port
 * @client: the client that connects
 * @service: what to call; copied
 *
 * Routines are called in the order in which they were connected, until one of
 * them returns true. Connecting does not need ownership, and the same pair of
 * routine and context may be connected more than once. The routine may be
 * called before this function returns.
 *
 * The port's interrupt enable (INTEN) is switched on with the first connected
 * routine and off with the last; if a client owns the port at that moment, when
 * it frees the port.
 *
 * No routine is called while a Linux driver has the port: the interrupts are
 * that driver's.
 *
 * Context: Process context, not from an interrupt service routine. May sleep.
 * Return: 0, or:
 *
 * * -EACCES - connecting is switched off, as it is by default; the
 *   administrator switches it on with the module parameter
 *   enable_connect_interrupt. Checked before everything else
 * * -EINVAL - @service or its routine is NULL
 * * -EDEADLK - called from a routine of this port
 * * -ENODEV - the port is gone
 * * -EOPNOTSUPP - the port has no interrupt, or its registers cannot be
 *   accessed in interrupt context
 * * -ENOMEM - no memory
 */
int pta_connect_interrupt(struct pta_client *client,
			  const struct pta_interrupt_service *service);

/**
 * pta_disconnect_interrupt() - undo one pta_connect_interrupt()
 * @client: the client that connected
 * @service: the pair of routine and context that was connected
 *
 * When this has returned 0, the routine is not running for this connection and
 * is not called for it again. It works while connecting is switched off and
 * after the port is gone.
 *
 * Context: Process context, not from an interrupt service routine. May sleep.
 * Return: 0, or:
 *
 * * -EINVAL - @service is NULL, or @client has no such pair connected
 * * -EDEADLK - called from a routine of this port
 */
int pta_disconnect_interrupt(struct pta_client *client,
			     const struct pta_interrupt_service *service);

/**
 * pta_get_port_info() - what port is this?
 * @client: any client of the port; it need not own it
 * @info: filled in if 0 is returned
 *
 * Context: Any context but NMI.
 * Return: 0, -EINVAL if @info is NULL, or -ENODEV if the port is gone.
 */
int pta_get_port_info(struct pta_client *client, struct pta_port_info *info);

/**
 * pta_query_waiters() - does anybody wait for the port?
 * @client: any client of the port
 *
 * A long holder should look now and then and free the port soon when it is not
 * alone. The number is a snapshot. A Linux driver that was refused the port
 * counts as one, however many there are.
 *
 * Context: Any context, NMI included.
 * Return: the number of waiters; the owner is not one of them.
 */
unsigned int pta_query_waiters(struct pta_client *client);

/**
 * pta_parport() - the port, for the accessors of <linux/parport.h>
 * @client: any client of the port
 *
 * The owner of the port may use parport_write_data(), parport_read_status() and
 * the like on it. parport_claim(), parport_release() and whatever else decides
 * about ownership must not be used by a client.
 *
 * Context: Any context, NMI included.
 * Return: the port; valid until pta_close(), also when the port is gone (the
 * accessors do nothing then).
 */
struct parport *pta_parport(struct pta_client *client);

#endif /* _LINUX_PARPORT_TRY_ALLOC_H */
