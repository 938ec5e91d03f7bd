// SPDX-License-Identifier: GPL-2.0
/*
 * Module parameters. They are in C because a parameter that the module! macro
 * makes is not in sysfs, and this one is meant to be changed at run time.
 */

#include <linux/module.h>
#include <linux/moduleparam.h>

#include "helpers.h"

bool pta_enable_connect_interrupt;
module_param_named(enable_connect_interrupt, pta_enable_connect_interrupt,
		   bool, 0644);
MODULE_PARM_DESC(enable_connect_interrupt,
		 "Let class drivers connect interrupt service routines (default: N)");
