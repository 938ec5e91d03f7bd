// SPDX-License-Identifier: GPL-2.0
/*
 * A class driver of Windows' kind that does what a shell script tells it to, the Linux
 * half. A script writes one command to /sys/kernel/debug/pta_class/command, and reads
 * in "output" what came of it, which begins with the name of the NTSTATUS if there was
 * one. The write fails if the command makes no sense. What the commands are is said
 * where they are, in the other files.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/seq_buf.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "class.h"

#define WORDS	8

static DEFINE_MUTEX(command_lock);
static char output_text[2048];
static struct seq_buf output;
static DEFINE_RAW_SPINLOCK(output_lock);

/* --- for the other half ---------------------------------------------------------- */

void class_say(const char *format, ...)
{
	struct va_format what = { .fmt = format };
	va_list args;

	guard(raw_spinlock_irqsave)(&output_lock);
	va_start(args, format);
	what.va = &args;
	seq_buf_printf(&output, "%s%pV", seq_buf_used(&output) ? " " : "", &what);
	va_end(args);
}

int class_equal(const char *a, const char *b)
{
	return !strcmp(a, b);
}

unsigned int class_number(const char *text)
{
	unsigned int number;

	return kstrtouint(text, 0, &number) ? 0 : number;
}

unsigned int class_length(const char *text)
{
	return strlen(text);
}

/* --- commands ---------------------------------------------------------------------- */

#define COMMAND(name) { #name, class_##name }
static const struct {
	const char *name;
	class_command *command;
} commands[] = {
	COMMAND(open),
	COMMAND(reference),
	COMMAND(close),
	COMMAND(leave),
	COMMAND(allocate),
	COMMAND(select),
	COMMAND(lock),
	COMMAND(cancel),
	COMMAND(on),
	COMMAND(answers),
	COMMAND(ask),
	COMMAND(padding),
	COMMAND(major),
	COMMAND(call),
	COMMAND(chip),
	COMMAND(chain),
	COMMAND(connect),
	COMMAND(disconnect),
	COMMAND(mode),
	COMMAND(pulse),
	COMMAND(isrs),
	COMMAND(synchronize),
	COMMAND(steps),
	COMMAND(stress),
	{ "lock-beside-ask", class_lock_beside_ask },
	{ "open-beside-close", class_open_beside_close },
	{ "lock-until-gone", class_lock_until_gone },
	COMMAND(gone),
	COMMAND(ieee),
	COMMAND(write),
	COMMAND(read),
};

static int run(char *line)
{
	char *argv[WORDS], *word;
	int argc = 0;

	while ((word = strsep(&line, " \t\n"))) {
		if (!*word)
			continue;
		if (argc == WORDS)
			return -1;
		argv[argc++] = word;
	}
	for (int i = argc; i < WORDS; i++)
		argv[i] = "";
	for (int i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(argv[0], commands[i].name))
			return commands[i].command(argv);
	return -1;
}

static ssize_t command_write(struct file *file, const char __user *buf, size_t count,
			     loff_t *ppos)
{
	char line[128];

	if (count >= sizeof(line))
		return -EBADRQC;
	if (copy_from_user(line, buf, count))
		return -EFAULT;
	line[count] = '\0';

	guard(mutex)(&command_lock);
	seq_buf_clear(&output);
	return run(line) ? -EBADRQC : count;
}

static const struct file_operations command_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = command_write,
};

static int output_show(struct seq_file *m, void *v)
{
	guard(mutex)(&command_lock);
	seq_printf(m, "%s\n", seq_buf_str(&output));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(output);

static struct dentry *directory;

static int __init pta_class_init(void)
{
	seq_buf_init(&output, output_text, sizeof(output_text));
	directory = debugfs_create_dir("pta_class", NULL);
	if (IS_ERR(directory))
		return PTR_ERR(directory);
	debugfs_create_file("command", 0200, directory, NULL, &command_fops);
	debugfs_create_file("output", 0400, directory, NULL, &output_fops);
	return 0;
}

static void __exit pta_class_exit(void)
{
	debugfs_remove(directory);
	class_end();
}

module_init(pta_class_init);
module_exit(pta_class_exit);

MODULE_DESCRIPTION("Scriptable Windows class driver for the selftests of parport_try_alloc");
MODULE_LICENSE("GPL");
MODULE_IMPORT_NS("PARPORT_TRY_ALLOC");
