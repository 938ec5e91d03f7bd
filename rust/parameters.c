// SPDX-License-Identifier: GPL-2.0
/*
 * Module parameters. They are in C because a parameter that the module! macro
 * makes is not in sysfs, and these are meant to be changed at run time.
 */

#include <linux/module.h>
#include <linux/moduleparam.h>

#include "helpers.h"

bool pta_enable_connect_interrupt;
module_param_named(enable_connect_interrupt, pta_enable_connect_interrupt,
		   bool, 0644);
MODULE_PARM_DESC(enable_connect_interrupt,
		 "Let class drivers connect interrupt service routines (default: N)");

unsigned int pta_lock_timeout_ms = 300000;
module_param_named(lock_timeout_ms, pta_lock_timeout_ms, uint, 0644);
MODULE_PARM_DESC(lock_timeout_ms,
		 "How long a Windows class driver's IOCTL_INTERNAL_LOCK_PORT waits for the port, in ms (default: 300000)");

unsigned int pta_hold_warning_ms = 10000;
module_param_named(hold_warning_ms, pta_hold_warning_ms, uint, 0644);
MODULE_PARM_DESC(hold_warning_ms,
		 "Name a holder in the log that keeps a port for longer than this, in ms; 0: never (default: 10000)");

unsigned int pta_storm_limit = 4000;
module_param_named(storm_limit, pta_storm_limit, uint, 0644);
MODULE_PARM_DESC(storm_limit,
		 "Switch a port's interrupt off after so many in 100 ms that no routine handled; 0: never (default: 4000)");
