use super::*;
use crate::kind::Kind;

const ETAG: &str = "0x8D70C98096D40FE";

fn standing(tags: &Tags) -> Standing<'_> {
    Standing {
        etag: Tick::parse("2019-07-19T22:25:42.1234567Z").unwrap(),
        modified: moment("Fri, 19 Jul 2019 22:25:42 GMT"),
        tags: Some(tags),
    }
}

fn moment(text: &str) -> Timestamp {
    Timestamp::parse_http(text).unwrap()
}

fn etag() -> String {
    standing(&Tags::default()).etag.etag()
}

#[test]
fn each_condition_is_judged_by_itself() {
    let tags = Tags::from_header("colour=red").unwrap();
    let before = Some(moment("Fri, 19 Jul 2019 22:25:41 GMT"));
    let same = Some(moment("Fri, 19 Jul 2019 22:25:42 GMT"));
    let empty = Conditions::default;
    let mine = || Some(Etags::read(&etag()));
    let other = || Some(Etags::read(ETAG));
    let any = || Some(Etags::Any);
    let tagged = |text| Predicate::parse(text);
    #[rustfmt::skip]
    let table = [
        (Conditions { matching: mine(), ..empty() }, Ok(())),
        (Conditions { matching: other(), ..empty() }, Err(Unmet::Match)),
        (Conditions { matching: any(), ..empty() }, Ok(())),
        (Conditions { none_matching: other(), ..empty() }, Ok(())),
        (Conditions { none_matching: mine(), ..empty() }, Err(Unmet::NoneMatch)),
        (Conditions { none_matching: any(), ..empty() }, Err(Unmet::Exists)),
        (Conditions { modified_since: before, ..empty() }, Ok(())),
        (Conditions { modified_since: same, ..empty() }, Err(Unmet::ModifiedSince)),
        (Conditions { unmodified_since: same, ..empty() }, Ok(())),
        (Conditions { unmodified_since: before, ..empty() }, Err(Unmet::UnmodifiedSince)),
        (Conditions { none_matching: mine(), modified_since: before, ..empty() }, Ok(())),
        (Conditions { tags: tagged("colour='red'"), ..empty() }, Ok(())),
        (Conditions { tags: tagged("colour='blue'"), ..empty() }, Err(Unmet::Tags)),
    ];
    for (conditions, expected) in table {
        let judged = conditions.judge(Some(standing(&tags)));
        assert_eq!(judged, expected, "{conditions:?}");
    }
}

#[test]
fn what_is_missing_matches_nothing_and_is_not_there_to_hinder() {
    let any = Some(Etags::Any);
    let matching = Conditions {
        matching: any.clone(),
        ..Conditions::default()
    };
    assert_eq!(matching.judge(None), Err(Unmet::Match));
    let absent = Conditions {
        none_matching: any,
        ..Conditions::default()
    };
    assert_eq!(absent.judge(None), Ok(()));
}

#[test]
fn writes_take_one_condition_or_an_etag_with_its_date() {
    let date = Some(moment("Fri, 19 Jul 2019 22:25:41 GMT"));
    let paired = Conditions {
        none_matching: Some(Etags::read(&etag())),
        modified_since: date,
        ..Conditions::default()
    };
    let judged = paired.for_a_write().unwrap();
    let tags = Tags::default();
    let verdict = judged.judge(Some(standing(&tags)));
    assert_eq!(verdict, Err(Unmet::NoneMatch), "the ETag decides");
    let two = Conditions {
        matching: Some(Etags::Any),
        none_matching: Some(Etags::Any),
        ..Conditions::default()
    };
    assert_eq!(
        two.for_a_write().unwrap_err().code(),
        &ErrorCode::MULTIPLE_CONDITION_HEADERS_NOT_SUPPORTED
    );
}

#[test]
fn each_failure_has_the_status_and_code_that_the_service_gives() {
    let all = [
        Unmet::Match,
        Unmet::NoneMatch,
        Unmet::Exists,
        Unmet::ModifiedSince,
        Unmet::UnmodifiedSince,
        Unmet::Tags,
    ];
    #[rustfmt::skip]
    let table = [
        (Side::Read, ["412 ConditionNotMet", "304 ConditionNotMet", "400 UnsatisfiableCondition", "304 ConditionNotMet", "412 ConditionNotMet", "412 ConditionNotMet"]),
        (Side::Write, ["412 ConditionNotMet"; 6]),
        (Side::Create, ["412 ConditionNotMet", "412 ConditionNotMet", "409 BlobAlreadyExists", "412 ConditionNotMet", "412 ConditionNotMet", "412 ConditionNotMet"]),
        (Side::CopyTarget, ["412 TargetConditionNotMet", "412 TargetConditionNotMet", "409 BlobAlreadyExists", "412 TargetConditionNotMet", "412 TargetConditionNotMet", "412 ConditionNotMet"]),
        (Side::CopySource, ["412 SourceConditionNotMet", "412 SourceConditionNotMet", "412 SourceConditionNotMet", "412 SourceConditionNotMet", "412 SourceConditionNotMet", "412 ConditionNotMet"]),
        (Side::ReadSource, ["412 SourceConditionNotMet", "304 CannotVerifyCopySource", "304 CannotVerifyCopySource", "304 CannotVerifyCopySource", "412 CannotVerifyCopySource", "412 ConditionNotMet"]),
        (Side::RangeSource, ["412 CannotVerifyCopySource", "304 CannotVerifyCopySource", "304 CannotVerifyCopySource", "304 CannotVerifyCopySource", "412 CannotVerifyCopySource", "412 ConditionNotMet"]),
    ];
    for (side, row) in table {
        for (unmet, expected) in all.into_iter().zip(row) {
            let failure = unmet.refuse(side, &crate::operation::tests::ask(Kind::CopyBlob));
            let said = format!("{} {}", failure.parts().status.as_u16(), failure.code());
            assert_eq!(said, expected, "{side:?} {unmet:?}");
        }
    }
}
