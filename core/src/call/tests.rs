use std::time::Duration;

use bytes::Bytes;
use http::Method;
use proptest::prelude::*;

use super::*;
use crate::address::Account;
use crate::error::{ErrorCode, ServiceError, TransportError};
use crate::message::{ExchangeId, Request, Response, Urgency};

/// An operation whose answer is its status, told whether it may be asked twice.
struct Ask<const SAME: bool>;

impl<const SAME: bool> Operation for Ask<SAME> {
    type Output = u16;
    const NAME: &'static str = "Ask";
    const IDEMPOTENT: bool = SAME;
    const URGENCY: Urgency = Urgency::Status;

    fn request(&self) -> Request {
        let account: Account = "https://lighthouse.blob.core.windows.net".parse().unwrap();
        Request::to_account(Method::GET, &account)
    }

    fn parse(&self, response: &Response) -> Result<u16, Error> {
        let status = response.status().as_u16();
        if status < 300 {
            return Ok(status);
        }
        let retry_after = response.header(&http::header::RETRY_AFTER);
        Err(Error::from(ServiceError {
            status,
            code: response
                .header(&crate::wire::header::X_MS_ERROR_CODE)
                .map(ErrorCode::from),
            retry_after: retry_after
                .and_then(|text| text.parse().ok())
                .map(Duration::from_secs),
            ..ServiceError::default()
        }))
    }
}

fn reply(status: u16, headers: &[(&'static str, String)]) -> Result<Response, TransportError> {
    let mut response = http::Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, value);
    }
    Ok(Response::new(response.body(Bytes::new()).unwrap()))
}

const NOON: Timestamp = Timestamp::from_millis(1_900_000_000_000);

/// Runs a call on virtual time; `world` answers attempt by attempt.
fn run<const SAME: bool>(
    patience: Patience,
    mut world: impl FnMut(u32, Timestamp) -> Result<Response, TransportError>,
) -> (CallOutcome<u16>, Vec<Timestamp>) {
    let mut call = Call::new(Ask::<SAME>, patience, Seed::new(3));
    let (mut now, mut sent) = (NOON, Vec::new());
    for _ in 0..10_000 {
        match call.poll(now) {
            Step::Send(id, _) => {
                sent.push(now);
                let answer = world(u32::try_from(sent.len()).unwrap(), now);
                call.handle(Input::Reply(ExchangeId(id.0 + 1000), reply(200, &[])));
                call.handle(Input::Reply(id, answer));
            }
            Step::Emit(never) => match never {},
            Step::Wait(pause) => now = pause.until.expect("nothing is in flight"),
            Step::Done(outcome) => return (outcome, sent),
        }
    }
    panic!("the call does not end");
}

#[test]
fn a_server_error_is_asked_again_where_asking_twice_is_asking_once() {
    let flaky = |attempt, _| reply(if attempt < 3 { 500 } else { 200 }, &[]);
    let (outcome, sent) = run::<true>(Patience::default(), flaky);
    assert_eq!((outcome, sent.len()), (CallOutcome::Done(200), 3));
}

#[test]
fn the_lost_answer_of_an_operation_that_must_not_be_asked_twice_is_unknown() {
    for lost in [
        reply(500, &[]),
        Err(TransportError::Timeout),
        Err(TransportError::Disconnected {
            reason: "reset".into(),
        }),
    ] {
        let (outcome, sent) = run::<false>(Patience::default(), |_, _| lost.clone());
        assert!(matches!(outcome, CallOutcome::Unknown(_)), "{outcome:?}");
        assert_eq!(sent.len(), 1);
    }
}

#[test]
fn what_the_service_has_not_seen_is_sent_again_even_if_it_must_not_be_asked_twice() {
    let (outcome, sent) = run::<false>(Patience::default(), |attempt, _| match attempt {
        1 => Err(TransportError::Unreachable {
            host: "h".into(),
            reason: "r".into(),
        }),
        2 => reply(503, &[]),
        _ => reply(202, &[]),
    });
    assert_eq!((outcome, sent.len()), (CallOutcome::Done(202), 3));
}

#[test]
fn attempts_are_counted_and_then_the_last_failure_is_told() {
    let (outcome, sent) = run::<true>(Patience::default(), |_, _| reply(500, &[]));
    assert!(matches!(outcome, CallOutcome::Failed(Error::Service(_))));
    assert_eq!(sent.len(), 5);
}

#[test]
fn throttling_spends_no_attempt_but_ends_at_the_deadline() {
    let patience = Patience {
        attempts: 2,
        ..Patience::default()
    };
    let busy = |until: u32| move |attempt, _| reply(if attempt < until { 503 } else { 200 }, &[]);
    let (outcome, sent) = run::<false>(patience.clone(), busy(12));
    assert_eq!((outcome, sent.len()), (CallOutcome::Done(200), 12));
    let (outcome, sent) = run::<false>(patience.clone(), busy(u32::MAX));
    assert!(matches!(outcome, CallOutcome::Failed(_)));
    let spent = sent.last().unwrap().since(sent[0]);
    assert!(
        spent <= patience.overall && spent > patience.overall / 2,
        "{spent:?}"
    );
}

#[test]
fn retry_after_is_honoured() {
    let (_, sent) = run::<true>(Patience::default(), |attempt, _| {
        if attempt == 1 {
            reply(503, &[("retry-after", "17".into())])
        } else {
            reply(200, &[])
        }
    });
    assert!(sent[1].since(sent[0]) >= Duration::from_secs(17));
}

#[test]
fn a_refused_date_is_sent_again_once_with_the_services_clock() {
    let refuse = |at: Timestamp| {
        reply(
            403,
            &[
                ("x-ms-error-code", "AuthenticationFailed".into()),
                ("date", at.to_http()),
            ],
        )
    };
    let ahead = Duration::from_secs(3600);
    let (outcome, sent) = run::<true>(Patience::default(), |attempt, now| match attempt {
        1 => refuse(now + ahead),
        _ => reply(200, &[]),
    });
    assert_eq!((outcome, sent.len()), (CallOutcome::Done(200), 2));
    let (outcome, sent) = run::<true>(Patience::default(), |_, now| refuse(now + ahead));
    assert!(matches!(outcome, CallOutcome::Failed(_)));
    assert_eq!(sent.len(), 2);
    let (_, sent) = run::<true>(Patience::default(), |_, now| refuse(now));
    assert_eq!(sent.len(), 1, "a wrong key is not a wrong clock");
}

#[test]
fn a_cancelled_call_makes_no_further_attempt() {
    let mut call = Call::new(Ask::<true>, Patience::default(), Seed::new(1));
    call.handle(Input::Cancel);
    let Step::Done(CallOutcome::Failed(error)) = call.poll(NOON) else {
        panic!()
    };
    assert_eq!(error, TransportError::NotSent.into());

    let mut call = Call::new(Ask::<true>, Patience::default(), Seed::new(1));
    let Step::Send(id, _) = call.poll(NOON) else {
        panic!()
    };
    call.handle(Input::Cancel);
    assert!(matches!(
        call.poll(NOON),
        Step::Wait(Pause { until: None, .. })
    ));
    call.handle(Input::Reply(id, reply(500, &[])));
    assert!(matches!(
        call.poll(NOON),
        Step::Done(CallOutcome::Failed(Error::Service(_)))
    ));
}

proptest! {
    #[test]
    fn every_call_ends_within_its_time_whatever_comes(
        seed: u64, same: bool, answers in prop::collection::vec(0_u8..8, 1..40), cancel_at in 0_usize..60,
    ) {
        let ends = if same { lives::<true>(seed, &answers, cancel_at) } else { lives::<false>(seed, &answers, cancel_at) };
        prop_assert!(ends <= NOON + Patience::default().overall + Duration::from_secs(60));
    }
}

fn lives<const SAME: bool>(seed: u64, answers: &[u8], cancel_at: usize) -> Timestamp {
    let mut call = Call::new(Ask::<SAME>, Patience::default(), Seed::new(seed));
    let (mut now, mut sent) = (NOON, 0);
    for turn in 0..10_000 {
        if turn == cancel_at {
            call.handle(Input::Cancel);
        }
        match call.poll(now) {
            Step::Send(id, _) => {
                let answer = match answers[sent % answers.len()] {
                    0 => reply(200, &[]),
                    1 => reply(500, &[]),
                    2 => Err(TransportError::Timeout),
                    3 => Err(TransportError::NotSent),
                    4 => Err(TransportError::Unreachable {
                        host: String::new(),
                        reason: String::new(),
                    }),
                    5 => reply(404, &[]),
                    _ => reply(503, &[]),
                };
                sent += 1;
                call.handle(Input::Reply(id, answer.clone()));
                call.handle(Input::Reply(id, answer));
            }
            Step::Emit(never) => match never {},
            Step::Wait(pause) => now = pause.until.expect("nothing is in flight"),
            Step::Done(outcome) => {
                call.handle(Input::Cancel);
                let Step::Done(again) = call.poll(now + Duration::from_secs(9)) else {
                    panic!("Done is sticky")
                };
                assert_eq!(outcome, again);
                return now;
            }
        }
    }
    panic!("the call does not end");
}
