// SPDX-License-Identifier: GPL-2.0
/*
 * Has rust/unload.rs told of each module that goes: after its exit, or its
 * initialisation that failed, and before its memory is freed.
 */

#include <linux/module.h>
#include <linux/notifier.h>

#include "helpers.h"

static int pta_module_notify(struct notifier_block *block, unsigned long state,
			     void *data)
{
	struct module *module = data;

	if (state == MODULE_STATE_GOING)
		pta_module_goes(module, module->name);
	return NOTIFY_OK;
}

static struct notifier_block pta_module_block = {
	.notifier_call = pta_module_notify,
};

int pta_watch_modules(void)
{
	return register_module_notifier(&pta_module_block);
}

void pta_unwatch_modules(void)
{
	unregister_module_notifier(&pta_module_block);
}

bool pta_is_in_module(const struct module *module, unsigned long address)
{
	return within_module(address, module);
}
