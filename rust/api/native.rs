// SPDX-License-Identifier: GPL-2.0

//! The native C interface. What each function does, in which context it may be called and which
//! errors it has stands where class drivers look for it, in the C header.
//!
//! C header: [`include/linux/parport_try_alloc.h`](../../include/linux/parport_try_alloc.h)

use crate::{
    bindings::{
        self,
        ktime_t,
        pta_client,
        pta_interrupt_service,
        pta_port_info,
        pta_request, //
    },
    client::Client,
    interrupt::{
        Check,
        Routines,
        Service, //
    },
    parport::Register,
    request::Request,
    time::Jiffies, //
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
        pta_open pta_close pta_try_allocate pta_allocate pta_allocate_async pta_cancel pta_free
        pta_connect_interrupt pta_disconnect_interrupt pta_synchronize pta_interrupt_time
        pta_get_port_info pta_query_waiters pta_parport pta_read_data pta_read_status pta_read_control
        pta_write_data pta_write_control
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

/// The pair of routine and context that a class driver hands in.
///
/// # Safety
///
/// `what` is null or valid, and its interrupt service routine may be called as the header says,
/// until it is disconnected.
unsafe fn service(what: *const pta_interrupt_service) -> Result<Service> {
    // SAFETY: By the contract of this function.
    let what = unsafe { what.as_ref() }.ok_or(EINVAL)?;
    let isr = what.isr.ok_or(EINVAL)?;

    // SAFETY: By the contract of this function.
    Ok(unsafe { Service::new(isr, what.context) })
}

/// All that a class driver hands in to be called.
///
/// # Safety
///
/// That of [`service`], for the deferred port check too.
unsafe fn routines(what: *const pta_interrupt_service) -> Result<Routines> {
    // SAFETY: By the contract of this function.
    let service = unsafe { service(what)? };
    // SAFETY: By the contract of this function; it is not null.
    let what = unsafe { &*what };
    if what.flags & !bindings::PTA_INTERRUPT_TIMESTAMP != 0 {
        return Err(EINVAL);
    }
    let check = what.port_check.map(|check| {
        // SAFETY: By the contract of this function.
        unsafe { Check::new(check, what.port_check_context) }
    });

    Ok(Routines {
        service,
        check,
        timestamp: what.flags & bindings::PTA_INTERRUPT_TIMESTAMP != 0,
        code: service.code(),
    })
}

/// Reads a register, as C tells it: the value, or an error number.
fn read(client: &Client, register: Register) -> c_int {
    from_result(|| Ok(client.read(register)?.into()))
}

/// Writes a register.
fn write(client: &Client, register: Register, value: u8) -> c_int {
    from_result(|| {
        client.write(register, value)?;
        Ok(0)
    })
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
    // SAFETY: By the contract of this function.
    if unsafe { client(handle) }.may_close() {
        // SAFETY: By the contract of this function: it is what `KBox::into_raw()` returned.
        drop(unsafe { KBox::from_raw(handle.cast::<Client>()) });
    }
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
unsafe extern "C" fn pta_allocate(handle: *mut pta_client, timeout: c_long) -> c_int {
    from_result(|| {
        let timeout = c_ulong::try_from(timeout).map_err(|_| EINVAL)?;
        // SAFETY: By the contract of this function.
        unsafe { client(handle) }.allocate(Jiffies::from_ticks(timeout))?;
        Ok(0)
    })
}

/// # Safety
///
/// `handle` is an open handle, and `request` is null or as the header asks for.
#[no_mangle]
unsafe extern "C" fn pta_allocate_async(
    handle: *mut pta_client,
    request: *mut pta_request,
) -> c_int {
    from_result(|| {
        // SAFETY: By the contract of this function; the layout is the same.
        let request = unsafe { request.cast::<Request>().as_ref() }.ok_or(EINVAL)?;
        // SAFETY: By the contract of this function.
        unsafe { client(handle).queue(request)? };
        Ok(0)
    })
}

/// # Safety
///
/// `handle` is an open handle, and `request` is null or as the header asks for.
#[no_mangle]
unsafe extern "C" fn pta_cancel(handle: *mut pta_client, request: *mut pta_request) -> bool {
    // SAFETY: By the contract of this function; the layout is the same.
    match unsafe { request.cast::<Request>().as_ref() } {
        // SAFETY: By the contract of this function.
        Some(request) => unsafe { client(handle) }.cancel(request),
        None => false,
    }
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
/// `handle` is an open handle, and `what` as [`routines`] asks for.
#[no_mangle]
unsafe extern "C" fn pta_connect_interrupt(
    handle: *mut pta_client,
    what: *const pta_interrupt_service,
) -> c_int {
    from_result(|| {
        // As in Windows, a switched off connect says so, whatever it was called with.
        // SAFETY: By the contract of this function.
        let client = unsafe { client(handle) };
        client.may_connect()?;
        // SAFETY: By the contract of this function.
        client.connect(unsafe { routines(what)? })?;
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
        let (client, service) = unsafe { (client(handle), service(what)?) };
        client.disconnect(service)?;
        Ok(0)
    })
}

/// # Safety
///
/// `handle` is an open handle, and `function` is null or may be called with `context` and
/// interrupts off.
#[no_mangle]
unsafe extern "C" fn pta_synchronize(
    handle: *mut pta_client,
    function: Option<unsafe extern "C" fn(*mut c_void) -> c_int>,
    context: *mut c_void,
) -> c_int {
    from_result(|| {
        let function = function.ok_or(EINVAL)?;
        // SAFETY: By the contract of this function.
        let client = unsafe { client(handle) };
        // SAFETY: By the contract of this function.
        client.synchronize(|| unsafe { function(context) })
    })
}

/// # Safety
///
/// `handle` is an open handle.
#[no_mangle]
unsafe extern "C" fn pta_interrupt_time(handle: *mut pta_client) -> ktime_t {
    // SAFETY: By the contract of this function.
    unsafe { client(handle) }.interrupt_time()
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

/// # Safety
///
/// `handle` is an open handle.
#[no_mangle]
unsafe extern "C" fn pta_read_data(handle: *mut pta_client) -> c_int {
    // SAFETY: By the contract of this function.
    read(unsafe { client(handle) }, Register::Data)
}

/// # Safety
///
/// `handle` is an open handle.
#[no_mangle]
unsafe extern "C" fn pta_read_status(handle: *mut pta_client) -> c_int {
    // SAFETY: By the contract of this function.
    read(unsafe { client(handle) }, Register::Status)
}

/// # Safety
///
/// `handle` is an open handle.
#[no_mangle]
unsafe extern "C" fn pta_read_control(handle: *mut pta_client) -> c_int {
    // SAFETY: By the contract of this function.
    read(unsafe { client(handle) }, Register::Control)
}

/// # Safety
///
/// `handle` is an open handle.
#[no_mangle]
unsafe extern "C" fn pta_write_data(handle: *mut pta_client, value: u8) -> c_int {
    // SAFETY: By the contract of this function.
    write(unsafe { client(handle) }, Register::Data, value)
}

/// # Safety
///
/// `handle` is an open handle.
#[no_mangle]
unsafe extern "C" fn pta_write_control(handle: *mut pta_client, value: u8) -> c_int {
    // SAFETY: By the contract of this function.
    write(unsafe { client(handle) }, Register::Control, value)
}
