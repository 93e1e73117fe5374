//! What an answer of a source means for the copy that reads it.

use bytes::Bytes;
use http::{Response, StatusCode, header};

use super::{keyword, text};
use crate::copy::{Feed, description};

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Which pages are written.
    Layout,
    /// The bytes.
    Content,
    /// Where blocks begin and end.
    Blocks,
}

/// What an answer means.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Good(Bytes),
    /// It sends everything or nothing.
    AtOnce,
    Again,
    /// Why, for the description.
    Fail(String),
}

/// What an answer means of which this range was asked for, if it has one.
pub(super) fn judge(
    answer: &Response<Bytes>,
    feed: &Feed,
    total: u64,
    stage: Stage,
    range: Option<(u64, u64)>,
) -> Verdict {
    if let Some(verdict) = judge_head(answer, feed, stage) {
        return verdict;
    }
    let body = answer.body();
    match (stage, range) {
        (Stage::Layout | Stage::Blocks, _) => Verdict::Good(body.clone()),
        (Stage::Content, Some((start, end))) => {
            let is_all = answer.status() == StatusCode::OK;
            let wanted = if is_all { total } else { end - start };
            if is_all && start > 0 {
                return Verdict::Again;
            }
            if body.len() as u64 == wanted {
                Verdict::Good(body.clone())
            } else {
                changed()
            }
        }
        (Stage::Content, None) => Verdict::Again,
    }
}

/// What a part of an answer means that is to be all of the source, of which so much is still to come.
pub(super) fn judge_part(answer: &Response<Bytes>, feed: &Feed, left: u64) -> Verdict {
    let body = answer.body();
    let length = body.len() as u64;
    judge_head(answer, feed, Stage::Content).unwrap_or_else(|| {
        if length > left || (length == 0 && left > 0) {
            changed()
        } else {
            Verdict::Good(body.clone())
        }
    })
}

/// What status and `ETag` say, where that is enough.
fn judge_head(answer: &Response<Bytes>, feed: &Feed, stage: Stage) -> Option<Verdict> {
    let status = answer.status();
    if status.is_server_error() || matches!(status.as_u16(), 408 | 429) {
        return Some(Verdict::Again);
    }
    if status == StatusCode::PRECONDITION_FAILED {
        return Some(changed());
    }
    if !status.is_success() {
        // Without its layout a source is read as it comes.
        if stage != Stage::Content {
            return Some(Verdict::Good(Bytes::new()));
        }
        let why = description::unreadable(status.as_u16(), &keyword(answer));
        return Some(Verdict::Fail(why));
    }
    let is_another =
        feed.etag.is_some() && text(answer.headers(), &header::ETAG) != feed.etag.as_deref();
    is_another.then(changed)
}

fn changed() -> Verdict {
    Verdict::Fail(description::SOURCE_CHANGED.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The verdict on the range 4..8 of 10 bytes of a source with the `ETag` "1".
    fn verdict(stage: Stage, status: u16, etag: &str, body: &'static str) -> Verdict {
        let feed = Feed {
            version: "2021-12-02".to_owned(),
            etag: Some("\"1\"".to_owned()),
            is_blob: true,
            previous: None,
            kept: 0,
            claimed: true,
        };
        let answer = Response::builder()
            .status(status)
            .header(header::ETAG, etag)
            .body(Bytes::from_static(body.as_bytes()))
            .unwrap();
        let range = (stage == Stage::Content).then_some((4, 8));
        judge(&answer, &feed, 10, stage, range)
    }

    #[test]
    fn an_answer_is_good_goes_wrong_for_now_or_ends_the_copy() {
        let good = |text: &'static str| Verdict::Good(Bytes::from_static(text.as_bytes()));
        let changed = || Verdict::Fail(description::SOURCE_CHANGED.to_owned());
        let fails = |status, word| Verdict::Fail(description::unreadable(status, word));
        for (stage, status, etag, body, expected) in [
            (Stage::Content, 206, "\"1\"", "4567", good("4567")),
            (Stage::Content, 206, "\"2\"", "4567", changed()),
            (Stage::Content, 206, "\"1\"", "456", changed()),
            (Stage::Content, 412, "\"1\"", "", changed()),
            // All of it, where a part further in was meant.
            (Stage::Content, 200, "\"1\"", "0123456789", Verdict::Again),
            (Stage::Content, 503, "", "", Verdict::Again),
            (Stage::Content, 500, "", "", Verdict::Again),
            (Stage::Content, 429, "", "", Verdict::Again),
            (Stage::Content, 408, "", "", Verdict::Again),
            (Stage::Content, 404, "", "", fails(404, "NotFound")),
            (Stage::Content, 403, "", "", fails(403, "Forbidden")),
            (
                Stage::Layout,
                200,
                "\"1\"",
                "<PageList/>",
                good("<PageList/>"),
            ),
            (Stage::Layout, 200, "\"2\"", "<PageList/>", changed()),
            // What a source does not tell of itself is done without.
            (Stage::Layout, 404, "", "", good("")),
            (Stage::Blocks, 403, "", "", good("")),
            (Stage::Blocks, 503, "", "", Verdict::Again),
        ] {
            let found = verdict(stage, status, etag, body);
            assert_eq!(found, expected, "{stage:?} {status} {etag}");
        }
    }
}
