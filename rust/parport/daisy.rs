// SPDX-License-Identifier: GPL-2.0

//! The daisy chain of IEEE 1284.3: up to four devices between the port and the device at its end,
//! each of which lets everything through until it is selected.
//!
//! parport speaks to the chain when a port is announced and when a device is claimed that was opened
//! by its place in the chain. None of that is exported, so the commands are sent here.

use super::{
    Register,
    Registers, //
};
use crate::bindings;
use kernel::time::{
    delay::udelay,
    Delta, //
};

/// How many devices a chain can have.
const MAX_DEVICES: u8 = 4;

/// The commands. The first two have the place in the chain in their low bits.
const ASSIGN: u8 = 0x00;
const SELECT: u8 = 0xe0;
const DESELECT_ALL: u8 = 0x30;

/// What introduces a command, and with which status lines the chain answers to it. No device but
/// one of a chain takes the bytes for data, as there is no strobe.
const ATTENTION: [u8; 4] = [0xaa, 0x55, 0x00, 0xff];
const PRESENT: u8 = BUSY | PAPER_END | SELECTED | NOT_FAULT;
const CONFIRM: u8 = 0x87;
const CONFIRMED: u8 = SELECTED | NOT_FAULT;
const COMMAND_FOLLOWS: u8 = 0x78;
const COMMAND_OVER: u8 = 0xff;

/// Lines of the status register.
const BUSY: u8 = bindings::PARPORT_STATUS_BUSY as u8;
const PAPER_END: u8 = bindings::PARPORT_STATUS_PAPEROUT as u8;
const SELECTED: u8 = bindings::PARPORT_STATUS_SELECT as u8;
const NOT_FAULT: u8 = bindings::PARPORT_STATUS_ERROR as u8;

/// The strobe line of the control register.
const STROBE: u8 = bindings::PARPORT_CONTROL_STROBE as u8;

impl Registers<'_> {
    /// Selects the device at a place in the chain: until it is deselected, the port is connected to
    /// nothing else. Tells whether it answered.
    pub(crate) fn select_device(&self, place: u8) -> bool {
        self.command(SELECT | place)
            .is_some_and(|status| status & NOT_FAULT != 0)
    }

    /// Deselects whatever is selected. Tells whether there was a chain to hear it.
    pub(crate) fn deselect_devices(&self) -> bool {
        self.command(DESELECT_ALL).is_some()
    }

    /// Gives each device of the chain the number of its place, and returns how many there are.
    pub(crate) fn assign_places(&self) -> u8 {
        if !self.attention() {
            return 0;
        }
        let mut devices = 0;

        while devices < MAX_DEVICES {
            // What the next device without a number says, or the end of the chain.
            let status = self.read(Register::Status);
            if status & (PAPER_END | SELECTED) != PAPER_END | SELECTED {
                break;
            }
            self.put(ASSIGN | devices);
            self.strobe(|| ());
            devices += 1;
            if status & BUSY == 0 {
                break;
            }
        }
        self.put(COMMAND_OVER);
        devices
    }

    /// Sends one command, and returns the status lines as they are while it is strobed; or nothing if
    /// no chain answered.
    fn command(&self, command: u8) -> Option<u8> {
        if !self.attention() {
            return None;
        }
        self.put(command);
        let status = self.strobe(|| self.read(Register::Status));
        self.put(COMMAND_OVER);
        Some(status)
    }

    /// Has the chain listen to commands, and tells whether there is one.
    fn attention(&self) -> bool {
        self.set_reverse(false);
        for byte in ATTENTION {
            self.put(byte);
        }
        if self.read(Register::Status) & PRESENT != PRESENT {
            return false;
        }
        self.put(CONFIRM);
        if self.read(Register::Status) & PRESENT != CONFIRMED {
            return false;
        }
        self.put(COMMAND_FOLLOWS);
        true
    }

    /// Puts a byte on the data lines, and gives the chain time to see it.
    fn put(&self, byte: u8) {
        self.write(Register::Data, byte);
        udelay(Delta::from_micros(2));
    }

    /// Runs `look` with the strobe line active.
    fn strobe<R>(&self, look: impl FnOnce() -> R) -> R {
        self.frob_control(STROBE, STROBE);
        udelay(Delta::from_micros(1));
        let result = look();
        self.frob_control(STROBE, 0);
        udelay(Delta::from_micros(1));
        result
    }
}
