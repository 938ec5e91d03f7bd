// SPDX-License-Identifier: GPL-2.0

//! The native C interface. What each function does, in which context it may be called and which
//! errors it has stands where class drivers look for it, in the C header.
//!
//! C header: [`include/linux/parport_try_alloc.h`](../../include/linux/parport_try_alloc.h)

use crate::{
    bindings::{
        self,
        pta_client,
        pta_interrupt_service,
        pta_port_info, //
    },
    client::Client,
    interrupt::Service,
};
use kernel::{
    error::from_result,
    ffi::c_uint,
    prelude::*, //
};

/// The prototypes in the header and the functions here are the same, or this does not compile.
const _: () = {
    macro_rules! same {
        ($($function:ident)*) => { $( let _ = if true { bindings::$function } else { $function }; )* };
    }
    same! {
        pta_open pta_close pta_try_allocate pta_free pta_connect_interrupt pta_disconnect_interrupt
        pta_get_port_info pta_query_waiters pta_parport
    }
};

/// The client behind a handle.
///
/// # Safety
///
/// `handle` came from [`pta_open`] and was not closed, and is not while the reference lives.
#[inline]
unsafe fn client<'a>(handle: *mut pta_client) -> &'a Client {
    // SAFETY: By the contract of this function; a handle is a `Client` that was leaked.
    unsafe { &*handle.cast_const().cast::<Client>() }
}

/// The pair of routine and context that a class driver handed in.
///
/// # Safety
///
/// `service` is null or valid, and what it holds is an interrupt service routine that may be called
/// until it is disconnected.
unsafe fn service(service: *const pta_interrupt_service) -> Result<Service> {
    // SAFETY: By the contract of this function.
    let service = unsafe { service.as_ref() }.ok_or(EINVAL)?;
    let isr = service.isr.ok_or(EINVAL)?;

    // SAFETY: By the contract of this function.
    Ok(unsafe { Service::new(isr, service.context) })
}

/// # Safety
///
/// `name` is null or a C string.
#[no_mangle]
unsafe extern "C" fn pta_open(number: c_uint, name: *const c_char) -> *mut pta_client {
    let open = || {
        if name.is_null() {
            return Err(EINVAL);
        }
        // SAFETY: By the contract of this function.
        Client::open(number, unsafe { CStr::from_char_ptr(name) })
    };
    match open() {
        Ok(client) => KBox::into_raw(client).cast(),
        Err(error) => error.to_ptr(),
    }
}

/// # Safety
///
/// `handle` came from [`pta_open`], and nobody uses it any more.
#[no_mangle]
unsafe extern "C" fn pta_close(handle: *mut pta_client) {
    // SAFETY: By the contract of this function: it is what `KBox::into_raw()` returned.
    drop(unsafe { KBox::from_raw(handle.cast::<Client>()) });
}

/// # Safety
///
/// `handle` is an open handle.
#[no_mangle]
unsafe extern "C" fn pta_try_allocate(handle: *mut pta_client) -> bool {
    // SAFETY: By the contract of this function.
    unsafe { client(handle) }.try_allocate()
}

/// # Safety
///
/// `handle` is an open handle.
#[no_mangle]
unsafe extern "C" fn pta_free(handle: *mut pta_client) -> c_int {
    from_result(|| {
        // SAFETY: By the contract of this function.
        unsafe { client(handle) }.free()?;
        Ok(0)
    })
}

/// # Safety
///
/// `handle` is an open handle, and `what` as [`service`] asks for.
#[no_mangle]
unsafe extern "C" fn pta_connect_interrupt(
    handle: *mut pta_client,
    what: *const pta_interrupt_service,
) -> c_int {
    from_result(|| {
        // As in Windows, a switched off connect says so, whatever it was called with.
        Client::may_connect()?;
        // SAFETY: By the contract of this function.
        unsafe { client(handle).connect(service(what)?)? };
        Ok(0)
    })
}

/// # Safety
///
/// `handle` is an open handle, and `what` as [`service`] asks for.
#[no_mangle]
unsafe extern "C" fn pta_disconnect_interrupt(
    handle: *mut pta_client,
    what: *const pta_interrupt_service,
) -> c_int {
    from_result(|| {
        // SAFETY: By the contract of this function.
        unsafe { client(handle).disconnect(service(what)?)? };
        Ok(0)
    })
}

/// # Safety
///
/// `handle` is an open handle, and `info` is null or may be written.
#[no_mangle]
unsafe extern "C" fn pta_get_port_info(handle: *mut pta_client, info: *mut pta_port_info) -> c_int {
    from_result(|| {
        // SAFETY: By the contract of this function.
        let client = unsafe { client(handle) };
        if info.is_null() {
            return Err(EINVAL);
        }
        if client.is_dead() {
            return Err(ENODEV);
        }
        let parport = client.parport();
        let known = pta_port_info {
            name: parport.name().as_char_ptr(),
            base: parport.base(),
            base_hi: parport.base_hi(),
            number: c_uint::try_from(parport.number()).map_err(|_| ENODEV)?,
            modes: parport.modes(),
            irq: parport.raw_irq(),
        };
        // SAFETY: By the contract of this function.
        unsafe { info.write(known) };
        Ok(0)
    })
}

/// # Safety
///
/// `handle` is an open handle.
#[no_mangle]
unsafe extern "C" fn pta_query_waiters(handle: *mut pta_client) -> c_uint {
    // SAFETY: By the contract of this function.
    unsafe { client(handle) }.waiters()
}

/// # Safety
///
/// `handle` is an open handle.
#[no_mangle]
unsafe extern "C" fn pta_parport(handle: *mut pta_client) -> *mut bindings::parport {
    // SAFETY: By the contract of this function.
    unsafe { client(handle) }.parport().as_raw()
}
