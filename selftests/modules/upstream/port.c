// SPDX-License-Identifier: GPL-2.0
/*
 * A parallel port that is a control register in memory, without an interrupt. Connected
 * to it is a printer that takes as many bytes as it is told to, and then is busy.
 */
#include <linux/device/faux.h>
#include <linux/limits.h>
#include <linux/module.h>

#include "upstream.h"

/* A register address that nobody has; nothing accesses it. */
#define BASE 0x9980

static struct faux_device *device;
struct parport *port;

static u8 control = CONTROL_AT_START;

u32 printer_takes = U32_MAX;
u32 printed;
bool printer_off;

/* The devices that were registered when the port went away */
static struct pardevice *kept[8];
static unsigned int n_kept;
static bool gone;

static void write_data(struct parport *port, unsigned char byte)
{
}

static unsigned char read_data(struct parport *port)
{
	return 0;
}

static void write_control(struct parport *port, unsigned char value)
{
	if (value & ~control & PARPORT_CONTROL_STROBE)
		printed++;
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
	u8 status = PARPORT_STATUS_ACK;

	if (READ_ONCE(printer_off))
		return status;
	/* Inverted, like all that have an n before their name */
	if (printed < READ_ONCE(printer_takes))
		status |= PARPORT_STATUS_BUSY;
	return status | PARPORT_STATUS_SELECT | PARPORT_STATUS_ERROR;
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
	/*
	 * Not this module: somebody at ppdev who closes a port that is gone would keep
	 * it loaded for ever.
	 */
	.owner = NULL,
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

/*
 * The port goes away. What its drivers free stays in memory all the same, until
 * port_remove(): on a kernel that has the bug, somebody still uses it.
 */
void port_unplug(void)
{
	struct pardevice *device;

	if (gone)
		return;
	gone = true;
	parport_get_port(port);
	spin_lock(&port->pardevice_lock);
	for (device = port->devices; device && n_kept < ARRAY_SIZE(kept); device = device->next) {
		get_device(&device->dev);
		kept[n_kept++] = device;
	}
	spin_unlock(&port->pardevice_lock);
	parport_remove_port(port);
	parport_del_port(port);
}

void port_remove(void)
{
	port_unplug();
	while (n_kept)
		put_device(&kept[--n_kept]->dev);
	parport_put_port(port);
	faux_device_destroy(device);
}
