/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Native C interface of parport_try_alloc: ownership of a parallel port for
 * class drivers, with an allocate that never waits and may be called from the
 * driver's interrupt service routine.
 *
 * A class driver is a kernel driver for a thing on a parallel port. It opens a
 * port and becomes a *client*. At most one client of a port is its *owner* at
 * any time, and only the owner may touch the port's registers, but for a look at
 * the status. lp, ppdev and every other Linux parport driver count as owners
 * too: while one of them has the port, no client has it.
 *
 * Every function is exported GPL-only in the symbol namespace
 * PARPORT_TRY_ALLOC, so a class driver says
 * ``MODULE_IMPORT_NS("PARPORT_TRY_ALLOC");``.
 */
#ifndef _LINUX_PARPORT_TRY_ALLOC_H
#define _LINUX_PARPORT_TRY_ALLOC_H

#include <linux/ktime.h>
#include <linux/types.h>

struct parport;

/*
 * One open handle on one port: made by pta_open(), gone after pta_close(). It
 * stays safe to use for all that time, also when the port is unplugged.
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
 *       port. It may call whatever here may be called in any context, but for
 *       pta_synchronize(). It is called whether or not its client owns the
 *       port; it may write to the port's registers only if it does.
 * @context: given to @isr as it is
 * @port_check: the deferred port check, or NULL. Called, in the order of
 *              connection, after every free that left the port free, if it is
 *              still free then, and when the port came back from a Linux driver:
 *              who was refused the port in its routine looks again here. Frees
 *              that come faster than they can be followed cause one call. It runs
 *              in a kernel worker with interrupts off, under the same lock as
 *              @isr, and may call the same functions. All checks are called, also
 *              if one of them takes the port; a free inside a check does not by
 *              itself cause another round of them
 * @port_check_context: given to @port_check as it is
 * @flags: 0 or PTA_INTERRUPT_TIMESTAMP: take the time of every interrupt, for
 *         pta_interrupt_time(). Looking at the clock takes longer than all else
 *         on the way to @isr
 */
struct pta_interrupt_service {
	bool (*isr)(void *context);
	void *context;
	void (*port_check)(void *context);
	void *port_check_context;
	unsigned int flags;
};

/* Take the time of every interrupt, for pta_interrupt_time(). */
#define PTA_INTERRUPT_TIMESTAMP 1U

/**
 * struct pta_request - a request for a port that waits in line
 * @done: called with the request when it is answered, once for each
 *        pta_allocate_async() that returned 0. @status is 0 if the client owns
 *        the port now, -ECANCELED if the request or the client was cancelled,
 *        -ENODEV if the port is gone. The request is the caller's again from
 *        then on. It runs in process context, in a kernel worker of its port's:
 *        it may sleep, but the port waits meanwhile. It may free the port and
 *        queue this request or others again; it must not call pta_open(),
 *        pta_close() or pta_allocate(), nor register or unregister a parport
 *        driver
 *
 * The caller owns the memory. All of it but @done must be zero before it is used
 * for the first time (a static or kzalloc()ed one is), and between its
 * pta_allocate_async() and its answer it must not be touched or moved.
 */
struct pta_request {
	void (*done)(struct pta_request *request, int status);
	/* private: the port's */
	unsigned long reserved[5];
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
 * Cancels the client's requests and waits for their answers, disconnects what it
 * has connected, and frees the port if the client owns it; other clients notice
 * no more than that. No other call on @client may be running or come later, but
 * for pta_allocate_async() from an answer to a request, which is refused.
 *
 * From a routine of this port it does nothing but name the client in the log. A
 * class driver that is unloaded without closing is named, too, and what it has
 * connected is disconnected, but the port stays open.
 *
 * Context: Process context, not from an interrupt service routine or an answer to a
 *          request. May sleep.
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
 * pta_allocate() - take the port, waiting for it if need be
 * @client: the client that wants the port
 * @timeout: how long to wait, in jiffies; 0: try once, MAX_SCHEDULE_TIMEOUT:
 *           for ever
 *
 * All who wait for a port, in whatever way, are served in the order in which they
 * came, and nobody takes the port past them. If a Linux driver has the port, it
 * is asked once to give way. A Linux driver that was refused gets the port after
 * at most one more of those who wait here.
 *
 * A client that owns the port and asks for it again waits for itself.
 *
 * Context: Process context. May sleep. Not from a @done of &struct pta_request of
 *          this port.
 * Return: 0 if @client owns the port now, or:
 *
 * * -ETIMEDOUT - the time is over
 * * -EINTR - the task is being killed
 * * -EINVAL - @timeout is negative
 * * -EDEADLK - called from an answer to a request of this port, if it would have
 *   to wait, or from a routine of this port
 * * -ENODEV - the port is gone
 */
int pta_allocate(struct pta_client *client, long timeout);

/**
 * pta_allocate_async() - get in line for the port, and be called
 * @client: the client that wants the port
 * @request: the request; see &struct pta_request
 *
 * Context: Any context but NMI.
 * Return: 0 if the request is in line: @request->done will be called, also if the
 * port is free. Otherwise nothing is called:
 *
 * * -EINVAL - @request or its @done is NULL
 * * -EBUSY - the request is in line already
 * * -ESHUTDOWN - the client is being closed
 * * -ENODEV - the port is gone
 */
int pta_allocate_async(struct pta_client *client, struct pta_request *request);

/**
 * pta_cancel() - take a request out of the line
 * @client: the client that queued it
 * @request: the request; it need not be in line
 *
 * A cancel and a grant that come together have one outcome: this returns true and
 * the request ends with -ECANCELED, or this returns false and it ends, or has
 * ended, with what came first. Those behind it keep their order.
 *
 * Context: Any context but NMI.
 * Return: true if the request was waiting and will be called with -ECANCELED.
 */
bool pta_cancel(struct pta_client *client, struct pta_request *request);

/**
 * pta_free() - give the port back
 * @client: the client that owns the port
 *
 * With nobody waiting the port is free when this returns. If somebody waits for
 * it, the port stays taken until a kernel worker has handed it over; neither
 * parport nor another class driver is called from here. The worker has the port
 * for a moment, too, if the first routine was connected or the last one
 * disconnected meanwhile.
 *
 * Of a client that was told where the registers are, by pta_parport() or
 * pta_get_port_info(), or that used pta_write_control(), the control register is
 * read here and brought back to what a free port has: no AUTOFD, no reverse
 * direction, and the interrupt as the port needs it. Of other clients no register
 * is touched.
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
 *   enable_connect_interrupt. Checked before everything else, and named in the
 *   log
 * * -EINVAL - @service or its routine is NULL, or its flags are unknown
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
 * pta_synchronize() - run a function in step with the port's routines
 * @client: any client of the port
 * @function: what to run
 * @context: given to @function as it is
 *
 * No interrupt service routine, deferred port check or other such function of
 * the port runs beside @function, which runs with interrupts off and may call
 * what an interrupt service routine may.
 *
 * Context: Any context but NMI; not from a routine of this port.
 * Return: what @function returned, or:
 *
 * * -EINVAL - @function is NULL
 * * -EDEADLK - called from a routine of this port
 * * -ENODEV - the port is gone
 */
int pta_synchronize(struct pta_client *client, int (*function)(void *context),
		    void *context);

/**
 * pta_interrupt_time() - when did the interrupt come?
 * @client: any client of the port
 *
 * The time at which the port's interrupt reached this module, before the first
 * routine was called. It is taken while a routine is connected with
 * PTA_INTERRUPT_TIMESTAMP.
 *
 * Context: Any context, NMI included. Outside an interrupt service routine it is
 *          the time of the last interrupt.
 * Return: the time of the monotonic clock, as ktime_get() has it.
 */
ktime_t pta_interrupt_time(struct pta_client *client);

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
 * Context: Any context but NMI.
 * Return: the number of waiters; the owner is not one of them.
 */
unsigned int pta_query_waiters(struct pta_client *client);

/**
 * pta_parport() - the port, for the accessors of <linux/parport.h>
 * @client: any client of the port
 *
 * The owner of the port may use parport_write_data(), parport_read_status() and
 * the like on it. parport_claim(), parport_release() and whatever else decides
 * about ownership must not be used by a client. Neither must parport_write() and
 * parport_read(), which release the port while they wait for the device.
 *
 * Context: Any context, NMI included.
 * Return: the port; valid until pta_close(), also when the port is gone: the
 * accessors do nothing then. One that is running as the port goes may still reach
 * it; pta_write_data() and its like do not.
 */
struct parport *pta_parport(struct pta_client *client);

/**
 * pta_read_data() - read the data lines
 * @client: the client that owns the port
 *
 * These accessors look at the ownership with each access, so that the registers
 * of a port that was unplugged, or is another's, are not touched.
 *
 * Context: Any context but NMI.
 * Return: the value, 0 to 255, or:
 *
 * * -EPERM - @client does not own the port
 * * -ENODEV - the port is gone
 * * -EOPNOTSUPP - the port's registers can be accessed in process context only:
 *   use pta_parport()
 */
int pta_read_data(struct pta_client *client);

/**
 * pta_read_status() - read the status register
 * @client: any client of the port
 *
 * An interrupt service routine may have to look at the status to quieten its
 * device. This needs no ownership; it fails if a Linux driver has the port.
 *
 * Context: Any context but NMI.
 * Return: as pta_read_data().
 */
int pta_read_status(struct pta_client *client);

/**
 * pta_read_control() - read what was last written to the control register
 * @client: the client that owns the port
 *
 * Context: Any context but NMI.
 * Return: as pta_read_data(); bits 0 to 3.
 */
int pta_read_control(struct pta_client *client);

/**
 * pta_write_data() - write the data lines
 * @client: the client that owns the port
 * @value: what to write
 *
 * Context: Any context but NMI.
 * Return: 0, or an error as of pta_read_data().
 */
int pta_write_data(struct pta_client *client, u8 value);

/**
 * pta_write_control() - write the control register
 * @client: the client that owns the port
 * @value: what to write to bits 0 to 3; the bits of the interrupt and of the
 *         direction stay as they are
 *
 * Context: Any context but NMI.
 * Return: 0, or an error as of pta_read_data().
 */
int pta_write_control(struct pta_client *client, u8 value);

#endif /* _LINUX_PARPORT_TRY_ALLOC_H */
