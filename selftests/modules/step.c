// SPDX-License-Identifier: GPL-2.0
/*
 * Two plain variables that only what runs in step with the port's routines may
 * touch, and that differ while it does. Whoever finds them different runs beside
 * another.
 *
 * In the midst of its step, whoever is not an ISR has the hardware raise an
 * interrupt. So there is an ISR that wants to run just then, if need be on
 * another processor.
 */
#include <linux/atomic.h>
#include <linux/delay.h>
#include <linux/seq_buf.h>

#include "pta_test.h"

#define STEP_US	50

static unsigned long left, right;
static atomic_t broken;
static atomic_t steps[PTA_STEPPERS];

void pta_test_step(enum pta_test_stepper stepper, struct pta_test_client *client)
{
	if (READ_ONCE(left) != READ_ONCE(right))
		atomic_inc(&broken);
	WRITE_ONCE(left, left + 1);
	if (stepper != PTA_STEP_ISR)
		pta_test_pulse(client);
	udelay(STEP_US);
	WRITE_ONCE(right, right + 1);
	if (READ_ONCE(left) != READ_ONCE(right))
		atomic_inc(&broken);
	atomic_inc(&steps[stepper]);
}

int pta_test_isr_steps(void)
{
	return atomic_read(&steps[PTA_STEP_ISR]);
}

void pta_test_steps_forget(void)
{
	left = 0;
	right = 0;
	atomic_set(&broken, 0);
	for (int i = 0; i < ARRAY_SIZE(steps); i++)
		atomic_set(&steps[i], 0);
}

/*
 * Result: how often somebody ran beside another. Output: steps of ISRs, of
 * deferred port checks and of synchronised functions.
 */
int pta_test_steps(int argc, char **argv)
{
	seq_buf_printf(&pta_test_output, "%d %d %d",
		       atomic_read(&steps[PTA_STEP_ISR]),
		       atomic_read(&steps[PTA_STEP_CHECK]),
		       atomic_read(&steps[PTA_STEP_SYNC]));
	return atomic_read(&broken);
}
