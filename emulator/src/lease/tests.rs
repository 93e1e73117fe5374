use super::*;

const A: &str = "11111111-1111-1111-1111-111111111111";
const B: &str = "22222222-2222-2222-2222-222222222222";
const C: &str = "33333333-3333-3333-3333-333333333333";
const X: &str = "99999999-9999-9999-9999-999999999999";

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(1_000_000 + seconds * 1000)
}

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn acquire(proposed: Option<&str>, term: Option<u64>) -> Action {
    Action::Acquire {
        proposed: proposed.map(str::to_owned),
        term: term.map(secs),
    }
}

fn renew(id: &str) -> Action {
    Action::Renew { id: id.into() }
}

fn change(id: &str, proposed: &str) -> Action {
    Action::Change {
        id: id.into(),
        proposed: proposed.into(),
    }
}

fn release(id: &str) -> Action {
    Action::Release { id: id.into() }
}

fn broken_in(period: Option<u64>) -> Action {
    Action::Break {
        period: period.map(secs),
    }
}

fn held(lease: &mut Lease, action: &Action, now: i64) -> Result<Told, ErrorCode> {
    lease.act(action, || X.to_owned(), at(now))
}

/// A lease held by A in each state, as it is at second 100.
fn in_state(state: &LeaseState) -> Lease {
    let mut lease = Lease::default();
    let mut must = |action: &Action, now| held(&mut lease, action, now).map(|_| ()).unwrap();
    match state {
        LeaseState::Available | LeaseState::Other(_) => {}
        LeaseState::Leased => must(&acquire(Some(A), Some(60)), 70),
        LeaseState::Breaking => {
            must(&acquire(Some(A), Some(60)), 70);
            must(&broken_in(Some(20)), 90);
        }
        LeaseState::Broken => {
            must(&acquire(Some(A), Some(60)), 70);
            must(&broken_in(Some(0)), 80);
        }
        LeaseState::Expired => must(&acquire(Some(A), Some(15)), 70),
    }
    assert_eq!(&lease.state(at(100)), state);
    lease
}

#[test]
fn every_action_in_every_state_does_what_the_documents_say() {
    type Cell = Result<(&'static str, &'static str), &'static str>;
    const PRESENT: Cell = Err("LeaseAlreadyPresent");
    const MISMATCH: Cell = Err("LeaseIdMismatchWithLeaseOperation");
    const ABSENT: Cell = Err("LeaseNotPresentWithLeaseOperation");
    const BROKEN: Cell = Err("LeaseIsBrokenAndCannotBeRenewed");
    const NO_ACQUIRE: Cell = Err("LeaseIsBreakingAndCannotBeAcquired");
    const NO_CHANGE: Cell = Err("LeaseIsBreakingAndCannotBeChanged");
    const FREE: Cell = Ok(("available", ""));
    const fn leased(id: &'static str) -> Cell {
        Ok(("leased", id))
    }
    #[rustfmt::skip]
    let table: [(Action, [Cell; 5]); 13] = [
        // available, leased, breaking, broken, expired
        (acquire(None, Some(30)),    [leased(X), PRESENT,             PRESENT,              leased(X),          leased(X)]),
        (acquire(Some(A), Some(30)), [leased(A), leased(A),           NO_ACQUIRE,           leased(A),          leased(A)]),
        (acquire(Some(B), None),     [leased(B), PRESENT,             PRESENT,              leased(B),          leased(B)]),
        (renew(A),                   [MISMATCH,  leased(A),           BROKEN,               BROKEN,             leased(A)]),
        (renew(B),                   [MISMATCH,  MISMATCH,            MISMATCH,             MISMATCH,           MISMATCH]),
        (change(A, B),               [ABSENT,    leased(B),           NO_CHANGE,            ABSENT,             ABSENT]),
        (change(B, A),               [ABSENT,    leased(A),           NO_CHANGE,            ABSENT,             ABSENT]),
        (change(B, C),               [ABSENT,    MISMATCH,            MISMATCH,             ABSENT,             ABSENT]),
        (release(A),                 [MISMATCH,  FREE,                FREE,                 FREE,               FREE]),
        (release(B),                 [MISMATCH,  MISMATCH,            MISMATCH,             MISMATCH,           MISMATCH]),
        (broken_in(Some(0)),         [ABSENT,    Ok(("broken", "0")),    Ok(("broken", "0")),   Ok(("broken", "0")), Ok(("broken", "0"))]),
        (broken_in(Some(20)),        [ABSENT,    Ok(("breaking", "20")), Ok(("breaking", "10")), Ok(("broken", "0")), Ok(("broken", "0"))]),
        (broken_in(None),            [ABSENT,    Ok(("breaking", "30")), Ok(("breaking", "10")), Ok(("broken", "0")), Ok(("broken", "0"))]),
    ];
    for (action, cells) in table {
        for (state, expected) in LeaseState::ALL.iter().zip(in_order(cells)) {
            let mut lease = in_state(state);
            let before = lease.clone();
            let told = held(&mut lease, &action, 100);
            let name = format!("{action:?} in {state}");
            match expected {
                Err(code) => {
                    assert_eq!(told.unwrap_err().as_str(), code, "{name}");
                    assert_eq!(lease, before, "{name}: a refusal changes nothing");
                }
                Ok((after, what)) => {
                    let told = match told.unwrap_or_else(|code| panic!("{name}: {code}")) {
                        Told::Id(id) => id,
                        Told::Remaining(left) => left.as_secs().to_string(),
                        Told::Nothing => String::new(),
                    };
                    assert_eq!(lease.state(at(100)).as_str(), after, "{name}");
                    assert_eq!(told, what, "{name}");
                }
            }
        }
    }
}

/// From the order of the documents to that of `LeaseState::ALL`.
fn in_order<T>([available, leased, breaking, broken, expired]: [T; 5]) -> [T; 5] {
    [available, leased, expired, breaking, broken]
}

#[test]
fn every_use_in_every_state_is_judged_as_the_documents_say() {
    use Objection::{Absent, Lost, Mismatch, Missing};
    #[rustfmt::skip]
    let table = [
        (Use::Write, Some(A), [Err(Absent), Ok(()),        Ok(()),        Err(Lost), Err(Lost)]),
        (Use::Write, Some(B), [Err(Absent), Err(Mismatch), Err(Mismatch), Err(Lost), Err(Lost)]),
        (Use::Write, None,    [Ok(()),      Err(Missing),  Err(Missing),  Ok(()),    Ok(())]),
        (Use::Read,  Some(A), [Err(Absent), Ok(()),        Ok(()),        Err(Lost), Err(Lost)]),
        (Use::Read,  Some(B), [Err(Absent), Err(Mismatch), Err(Mismatch), Err(Lost), Err(Lost)]),
        (Use::Read,  None,    [Ok(()),      Ok(()),        Ok(()),        Ok(()),    Ok(())]),
    ];
    for (way, given, cells) in table {
        for (state, expected) in LeaseState::ALL.iter().zip(in_order(cells)) {
            let lease = in_state(state);
            let verdict = lease.admit(way, given, at(100));
            assert_eq!(verdict, expected, "{way:?} {given:?} in {state}");
        }
    }
}

#[test]
fn breaking_an_infinite_lease_without_a_period_breaks_it_at_once() {
    let mut lease = Lease::default();
    held(&mut lease, &acquire(Some(A), None), 0).unwrap();
    assert!(lease.is_infinite());
    let told = held(&mut lease, &broken_in(None), 5).unwrap();
    assert_eq!(told, Told::Remaining(Duration::ZERO));
    assert_eq!(lease.state(at(5)), LeaseState::Broken);
}

#[test]
fn a_later_break_only_ever_shortens() {
    let mut lease = Lease::default();
    held(&mut lease, &acquire(Some(A), None), 0).unwrap();
    for (period, told, now) in [(Some(60), 60, 0), (Some(40), 40, 10), (Some(60), 30, 20)] {
        let remaining = held(&mut lease, &broken_in(period), now).unwrap();
        assert_eq!(remaining, Told::Remaining(secs(told)));
    }
    assert_eq!(lease.state(at(49)), LeaseState::Breaking);
    assert_eq!(lease.state(at(50)), LeaseState::Broken);
}

#[test]
fn only_acquiring_sets_a_new_duration() {
    let mut lease = Lease::default();
    held(&mut lease, &acquire(Some(A), Some(15)), 0).unwrap();
    held(&mut lease, &renew(A), 10).unwrap();
    assert_eq!(lease.state(at(24)), LeaseState::Leased);
    assert_eq!(lease.state(at(25)), LeaseState::Expired);
    held(&mut lease, &acquire(Some(A), Some(60)), 24).unwrap();
    assert_eq!(lease.state(at(83)), LeaseState::Leased);
}

#[test]
fn a_forgotten_lease_cannot_be_renewed() {
    let mut lease = in_state(&LeaseState::Expired);
    lease.forget();
    let refused = held(&mut lease, &renew(A), 100).unwrap_err();
    assert_eq!(refused, ErrorCode::LEASE_ID_MISMATCH_WITH_LEASE_OPERATION);
}
