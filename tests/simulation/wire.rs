//! The wire between an engine and the service, and what goes wrong on it.

use std::collections::BTreeMap;
use std::time::Duration;

use blobferry_core::wire::header;
use blobferry_core::{ExchangeId, Response, Seed, Timestamp, TransportError};
use blobferry_emulator::Service;
use bytes::Bytes;
use http::{HeaderValue, Request, StatusCode};

/// What goes wrong, in so many of a thousand exchanges.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Weather {
    /// The request never arrives.
    pub(crate) lost_before: u64,
    /// The request arrives when nobody waits for the answer any more.
    pub(crate) late: u64,
    /// The answer never arrives.
    pub(crate) lost_after: u64,
    /// The answer arrives twice.
    pub(crate) doubled: u64,
    /// The answer ends too early.
    pub(crate) cut: u64,
    /// The service is busy and does nothing.
    pub(crate) busy: u64,
    /// The service does the work and then fails.
    pub(crate) broken: u64,
}

impl Weather {
    /// A bit of everything that a connection may do.
    pub(crate) const ROUGH: Self = Self {
        lost_before: 40,
        late: 0,
        lost_after: 40,
        doubled: 100,
        cut: 30,
        busy: 40,
        broken: 20,
    };
}

/// Who asked: an engine and its exchange. Answers to engines that are gone find nobody.
pub(crate) type Asker = (u64, ExchangeId);

enum Passing {
    Question(Asker, Box<Request<Bytes>>, Fate),
    Answer(Asker, Result<Response, TransportError>),
}

#[derive(Clone, Copy)]
enum Fate {
    Answered,
    Doubled,
    Silent,
    Cut,
    Broken,
}

/// What is under way, by when it arrives.
pub(crate) struct Wire {
    pub(crate) weather: Weather,
    seed: Seed,
    passing: BTreeMap<(Timestamp, u64), Passing>,
    serial: u64,
    /// Everything that arrived at the service, in order.
    pub(crate) log: Vec<String>,
}

impl Wire {
    pub(crate) fn new(weather: Weather, seed: Seed) -> Self {
        Self {
            weather,
            seed,
            passing: BTreeMap::new(),
            serial: 0,
            log: Vec::new(),
        }
    }

    /// Takes a request that leaves at `now`; whatever happens, something comes back by `timeout`.
    pub(crate) fn send(
        &mut self,
        now: Timestamp,
        asker: Asker,
        request: Request<Bytes>,
        timeout: Duration,
    ) {
        let end = now + timeout;
        let silence = |wire: &mut Self| {
            wire.put(end, Passing::Answer(asker, Err(TransportError::Timeout)));
        };
        let weather = self.weather;
        let there = now + self.travel();
        let question = |fate| Passing::Question(asker, Box::new(request), fate);
        if self.chance(weather.lost_before) {
            silence(self);
        } else if self.chance(weather.busy) {
            let at = there + self.travel();
            let answer = refusal(StatusCode::SERVICE_UNAVAILABLE, "ServerBusy");
            self.put(at, Passing::Answer(asker, Ok(answer)));
        } else if self.chance(weather.late) {
            silence(self);
            let after = Duration::from_millis(self.seed.below(20_000));
            self.put(end + after, question(Fate::Silent));
        } else if self.chance(weather.lost_after) {
            silence(self);
            self.put(there, question(Fate::Silent));
        } else if self.chance(weather.cut) {
            self.put(there, question(Fate::Cut));
        } else if self.chance(weather.broken) {
            self.put(there, question(Fate::Broken));
        } else if self.chance(weather.doubled) {
            self.put(there, question(Fate::Doubled));
        } else {
            self.put(there, question(Fate::Answered));
        }
    }

    /// When the next thing arrives somewhere.
    pub(crate) fn next(&self) -> Option<Timestamp> {
        self.passing.keys().next().map(|(at, _)| *at)
    }

    /// Lets the next thing arrive, if it is due: the service works, an answer comes out.
    pub(crate) fn arrive(
        &mut self,
        now: Timestamp,
        service: &Service,
    ) -> Option<(Asker, Result<Response, TransportError>)> {
        while self.next().is_some_and(|at| at <= now) {
            let ((at, _), passing) = self.passing.pop_first()?;
            match passing {
                Passing::Answer(asker, answer) => return Some((asker, answer)),
                Passing::Question(asker, request, fate) => {
                    self.ask(at, service, asker, *request, fate);
                }
            }
        }
        None
    }

    fn ask(
        &mut self,
        at: Timestamp,
        service: &Service,
        asker: Asker,
        request: Request<Bytes>,
        fate: Fate,
    ) {
        let asked = format!("{} {}", request.method(), request.uri());
        let is_copy = request.headers().contains_key(header::X_MS_COPY_SOURCE);
        let response = service.respond(at, request);
        let status = response.status().as_u16();
        let copy = if is_copy { " copy" } else { "" };
        self.log
            .push(format!("{}{copy} {asked} {status}", at.as_millis()));
        let lost = |reason: &str| TransportError::Disconnected {
            reason: reason.to_owned(),
        };
        let answers: Vec<Result<Response, TransportError>> = match fate {
            Fate::Silent => Vec::new(),
            Fate::Answered => vec![Ok(Response::new(response))],
            Fate::Doubled => vec![Ok(Response::new(response)); 2],
            // A listing that ends too early is seen to; other bodies are measured by the driver.
            Fate::Cut if asked.contains("comp=list") => {
                let half = response.body().len() / 2;
                vec![Ok(Response::new(response.map(|body| body.slice(..half))))]
            }
            Fate::Cut => vec![Err(lost("cut"))],
            Fate::Broken => {
                let answer = refusal(StatusCode::INTERNAL_SERVER_ERROR, "InternalError");
                vec![Ok(answer)]
            }
        };
        for answer in answers {
            let back = at + self.travel();
            self.put(back, Passing::Answer(asker, answer));
        }
    }

    fn put(&mut self, at: Timestamp, passing: Passing) {
        self.serial += 1;
        self.passing.insert((at, self.serial), passing);
    }

    fn chance(&mut self, of_thousand: u64) -> bool {
        of_thousand > 0 && self.seed.below(1000) < of_thousand
    }

    /// Mostly quick, sometimes seconds, so that later requests overtake earlier ones.
    fn travel(&mut self) -> Duration {
        let slow = self.seed.below(20) == 0;
        Duration::from_millis(5 + self.seed.below(if slow { 4_000 } else { 60 }))
    }
}

fn refusal(status: StatusCode, code: &'static str) -> Response {
    let mut response = http::Response::new(Bytes::new());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::X_MS_ERROR_CODE, HeaderValue::from_static(code));
    Response::new(response)
}
