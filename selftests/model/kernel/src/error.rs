// SPDX-License-Identifier: GPL-2.0

//! Error numbers.

use core::convert::Infallible;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error(i32);

pub type Result<T = (), E = Error> = core::result::Result<T, E>;

impl Error {
    pub fn to_errno(self) -> i32 {
        self.0
    }
}

impl From<Infallible> for Error {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

pub fn to_result(status: i32) -> Result {
    if status < 0 {
        Err(Error(status))
    } else {
        Ok(())
    }
}

pub mod code {
    use super::Error;

    macro_rules! codes {
        ($($name:ident = $number:literal,)*) => { $(
            pub const $name: Error = Error(-$number);
        )* };
    }

    codes! {
        EPERM = 1,
        EINTR = 4,
        ENOMEM = 12,
        EACCES = 13,
        EBUSY = 16,
        ENODEV = 19,
        EINVAL = 22,
        EDEADLK = 35,
        EOPNOTSUPP = 95,
        ESHUTDOWN = 108,
        ETIMEDOUT = 110,
        ECANCELED = 125,
    }
}
