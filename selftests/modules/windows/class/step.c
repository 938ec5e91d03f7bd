// SPDX-License-Identifier: GPL-2.0
/*
 * Two plain variables that only what runs in step with the port's routines may touch,
 * and that differ while it does. Whoever finds them different runs beside another. In
 * the midst of its step, whoever is not an interrupt service routine has the hardware
 * raise an interrupt, so that there is a routine that wants to run just then.
 *
 *   steps	output: how often somebody ran beside another, and how many steps there were
 *		of interrupt service routines, deferred port checks and synchronised code
 */
#include <wdm.h>

#include "class.h"

#define STEP_US	50

static volatile ULONG Left, Right;
static volatile LONG Broken;
static volatile LONG Steps[STEPPERS];

VOID Step(STEPPER stepper, POPEN_DEVICE device)
{
	if (Left != Right)
		InterlockedIncrement(&Broken);
	Left = Left + 1;
	if (stepper != STEP_ISR)
		Pulse(device);
	KeStallExecutionProcessor(STEP_US);
	Right = Right + 1;
	if (Left != Right)
		InterlockedIncrement(&Broken);
	InterlockedIncrement(&Steps[stepper]);
}

int class_steps(char **argv)
{
	class_say("%d %d %d %d", Broken, Steps[STEP_ISR], Steps[STEP_CHECK],
		  Steps[STEP_SYNCHRONIZED]);
	return 0;
}
