// SPDX-License-Identifier: GPL-2.0
/*
 * Hardware that loses its control register while the machine is suspended: a
 * device whose suspend callback clears it, past parport.
 */
#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/platform_device.h>
#include <linux/pm.h>
#include <linux/string.h>

#include "pta_test.h"

static struct platform_device *device;
static unsigned long control_address;
static atomic_t losses;

/* When all devices have been suspended, and none resumed. */
static int lose(struct device *dev)
{
	outb(0, control_address);
	atomic_inc(&losses);
	return 0;
}

static const struct dev_pm_ops power_ops = {
	.suspend_noirq = lose,
	.freeze_noirq = lose,
};

static struct platform_driver power_driver = {
	.driver = {
		.name = "pta_test_power",
		.pm = &power_ops,
	},
};

void pta_test_power_stop(void)
{
	if (!device)
		return;
	platform_device_unregister(device);
	platform_driver_unregister(&power_driver);
	device = NULL;
}

static int start(struct pta_test_client *client)
{
	int err;

	control_address = client->base + 2;
	atomic_set(&losses, 0);
	err = platform_driver_register(&power_driver);
	if (err)
		return err;
	device = platform_device_register_simple("pta_test_power",
						 PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(device)) {
		err = PTR_ERR(device);
		device = NULL;
		platform_driver_unregister(&power_driver);
	}
	return err;
}

/*
 * lose CLIENT: from now on its port loses its control register in each suspend.
 * lose count: how often it has
 */
int pta_test_lose(int argc, char **argv)
{
	struct pta_test_client *client;

	if (!strcmp(argv[1], "count"))
		return atomic_read(&losses);
	client = pta_test_client(argv[1]);
	if (!client || !client->base || device)
		return -EBADRQC;
	return start(client);
}
