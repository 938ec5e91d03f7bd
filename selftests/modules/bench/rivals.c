// SPDX-License-Identifier: GPL-2.0
/*
 * Linux parport drivers like any other, to measure parport with. They are
 * registered on the port all the time, and have it only while they are measured.
 */
#include <linux/errno.h>

#include "bench.h"

struct parport *bench_port;
struct pardevice *bench_rivals[BENCH_RIVALS];
void (*bench_listen)(void *context);

static void listen(void *context)
{
	bench_listen(context);
}

static void match_port(struct parport *port)
{
}

static struct parport_driver driver = {
	.name = "pta_bench",
	.match_port = match_port,
};

int bench_rivals_init(unsigned int number)
{
	int err = parport_register_driver(&driver);

	if (err)
		return err;
	bench_port = parport_find_number(number);
	if (!bench_port) {
		parport_unregister_driver(&driver);
		return -ENODEV;
	}
	for (int i = 0; i < BENCH_RIVALS; i++) {
		const struct pardev_cb callbacks = {
			.irq_func = i == BENCH_LISTENER ? listen : NULL,
		};

		bench_rivals[i] = parport_register_dev_model(bench_port, driver.name,
							     &callbacks, i);
		if (!bench_rivals[i]) {
			bench_rivals_exit();
			return -EBUSY;
		}
	}
	return 0;
}

void bench_rivals_exit(void)
{
	for (int i = 0; i < BENCH_RIVALS; i++)
		if (bench_rivals[i])
			parport_unregister_device(bench_rivals[i]);
	parport_put_port(bench_port);
	parport_unregister_driver(&driver);
}
