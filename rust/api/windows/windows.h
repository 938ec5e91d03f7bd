/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The seam between the two halves of the Windows door. The runtime, in C beside
 * this file, knows IRPs, events and the like, and nothing of ports; the requests,
 * in Rust, know the port.
 */
#ifndef _PTA_WINDOWS_H
#define _PTA_WINDOWS_H

#include <wdm.h>

/* --- in Rust ----------------------------------------------------------------- */

/*
 * Answers a request to the port whose device object @device is. It is called with
 * the IRP's current stack location being the device's own. It either completes the
 * IRP with pta_win_complete() and returns the status, or marks it pending, returns
 * STATUS_PENDING and completes it later. At most DISPATCH_LEVEL.
 */
NTSTATUS pta_win_dispatch(PDEVICE_OBJECT device, PIRP irp);

/*
 * pta_win_open(), pta_win_reference() and pta_win_dereference() of <wdm/io.h>. Many
 * drivers give the file object back as soon as they have the device object, and go on
 * using that: on Windows the device is there as long as its own driver. So with the last
 * reference the client's requests are cancelled, and the port is freed if it is its own;
 * but the device object stays good, for requests and for what it handed out, until its
 * client has gone. A later pta_win_open() of that client may find it again, unless
 * something is connected, owned or waited for with it.
 */

/* The highest number of a port, plus 1; 0 if there is none. PASSIVE_LEVEL. */
ULONG pta_win_port_numbers(void);

/* --- in C -------------------------------------------------------------------- */

/* With the module's last breath */
void pta_win_stop(void);

/*
 * Completes an IRP: tells the drivers above, the innermost first, and then whoever
 * built the IRP. The IRP is gone when it returns. At most DISPATCH_LEVEL, with no
 * lock held.
 */
void pta_win_complete(PIRP irp, NTSTATUS status, ULONG_PTR information);

/*
 * Has @routine called if the IRP is cancelled: at most once, with the cancel lock
 * held, which it gives back with pta_win_release_cancel_lock(irp->CancelIrql). It
 * returns false, and changes nothing, if the IRP was cancelled already.
 */
BOOLEAN pta_win_set_cancel(PIRP irp, PDRIVER_CANCEL routine);

/*
 * Takes the cancel routine back. It returns true if it was there, and so will not be
 * called; and false if there was none, or it is called or has been called.
 */
BOOLEAN pta_win_clear_cancel(PIRP irp);

#endif /* _PTA_WINDOWS_H */
