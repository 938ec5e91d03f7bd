// SPDX-License-Identifier: GPL-2.0
/*
 * The rival: a Linux parport driver like any other, that neither waits for the
 * port nor uses its interrupt. If it is refused the port, it goes away.
 */
#include <linux/kernel.h>
#include <linux/parport.h>
#include <linux/string.h>

#include "pta_test.h"

static struct pardevice *rival;
static bool claimed;

static void rival_match_port(struct parport *port)
{
}

static struct parport_driver rival_driver = {
	.name = "pta_test_rival",
	.match_port = rival_match_port,
};

int pta_test_rival_init(void)
{
	return parport_register_driver(&rival_driver);
}

void pta_test_rival_leave(void)
{
	if (!rival)
		return;
	if (claimed)
		parport_release(rival);
	claimed = false;
	parport_unregister_device(rival);
	rival = NULL;
}

void pta_test_rival_exit(void)
{
	parport_unregister_driver(&rival_driver);
}

static int rival_claim(const char *port_number)
{
	const struct pardev_cb callbacks = { };
	struct parport *port;
	unsigned int number;
	int err;

	if (kstrtouint(port_number, 0, &number))
		return -EBADRQC;
	port = parport_find_number(number);
	if (!port)
		return -ENODEV;
	rival = parport_register_dev_model(port, rival_driver.name,
					   &callbacks, 0);
	parport_put_port(port);
	if (!rival)
		return -EBUSY;

	err = parport_claim(rival);
	claimed = !err;
	if (err)
		pta_test_rival_leave();
	return err;
}

/* rival PORT claims the port, rival off releases it */
int pta_test_rival(int argc, char **argv)
{
	pta_test_rival_leave();
	return strcmp(argv[1], "off") ? rival_claim(argv[1]) : 0;
}
