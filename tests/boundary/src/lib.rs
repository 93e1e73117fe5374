//! Core behind a C boundary: a host feeds answers byte by byte and says what time it is; core does the
//! rest. Built for wasm32, this module must import nothing.
//!
//! Names, keys and answers come from the host, so that no path through core can be decided, and left
//! out, while it is compiled.

use std::sync::{Mutex, MutexGuard, PoisonError};

use blobferry_core::operation::{CopyBlob, LeaseTarget, ListBlobs};
use blobferry_core::{
    Action, Conditions, CopyJob, CopyOptions, Credential, Engine, EngineOptions, Error, ExchangeId,
    Fleet, FleetOptions, FleetPlan, Identities, InvalidInput, LeaseId, LeaseKeeper, LeaseOptions,
    LeaseTerm, Lister, Location, Machine, Patience, Place, Response, Seed, Timestamp,
    TransportError,
};
use bytes::Bytes;

static FED: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static JOB: Mutex<Option<Box<dyn Job + Send>>> = Mutex::new(None);

/// A machine in its engine, whatever its events and outcomes are.
trait Job {
    fn poll(&mut self, now: Timestamp) -> i64;
    fn answer(&mut self, response: Option<Response>);
    fn cancel(&mut self);
}

struct Driven<M: Machine> {
    engine: Engine<M>,
    flights: Vec<ExchangeId>,
}

impl<M: Machine> Job for Driven<M> {
    /// When to be polled again, in milliseconds; 0 for at once, -1 for never, -2 for when answered.
    fn poll(&mut self, now: Timestamp) -> i64 {
        match self.engine.poll(now) {
            Action::Send { id, request, .. } => {
                self.flights.push(id);
                put(request.uri().to_string().into_bytes());
                0
            }
            Action::Renew { id, .. } => {
                self.engine.fail(id, TransportError::NotSent);
                0
            }
            Action::Emit(_) => 0,
            Action::Wait(pause) => pause.until.map_or(-2, Timestamp::as_millis),
            Action::Done(_) => -1,
        }
    }

    fn answer(&mut self, response: Option<Response>) {
        let Some(id) = self.flights.pop() else {
            return;
        };
        match response {
            Some(response) => self.engine.reply(id, response),
            None => self.engine.fail(id, TransportError::Timeout),
        }
    }

    fn cancel(&mut self) {
        self.engine.cancel();
    }
}

/// Takes one byte of what the next call is to read.
#[unsafe(no_mangle)]
pub extern "C" fn blobferry_feed(byte: u8) {
    hold(&FED).push(byte);
}

/// Hands out one byte of the URL that was last to be sent; -1 beyond its end.
#[unsafe(no_mangle)]
pub extern "C" fn blobferry_fed(at: u32) -> i32 {
    hold(&FED)
        .get(at as usize)
        .map_or(-1, |byte| i32::from(*byte))
}

/// Begins a job from lines that were fed: the source's URL, the destination's, a lease id.
///
/// `what` is 0 for a copy, 1 for a lease, 2 for a listing, 3 for a fleet. Answers 0, or 1 where the lines are no
/// good.
#[unsafe(no_mangle)]
pub extern "C" fn blobferry_begin(what: u32, seed: u64) -> u32 {
    let text = String::from_utf8_lossy(&take()).into_owned();
    match begin(what, seed, &text) {
        Ok(job) => {
            *hold(&JOB) = Some(job);
            0
        }
        Err(error) => {
            put(error.to_string().into_bytes());
            1
        }
    }
}

/// Polls the job; see `Job::poll` for the answer.
#[unsafe(no_mangle)]
pub extern "C" fn blobferry_poll(now: i64) -> i64 {
    hold(&JOB)
        .as_mut()
        .map_or(-1, |job| job.poll(Timestamp::from_millis(now)))
}

/// Answers the last request with what was fed: header lines, an empty line, the body. Status 0 means
/// that no answer came.
#[unsafe(no_mangle)]
pub extern "C" fn blobferry_answer(status: u16) {
    let response = response(status, take());
    if let Some(job) = hold(&JOB).as_mut() {
        job.answer(response);
    }
}

/// Cancels the job.
#[unsafe(no_mangle)]
pub extern "C" fn blobferry_cancel() {
    if let Some(job) = hold(&JOB).as_mut() {
        job.cancel();
    }
}

fn begin(what: u32, seed: u64, text: &str) -> Result<Box<dyn Job + Send>, Error> {
    let mut lines = text.lines();
    let mut next = || lines.next().unwrap_or_default();
    let (source, destination): (Location, Location) = (next().parse()?, next().parse()?);
    let mut identities = Identities::new();
    for location in [&source, &destination] {
        let sas = location
            .sas
            .clone()
            .map_or(Credential::Anonymous, Credential::Sas);
        identities = identities.with(location.place.account().clone(), sas);
    }
    let seed = Seed::new(seed);
    Ok(match (what, source.place, destination.place) {
        (0, Place::Blob(source), Place::Blob(destination)) => {
            let copy = CopyBlob::new(destination, source);
            drive(CopyJob::new(copy, CopyOptions::default(), seed), identities)
        }
        (1, Place::Blob(blob), _) => {
            let id: LeaseId = next().parse()?;
            let keeper = LeaseKeeper::new(
                LeaseTarget::Blob(blob, Conditions::default()),
                id,
                LeaseTerm::Infinite,
                LeaseOptions::default(),
                seed,
            );
            drive(keeper, identities)
        }
        (2, Place::Container(container), _) => {
            let question = ListBlobs::new(container);
            drive(Lister::new(question, Patience::default(), seed), identities)
        }
        (3, Place::Container(source), Place::Container(destination)) => {
            let plan = FleetPlan::container(source, destination);
            drive(Fleet::new(plan, FleetOptions::default(), seed), identities)
        }
        _ => {
            let rule = "0 takes two blobs, 1 a blob, 2 a container, 3 two containers";
            return Err(InvalidInput::new("job", what.to_string(), rule).into());
        }
    })
}

fn drive<M: Machine + Send + 'static>(machine: M, identities: Identities) -> Box<dyn Job + Send>
where
    M::Outcome: Send,
{
    let engine = Engine::new(machine, identities, EngineOptions::default());
    Box::new(Driven {
        engine,
        flights: Vec::new(),
    })
}

fn response(status: u16, fed: Vec<u8>) -> Option<Response> {
    let text = String::from_utf8_lossy(&fed).into_owned();
    let (head, body) = text.split_once("\n\n").unwrap_or((&text, ""));
    let mut builder = http::Response::builder().status(status);
    for (name, value) in head.lines().filter_map(|line| line.split_once(": ")) {
        builder = builder.header(name, value);
    }
    builder
        .body(Bytes::from(body.to_owned()))
        .ok()
        .map(Response::new)
}

fn take() -> Vec<u8> {
    std::mem::take(&mut *hold(&FED))
}

fn put(bytes: Vec<u8>) {
    *hold(&FED) = bytes;
}

fn hold<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
