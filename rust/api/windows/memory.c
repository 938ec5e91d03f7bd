// SPDX-License-Identifier: GPL-2.0
/*
 * Pool: the kernel's memory.
 */

#include <linux/slab.h>

#include "runtime.h"

gfp_t pta_win_gfp(void)
{
	return pta_win_irql() < DISPATCH_LEVEL ? GFP_KERNEL : GFP_ATOMIC;
}

PVOID pta_win_allocate_pool(SIZE_T size)
{
	return kmalloc(size, pta_win_gfp() | __GFP_NOWARN);
}
PTA_WIN_EXPORT(pta_win_allocate_pool);

void pta_win_free_pool(PVOID pool)
{
	kfree(pool);
}
PTA_WIN_EXPORT(pta_win_free_pool);
