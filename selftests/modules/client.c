// SPDX-License-Identifier: GPL-2.0
/*
 * The clients of the test module: opening, closing, counting.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "pta_test.h"

static const char * const counter_names[PTA_COUNTERS] = {
	[PTA_ISR] = "isr",
	[PTA_HARDIRQ] = "hardirq",
	[PTA_IRQSOFF] = "irqsoff",
	[PTA_TRUE] = "true",
	[PTA_FALSE] = "false",
	[PTA_FREED] = "freed",
	[PTA_REFUSED] = "refused",
	[PTA_BOTTOM] = "bottom",
};

static struct pta_test_client clients[8];

static struct pta_test_client *slot(const char *id)
{
	unsigned int i = id[0] - 'a';

	return i < ARRAY_SIZE(clients) && !id[1] ? &clients[i] : NULL;
}

/* The open client of that letter, or NULL. */
struct pta_test_client *pta_test_client(const char *id)
{
	struct pta_test_client *client = slot(id);

	return client && client->handle ? client : NULL;
}

bool pta_test_try(struct pta_test_client *client)
{
	bool got = pta_try_allocate(client->handle);

	pta_test_count(client, got ? PTA_TRUE : PTA_FALSE);
	return got;
}

int pta_test_free(struct pta_test_client *client)
{
	int err = pta_free(client->handle);

	pta_test_count(client, err ? PTA_REFUSED : PTA_FREED);
	return err;
}

/* How often others than this client have tried in vain */
int pta_test_misses(struct pta_test_client *client)
{
	int misses = 0;

	for (int i = 0; i < ARRAY_SIZE(clients); i++)
		if (&clients[i] != client)
			misses += atomic_read(&clients[i].counter[PTA_FALSE]);
	return misses;
}

int pta_test_open(int argc, char **argv)
{
	struct pta_test_client *client = slot(argv[1]);
	struct pta_port_info info;
	struct pta_client *handle;
	char name[] = "pta_test a";
	const char *given = name;
	unsigned int number;
	bool blind = false;
	int err = 0;

	if (!client || client->handle || kstrtouint(argv[2], 0, &number))
		return -EBADRQC;

	name[sizeof(name) - 2] = argv[1][0];
	if (argc > 3)
		blind = !strcmp(argv[3], "BLIND");
	if (argc > 3 && !blind)
		given = !strcmp(argv[3], "NULL") ? NULL :
			!strcmp(argv[3], "EMPTY") ? "" : argv[3];

	handle = pta_open(number, given);
	if (IS_ERR(handle))
		return PTR_ERR(handle);
	/* The name was copied: what happens to ours may not matter. */
	memset(name, 'x', sizeof(name) - 1);

	/* Whoever asks is taken for one who accesses the registers, for good. */
	if (!blind)
		err = pta_get_port_info(handle, &info);
	if (err) {
		pta_close(handle);
		return err;
	}

	memset(client, 0, sizeof(*client));
	client->id = argv[1][0];
	client->handle = handle;
	client->base = blind ? 0 : info.base;
	pta_test_isr_setup(client);
	return 0;
}

void pta_test_close_client(struct pta_test_client *client)
{
	pta_test_hurry_up();
	pta_test_isr_quiesce(client);
	pta_close(client->handle);
	client->handle = NULL;
}

int pta_test_close(int argc, char **argv)
{
	struct pta_test_client *client = pta_test_client(argv[1]);

	if (!client)
		return -EBADRQC;
	pta_test_hammer_stop();
	pta_test_close_client(client);
	return 0;
}

void pta_test_close_all(void)
{
	pta_test_hammer_stop();
	for (int i = 0; i < ARRAY_SIZE(clients); i++)
		if (clients[i].handle)
			pta_test_close_client(&clients[i]);
}

int pta_test_info(int argc, char **argv)
{
	struct pta_test_client *client = pta_test_client(argv[1]);
	struct pta_port_info info;
	int err;

	if (!client)
		return -EBADRQC;
	err = pta_get_port_info(client->handle, argc > 2 ? NULL : &info);
	if (!err)
		seq_buf_printf(&pta_test_output, "%u %s %lu %lu %d %u",
			       info.number, info.name, info.base, info.base_hi,
			       info.irq, info.modes);
	return err;
}

int pta_test_get(int argc, char **argv)
{
	struct pta_test_client *client = pta_test_client(argv[1]);
	int i = match_string(counter_names, PTA_COUNTERS, argv[2]);

	if (!client || i < 0)
		return -EBADRQC;
	return atomic_read(&client->counter[i]);
}
