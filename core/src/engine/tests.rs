use bytes::Bytes;
use http::Method;

use super::*;
use crate::address::Place;
use crate::advice::advice;
use crate::call::{Call, Patience};
use crate::credential::Bearer;
use crate::message::Urgency;
use crate::operation::GetAccountInformation;
use crate::seed::Seed;

const NOON: Timestamp = Timestamp::from_millis(1_900_000_000_000);
const URL: &str = "https://lighthouse.blob.core.windows.net";

/// Asks everything at once and notes what comes.
struct Asks {
    waiting: Vec<Urgency>,
    asked: u64,
    heard: Vec<(u64, bool)>,
    want: usize,
}

fn asks(waiting: &[Urgency]) -> Asks {
    Asks {
        waiting: waiting.to_vec(),
        asked: 0,
        heard: Vec::new(),
        want: waiting.len(),
    }
}

impl Machine for Asks {
    type Event = ();
    type Outcome = Vec<(u64, bool)>;

    fn poll(&mut self, _: Timestamp) -> Step<(), Self::Outcome> {
        if self.heard.len() == self.want {
            return Step::Done(self.heard.clone());
        }
        if self.waiting.is_empty() {
            return Step::Wait(Pause {
                until: None,
                why: "answers",
            });
        }
        let urgency = self.waiting.remove(0);
        self.asked += 1;
        let account: Account = URL.parse().unwrap();
        let request = Request::to_account(Method::GET, &account).of("Ask", urgency);
        Step::Send(ExchangeId(self.asked), request)
    }

    fn handle(&mut self, input: Input) {
        if let Input::Reply(id, reply) = input {
            self.heard.push((id.0, reply.is_ok()));
        }
    }
}

fn known() -> Identities {
    Identities::new().with(URL.parse().unwrap(), Credential::Anonymous)
}

fn engine(machine: Asks, identities: Identities, in_flight: usize) -> Engine<Asks> {
    let options = EngineOptions {
        in_flight,
        ..EngineOptions::default()
    };
    Engine::new(machine, identities, options)
}

fn answer(date: Timestamp) -> Response {
    let response = http::Response::builder()
        .header("x-ms-request-id", "r")
        .header("date", date.to_http());
    Response::new(response.body(Bytes::new()).unwrap())
}

fn sent(action: Action<(), Vec<(u64, bool)>>) -> (ExchangeId, SignedRequest) {
    match action {
        Action::Send { id, request, .. } => (id, request),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_most_urgent_leaves_first_and_no_more_than_may_be_on_the_wire() {
    let urgencies = [
        Urgency::List,
        Urgency::Start,
        Urgency::Lease,
        Urgency::Status,
        Urgency::Abort,
    ];
    let mut engine = engine(asks(&urgencies), known(), 1);
    let mut order = Vec::new();
    for _ in urgencies {
        let (id, _) = sent(engine.poll(NOON));
        assert!(matches!(engine.poll(NOON), Action::Wait(_)));
        order.push(id.0);
        engine.reply(id, answer(NOON));
        engine.reply(id, answer(NOON));
    }
    assert_eq!(order, [3, 5, 4, 2, 1]);
    let Action::Done(heard) = engine.poll(NOON) else {
        panic!()
    };
    assert_eq!(heard.len(), 5, "an answer that comes twice counts once");
    engine.fail(ExchangeId(9), TransportError::Timeout);
    assert!(matches!(engine.poll(NOON), Action::Done(_)));
}

#[test]
fn what_waits_at_the_gate_is_answered_not_sent_on_cancel() {
    let mut engine = engine(asks(&[Urgency::Start; 4]), known(), 1);
    let (id, _) = sent(engine.poll(NOON));
    engine.cancel();
    engine.cancel();
    engine.reply(id, answer(NOON));
    let Action::Done(heard) = engine.poll(NOON) else {
        panic!()
    };
    assert_eq!(heard, [(2, false), (3, false), (4, false), (1, true)]);
}

#[test]
fn a_missing_credential_is_asked_for_once_and_then_all_leave() {
    let mut engine = engine(asks(&[Urgency::Start; 3]), Identities::new(), 8);
    let Action::Renew { id, .. } = engine.poll(NOON) else {
        panic!()
    };
    assert!(matches!(engine.poll(NOON), Action::Wait(_)));
    engine.credential(id, Credential::Anonymous);
    let order = [(); 3].map(|()| sent(engine.poll(NOON)).0.0);
    assert_eq!(order, [1, 2, 3]);
}

#[test]
fn a_credential_that_is_not_to_be_had_fails_all_that_wait_for_it() {
    let mut engine = engine(asks(&[Urgency::Start; 2]), Identities::new(), 8);
    let Action::Renew { id, .. } = engine.poll(NOON) else {
        panic!()
    };
    engine.poll(NOON);
    engine.fail(id, TransportError::Timeout);
    let Action::Done(heard) = engine.poll(NOON) else {
        panic!()
    };
    assert_eq!(heard, [(1, false), (2, false)]);
}

#[test]
fn the_services_clock_is_followed_where_ours_is_off() {
    let hour = Duration::from_secs(3600);
    for (service, expected) in [
        (NOON + hour, NOON + hour),
        (NOON - hour, NOON - hour),
        (NOON + Duration::from_secs(2), NOON),
    ] {
        let mut engine = engine(asks(&[Urgency::Lease, Urgency::List]), known(), 1);
        let (id, _) = sent(engine.poll(NOON));
        engine.reply(id, answer(service));
        let (_, request) = sent(engine.poll(NOON));
        let date = request.headers().get("x-ms-date").unwrap();
        assert_eq!(date.to_str().unwrap(), expected.to_http());
    }
}

/// Asks about its account with patience, as machines do.
fn asking() -> Call<GetAccountInformation> {
    let place = Place::Account(URL.parse().unwrap());
    let ask = GetAccountInformation::new(place);
    Call::new(ask, Patience::default(), Seed::new(1))
}

fn token(text: &str) -> Credential {
    Bearer::new(text, None).unwrap().into()
}

fn refused(status: u16, code: &'static str) -> Response {
    let response = http::Response::builder()
        .status(status)
        .header("x-ms-error-code", code);
    Response::new(response.body(Bytes::new()).unwrap())
}

#[test]
fn a_refused_token_is_replaced_once_and_then_the_refusal_stands() {
    const REFUSED: (u16, &str) = (401, "InvalidAuthenticationInfo");
    const ELSE: (u16, &str) = (404, "ResourceNotFound");
    for (answers, renewals) in [
        (&[ELSE][..], 0),
        (&[REFUSED, ELSE], 1),
        (&[REFUSED, REFUSED], 1),
        (&[(401, "NoAuthenticationInformation")], 0),
        (&[(403, "AuthorizationPermissionMismatch")], 0),
    ] {
        let known = Identities::new().with(URL.parse().unwrap(), token("old"));
        let mut engine = Engine::new(asking(), known, EngineOptions::default());
        let (mut renewed, mut sent) = (0, Vec::new());
        let outcome = loop {
            match engine.poll(NOON) {
                Action::Send { id, request, .. } => {
                    let authorization = request.headers().get("authorization").unwrap();
                    let authorization = authorization.to_str().unwrap().to_owned();
                    sent.push((authorization, request.attempt()));
                    let (status, code) = answers[sent.len() - 1];
                    engine.reply(id, refused(status, code));
                }
                Action::Renew { id, account } => {
                    assert_eq!(account, URL.parse().unwrap());
                    renewed += 1;
                    engine.credential(id, token("new"));
                }
                Action::Done(outcome) => break outcome,
                Action::Emit(never) => match never {},
                Action::Wait(pause) => panic!("{pause:?}"),
            }
        };
        let asked = [("Bearer old".to_owned(), 1), ("Bearer new".to_owned(), 2)];
        assert_eq!(sent, asked[..answers.len()], "{answers:?}");
        assert_eq!(renewed, renewals, "{answers:?}");
        let error = outcome.into_result().unwrap_err();
        let (_, last) = answers[answers.len() - 1];
        assert!(error.has_code(&last.into()), "{error}");
        assert!(last == ELSE.1 || advice(&error).is_some(), "{error}");
    }
}

#[test]
fn an_answer_to_the_old_token_does_not_cost_the_new_one() {
    let known = Identities::new().with(URL.parse().unwrap(), token("old"));
    let mut engine = engine(asks(&[Urgency::Start; 3]), known, 2);
    let (one, _) = sent(engine.poll(NOON));
    let (two, _) = sent(engine.poll(NOON));
    engine.reply(one, refused(401, "InvalidAuthenticationInfo"));
    let Action::Renew { id, .. } = engine.poll(NOON) else {
        panic!()
    };
    engine.credential(id, token("new"));
    engine.reply(two, refused(401, "InvalidAuthenticationInfo"));
    let (_, third) = sent(engine.poll(NOON));
    assert_eq!(third.headers().get("authorization").unwrap(), "Bearer new");
}
