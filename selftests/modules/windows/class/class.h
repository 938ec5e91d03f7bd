/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the two halves of the module know of each other, in types that both have, and
 * what the parts of the Windows half share.
 */
#ifndef PTA_CLASS_H
#define PTA_CLASS_H

/* --- what Linux does for it ------------------------------------------------------ */

/* Appends to what the command has to say. */
void class_say(const char *format, ...) __attribute__((__format__(printf, 1, 2)));
int class_equal(const char *a, const char *b);
unsigned int class_number(const char *text);
unsigned int class_length(const char *text);

/* Calls @function in the context of that name: process, softirq or hardirq. */
void class_in_context(const char *context, void (*function)(void *argument), void *argument);

/* In which context is this? */
const char *class_context(void);

/* Calls @function in process context on each processor in turn; 0, or not on all. */
int class_on_all_processors(void (*function)(void *argument), void *argument);

/* A thread of its own that calls @function; NULL if there is none. */
void *class_start(void (*function)(void *argument), void *argument);
void class_join(void *thread);

/* Not in an interrupt service routine. */
unsigned int class_random(unsigned int below);

/* --- commands -------------------------------------------------------------------- */

/* 0, or -1 if the command makes no sense. The arguments that are not there are "". */
typedef int class_command(char **argv);

class_command class_open, class_reference, class_close, class_leave, class_allocate,
	     class_select, class_lock, class_cancel, class_on, class_answers, class_ask,
	     class_padding, class_major, class_call, class_chip, class_chain,
	     class_connect, class_disconnect, class_mode, class_pulse, class_isrs,
	     class_synchronize, class_steps, class_stress, class_lock_beside_ask,
	     class_open_beside_close, class_lock_until_gone, class_gone, class_ieee,
	     class_write, class_read;

/* Undoes all that the commands did. */
void class_end(void);

/* --- the Windows half ------------------------------------------------------------ */

#ifdef _WDM_

#include <parallel.h>

/* An open device; its letter is a to h. */
typedef struct _OPEN_DEVICE {
	CHAR Letter;
	PFILE_OBJECT File;
	PDEVICE_OBJECT Device;
	PARALLEL_PORT_INFORMATION Port;
	PARALLEL_PNP_INFORMATION Pnp;
	PARCLASS_INFORMATION Class;
} OPEN_DEVICE, *POPEN_DEVICE;

POPEN_DEVICE OpenDevice(const char *letter);

/* Opens the device of a name, in which # stands for a backslash. */
NTSTATUS OpenByName(POPEN_DEVICE device, const char *name);
VOID SayStatus(NTSTATUS status);
const char *StatusName(NTSTATUS status);

/* Sends a request and waits for its end. */
NTSTATUS SendRequest(POPEN_DEVICE device, ULONG code, BOOLEAN internal, PVOID input,
		     ULONG inputLength, PVOID output, ULONG outputLength,
		     ULONG_PTR *information);
/* The same of a request without more to it than its major function */
NTSTATUS SendMajor(POPEN_DEVICE device, UCHAR major, ULONG_PTR *information);
VOID CancelRequests(void);
VOID DisconnectAll(POPEN_DEVICE device);
VOID EndRace(void);

/* Queues DPCs if a device is to be left open when the module goes, and returns that. */
POPEN_DEVICE LeaveOpen(void);

/* As it was connected before, with nothing to wait for the port's worker. */
NTSTATUS ConnectAgain(POPEN_DEVICE device);
NTSTATUS DisconnectOne(POPEN_DEVICE device);

/* Has the hardware of a device's port raise an interrupt. */
VOID Pulse(POPEN_DEVICE device);

/* Who takes a step, see step.c */
typedef enum _STEPPER { STEP_ISR, STEP_CHECK, STEP_SYNCHRONIZED, STEPPERS } STEPPER;

VOID Step(STEPPER stepper, POPEN_DEVICE device);

#endif /* _WDM_ */

#endif /* PTA_CLASS_H */
