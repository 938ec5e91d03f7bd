// SPDX-License-Identifier: GPL-2.0
/*
 * The Linux half of the sample: what loads and unloads driver.c, and the parameters.
 * Of Linux it includes first what it needs, and then the Windows headers.
 */
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/moduleparam.h>

#include <ntddk.h>

#include "driver.h"

module_param_named(port, SamplePort, uint, 0444);
MODULE_PARM_DESC(port, "number N of parportN (default: 0)");
module_param_named(time_limit, SampleTimeLimit, uint, 0644);
MODULE_PARM_DESC(time_limit, "how long to wait for the port, in ms (default: 500)");

/* With a place for DriverEntry() to put AddDevice, as most do; nobody calls it. */
static DRIVER_EXTENSION extension;
static DRIVER_OBJECT driver = { .DriverExtension = &extension };

/* What modprobe is to say */
static int to_errno(NTSTATUS status)
{
	switch (status) {
	case STATUS_SUCCESS:
		return 0;
	case STATUS_OBJECT_NAME_NOT_FOUND:
	case STATUS_DELETE_PENDING:
		return -ENODEV;
	case STATUS_DEVICE_BUSY:
		return -EBUSY;
	case STATUS_INSUFFICIENT_RESOURCES:
		return -ENOMEM;
	case STATUS_IO_TIMEOUT:
		return -ETIMEDOUT;
	case STATUS_NOT_SUPPORTED:
		return -EOPNOTSUPP;
	default:
		return -EIO;
	}
}

static int __init pta_sample_windows_init(void)
{
	UNICODE_STRING no_registry = {};

	return to_errno(DriverEntry(&driver, &no_registry));
}

static void __exit pta_sample_windows_exit(void)
{
	driver.DriverUnload(&driver);
}

module_init(pta_sample_windows_init);
module_exit(pta_sample_windows_exit);

MODULE_DESCRIPTION("Sample Windows class driver for parport_try_alloc");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("PARPORT_TRY_ALLOC");
