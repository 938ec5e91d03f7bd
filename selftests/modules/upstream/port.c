// SPDX-License-Identifier: GPL-2.0
/*
 * A parallel port that is a control register in memory and nothing else. Nothing is
 * connected to it, and it has no interrupt.
 */
#include <linux/device/faux.h>
#include <linux/module.h>

#include "upstream.h"

/* A register address that nobody has; nothing accesses it. */
#define BASE 0x9980

static struct faux_device *device;
struct parport *port;

static u8 control = CONTROL_AT_START;

static void write_data(struct parport *port, unsigned char byte)
{
}

static unsigned char read_data(struct parport *port)
{
	return 0;
}

static void write_control(struct parport *port, unsigned char value)
{
	control = value & 0x0f;
}

static unsigned char read_control(struct parport *port)
{
	return control;
}

static unsigned char frob_control(struct parport *port, unsigned char mask,
				  unsigned char value)
{
	control = (control & ~mask) ^ (value & 0x0f);
	return control;
}

static unsigned char read_status(struct parport *port)
{
	return PARPORT_STATUS_BUSY | PARPORT_STATUS_ACK | PARPORT_STATUS_SELECT |
	       PARPORT_STATUS_ERROR;
}

static void do_nothing(struct parport *port)
{
}

static void init_state(struct pardevice *device, struct parport_state *state)
{
	state->u.pc.ctr = CONTROL_AT_START;
}

static void save_state(struct parport *port, struct parport_state *state)
{
	state->u.pc.ctr = control;
}

static void restore_state(struct parport *port, struct parport_state *state)
{
	control = state->u.pc.ctr;
	on_restore();
}

static struct parport_operations operations = {
	.write_data = write_data,
	.read_data = read_data,
	.write_control = write_control,
	.read_control = read_control,
	.frob_control = frob_control,
	.read_status = read_status,
	.enable_irq = do_nothing,
	.disable_irq = do_nothing,
	.data_forward = do_nothing,
	.data_reverse = do_nothing,
	.init_state = init_state,
	.save_state = save_state,
	.restore_state = restore_state,
	.compat_write_data = parport_ieee1284_write_compat,
	.nibble_read_data = parport_ieee1284_read_nibble,
	.byte_read_data = parport_ieee1284_read_byte,
	.owner = THIS_MODULE,
};

int port_create(void)
{
	device = faux_device_create("pta_upstream", NULL, NULL);
	if (!device)
		return -ENODEV;
	port = parport_register_port(BASE, PARPORT_IRQ_NONE, PARPORT_DMA_NONE, &operations);
	if (!port) {
		faux_device_destroy(device);
		return -ENOMEM;
	}
	port->dev = &device->dev;
	port->modes = PARPORT_MODE_PCSPP | PARPORT_MODE_SAFEININT;
	parport_announce_port(port);
	return 0;
}

void port_remove(void)
{
	parport_remove_port(port);
	parport_del_port(port);
	faux_device_destroy(device);
}
