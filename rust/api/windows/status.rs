// SPDX-License-Identifier: GPL-2.0

//! How requests end: NTSTATUS, and which one an error of Linux is.

use super::bindings;
use crate::port::ModeRefusal;
use kernel::{
    alloc::AllocError,
    prelude::*, //
};

/// An `NTSTATUS`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Status(bindings::NTSTATUS);

impl Status {
    pub(super) const SUCCESS: Self = Self(bindings::STATUS_SUCCESS);
    pub(super) const PENDING: Self = Self(bindings::STATUS_PENDING);
    pub(super) const DEVICE_BUSY: Self = Self(bindings::STATUS_DEVICE_BUSY);
    pub(super) const UNSUCCESSFUL: Self = Self(bindings::STATUS_UNSUCCESSFUL);
    pub(super) const INVALID_PARAMETER: Self = Self(bindings::STATUS_INVALID_PARAMETER);
    pub(super) const NO_SUCH_DEVICE: Self = Self(bindings::STATUS_NO_SUCH_DEVICE);
    pub(super) const INVALID_DEVICE_REQUEST: Self = Self(bindings::STATUS_INVALID_DEVICE_REQUEST);
    pub(super) const ACCESS_DENIED: Self = Self(bindings::STATUS_ACCESS_DENIED);
    pub(super) const BUFFER_TOO_SMALL: Self = Self(bindings::STATUS_BUFFER_TOO_SMALL);
    pub(super) const OBJECT_NAME_INVALID: Self = Self(bindings::STATUS_OBJECT_NAME_INVALID);
    pub(super) const OBJECT_NAME_NOT_FOUND: Self = Self(bindings::STATUS_OBJECT_NAME_NOT_FOUND);
    pub(super) const DELETE_PENDING: Self = Self(bindings::STATUS_DELETE_PENDING);
    pub(super) const INSUFFICIENT_RESOURCES: Self = Self(bindings::STATUS_INSUFFICIENT_RESOURCES);
    pub(super) const IO_TIMEOUT: Self = Self(bindings::STATUS_IO_TIMEOUT);
    pub(super) const NOT_SUPPORTED: Self = Self(bindings::STATUS_NOT_SUPPORTED);
    pub(super) const CANCELLED: Self = Self(bindings::STATUS_CANCELLED);
    pub(super) const INVALID_DEVICE_STATE: Self = Self(bindings::STATUS_INVALID_DEVICE_STATE);
    pub(super) const DEVICE_PROTOCOL_ERROR: Self = Self(bindings::STATUS_DEVICE_PROTOCOL_ERROR);
    pub(super) const DEVICE_REMOVED: Self = Self(bindings::STATUS_DEVICE_REMOVED);

    /// The status, for C.
    pub(super) fn as_raw(self) -> bindings::NTSTATUS {
        self.0
    }
}

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        match error {
            EINVAL => Self::INVALID_PARAMETER,
            ENODEV => Self::DELETE_PENDING,
            EPERM => Self::ACCESS_DENIED,
            EBUSY => Self::DEVICE_BUSY,
            ENOMEM => Self::INSUFFICIENT_RESOURCES,
            EOPNOTSUPP => Self::NOT_SUPPORTED,
            EDEADLK => Self::INVALID_DEVICE_REQUEST,
            ETIMEDOUT => Self::IO_TIMEOUT,
            ECANCELED | ESHUTDOWN | EINTR => Self::CANCELLED,
            EPROTO => Self::DEVICE_PROTOCOL_ERROR,
            _ => Self::UNSUCCESSFUL,
        }
    }
}

impl From<AllocError> for Status {
    fn from(_: AllocError) -> Self {
        Self::INSUFFICIENT_RESOURCES
    }
}

impl From<ModeRefusal> for Status {
    fn from(refusal: ModeRefusal) -> Self {
        match refusal {
            ModeRefusal::OtherMode => Self::INVALID_DEVICE_STATE,
            ModeRefusal::Missing => Self::NO_SUCH_DEVICE,
            ModeRefusal::OneWay | ModeRefusal::NoneSet => Self::UNSUCCESSFUL,
            ModeRefusal::Registers(error) => error.into(),
        }
    }
}

/// What a request returns: how many bytes of its buffer are the answer, or why there is none.
pub(super) type Answer<T = usize> = Result<T, Status>;
