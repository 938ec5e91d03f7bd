// SPDX-License-Identifier: GPL-2.0

//! Initialisers. What they make is moved to its place before anybody else sees it, and nothing in
//! `rust/` points to itself until then, so a value is an initialiser.

pub trait PinInit<T> {
    fn make(self) -> T;
}

impl<T> PinInit<T> for T {
    fn make(self) -> T {
        self
    }
}

/// A structure of values (`field: value`) and initialisers (`field <- initialiser`).
#[macro_export]
macro_rules! pin_init {
    (Self { $($fields:tt)* }) => {
        $crate::pin_init!(@ [] $($fields)*)
    };
    (@ [$($done:tt)*] $field:ident: $value:expr $(, $($rest:tt)*)?) => {
        $crate::pin_init!(@ [$($done)* $field: $value,] $($($rest)*)?)
    };
    (@ [$($done:tt)*] $field:ident <- $value:expr $(, $($rest:tt)*)?) => {
        $crate::pin_init!(
            @ [$($done)* $field: $crate::pinning::PinInit::make($value),] $($($rest)*)?
        )
    };
    (@ [$($done:tt)*]) => {
        Self { $($done)* }
    };
}

#[macro_export]
macro_rules! stack_pin_init {
    (let $name:ident = $value:expr) => {
        let $name = std::pin::pin!($crate::pinning::PinInit::make($value));
    };
}
