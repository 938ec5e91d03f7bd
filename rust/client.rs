// SPDX-License-Identifier: GPL-2.0

//! One open handle on one port.

use crate::{
    arbiter::{
        Owner,
        Refusal, //
    },
    interrupt::{
        Routines,
        Service, //
    },
    parameters,
    parport::{
        Fifo,
        Parport,
        Register,
        Transfer, //
    },
    port::{
        ModeRefusal,
        Port, //
    },
    registry,
    request::Request,
    tally::{
        Counter,
        Gauge, //
    },
    time::Jiffies, //
};
use kernel::{
    prelude::*,
    str::CString,
    sync::{
        atomic::{
            Atomic,
            Relaxed, //
        },
        Arc, //
    },
};

/// A client of a port. Dropping it closes the port.
pub(crate) struct Client {
    port: Arc<Port>,
    me: Owner,
    name: CString,

    /// Was the client told where the port's registers are? Then they are looked after when it frees
    /// the port.
    has_registers: Gauge<bool>,

    /// What the client did wrong, for the log.
    refused_frees: Counter,
    refused_connects: Counter,
    calls_in_routines: Counter,

    /// Is the client being closed?
    closing: Atomic<bool>,
}

impl Client {
    /// Opens port `number` under a name.
    ///
    /// # Context
    ///
    /// Process context. May sleep.
    ///
    /// # Errors
    ///
    /// `EINVAL` if the name is empty, and those of [`registry::open`].
    pub(crate) fn open(number: u32, name: &CStr) -> Result<KBox<Self>> {
        if name.is_empty() {
            return Err(EINVAL);
        }
        let in_slot = CString::try_from(name)?;
        let name = CString::try_from(name)?;
        let client = KBox::<Self>::new_uninit(GFP_KERNEL)?;
        let (port, me) = registry::open(number, in_slot)?;

        Ok(KBox::write(
            client,
            Self {
                port,
                me,
                name,
                has_registers: Gauge::new(false),
                refused_frees: Counter::new(),
                refused_connects: Counter::new(),
                calls_in_routines: Counter::new(),
                closing: Atomic::new(false),
            },
        ))
    }

    /// Takes the port if it is free, and tells whether it did.
    ///
    /// # Context
    ///
    /// Any, NMI included.
    #[inline]
    pub(crate) fn try_allocate(&self) -> bool {
        self.port.try_allocate(self.me)
    }

    /// Gives the port back.
    ///
    /// # Context
    ///
    /// Any but NMI.
    ///
    /// # Errors
    ///
    /// `EPERM` if the client does not own the port, `ENODEV` if the port is gone.
    #[inline]
    pub(crate) fn free(&self) -> Result {
        if !self.has_registers.read() && Port::free_quietly(&self.port, self.me) {
            return Ok(());
        }
        self.free_slow()
    }

    #[cold]
    fn free_slow(&self) -> Result {
        if self.has_registers.read() {
            self.port.tidy(self.me);
        }
        Port::free(&self.port, self.me).map_err(|refusal| self.refused_free(refusal))
    }

    /// Frees the port if it is the client's own. It is no mistake if it is not.
    fn free_own(&self) {
        if self.has_registers.read() {
            self.port.tidy(self.me);
        }
        let _ = Port::free(&self.port, self.me);
    }

    #[cold]
    fn refused_free(&self, refusal: Refusal) -> Error {
        match refusal {
            Refusal::Dead => ENODEV,
            Refusal::NotOwner => {
                self.port.count_refused_free();
                self.complain(&self.refused_frees, "freed the port without owning it");
                EPERM
            }
        }
    }

    /// Names the client in the log for what it did wrong: the first time, the second, the fourth
    /// and so on. Once is worth a line, a thousand times are not worth a thousand.
    #[cold]
    fn complain(&self, times: &Counter, what: &str) {
        let refused = times.count();

        if refused.is_power_of_two() {
            pr_warn!(
                "parport{}: {} {}: refused ({} so far)\n",
                self.port.parport().number(),
                &*self.name,
                what,
                refused,
            );
        }
    }

    /// Fails, and names the client, in a routine of the port.
    ///
    /// # Errors
    ///
    /// `EDEADLK` there.
    fn refuse_in_routine(&self, what: &str) -> Result {
        if self.port.is_in_routine() {
            self.complain(&self.calls_in_routines, what);
            return Err(EDEADLK);
        }
        Ok(())
    }

    /// Waits for the port for `timeout` jiffies at the most, and takes it.
    ///
    /// # Context
    ///
    /// Process context. May sleep.
    ///
    /// # Errors
    ///
    /// `EDEADLK` in a routine of the port, and those of [`Port::allocate`].
    pub(crate) fn allocate(&self, timeout: Jiffies) -> Result {
        self.refuse_in_routine("waited for the port in a routine of it")?;
        Port::allocate(&self.port, self.me, timeout)
    }

    /// Queues a request for the port.
    ///
    /// # Context
    ///
    /// Any but NMI.
    ///
    /// # Errors
    ///
    /// `EINVAL` if the request has nothing to call, `ESHUTDOWN` if the client is being closed, and
    /// those of [`Port::queue`].
    ///
    /// # Safety
    ///
    /// That of [`Port::queue`].
    pub(crate) unsafe fn queue(&self, request: &Request) -> Result {
        if !request.is_valid() {
            return Err(EINVAL);
        }
        // SAFETY: By the contract of this function.
        unsafe { Port::queue(&self.port, self.me, request)? };

        // A request that came too late to be cancelled with the others finds the client closing:
        // both were under the queue's lock.
        if self.closing.load(Relaxed) && self.port.withdraw(self.me, request) {
            return Err(ESHUTDOWN);
        }
        Ok(())
    }

    /// Cancels a request of this client that waits. Tells whether it did.
    ///
    /// # Context
    ///
    /// Any but NMI.
    pub(crate) fn cancel(&self, request: &Request) -> bool {
        Port::cancel(&self.port, self.me, request)
    }

    /// Cancels all requests of this client, and waits until they are answered.
    ///
    /// # Context
    ///
    /// Process context, not from an answer to a request of this port. May sleep.
    pub(crate) fn cancel_all(&self) {
        Port::cancel_all(&self.port, self.me);
    }

    /// Cancels all requests of this client, and frees the port if it is its own, without waiting.
    ///
    /// # Context
    ///
    /// Any but NMI.
    pub(crate) fn let_go(&self) {
        Port::cancel_client(&self.port, self.me);
        self.free_own();
    }

    /// As [`Client::cancel_all`], and refuses every request from now on.
    ///
    /// # Context
    ///
    /// As [`Client::cancel_all`].
    pub(crate) fn stop_queueing(&self) {
        self.closing.store(true, Relaxed);
        self.cancel_all();
    }

    /// Undoes every [`Client::connect`].
    ///
    /// # Context
    ///
    /// Process context. May sleep.
    pub(crate) fn disconnect_all(&self) {
        Port::disconnect_all(&self.port, self.me);
    }

    /// Is this code called by an answer to a request of this port?
    pub(crate) fn is_answering(&self) -> bool {
        self.port.is_answering()
    }

    /// Does the client own the port?
    pub(crate) fn is_owner(&self) -> bool {
        self.port.is_owner(self.me)
    }

    /// Connects routines to the port's interrupt, for a door that has asked [`Client::may_connect`].
    ///
    /// # Context
    ///
    /// Process context. May sleep.
    ///
    /// # Errors
    ///
    /// Those of [`Port::connect`].
    pub(crate) fn connect(&self, routines: Routines) -> Result {
        self.refuse_in_routine("connected in a routine of the port")?;
        Port::connect(&self.port, self.me, routines)
    }

    /// Calls a function in step with the routines of the port.
    ///
    /// # Context
    ///
    /// Any but NMI.
    ///
    /// # Errors
    ///
    /// Those of [`Port::synchronize`].
    pub(crate) fn synchronize<R>(&self, function: impl FnOnce() -> R) -> Result<R> {
        self.refuse_in_routine("synchronized in a routine of the port")?;
        self.port.synchronize(function)
    }

    /// [`Client::synchronize`], also after the port is gone.
    ///
    /// # Context
    ///
    /// Any but NMI.
    ///
    /// # Errors
    ///
    /// Those of [`Port::synchronize_always`].
    pub(crate) fn synchronize_always<R>(&self, function: impl FnOnce() -> R) -> Result<R> {
        self.port.synchronize_always(function)
    }

    /// When the port's last interrupt came, in nanoseconds of the monotonic clock.
    pub(crate) fn interrupt_time(&self) -> i64 {
        self.port.interrupt_time()
    }

    /// Tells whether the administrator allows connecting. The doors ask before they look at the
    /// arguments of a connect.
    ///
    /// # Errors
    ///
    /// `EACCES` if not.
    pub(crate) fn may_connect(&self) -> Result {
        if parameters::enable_connect_interrupt() {
            return Ok(());
        }
        self.complain(
            &self.refused_connects,
            "connected an interrupt, and enable_connect_interrupt is off",
        );
        Err(EACCES)
    }

    /// May the client be dropped here? Dropping it waits for the routines of the port.
    pub(crate) fn may_close(&self) -> bool {
        self.refuse_in_routine("closed the port in a routine of it")
            .is_ok()
    }

    /// Undoes one [`Client::connect`].
    ///
    /// # Context
    ///
    /// Process context. May sleep.
    ///
    /// # Errors
    ///
    /// Those of [`Port::disconnect`].
    pub(crate) fn disconnect(&self, service: Service) -> Result {
        self.refuse_in_routine("disconnected in a routine of the port")?;
        Port::disconnect(&self.port, self.me, service)
    }

    /// How many wait for the port?
    ///
    /// # Context
    ///
    /// Any but NMI.
    pub(crate) fn waiters(&self) -> u32 {
        self.port.waiters()
    }

    /// Reads a register of the port, which this client must own.
    ///
    /// # Context
    ///
    /// Any in which the port's registers may be accessed.
    ///
    /// # Errors
    ///
    /// Those of [`Port::read`].
    pub(crate) fn read(&self, register: Register) -> Result<u8> {
        self.port.read(self.me, register)
    }

    /// Writes a register of the port, which this client must own.
    ///
    /// # Context
    ///
    /// Any in which the port's registers may be accessed.
    ///
    /// # Errors
    ///
    /// Those of [`Port::read`].
    pub(crate) fn write(&self, register: Register, value: u8) -> Result {
        if register == Register::Control {
            self.has_registers.write(true);
        }
        self.port.write(self.me, register, value)
    }

    /// Sets a mode of the port's chip, see [`Port::set_chip_mode`].
    ///
    /// # Context
    ///
    /// Any but NMI.
    ///
    /// # Errors
    ///
    /// See [`ModeRefusal`].
    pub(crate) fn set_chip_mode(&self, value: u8) -> Result<(), ModeRefusal> {
        self.port.set_chip_mode(self.me, value)
    }

    /// Clears the mode of the port's chip, see [`Port::clear_chip_mode`].
    ///
    /// # Context
    ///
    /// Any but NMI.
    ///
    /// # Errors
    ///
    /// See [`ModeRefusal`].
    pub(crate) fn clear_chip_mode(&self, value: u8) -> Result<(), ModeRefusal> {
        self.port.clear_chip_mode(self.me, value)
    }

    /// The mode of the port's chip, or 0.
    ///
    /// # Context
    ///
    /// Any but NMI.
    pub(crate) fn chip_mode(&self) -> u8 {
        self.port.chip_mode()
    }

    /// How many devices there are on the port's daisy chain.
    pub(crate) fn daisy_devices(&self) -> u32 {
        self.port.daisy_devices()
    }

    /// Counts the devices on the port's daisy chain, see [`Port::count_devices`].
    ///
    /// # Context
    ///
    /// Process context. May sleep.
    pub(crate) fn count_devices(&self) {
        self.port.count_devices(self.me);
    }

    /// Counts them if that was not done yet.
    ///
    /// # Context
    ///
    /// Process context. May sleep.
    pub(crate) fn know_devices(&self) {
        self.port.know_devices(self.me);
    }

    /// Selects a device on the port's daisy chain, see [`Port::select_device`].
    ///
    /// # Context
    ///
    /// Any but NMI.
    ///
    /// # Errors
    ///
    /// Those of [`Port::select_device`].
    pub(crate) fn select_device(&self, place: u8) -> Result {
        self.port.select_device(self.me, place)
    }

    /// Deselects all devices on the port's daisy chain, see [`Port::deselect_devices`].
    ///
    /// # Context
    ///
    /// Any but NMI.
    ///
    /// # Errors
    ///
    /// Those of [`Port::deselect_devices`].
    pub(crate) fn deselect_devices(&self) -> Result {
        self.port.deselect_devices(self.me)
    }

    /// Calls `transfer` with the right to transfer, see [`Port::transfer`].
    ///
    /// # Context
    ///
    /// Process context. May sleep.
    ///
    /// # Errors
    ///
    /// Those of [`Port::transfer`].
    ///
    /// # Safety
    ///
    /// The client does not free the port, nor is it dropped, before this returned.
    pub(crate) unsafe fn transfer<R>(
        &self,
        transfer: impl FnOnce(&Transfer<'_>) -> Result<R>,
    ) -> Result<R> {
        self.has_registers.write(true);
        // SAFETY: By the contract of this function.
        unsafe { self.port.transfer(self.me, transfer) }
    }

    /// The port as parport knows it, for what it says about itself.
    pub(crate) fn facts(&self) -> &Parport {
        self.port.parport()
    }

    /// The buffer of the ECP mode, all zero if it is not known.
    pub(crate) fn fifo(&self) -> Fifo {
        self.port.fifo()
    }

    /// Is the port on a PCI card?
    pub(crate) fn is_pci(&self) -> bool {
        self.port.is_pci()
    }

    /// Is the port gone?
    pub(crate) fn is_dead(&self) -> bool {
        self.port.is_dead()
    }

    /// The port as parport knows it, with all that is needed to access its registers.
    pub(crate) fn parport(&self) -> &Parport {
        self.has_registers.write(true);
        self.port.parport()
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // Requests first: an answer to one may make the client the owner.
        self.stop_queueing();
        self.disconnect_all();

        self.free_own();
        registry::close(&self.port, self.me);
    }
}
