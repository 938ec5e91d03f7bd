/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The C headers that the Rust code sees as crate::bindings: parport's own,
 * which the kernel crate does not have, and ours.
 */

#include <linux/parport.h>
#include <linux/parport_try_alloc.h>

#include "helpers.h"
