// SPDX-License-Identifier: GPL-2.0
/*
 * A parallel port in memory: a chip with an extended control register (ECR), and on
 * it, if wanted, a multiplexer, a daisy chain of IEEE 1284.3 and a device that negotiates
 * modes of IEEE 1284. Its files in /sys/kernel/debug/pta_soft_port: "state" has the
 * registers, and what has happened to them; whatever is written to "unplug" takes the
 * port away, "held" when somebody is held up at the registers.
 */
#include <linux/atomic.h>
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/device/faux.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/parport.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/uaccess.h>

/* Register addresses that nobody has; nothing accesses them. */
#define BASE		0x9990
#define BASE_HI		(BASE + 0x400)

#define ECR_AT_START	0x15

/* Ends what hangs, and nothing else. */
#define HELD_MS		30000

/* The bit of the control register that turns the data lines round */
#define CONTROL_REVERSE	0x20

static bool ecp = true;
module_param(ecp, bool, 0444);
MODULE_PARM_DESC(ecp, "The chip has the modes ECP and EPP");

static bool one_way;
module_param(one_way, bool, 0644);
MODULE_PARM_DESC(one_way, "The data lines cannot be turned round");

static int daisy;
module_param(daisy, int, 0644);
MODULE_PARM_DESC(daisy, "Devices on the daisy chain");

static bool deaf;
module_param(deaf, bool, 0644);
MODULE_PARM_DESC(deaf, "The devices of the daisy chain do not answer when they are selected");

static bool ieee1284;
module_param(ieee1284, bool, 0644);
MODULE_PARM_DESC(ieee1284, "The device at the end of the chain negotiates modes");

static bool mux;
module_param(mux, bool, 0444);
MODULE_PARM_DESC(mux, "The port is the first of a multiplexer, which has one more");

static int irq = PARPORT_IRQ_NONE;
module_param(irq, int, 0444);
MODULE_PARM_DESC(irq, "The interrupt line that the port says to have; it never raises it");

static bool sleeps;
module_param(sleeps, bool, 0444);
MODULE_PARM_DESC(sleeps, "The registers can be accessed in process context only, as behind USB");

static bool hold;
module_param(hold, bool, 0644);
MODULE_PARM_DESC(hold, "Whoever turns the data lines forward stays there until this is off, at most 2 s");

static unsigned int slow_data;
module_param(slow_data, uint, 0444);
MODULE_PARM_DESC(slow_data, "Reading the data lines takes so many ms");

static unsigned int slow;
module_param(slow, uint, 0444);
MODULE_PARM_DESC(slow, "The device takes bytes by strobe, and is busy for so many ms after each");

static unsigned int quiet;
module_param(quiet, uint, 0444);
MODULE_PARM_DESC(quiet, "In ECP mode the device has nothing to say for so many ms, from when it is asked");

static bool paper_out;
module_param(paper_out, bool, 0644);
MODULE_PARM_DESC(paper_out, "The device has no paper after the first byte that it takes by strobe");

#define IDLE	(PARPORT_STATUS_BUSY | PARPORT_STATUS_ACK | \
		 PARPORT_STATUS_SELECT | PARPORT_STATUS_ERROR)

/* --- state ------------------------------------------------------------------- */

enum phase { COMPATIBILITY, REQUESTED, STROBED, IN_MODE, TERMINATING, TERMINATED };

static struct {
	raw_spinlock_t lock;
	u8 data;
	u8 control;
	u8 ecr;
	u8 status;

	/* How much of the sequence that introduces a command was seen */
	unsigned int matched;
	u8 command;
	bool commanded;
	bool answered;
	int assigned;
	int selected;

	enum phase phase;
	u8 mode;

	u32 accesses;
	u32 data_writes;
	u32 ecr_writes;
	char sent[64];
	size_t sent_length;
	unsigned long busy_until;
	bool asked;
	unsigned long quiet_until;
} soft = {
	.lock = __RAW_SPIN_LOCK_UNLOCKED(soft.lock),
	.control = PARPORT_CONTROL_SELECT | PARPORT_CONTROL_INIT,
	.ecr = ECR_AT_START,
	.status = IDLE,
	.selected = -1,
};

/* --- the daisy chain ----------------------------------------------------------- */

static void chain_sees_data(u8 byte)
{
	static const u8 sequence[] = { 0xaa, 0x55, 0x00, 0xff, 0x87, 0x78 };

	if (soft.matched == sizeof(sequence)) {
		soft.command = byte;
		if (byte == 0xff)
			soft.matched = 0;
		return;
	}
	if (byte == sequence[soft.matched])
		soft.matched++;
	else
		soft.matched = byte == sequence[0];
	soft.assigned = 0;
	soft.commanded = false;
}

static void chain_sees_strobe(void)
{
	u8 place = soft.command & 3;

	if (soft.matched != 6)
		return;
	switch (soft.command & ~3) {
	case 0x00:
		soft.assigned++;
		return;
	case 0xe0:
		soft.answered = place < daisy && !deaf;
		if (soft.answered)
			soft.selected = place;
		break;
	case 0x30:
		soft.answered = false;
		soft.selected = -1;
		break;
	}
	soft.commanded = true;
}

static u8 chain_status(void)
{
	switch (soft.matched) {
	case 4:
		return PARPORT_STATUS_BUSY | PARPORT_STATUS_PAPEROUT |
		       PARPORT_STATUS_SELECT | PARPORT_STATUS_ERROR;
	case 5:
		return PARPORT_STATUS_SELECT | PARPORT_STATUS_ERROR;
	case 6:
		if (soft.commanded)
			return soft.answered ? PARPORT_STATUS_ERROR : 0;
		if (soft.assigned >= daisy)
			return 0;
		return PARPORT_STATUS_PAPEROUT | PARPORT_STATUS_SELECT |
		       (soft.assigned + 1 < daisy ? PARPORT_STATUS_BUSY : 0);
	default:
		return soft.status;
	}
}

/* --- the device that negotiates ------------------------------------------------- */

/* Nibble, byte, ECP and EPP mode */
static bool is_mode(u8 mode)
{
	return mode == 0x00 || mode == 0x01 || mode == 0x10 || mode == 0x40;
}

static void device_sees_control(u8 control)
{
	bool select = control & PARPORT_CONTROL_SELECT;
	bool autofd = control & PARPORT_CONTROL_AUTOFD;
	bool strobe = control & PARPORT_CONTROL_STROBE;

	switch (soft.phase) {
	case COMPATIBILITY:
		if (select || !autofd)
			break;
		soft.mode = soft.data;
		soft.phase = REQUESTED;
		soft.status = PARPORT_STATUS_BUSY | PARPORT_STATUS_PAPEROUT |
			      PARPORT_STATUS_SELECT | PARPORT_STATUS_ERROR;
		break;
	case REQUESTED:
		if (strobe)
			soft.phase = STROBED;
		break;
	case STROBED:
		if (strobe || autofd)
			break;
		soft.phase = IN_MODE;
		soft.status = PARPORT_STATUS_BUSY | PARPORT_STATUS_ACK;
		if (soft.mode && is_mode(soft.mode))
			soft.status |= PARPORT_STATUS_SELECT;
		break;
	case IN_MODE:
		if (autofd)
			soft.status |= PARPORT_STATUS_PAPEROUT;
		if (select && !autofd) {
			soft.phase = TERMINATING;
			soft.status &= ~PARPORT_STATUS_ACK;
		}
		break;
	case TERMINATING:
		if (autofd) {
			soft.phase = TERMINATED;
			soft.status |= PARPORT_STATUS_ACK;
		}
		break;
	case TERMINATED:
		if (!autofd) {
			soft.phase = COMPATIBILITY;
			soft.status = IDLE;
		}
		break;
	}
	/* EPP mode ends otherwise. */
	if (!(control & PARPORT_CONTROL_INIT)) {
		soft.phase = COMPATIBILITY;
		soft.status = IDLE;
	}
}

/* --- registers ------------------------------------------------------------------ */

static void write_data(struct parport *port, unsigned char byte)
{
	guard(raw_spinlock_irqsave)(&soft.lock);
	soft.accesses++;
	soft.data_writes++;
	soft.data = byte;
	if (daisy)
		chain_sees_data(byte);
}

/* How many are held up here */
static atomic_t held;

/* With the lines turned round nobody drives them. */
static unsigned char read_data(struct parport *port)
{
	if (slow_data) {
		atomic_inc(&held);
		mdelay(slow_data);
		atomic_dec(&held);
	}
	guard(raw_spinlock_irqsave)(&soft.lock);
	soft.accesses++;
	return soft.control & CONTROL_REVERSE && !one_way ? 0xff : soft.data;
}

/* The device takes what is on the data lines. */
static void take_byte(void)
{
	if (soft.sent_length < sizeof(soft.sent) - 1)
		soft.sent[soft.sent_length++] = soft.data;
	soft.busy_until = jiffies + msecs_to_jiffies(slow);
	if (paper_out)
		soft.status |= PARPORT_STATUS_PAPEROUT;
}

static void set_control(u8 control)
{
	bool strobe = control & ~soft.control & PARPORT_CONTROL_STROBE;

	soft.control = control;
	if (strobe)
		chain_sees_strobe();
	if (strobe && slow)
		take_byte();
	if (ieee1284)
		device_sees_control(control);
}

static unsigned char frob_control(struct parport *port, unsigned char mask,
				  unsigned char value)
{
	guard(raw_spinlock_irqsave)(&soft.lock);
	soft.accesses++;
	mask &= 0x0f;
	set_control((soft.control & ~mask) | (value & mask));
	return soft.control & 0x0f;
}

static void write_control(struct parport *port, unsigned char value)
{
	frob_control(port, 0x0f, value);
}

static unsigned char read_control(struct parport *port)
{
	guard(raw_spinlock_irqsave)(&soft.lock);
	soft.accesses++;
	return soft.control & 0x0f;
}

static bool is_quiet(void)
{
	return soft.asked && time_before(jiffies, soft.quiet_until);
}

static unsigned char read_status(struct parport *port)
{
	guard(raw_spinlock_irqsave)(&soft.lock);
	soft.accesses++;
	if (daisy)
		return chain_status();
	if (slow && time_before(jiffies, soft.busy_until))
		return soft.status & ~PARPORT_STATUS_BUSY;
	if (soft.asked && !is_quiet())
		return soft.status & ~PARPORT_STATUS_ACK;
	return soft.status;
}

static void no_irq(struct parport *port)
{
}

static void stay(void)
{
	atomic_inc(&held);
	for (int us = 0; us < 2000000 && READ_ONCE(hold); us += 5)
		udelay(5);
	atomic_dec(&held);
}

static void data_forward(struct parport *port)
{
	if (READ_ONCE(hold))
		stay();
	guard(raw_spinlock_irqsave)(&soft.lock);
	soft.accesses++;
	soft.control &= ~CONTROL_REVERSE;
}

static void data_reverse(struct parport *port)
{
	guard(raw_spinlock_irqsave)(&soft.lock);
	soft.accesses++;
	soft.control |= CONTROL_REVERSE;
}

static void init_state(struct pardevice *device, struct parport_state *state)
{
	state->u.pc.ctr = PARPORT_CONTROL_SELECT | PARPORT_CONTROL_INIT;
	state->u.pc.ecr = ECR_AT_START;
}

static void save_state(struct parport *port, struct parport_state *state)
{
	guard(raw_spinlock_irqsave)(&soft.lock);
	state->u.pc.ctr = soft.control;
	state->u.pc.ecr = soft.ecr;
}

static void restore_state(struct parport *port, struct parport_state *state)
{
	guard(raw_spinlock_irqsave)(&soft.lock);
	set_control(state->u.pc.ctr);
	if (soft.ecr != state->u.pc.ecr)
		soft.ecr_writes++;
	soft.ecr = state->u.pc.ecr;
}

/* --- transfers --------------------------------------------------------------------- */

static size_t send(struct parport *port, const void *bytes, size_t length, int flags)
{
	guard(raw_spinlock_irqsave)(&soft.lock);
	length = min(length, sizeof(soft.sent) - 1 - soft.sent_length);
	memcpy(soft.sent + soft.sent_length, bytes, length);
	soft.sent_length += length;
	return length;
}

/* Each mode has a letter of its own. */
static size_t receive(void *bytes, size_t length, char letter)
{
	memset(bytes, letter, length);
	return length;
}

static size_t receive_nibbles(struct parport *port, void *bytes, size_t length, int flags)
{
	return receive(bytes, length, 'n');
}

static size_t receive_bytes(struct parport *port, void *bytes, size_t length, int flags)
{
	return receive(bytes, length, 'b');
}

/* As parport's own function, which does not wait for long either. */
static size_t receive_ecp(struct parport *port, void *bytes, size_t length, int flags)
{
	guard(raw_spinlock_irqsave)(&soft.lock);
	if (quiet && !soft.asked) {
		soft.asked = true;
		soft.quiet_until = jiffies + msecs_to_jiffies(quiet);
	}
	if (is_quiet()) {
		port->ieee1284.phase = IEEE1284_PH_REV_IDLE;
		return 0;
	}
	return receive(bytes, length, 'c');
}

static size_t receive_epp(struct parport *port, void *bytes, size_t length, int flags)
{
	return receive(bytes, length, 'p');
}

static struct parport_operations operations = {
	.write_data = write_data,
	.read_data = read_data,
	.write_control = write_control,
	.read_control = read_control,
	.frob_control = frob_control,
	.read_status = read_status,
	.enable_irq = no_irq,
	.disable_irq = no_irq,
	.data_forward = data_forward,
	.data_reverse = data_reverse,
	.init_state = init_state,
	.save_state = save_state,
	.restore_state = restore_state,
	.epp_write_data = send,
	.epp_read_data = receive_epp,
	.epp_write_addr = send,
	.epp_read_addr = receive_epp,
	.ecp_write_data = send,
	.ecp_read_data = receive_ecp,
	.ecp_write_addr = send,
	.compat_write_data = send,
	.nibble_read_data = receive_nibbles,
	.byte_read_data = receive_bytes,
	.owner = THIS_MODULE,
};

/* --- module --------------------------------------------------------------------------- */

static struct faux_device *device;
static struct parport *port;
/* The other one of the multiplexer, or NULL */
static struct parport *branch;
static struct dentry *directory;

/* How many were held up when the port was gone */
static int left_behind;
/* Does an unplug wait for somebody to be held up? */
static bool awaiting;

static int state_show(struct seq_file *m, void *v)
{
	guard(raw_spinlock_irqsave)(&soft.lock);
	seq_printf(m, "port: %d\n", port->number);
	seq_printf(m, "branch: %d\n", branch ? branch->number : -1);
	seq_printf(m, "control: 0x%02x\n", soft.control);
	seq_printf(m, "ecr: 0x%02x\n", soft.ecr);
	seq_printf(m, "accesses: %u\n", soft.accesses);
	seq_printf(m, "data_writes: %u\n", soft.data_writes);
	seq_printf(m, "ecr_writes: %u\n", soft.ecr_writes);
	seq_printf(m, "held: %d\n", atomic_read(&held));
	seq_printf(m, "awaiting: %d\n", READ_ONCE(awaiting));
	seq_printf(m, "left_behind: %d\n", left_behind);
	seq_printf(m, "selected: %d\n", soft.selected);
	seq_printf(m, "mode: 0x%02x\n",
		   soft.phase == IN_MODE ? soft.mode : 0xff);
	seq_printf(m, "sent: %.*s\n", (int)soft.sent_length, soft.sent);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(state);

static DEFINE_MUTEX(unplug_lock);
static bool unplugged;

static void unplug(void)
{
	guard(mutex)(&unplug_lock);
	if (!unplugged) {
		parport_remove_port(port);
		left_behind = atomic_read(&held);
	}
	unplugged = true;
}

/* Without a timer, which may be on the processor of him who is held up. */
static int await_held(void)
{
	ktime_t limit = ktime_add_ms(ktime_get(), HELD_MS);

	WRITE_ONCE(awaiting, true);
	while (!atomic_read(&held)) {
		if (fatal_signal_pending(current))
			return -EINTR;
		if (ktime_after(ktime_get(), limit))
			return -ETIME;
		cond_resched();
	}
	return 0;
}

static ssize_t unplug_write(struct file *file, const char __user *buf, size_t count,
			    loff_t *ppos)
{
	char when[5] = "";
	int err = 0;

	if (copy_from_user(when, buf, min(count, sizeof(when) - 1)))
		return -EFAULT;
	if (!strcmp(when, "held"))
		err = await_held();
	if (err)
		return err;
	unplug();
	return count;
}

static const struct file_operations unplug_fops = {
	.owner = THIS_MODULE,
	.open = simple_open,
	.write = unplug_write,
};

/* As parport does when it finds a multiplexer. */
static int __init add_branch(void)
{
	branch = parport_register_port(BASE, irq, PARPORT_DMA_NONE, &operations);
	if (!branch)
		return -ENOMEM;
	branch->portnum = port->portnum;
	branch->physport = port;
	branch->muxport = 1;
	port->muxport = 0;
	port->slaves[0] = branch;
	/* parport_remove_port() gives up a reference, and does not unregister it. */
	parport_get_port(branch);
	return 0;
}

static int __init soft_port_init(void)
{
	soft.busy_until = jiffies;
	if (slow)
		operations.compat_write_data = parport_ieee1284_write_compat;
	device = faux_device_create("pta_soft_port", NULL, NULL);
	if (!device)
		return -ENODEV;
	port = parport_register_port(BASE, irq, PARPORT_DMA_NONE, &operations);
	if (!port) {
		faux_device_destroy(device);
		return -ENOMEM;
	}
	port->dev = &device->dev;
	port->base_hi = BASE_HI;
	port->size = 8;
	port->modes = PARPORT_MODE_PCSPP | PARPORT_MODE_TRISTATE;
	if (!sleeps)
		port->modes |= PARPORT_MODE_SAFEININT;
	if (ecp)
		port->modes |= PARPORT_MODE_ECP | PARPORT_MODE_EPP;
	if (mux && add_branch()) {
		parport_del_port(port);
		faux_device_destroy(device);
		return -ENOMEM;
	}
	parport_announce_port(port);

	directory = debugfs_create_dir("pta_soft_port", NULL);
	debugfs_create_file("state", 0400, directory, NULL, &state_fops);
	debugfs_create_file("unplug", 0200, directory, NULL, &unplug_fops);
	return 0;
}

static void __exit soft_port_exit(void)
{
	debugfs_remove(directory);
	unplug();
	if (branch)
		parport_del_port(branch);
	parport_del_port(port);
	faux_device_destroy(device);
}

module_init(soft_port_init);
module_exit(soft_port_exit);

MODULE_DESCRIPTION("A parallel port in memory, for the selftests of parport_try_alloc");
MODULE_LICENSE("GPL");
