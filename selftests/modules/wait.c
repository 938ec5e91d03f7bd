// SPDX-License-Identifier: GPL-2.0
/*
 * Waiting in pta_allocate() in a task of its own: whoever writes to this file.
 */
#include <linux/debugfs.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "pta_test.h"

static ssize_t wait_write(struct file *file, const char __user *buf,
			  size_t count, loff_t *ppos)
{
	char line[32], *words = line, *id, *jiffies;
	struct pta_test_client *client;
	long timeout = MAX_SCHEDULE_TIMEOUT;
	int err;

	if (count >= sizeof(line))
		return -EBADRQC;
	if (copy_from_user(line, buf, count))
		return -EFAULT;
	line[count] = '\0';

	strim(line);
	id = strsep(&words, " ");
	jiffies = strsep(&words, " ");
	client = pta_test_client(id);
	if (!client || !jiffies ||
	    (strcmp(jiffies, "max") && kstrtol(jiffies, 0, &timeout)))
		return -EBADRQC;

	err = pta_allocate(client->handle, timeout);
	pta_test_log_answer(client->id, err, true);
	return err ?: count;
}

const struct file_operations pta_test_wait_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = wait_write,
};
