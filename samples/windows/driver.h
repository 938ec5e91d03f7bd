/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the two halves of the sample know of each other.
 */
#ifndef PTA_SAMPLE_DRIVER_H
#define PTA_SAMPLE_DRIVER_H

/*
 * N of \Device\ParallelPortN, and how long to wait for the port where one can wait, in
 * ms. On Windows a driver reads such things in its registry key.
 */
extern ULONG SamplePort;
extern ULONG SampleTimeLimit;

DRIVER_INITIALIZE DriverEntry;

#endif /* PTA_SAMPLE_DRIVER_H */
