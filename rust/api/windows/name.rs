// SPDX-License-Identifier: GPL-2.0

//! The names of devices.

/// Which kind of device a name is that of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The port.
    Port,

    /// The device at the end of the port's chain.
    Class,
}

/// What names begin with, and the number of parport0 in them.
const NAMES: [(&str, Kind, u32); 4] = [
    (r"\Device\ParallelPort", Kind::Port, 0),
    (r"\Device\Parallel", Kind::Class, 0),
    (r"\DosDevices\LPT", Kind::Class, 1),
    (r"\??\LPT", Kind::Class, 1),
];

/// The kind of device that a name is that of, and the N of its parportN. Case does not matter.
pub(super) fn parse(name: &[u16]) -> Option<(Kind, u32)> {
    NAMES.into_iter().find_map(|(start, kind, first)| {
        let number = number(strip(name, start)?)?;
        Some((kind, number.checked_sub(first)?))
    })
}

/// What follows `start`.
fn strip<'a>(name: &'a [u16], start: &str) -> Option<&'a [u16]> {
    let (head, tail) = name.split_at_checked(start.len())?;

    head.iter()
        .zip(start.bytes())
        .all(|(unit, byte)| {
            u8::try_from(*unit).is_ok_and(|letter| letter.eq_ignore_ascii_case(&byte))
        })
        .then_some(tail)
}

/// A decimal number.
fn number(digits: &[u16]) -> Option<u32> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0u32, |number, unit| {
        let digit = char::from_u32((*unit).into())?.to_digit(10)?;
        number.checked_mul(10)?.checked_add(digit)
    })
}
