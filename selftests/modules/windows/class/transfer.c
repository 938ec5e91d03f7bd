// SPDX-License-Identifier: GPL-2.0
/*
 * The callbacks of a class device, as the last "ask DEVICE class" said them.
 *
 *   ieee DEVICE modes		output: what the device can do
 *   ieee DEVICE negotiate FORWARD REVERSE DIRECTION [unsafe]	two masks, and 1 for
 *				forward or 0
 *   ieee DEVICE terminate|reverse|forward [CONTEXT]
 *   write DEVICE TEXT		output: the status, and how many bytes were sent
 *   read DEVICE LENGTH		output: the same, and what came
 */
#include <wdm.h>

#include "class.h"

static POPEN_DEVICE ClassDevice(const char *letter)
{
	POPEN_DEVICE device = OpenDevice(letter);

	return device && device->Class.ParclassContext ? device : NULL;
}

static PTERMINATE_IEEE_MODE Turn;

static void CallTurn(void *argument)
{
	SayStatus(Turn(argument));
}

int class_ieee(char **argv)
{
	POPEN_DEVICE device = ClassDevice(argv[1]);
	PPARCLASS_INFORMATION class;

	if (!device)
		return -1;
	class = &device->Class;
	if (class_equal(argv[2], "modes")) {
		class_say("%x", class->DetermineIeeeModes(class->ParclassContext));
		return 0;
	}
	if (class_equal(argv[2], "negotiate")) {
		SayStatus(class->NegotiateIeeeMode(class->ParclassContext,
						   class_number(argv[3]),
						   class_number(argv[4]),
						   *argv[6] ? UNSAFE_MODE : SAFE_MODE,
						   class_number(argv[5])));
		return 0;
	}
	Turn = class_equal(argv[2], "terminate") ? class->TerminateIeeeMode :
	       class_equal(argv[2], "reverse") ? class->IeeeFwdToRevMode :
						 class->IeeeRevToFwdMode;
	class_in_context(argv[3], CallTurn, class->ParclassContext);
	return 0;
}

int class_write(char **argv)
{
	POPEN_DEVICE device = ClassDevice(argv[1]);
	ULONG done = 0;

	if (!device)
		return -1;
	SayStatus(device->Class.ParallelWrite(device->Class.ParclassContext, argv[2],
					      class_length(argv[2]), &done, 0));
	class_say("%u", done);
	return 0;
}

int class_read(char **argv)
{
	POPEN_DEVICE device = ClassDevice(argv[1]);
	ULONG length = class_number(argv[2]), done = 0;
	CHAR buffer[32];

	if (!device || length > sizeof(buffer))
		return -1;
	SayStatus(device->Class.ParallelRead(device->Class.ParclassContext, buffer, length,
					     &done, 0));
	class_say("%u", done);
	if (done)
		class_say("%.*s", (int)done, buffer);
	return 0;
}
