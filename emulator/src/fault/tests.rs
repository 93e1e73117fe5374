use super::*;

fn asked<'a>(kind: Kind, method: &'a str, blob: Option<&'a str>) -> Asked<'a> {
    Asked {
        kind,
        method,
        account: "devstoreaccount1",
        container: Some("box"),
        blob,
    }
}

fn all(faults: &[Fault], seed: u64) -> Faults {
    let all = Faults::new(seed);
    for fault in faults {
        all.add(fault.clone());
    }
    all
}

fn draw(faults: &Faults, asked: &Asked<'_>) -> Option<Effect> {
    faults.lock().draw(asked)
}

#[test]
fn a_fault_happens_only_to_what_it_fits() {
    let put = asked(Kind::PutBlob, "PUT", Some("logs/a"));
    let list = asked(Kind::ListBlobs, "GET", None);
    let copy = asked(Kind::CopyBlob, "PUT", Some("logs/a"));
    let rows: [(&str, [bool; 3]); 11] = [
        ("drop-after", [true, true, true]),
        ("drop-after,operation=putblob", [true, false, false]),
        ("drop-after,operation=*Blob*", [true, true, true]),
        ("drop-after,method=get", [false, true, false]),
        ("drop-after,account=dev*", [true, true, true]),
        ("drop-after,account=other", [false, false, false]),
        ("drop-after,container=BOX", [true, true, true]),
        ("drop-after,blob=*", [true, false, true]),
        ("drop-after,blob=LOGS/*", [false, false, false]),
        ("copy-fails", [false, false, true]),
        ("copy-fails,operation=PutBlob", [false, false, false]),
    ];
    for (text, expected) in rows {
        let fault: Fault = text.parse().unwrap();
        let fits = [&put, &list, &copy].map(|asked| fault.fits(asked));
        assert_eq!(fits, expected, "{text}");
    }
}

#[test]
fn skip_lets_through_and_count_ends() {
    let faults = all(&["timed-out,skip=2,count=2".parse().unwrap()], 1);
    let put = asked(Kind::PutBlob, "PUT", Some("a"));
    let happened: Vec<bool> = (0..6).map(|_| draw(&faults, &put).is_some()).collect();
    assert_eq!(happened, [false, false, true, true, false, false]);
    let listed = faults.list();
    assert_eq!((listed[0].seen, listed[0].happened), (6, 2));
}

#[test]
fn the_first_fault_that_happens_is_the_only_one() {
    let faults = all(
        &[
            "timed-out,count=1".parse().unwrap(),
            "drop-before".parse().unwrap(),
        ],
        1,
    );
    let put = asked(Kind::PutBlob, "PUT", Some("a"));
    assert_eq!(draw(&faults, &put), Some(Effect::TimedOut));
    assert_eq!(draw(&faults, &put), Some(Effect::DropBefore));
    assert_eq!(faults.list()[1].seen, 1);
}

#[test]
fn the_same_seed_and_requests_meet_the_same_faults() {
    let put = asked(Kind::PutBlob, "PUT", Some("a"));
    let run = |seed| -> Vec<bool> {
        let faults = all(&["drop-after,probability=0.3".parse().unwrap()], seed);
        (0..1000).map(|_| draw(&faults, &put).is_some()).collect()
    };
    assert_eq!(run(7), run(7));
    assert_ne!(run(7), run(8));
    let share = run(7).iter().filter(|happened| **happened).count();
    assert!((250..350).contains(&share), "{share}");
}

#[test]
fn a_fault_draws_whatever_others_there_are() {
    let put = asked(Kind::PutBlob, "PUT", Some("a"));
    let list = asked(Kind::ListBlobs, "GET", None);
    let mixed = all(
        &["timed-out,operation=PutBlob,probability=0.5"
            .parse()
            .unwrap()],
        3,
    );
    let alone = all(
        &["timed-out,operation=PutBlob,probability=0.5"
            .parse()
            .unwrap()],
        3,
    );
    mixed.add(
        "drop-before,operation=ListBlobs,probability=0.5"
            .parse()
            .unwrap(),
    );
    for _ in 0..100 {
        draw(&mixed, &list);
        assert_eq!(draw(&mixed, &put), draw(&alone, &put));
    }
}

#[test]
fn certain_is_certain_and_never_is_never() {
    let mut seed = Seed::new(1);
    assert!((0..10_000).all(|_| chance(&mut seed, 1.0) && !chance(&mut seed, 0.0)));
}

#[test]
fn what_is_taken_away_does_not_happen() {
    let faults = Faults::new(1);
    let id = faults.add(Fault::new(Effect::TimedOut));
    assert!(faults.any.load(Ordering::Acquire));
    assert!(faults.remove(id) && !faults.remove(id));
    assert!(!faults.any.load(Ordering::Acquire));
    faults.add(Fault::new(Effect::TimedOut));
    faults.clear();
    assert!(faults.list().is_empty());
}

#[test]
fn every_effect_reads_back_as_it_is_written() {
    for text in [
        "internal-error",
        "server-busy",
        "server-busy,retry-after=3",
        "timed-out,skip=1,count=2",
        "drop-before,operation=PutBlob,method=PUT,account=a*,container=b,blob=c/*,probability=0.25",
        "drop-after",
        "silence-before",
        "silence-after",
        "truncate,at=10",
        "slow,rate=1024",
        "late,by=0.5",
        "copy-source-changed,at=100",
        "copy-fails,at=0",
        "copy-retries,at=50,pause=30",
    ] {
        let fault: Fault = text.parse().unwrap();
        assert_eq!(fault.to_string(), text);
    }
    assert_eq!(
        "copy-fails,at=50%".parse::<Fault>().unwrap().to_string(),
        "copy-fails,at=50"
    );
}

#[test]
fn what_is_no_fault_is_refused_in_words() {
    for (text, word) in [
        ("", "internal-error"),
        ("explode", "explode"),
        ("timed-out,at=5", "`at`"),
        ("timed-out,skip", "NAME=VALUE"),
        ("timed-out,skip=1,skip=2", "`skip`"),
        ("timed-out,operation=Explode", "Explode"),
        ("timed-out,probability=2", "0 to 1"),
        ("timed-out,probability=NaN", "0 to 1"),
        ("truncate,at=100", "percentage"),
        ("slow", "rate"),
        ("slow,rate=0", "rate"),
        ("late", "by"),
        ("late,by=-1", "seconds"),
    ] {
        let refused = text.parse::<Fault>().unwrap_err().to_string();
        assert!(refused.contains(word), "{text}: {refused}");
    }
}
