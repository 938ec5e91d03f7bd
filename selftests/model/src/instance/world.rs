// SPDX-License-Identifier: GPL-2.0

//! The world of a port: its clients, and the Linux drivers on it.
//!
//! The thread that makes a [`World`] becomes the worker; every actor is a thread of its own.

use crate::witness::{
    self,
    Dev,
    User, //
};
use crate::{
    bindings::pta_request,
    client,
    completion::{
        Completion,
        FOR_EVER, //
    },
    interrupt::{
        Check,
        Routines,
        Service, //
    },
    parport::{
        Manners,
        Parport, //
    },
    port::Port,
    registry,
    request::Request,
    time::Jiffies,
};
use kernel::{
    checker::thread,
    prelude::*,
    sync::{
        aref::ARef,
        Arc, //
    },
    workqueue::{
        HasWork,
        Work,
        WorkItem, //
    },
};
use std::{
    cell::Cell,
    mem::ManuallyDrop,
    sync::{
        atomic::{
            AtomicBool,
            AtomicUsize,
            Ordering::Relaxed, //
        },
        OnceLock, //
    },
};

/// One execution of a scenario.
pub(crate) struct World {
    pub(crate) parport: ARef<Parport>,
    port: ARef<OnceLock<Arc<Port>>>,
    clients: Vec<ARef<Client>>,

    /// How many actors there are left. Looking at it is no step.
    acting: ARef<AtomicUsize>,
}

impl World {
    /// An open port, and these Linux drivers, counted from 1.
    pub(crate) fn new(drivers: &[Manners]) -> Self {
        let world = Self::closed(drivers);

        world.open();
        world
    }

    /// The same, not open yet.
    pub(crate) fn closed(drivers: &[Manners]) -> Self {
        witness::forget();
        Self {
            parport: Parport::new(drivers),
            port: ARef::default(),
            clients: Vec::new(),
            acting: ARef::default(),
        }
    }

    pub(crate) fn open(&self) {
        let port = Port::open(self.parport.clone()).unwrap();

        registry::announce(&port);
        assert!(self.port.set(port).is_ok());
    }

    fn port(&self) -> &Arc<Port> {
        self.port.get().unwrap()
    }

    /// A new client.
    pub(crate) fn client(&mut self) -> ARef<Client> {
        let client = ARef::new(Client {
            client: ManuallyDrop::new(client::Client::open(0, c"client").unwrap()),
            parport: self.parport.clone(),
            number: self.clients.len(),
            request: Order::new(),
            is_open: true.into(),
        });

        self.clients.push(client.clone());
        client
    }

    /// Somebody does something, while others do other things.
    pub(crate) fn actor(&mut self, act: impl FnOnce() + Send + 'static) {
        let acting = self.acting.clone();
        let port = self.port.clone();

        acting.fetch_add(1, Relaxed);
        thread::spawn(move || {
            act();
            if acting.fetch_sub(1, Relaxed) == 1 {
                if let Some(port) = port.get() {
                    worker(port).look();
                }
            }
        });
    }

    /// A client does something, while others do other things.
    pub(crate) fn client_does(&mut self, act: impl FnOnce(&Client) + Send + 'static) {
        let client = self.client();
        self.actor(move || act(&client));
    }

    /// parport or a Linux driver does something, while others do other things.
    pub(crate) fn linux_does(&mut self, act: impl FnOnce(&Parport) + Send + 'static) {
        let parport = self.parport.clone();
        self.actor(move || act(&parport));
    }

    /// A Linux driver waits for the port, uses it and gives it back.
    pub(crate) fn linux_visits(&mut self, dev: Dev) {
        self.linux_does(move |parport| {
            parport.wait_for(dev);
            parport.give_back(dev);
        });
    }

    /// A Linux driver uses the port and gives it back, if it can have it now.
    pub(crate) fn linux_tries(&mut self, dev: Dev) {
        self.linux_does(move |parport| {
            if parport.take(dev) {
                parport.give_back(dev);
            }
        });
    }

    /// Somebody looks how often the port was allocated and freed.
    pub(crate) fn somebody_looks(&mut self) {
        let port = self.port().clone();
        self.actor(move || {
            let counts = port.counts();
            assert!(
                counts.frees <= counts.allocates,
                "more frees than allocations"
            );
        });
    }

    /// The port goes away.
    pub(crate) fn port_dies(&mut self) {
        let port = self.port().clone();
        self.actor(move || Port::shut_down(&port));
    }

    /// Lets the worker run, while nobody else acts.
    pub(crate) fn settle(&self) {
        self.serve(|| false);
    }

    fn serve(&self, is_anybody_left: impl Fn() -> bool) {
        let port = self.port();
        worker(port).serve(
            || {
                witness::note(|| "worker".into());
                <Port as WorkItem<0>>::run(port.clone());
            },
            is_anybody_left,
        );
    }

    /// Runs to the end, where everybody has given back what they had and the port is free.
    pub(crate) fn run(self) {
        let connected = self.end();
        witness::at_rest(true);
        assert!(
            self.parport.is_interrupt_on() == connected,
            "the interrupt is not as it is wanted"
        );
        self.close();
    }

    /// Runs to the end, at which the port is dead.
    pub(crate) fn run_to_death(self) {
        self.end();
        witness::at_rest(false);
        self.close();
    }

    /// Tells whether any client has connected.
    fn end(&self) -> bool {
        self.serve(|| self.acting.load(Relaxed) != 0);
        self.clients
            .iter()
            .any(|client| client.is_open.load(Relaxed) && client.request.connected.get())
    }

    /// Frees what there is. Nobody else runs any more.
    fn close(self) {
        worker(self.port()).end();
        for client in &self.clients {
            client.close();
        }
    }
}

fn worker(port: &Port) -> &Work<Port, 0> {
    HasWork::<0>::work(port)
}

/// A class driver: an open handle, and a request for it.
pub(crate) struct Client {
    client: ManuallyDrop<KBox<client::Client>>,
    parport: ARef<Parport>,
    number: usize,
    request: Order,
    is_open: AtomicBool,
}

// SAFETY: The checker runs one thread at a time, and what is the host's here is looked at without a
// step.
unsafe impl Send for Client {}
// SAFETY: As above.
unsafe impl Sync for Client {}

/// A class driver's request, of which the C header knows the first field only.
#[repr(C)]
struct Order {
    request: pta_request,
    answered: Completion,
    status: Cell<c_int>,

    /// Its stay in the line that has not ended yet.
    stay: Cell<Option<usize>>,

    /// The client, if it queues the request once more as it is answered.
    again: Cell<*const Client>,

    /// Did the client connect, and has its check found the port free?
    connected: Cell<bool>,
    checked: Completion,
}

impl Order {
    fn new() -> Self {
        Self {
            request: pta_request::new(done),
            answered: Completion::new(),
            status: Cell::new(0),
            stay: Cell::new(None),
            again: Cell::new(core::ptr::null()),
            connected: Cell::new(false),
            checked: Completion::new(),
        }
    }

    fn raw(&self) -> &Request {
        // SAFETY: The layout is the same, and all zero is an entry that is in no queue.
        unsafe { &*(&raw const self.request).cast() }
    }
}

/// # Safety
///
/// To be called as `done` of the request of an [`Order`].
unsafe extern "C" fn done(request: *mut pta_request, status: c_int) {
    // SAFETY: By the contract of this function; the request is the first field. The client that it
    // is part of stays to the end of the execution.
    let order = unsafe { &*request.cast::<Order>() };

    witness::answered(order.stay.take());
    // SAFETY: It is null or a client, which stays to the end of the execution.
    if let Some(client) = unsafe { order.again.replace(core::ptr::null()).as_ref() } {
        let _ = client.free();
        let _ = client.queue();
        return;
    }
    order.status.set(status);
    order.answered.complete();
}

/// # Safety
///
/// `context` points to a client.
unsafe extern "C" fn isr(_: *mut c_void) -> bool {
    true
}

/// # Safety
///
/// As for [`isr`].
unsafe extern "C" fn check(context: *mut c_void) {
    // SAFETY: By the contract of this function.
    let client = unsafe { &*context.cast::<Client>() };

    if client.take() {
        client.give_back();
        client.request.checked.complete();
    }
}

impl Client {
    /// Takes the port if it is free, and tells whether it did.
    pub(crate) fn take(&self) -> bool {
        let line = witness::line();
        let taken = self.client.try_allocate();

        if taken {
            witness::not_overtaken(&line);
            self.begin();
        }
        taken
    }

    /// Uses the port and gives it back, if it is free.
    pub(crate) fn try_once(&self) {
        if self.take() {
            self.give_back();
        }
    }

    fn begin(&self) {
        self.parport.begin(User::Client(self.number));
    }

    /// Is the owner for a moment, if the port is free, but does not use it: for a port that may die.
    pub(crate) fn flash(&self) {
        if self.client.try_allocate() {
            let _ = self.client.free();
        }
    }

    /// Gives the port back, that was taken.
    pub(crate) fn give_back(&self) {
        self.parport.end(User::Client(self.number));
        assert!(self.client.free() == Ok(()));
    }

    /// Takes the port and keeps it, for it to die in its hands.
    pub(crate) fn take_for_good(&self) -> bool {
        self.client.try_allocate()
    }

    pub(crate) fn free(&self) -> Result {
        self.client.free()
    }

    /// Waits for the port, uses it and gives it back.
    pub(crate) fn visit(&self) {
        assert!(self.client.allocate(Jiffies::from_ticks(FOR_EVER)) == Ok(()));
        self.begin();
        self.give_back();
    }

    /// Waits for the port until the time is over, and uses it if it got it.
    pub(crate) fn visit_in_time(&self) {
        match self.client.allocate(Jiffies::from_ticks(1)) {
            Ok(()) => {
                self.begin();
                self.give_back();
            }
            Err(error) => assert!(error == ETIMEDOUT),
        }
    }

    /// Queues the request.
    pub(crate) fn queue(&self) -> Result {
        let order = &self.request;
        order.stay.set(Some(witness::queued()));

        // SAFETY: The client stays to the end of the execution.
        let queued = unsafe { self.client.queue(order.raw()) };
        match (queued, order.stay.get()) {
            (Ok(()), Some(stay)) => witness::queue_returned(stay),
            (Err(_), _) => witness::answered(order.stay.take()),
            _ => {}
        }
        queued
    }

    /// Queues the request, and once more from its answer.
    pub(crate) fn queue_again_and_again(&self) {
        self.request.again.set(self);
        assert!(self.queue() == Ok(()));
    }

    /// Waits for the answer to the request.
    pub(crate) fn answer(&self) -> Result {
        self.request.answered.wait();
        kernel::error::to_result(self.request.status.get())
    }

    /// Waits for the answer to the request, and uses the port if it got it.
    pub(crate) fn visit_as_queued(&self) -> Result {
        let answer = self.answer();

        if answer.is_ok() {
            self.begin();
            self.give_back();
        }
        answer
    }

    /// Cancels the request. Tells whether it did.
    pub(crate) fn cancel(&self) -> bool {
        if let Some(stay) = self.request.stay.get() {
            witness::leaves_the_line(stay);
        }
        self.client.cancel(self.request.raw())
    }

    /// Connects a routine, and a deferred port check.
    pub(crate) fn connect(&self, with_check: bool) {
        let context = core::ptr::from_ref(self).cast_mut().cast();
        // SAFETY: The client stays to the end of the execution.
        let (service, check) = unsafe { (Service::new(isr, context), Check::new(check, context)) };

        self.request.connected.set(true);
        let connected = self.client.connect(Routines {
            service,
            check: with_check.then_some(check),
            timestamp: false,
            code: 0,
        });
        assert!(connected == Ok(()));
    }

    /// Waits until the check has taken the port.
    pub(crate) fn is_checked(&self) {
        self.request.checked.wait();
    }

    /// Closes the handle. The client uses the registers no more.
    pub(crate) fn close(&self) {
        if !self.is_open.swap(false, Relaxed) {
            return;
        }
        if let Some(stay) = self.request.stay.get() {
            witness::leaves_the_line(stay);
        }
        // SAFETY: It is dropped once only, and a closed client is not used any more.
        unsafe { core::ptr::drop_in_place((&raw const *self.client).cast_mut()) };
    }
}
