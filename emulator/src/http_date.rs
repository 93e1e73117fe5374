//! Dates as headers and listings carry them. Those of one second are written once: most dates of an
//! answer, and of the answers around it, are the same few.

use std::cell::RefCell;

use http::HeaderValue;

use blobferry_core::Timestamp;

/// How many seconds are remembered by each thread.
const SECONDS: usize = 8;

type Written = [Option<(i64, HeaderValue)>; SECONDS];

thread_local! {
    static WRITTEN: RefCell<Written> = const { RefCell::new([const { None }; SECONDS]) };
}

/// A moment in the form of HTTP headers.
pub(crate) fn header(moment: Timestamp) -> HeaderValue {
    with(moment, HeaderValue::clone)
}

/// The same, at the end of a text.
pub(crate) fn push(text: &mut String, moment: Timestamp) {
    with(moment, |value| {
        text.push_str(std::str::from_utf8(value.as_bytes()).unwrap_or_default());
    });
}

fn with<R>(moment: Timestamp, read: impl FnOnce(&HeaderValue) -> R) -> R {
    let second = moment.as_millis().div_euclid(1_000);
    let place = usize::try_from(second.rem_euclid(8)).unwrap_or(0);
    WRITTEN.with_borrow_mut(|written| {
        let Some(slot) = written.get_mut(place) else {
            return read(&write(moment));
        };
        match slot {
            Some((known, value)) if *known == second => read(value),
            _ => read(&slot.insert((second, write(moment))).1),
        }
    })
}

/// A date has no character that a header could not hold.
fn write(moment: Timestamp) -> HeaderValue {
    HeaderValue::try_from(moment.to_http()).unwrap_or(HeaderValue::from_static(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_moment_is_written_as_it_would_be_alone() {
        for millis in (-20_000..40_000)
            .step_by(333)
            .chain((0..40_000).step_by(999))
        {
            let moment = Timestamp::from_millis(millis);
            assert_eq!(header(moment), moment.to_http());
            let mut text = String::from("at ");
            push(&mut text, moment);
            assert_eq!(text, format!("at {}", moment.to_http()));
        }
    }
}
