// SPDX-License-Identifier: GPL-2.0
/*
 * The port's registers: the accessors of parport_try_alloc, and clients that
 * leave a mess behind with those of parport, or with none at all.
 */
#include <linux/io.h>
#include <linux/kernel.h>
#include <linux/parport.h>
#include <linux/string.h>

#include "pta_test.h"

/* Everything the owner could set in it, and the device could see */
#define CONTROL_MESS	0x37

static int read_data(struct pta_test_client *client)
{
	return pta_read_data(client->handle);
}

static int read_status(struct pta_test_client *client)
{
	return pta_read_status(client->handle);
}

static int read_control(struct pta_test_client *client)
{
	return pta_read_control(client->handle);
}

/* read CLIENT data|status|control [CONTEXT]; result: the value */
int pta_test_read(int argc, char **argv)
{
	struct pta_test_client *client = pta_test_client(argv[1]);
	int (*fn)(struct pta_test_client *client) =
		!strcmp(argv[2], "data") ? read_data :
		!strcmp(argv[2], "status") ? read_status :
		!strcmp(argv[2], "control") ? read_control : NULL;

	if (!client || !fn)
		return -EBADRQC;
	return pta_test_call(argc > 3 ? argv[3] : "process", fn, client);
}

/* write CLIENT data|control VALUE */
int pta_test_write(int argc, char **argv)
{
	struct pta_test_client *client = pta_test_client(argv[1]);
	u8 value;

	if (!client || kstrtou8(argv[3], 0, &value))
		return -EBADRQC;
	if (!strcmp(argv[2], "data"))
		return pta_write_data(client->handle, value);
	if (!strcmp(argv[2], "control"))
		return pta_write_control(client->handle, value);
	return -EBADRQC;
}

/*
 * leave CLIENT WHAT: the client, which has to own the port, sets something in
 * the control register that a free port does not have.
 */
int pta_test_leave(int argc, char **argv)
{
	struct pta_test_client *client = pta_test_client(argv[1]);
	struct parport *port;

	if (!client || !client->base)
		return -EBADRQC;
	port = pta_parport(client->handle);

	if (!strcmp(argv[2], "autofd"))
		parport_frob_control(port, PARPORT_CONTROL_AUTOFD,
				     PARPORT_CONTROL_AUTOFD);
	else if (!strcmp(argv[2], "no-init"))
		parport_frob_control(port, PARPORT_CONTROL_INIT, 0);
	else if (!strcmp(argv[2], "reverse"))
		parport_data_reverse(port);
	else if (!strcmp(argv[2], "interrupt"))
		parport_enable_irq(port);
	else if (!strcmp(argv[2], "no-interrupt"))
		parport_disable_irq(port);
	else if (!strcmp(argv[2], "raw"))
		/* parport does not get to know of it. */
		outb(CONTROL_MESS, client->base + 2);
	else
		return -EBADRQC;
	return 0;
}
