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

pub(super) fn judge(
    answer: &Response<Bytes>,
    feed: &Feed,
    total: u64,
    stage: Stage,
    range: Option<(u64, u64)>,
) -> Verdict {
    let changed = || Verdict::Fail(description::SOURCE_CHANGED.to_owned());
    let status = answer.status();
    if status.is_server_error() || matches!(status.as_u16(), 408 | 429) {
        return Verdict::Again;
    }
    if status == StatusCode::PRECONDITION_FAILED {
        return changed();
    }
    if !status.is_success() {
        // Without its layout a source is read as it comes.
        if stage != Stage::Content {
            return Verdict::Good(Bytes::new());
        }
        return Verdict::Fail(description::unreadable(status.as_u16(), &keyword(answer)));
    }
    if feed.etag.is_some() && text(answer.headers(), &header::ETAG) != feed.etag.as_deref() {
        return changed();
    }
    let body = answer.body();
    match (stage, range) {
        (Stage::Layout | Stage::Blocks, _) => Verdict::Good(body.clone()),
        (Stage::Content, Some((start, end))) => {
            let wanted = if status == StatusCode::OK {
                total
            } else {
                end - start
            };
            if status == StatusCode::OK && start > 0 {
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
