// SPDX-License-Identifier: GPL-2.0
/*
 * Test module of parport_try_alloc: a class driver that does what a shell
 * script tells it to. A script writes one command to
 * /sys/kernel/debug/pta_test/command. The write fails with the errno of the
 * call that was made; "result" reads as the number the command returned (-13
 * for -EACCES) and "output" as what it had to say beyond that.
 *
 *   open CLIENT PORT [NAME]	CLIENT is a letter from a to h; the NAMEs NULL
 *				and EMPTY are special, and with BLIND it has
 *				the usual name and does not get to know where
 *				the registers are
 *   close CLIENT
 *   info CLIENT [NULL]		output: number name base base_hi irq modes
 *   try CLIENT [CONTEXT]	result: 1 or 0. CONTEXT is process, softirq,
 *				hardirq or nmi
 *   free CLIENT [CONTEXT]	not from nmi, and neither is
 *   waiters CLIENT [CONTEXT]	result: how many wait
 *   swap CLIENT CLIENT [CONTEXT]	the first frees, and at once the second
 *				tries; result: 1 or 0
 *   allocate CLIENT JIFFIES	waits, and everybody else with it: see also "wait".
 *				JIFFIES may be max. Output: how many it took
 *   queue REQUEST CLIENT [CONTEXT]	REQUEST is a digit; or NULL, or no-done, or
 *				once: one whose memory is freed by its answer,
 *				which is noted as o
 *   cancel REQUEST CLIENT [CONTEXT]	result: 1 or 0
 *   answer REQUEST MODE	what is done when it is answered; the MODEs are in
 *				request.c
 *   answers			output: the answers as they came, REQUEST:STATUS,
 *				and what was done then, REQUEST=RESULT; forgets it
 *   answering			result: how many answers are being given
 *   hurry			slow answers come to an end
 *   flood CLIENT N, flooded	see flood.c
 *   duel PORT WINS		see duel.c
 *   stress PORT MS		see stress.c
 *   connect CLIENT MODE [CHECK]	the MODEs are in isr.c, the CHECKs in check.c
 *   checks			output: the clients in the order in which their
 *				deferred port checks ran, each with + or - if it
 *				tried to allocate, or had another CPU do so; then
 *				forgets it
 *   synchronize CLIENT WHAT [ARGUMENT]	see synchronize.c
 *   steps			see step.c
 *   times CLIENT N		see time.c
 *   read CLIENT REGISTER [CONTEXT]	see registers.c for these
 *   write CLIENT REGISTER VALUE
 *   leave CLIENT WHAT
 *   disconnect CLIENT [NULL|other-routine|other-context|CLIENT]
 *				the last one with what that client connects
 *   drain CLIENT disconnect|close [OWNER]	while its routine lingers, see linger.c
 *   late PORT			see late.c
 *   killed PORT, drowsy PORT	see killed.c
 *   steal PORT			see steal.c
 *   strobe CLIENT N		has the hardware raise N interrupts, each when the
 *				one before is through, with CLIENT's ISR called
 *   settle PORT		see settle.c
 *   sequence			output: the clients in the order in which their
 *				ISRs ran; then forgets it
 *   get CLIENT COUNTER		the COUNTERs are in client.c
 *   hammer CLIENT MICROSECONDS	takes and frees the port from a hard timer until
 *				MICROSECONDS is 0
 *   race PORT ROUNDS		see race.c
 *   rival PORT [sleep]|woken|off	see rival.c
 *   lose CLIENT|count	see power.c
 *   snoop PORT MS		see snoop.c
 *   random PORT MS SEED [unplugged]	see random.c
 *   probe on|off|calls|irq|open|unguarded	watches parport_claim() and
 *				parport_release(), see probe.c
 *   reset			ends and forgets all of it, as if just loaded
 *
 * A task that writes "CLIENT JIFFIES" to /sys/kernel/debug/pta_test/wait waits for
 * the port itself, beside all of these, and can be killed. The answer is among the
 * answers, with the letter of the client.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "pta_test.h"

/* What commands have begun, and who could still be told to do something */
static void end_all(void)
{
	pta_test_rival_leave();
	pta_test_power_stop();
	pta_test_close_all();
	pta_test_flood_end();
	pta_test_probe_stop();
}

static int reset(int argc, char **argv)
{
	end_all();
	pta_test_requests_forget();
	pta_test_steps_forget();
	pta_test_checks(argc, argv);
	pta_test_sequence(argc, argv);
	seq_buf_clear(&pta_test_output);
	return 0;
}

static const struct {
	const char *name;
	int min, max;	/* number of arguments, the name being one */
	pta_test_fn fn;
} commands[] = {
	{ "open", 3, 4, pta_test_open },
	{ "close", 2, 2, pta_test_close },
	{ "info", 2, 3, pta_test_info },
	{ "try", 2, 3, pta_test_context },
	{ "free", 2, 3, pta_test_context },
	{ "waiters", 2, 3, pta_test_context },
	{ "swap", 3, 4, pta_test_swap },
	{ "allocate", 3, 3, pta_test_allocate },
	{ "queue", 3, 4, pta_test_queue },
	{ "cancel", 3, 4, pta_test_cancel },
	{ "answer", 3, 3, pta_test_answer },
	{ "answers", 1, 1, pta_test_answers },
	{ "answering", 1, 1, pta_test_answering },
	{ "hurry", 1, 1, pta_test_hurry },
	{ "flood", 3, 3, pta_test_flood },
	{ "flooded", 1, 1, pta_test_flooded },
	{ "duel", 3, 3, pta_test_duel },
	{ "stress", 3, 3, pta_test_stress },
	{ "connect", 3, 4, pta_test_connect },
	{ "checks", 1, 1, pta_test_checks },
	{ "synchronize", 3, 4, pta_test_synchronize },
	{ "steps", 1, 1, pta_test_steps },
	{ "times", 3, 3, pta_test_times },
	{ "read", 3, 4, pta_test_read },
	{ "write", 4, 4, pta_test_write },
	{ "leave", 3, 3, pta_test_leave },
	{ "disconnect", 2, 3, pta_test_disconnect },
	{ "drain", 3, 4, pta_test_drain },
	{ "late", 2, 2, pta_test_late },
	{ "killed", 2, 2, pta_test_killed },
	{ "drowsy", 2, 2, pta_test_killed },
	{ "steal", 2, 2, pta_test_steal },
	{ "strobe", 3, 3, pta_test_strobe },
	{ "settle", 2, 2, pta_test_settle },
	{ "sequence", 1, 1, pta_test_sequence },
	{ "get", 3, 3, pta_test_get },
	{ "hammer", 3, 3, pta_test_hammer },
	{ "race", 3, 3, pta_test_race },
	{ "rival", 2, 3, pta_test_rival },
	{ "lose", 2, 2, pta_test_lose },
	{ "snoop", 3, 3, pta_test_snoop },
	{ "random", 4, 5, pta_test_random },
	{ "probe", 2, 2, pta_test_probe },
	{ "reset", 1, 1, reset },
};

static struct dentry *directory;

/* One command at a time; also protects the result and the output. */
static DEFINE_MUTEX(command_lock);
static int result;
static char output_text[2048];
struct seq_buf pta_test_output;

static int run(char *line)
{
	char *argv[5], *word;
	int argc = 0;

	while ((word = strsep(&line, " \t\n"))) {
		if (!*word)
			continue;
		if (argc == ARRAY_SIZE(argv))
			return -EBADRQC;
		argv[argc++] = word;
	}

	for (int i = 0; argc && i < ARRAY_SIZE(commands); i++) {
		if (strcmp(argv[0], commands[i].name))
			continue;
		if (argc < commands[i].min || argc > commands[i].max)
			return -EBADRQC;
		return commands[i].fn(argc, argv);
	}
	return -EBADRQC;
}

static ssize_t command_write(struct file *file, const char __user *buf,
			     size_t count, loff_t *ppos)
{
	char line[80];

	if (count >= sizeof(line))
		return -EBADRQC;
	if (copy_from_user(line, buf, count))
		return -EFAULT;
	line[count] = '\0';

	guard(mutex)(&command_lock);
	seq_buf_clear(&pta_test_output);
	result = run(line);
	return result < 0 ? result : count;
}

static const struct file_operations command_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = command_write,
};

static int result_show(struct seq_file *m, void *v)
{
	guard(mutex)(&command_lock);
	seq_printf(m, "%d\n", result);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(result);

static int output_show(struct seq_file *m, void *v)
{
	guard(mutex)(&command_lock);
	seq_printf(m, "%s\n", seq_buf_str(&pta_test_output));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(output);

static int __init pta_test_init(void)
{
	int err;

	seq_buf_init(&pta_test_output, output_text, sizeof(output_text));
	err = pta_test_rival_init();
	if (err)
		return err;

	directory = debugfs_create_dir("pta_test", NULL);
	if (IS_ERR(directory)) {
		pta_test_rival_exit();
		return PTR_ERR(directory);
	}
	debugfs_create_file("command", 0200, directory, NULL, &command_fops);
	debugfs_create_file("wait", 0200, directory, NULL, &pta_test_wait_fops);
	debugfs_create_file("result", 0400, directory, NULL, &result_fops);
	debugfs_create_file("output", 0400, directory, NULL, &output_fops);
	return 0;
}

static void __exit pta_test_exit(void)
{
	debugfs_remove(directory);
	end_all();
	pta_test_rival_exit();
}

module_init(pta_test_init);
module_exit(pta_test_exit);

MODULE_DESCRIPTION("Scriptable class driver for the selftests of parport_try_alloc");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("PARPORT_TRY_ALLOC");
