//! The driver on virtual time, over a wire that does as it is told.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use blobferry_core::{
    Account, Credential, Error, ExchangeId, Input, Machine, Operation, Patience, Pause, Request,
    Response, Seed, ServiceError, SignedRequest, Step, Timestamp, TransportError, Urgency,
};
use bytes::Bytes;
use futures_util::StreamExt;
use http::Method;
use tokio::time::Instant;

use crate::clock::TokioClock;
use crate::transport::{Flight, Transport};
use crate::{Cancel, Client, ClientBuilder, Stopped};

const NOON: Timestamp = Timestamp::from_millis(1_900_000_000_000);

/// An operation whose answer is its status, told whether it may be asked twice.
struct Ask<const SAME: bool>;

impl<const SAME: bool> Operation for Ask<SAME> {
    type Output = u16;
    const NAME: &'static str = "Ask";
    const IDEMPOTENT: bool = SAME;
    const URGENCY: Urgency = Urgency::Status;

    fn request(&self) -> Request {
        ask("ask")
    }

    fn parse(&self, response: &Response) -> Result<u16, Error> {
        match response.status().as_u16() {
            status @ ..300 => Ok(status),
            status => Err(Error::from(ServiceError {
                status,
                retry_after: response
                    .header(&http::header::RETRY_AFTER)
                    .and_then(|text| text.parse().ok())
                    .map(Duration::from_secs),
                ..ServiceError::default()
            })),
        }
    }
}

fn ask(comp: &'static str) -> Request {
    Request::to_account(Method::GET, &account())
        .query("comp", comp)
        .of(comp, Urgency::Status)
}

fn account() -> Account {
    "https://lighthouse.blob.core.windows.net".parse().unwrap()
}

/// What becomes of one request.
#[derive(Clone, Copy)]
enum Fate {
    Status(u16),
    RetryAfter(u16, &'static str),
    Lost,
    Never,
}

/// Answers in turn, 10 ms after it was asked; the last fate is everybody's after it.
#[derive(Clone)]
struct Mock {
    fates: Arc<Mutex<VecDeque<Fate>>>,
    asked: Arc<Mutex<Vec<&'static str>>>,
}

impl Mock {
    fn new(fates: impl IntoIterator<Item = Fate>) -> Self {
        Self {
            fates: Arc::new(Mutex::new(fates.into_iter().collect())),
            asked: Arc::default(),
        }
    }

    fn asked(&self) -> Vec<&'static str> {
        self.asked.lock().unwrap().clone()
    }
}

impl Transport for Mock {
    fn carry(&self, request: SignedRequest, limit: Duration) -> Flight {
        self.asked.lock().unwrap().push(request.operation());
        let mut fates = self.fates.lock().unwrap();
        let fate = match fates.len() {
            0 | 1 => *fates.front().unwrap(),
            _ => fates.pop_front().unwrap(),
        };
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(10)).await;
            let answer = http::Response::builder();
            let answer = match fate {
                Fate::Status(status) => answer.status(status),
                Fate::RetryAfter(status, seconds) => {
                    answer.status(status).header("retry-after", seconds)
                }
                Fate::Lost => {
                    return Err(TransportError::Disconnected {
                        reason: "cut".into(),
                    });
                }
                Fate::Never => {
                    tokio::time::sleep(limit).await;
                    return Err(TransportError::Timeout);
                }
            };
            Ok(Response::new(answer.body(Bytes::new()).unwrap()))
        })
    }
}

fn builder(mock: &Mock) -> ClientBuilder {
    Client::builder()
        .transport(mock.clone())
        .clock(TokioClock::starting_at(NOON))
        .seed(Seed::new(1))
}

fn client(mock: &Mock) -> Client {
    builder(mock)
        .credential(account(), Credential::Anonymous)
        .build()
        .unwrap()
}

#[tokio::test(start_paused = true)]
async fn an_answer_comes_back() {
    let mock = Mock::new([Fate::Status(200)]);
    assert_eq!(client(&mock).send(Ask::<false>).await, Ok(200));
    assert_eq!(mock.asked(), ["Ask"]);
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_asked_for_again_only_where_that_is_the_same() {
    let mock = Mock::new([Fate::Lost, Fate::Status(200)]);
    let error = client(&mock).send(Ask::<false>).await.unwrap_err();
    assert!(matches!(error, Error::Transport(error) if !error.is_unsent()));
    assert_eq!(mock.asked().len(), 1);

    let mock = Mock::new([Fate::Lost, Fate::Never, Fate::Status(200)]);
    assert_eq!(client(&mock).send(Ask::<true>).await, Ok(200));
    assert_eq!(mock.asked().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn the_service_is_left_alone_for_as_long_as_it_asks() {
    let mock = Mock::new([Fate::RetryAfter(503, "17"), Fate::Status(200)]);
    let began = Instant::now();
    assert_eq!(client(&mock).send(Ask::<false>).await, Ok(200));
    let took = began.elapsed();
    assert!(took >= Duration::from_secs(17), "{took:?}");
    assert!(took < Duration::from_secs(30), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn each_attempt_has_the_limit_it_was_given() {
    let mock = Mock::new([Fate::Never]);
    let began = Instant::now();
    let client = builder(&mock)
        .credential(account(), Credential::Anonymous)
        .timeout(Duration::from_secs(7))
        .patience(Patience {
            attempts: 1,
            ..Patience::default()
        })
        .build()
        .unwrap();
    let outcome = client.send(Ask::<true>).await;
    assert_eq!(outcome, Err(Error::Transport(TransportError::Timeout)));
    assert_eq!(began.elapsed(), Duration::from_millis(7_010));
}

#[tokio::test(start_paused = true)]
async fn nobody_known_is_said_and_nothing_is_sent() {
    let mock = Mock::new([Fate::Status(200)]);
    let error = builder(&mock).build().unwrap().send(Ask::<true>).await;
    assert_eq!(
        error.unwrap_err().to_string(),
        "no credential: none is known for https://lighthouse.blob.core.windows.net"
    );
    assert!(mock.asked().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_credential_is_fetched_once_for_all_who_wait_for_it() {
    let mock = Mock::new([Fate::Status(200)]);
    let fetched = Arc::new(Mutex::new(0));
    let count = fetched.clone();
    let client = builder(&mock)
        .token_source(account(), move |_| {
            let count = count.clone();
            async move {
                tokio::time::sleep(Duration::from_secs(1)).await;
                *count.lock().unwrap() += 1;
                Ok(Credential::Anonymous)
            }
        })
        .build()
        .unwrap();
    let both = tokio::join!(client.send(Ask::<true>), client.send(Ask::<true>));
    assert_eq!(both, (Ok(200), Ok(200)));
    assert_eq!(client.send(Ask::<true>).await, Ok(200));
    assert_eq!(*fetched.lock().unwrap(), 1);
    assert_eq!(mock.asked().len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_source_that_fails_is_quoted() {
    let mock = Mock::new([Fate::Status(200)]);
    let client = builder(&mock)
        .token_source(account(), |_| async { Err("signed out".into()) })
        .build()
        .unwrap();
    let error = client.send(Ask::<true>).await.unwrap_err();
    assert_eq!(error.to_string(), "no credential: signed out");
    assert!(mock.asked().is_empty());
}

/// Looks once a minute for ever; once cancelled, undoes what it did, whoever is still to answer.
#[derive(Default)]
struct Watch {
    looked: u64,
    next: Option<Timestamp>,
    flying: bool,
    cancelled: bool,
    undone: Option<bool>,
}

impl Machine for Watch {
    type Event = u64;
    type Outcome = &'static str;

    fn poll(&mut self, now: Timestamp) -> Step<u64, &'static str> {
        let pause = |until| Step::Wait(Pause { until, why: "" });
        match self.undone {
            Some(true) => return Step::Done("undone"),
            Some(false) => return pause(None),
            None => {}
        }
        if self.cancelled {
            self.undone = Some(false);
            return Step::Send(ExchangeId(1_000_000), ask("undo"));
        }
        if self.flying {
            return pause(None);
        }
        match self.next {
            Some(next) if now < next => pause(Some(next)),
            Some(_) => {
                self.next = None;
                self.looked += 1;
                Step::Emit(self.looked)
            }
            None => {
                self.next = Some(now + Duration::from_secs(60));
                self.flying = true;
                Step::Send(ExchangeId(self.looked), ask("look"))
            }
        }
    }

    fn handle(&mut self, input: Input) {
        match input {
            Input::Reply(ExchangeId(1_000_000), _) => self.undone = Some(true),
            Input::Reply(..) => self.flying = false,
            Input::Cancel => self.cancelled = true,
        }
    }
}

#[tokio::test(start_paused = true)]
async fn events_come_at_their_moments() {
    let mock = Mock::new([Fate::Status(200)]);
    let began = Instant::now();
    let cancel = Cancel::new();
    let mut heard = Vec::new();
    let outcome = client(&mock)
        .drive(Watch::default(), &cancel, |event| {
            heard.push((event, began.elapsed().as_secs()));
            if event == 3 {
                cancel.cancel();
            }
        })
        .await;
    assert_eq!(outcome, Ok("undone"));
    assert_eq!(heard, [(1, 60), (2, 120), (3, 180)]);
    assert_eq!(mock.asked(), ["look", "look", "look", "undo"]);
}

#[tokio::test(start_paused = true)]
async fn cancelling_winds_down_without_waiting_for_answers_under_way() {
    let mock = Mock::new([Fate::Never, Fate::Status(202)]);
    let client = client(&mock);
    let cancel = Cancel::new();
    let began = Instant::now();
    let driven = client.drive(Watch::default(), &cancel, |_| {});
    let (outcome, ()) = tokio::join!(driven, async {
        tokio::time::sleep(Duration::from_secs(5)).await;
        cancel.cancel();
    });
    assert_eq!(outcome, Ok("undone"));
    assert_eq!(began.elapsed(), Duration::from_millis(5_010));
}

#[tokio::test(start_paused = true)]
async fn cancelling_twice_stops_hard() {
    let mock = Mock::new([Fate::Status(200), Fate::Never]);
    let client = client(&mock);
    let cancel = Cancel::new();
    let driven = client.drive(Watch::default(), &cancel, |_| {});
    let (outcome, ()) = tokio::join!(driven, async {
        tokio::time::sleep(Duration::from_secs(5)).await;
        cancel.cancel();
        tokio::time::sleep(Duration::from_secs(5)).await;
        assert_eq!(mock.asked(), ["look", "undo"]);
        cancel.cancel();
    });
    assert_eq!(outcome, Err(Stopped));
}

#[tokio::test(start_paused = true)]
async fn what_was_cancelled_before_it_began_winds_down_at_once() {
    let mock = Mock::new([Fate::Status(200)]);
    let cancel = Cancel::new();
    cancel.cancel();
    let outcome = client(&mock).drive(Watch::default(), &cancel, |_| {}).await;
    assert_eq!(outcome, Ok("undone"));
    assert_eq!(mock.asked(), ["undo"]);
}

/// Sends everything at once and ends when all is answered.
struct Burst(u64, u64);

impl Machine for Burst {
    type Event = Infallible;
    type Outcome = u64;

    fn poll(&mut self, _: Timestamp) -> Step<Infallible, u64> {
        if self.0 > 0 {
            self.0 -= 1;
            return Step::Send(ExchangeId(self.0), ask("one"));
        }
        match self.1 {
            0 => Step::Done(0),
            _ => Step::Wait(Pause {
                until: None,
                why: "answers",
            }),
        }
    }

    fn handle(&mut self, input: Input) {
        if let Input::Reply(..) = input {
            self.1 -= 1;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn no_more_requests_are_on_the_wire_than_the_limit_allows() {
    let mock = Mock::new([Fate::Status(200)]);
    let client = builder(&mock)
        .credential(account(), Credential::Anonymous)
        .in_flight(4)
        .build()
        .unwrap();
    let began = Instant::now();
    let cancel = Cancel::new();
    let outcome = client.drive(Burst(40, 40), &cancel, |never| match never {});
    assert_eq!(outcome.await, Ok(0));
    assert_eq!(mock.asked().len(), 40);
    assert_eq!(began.elapsed(), Duration::from_millis(100));
}

#[tokio::test(start_paused = true)]
async fn a_job_can_be_followed_event_by_event() {
    let mock = Mock::new([Fate::Status(200)]);
    let cancel = Cancel::new();
    let mut events = client(&mock).job(Watch::default()).cancel(&cancel).events();
    assert_eq!(events.next().await, Some(1));
    assert_eq!(events.next().await, Some(2));
    assert_eq!(mock.asked().len(), 3);
    cancel.cancel();
    assert_eq!(events.outcome().await, Ok("undone"));
    assert_eq!(mock.asked(), ["look", "look", "look", "undo"]);
}

#[tokio::test(start_paused = true)]
async fn a_job_winds_down_when_its_moment_has_come() {
    let mock = Mock::new([Fate::Status(200)]);
    let began = Instant::now();
    let moment = tokio::time::sleep(Duration::from_secs(90));
    let outcome = client(&mock)
        .job(Watch::default())
        .cancel_when(moment)
        .await;
    assert_eq!(outcome, Ok("undone"));
    assert_eq!(began.elapsed(), Duration::from_millis(90_010));
    assert_eq!(mock.asked(), ["look", "look", "undo"]);
}
