// SPDX-License-Identifier: GPL-2.0
/*
 * Pool: the kernel's memory.
 */

#include <linux/slab.h>

#include "runtime.h"

/* Drivers look whether they got it, and the log is not told when not. */
gfp_t pta_win_gfp(void)
{
	return __GFP_NOWARN | (pta_win_irql() < DISPATCH_LEVEL ? GFP_KERNEL : GFP_ATOMIC);
}

PVOID pta_win_allocate_pool(SIZE_T size)
{
	return kmalloc(size, pta_win_gfp());
}
EXPORT_SYMBOL_NS_GPL(pta_win_allocate_pool, "PARPORT_TRY_ALLOC");

void pta_win_free_pool(PVOID pool)
{
	kfree(pool);
}
EXPORT_SYMBOL_NS_GPL(pta_win_free_pool, "PARPORT_TRY_ALLOC");
