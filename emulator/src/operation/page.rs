//! What all listings share: how much, from where on, and how the next page is named.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use blobferry_core::wire::query;
use blobferry_core::{ErrorCode, ServiceVersion};

use crate::failure::Failure;
use crate::request::Ask;
use crate::tick::Tick;
use crate::xml::{Writer, push_escaped};

/// The most items on a page.
pub(crate) const MOST: usize = 5000;

/// Where a listing goes on: at a name, and within it at a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Marker {
    pub(crate) name: String,
    pub(crate) snapshot: Option<Tick>,
}

impl Marker {
    /// Opaque, as markers are from 2017-04-17 on.
    pub(crate) fn write(&self) -> String {
        let snapshot = self.snapshot.map(Tick::name).unwrap_or_default();
        let text = URL_SAFE_NO_PAD.encode(format!("{snapshot}!{}", self.name));
        format!("2!{}!{text}", text.len())
    }

    fn read(text: &str) -> Option<Self> {
        let (length, text) = text.strip_prefix("2!")?.split_once('!')?;
        if length.parse() != Ok(text.len()) {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let (snapshot, name) = text.split_once('!')?;
        Some(Self {
            name: name.to_owned(),
            snapshot: Tick::parse(snapshot),
        })
    }

    /// `marker`.
    ///
    /// # Errors
    /// 400 for one that no listing gave.
    pub(crate) fn of(ask: &Ask) -> Result<Option<Self>, Failure> {
        ask.query
            .filled(query::MARKER)
            .map(|text| Self::read(text).ok_or_else(|| Failure::new(ErrorCode::OUT_OF_RANGE_INPUT)))
            .transpose()
    }
}

/// `maxresults`.
///
/// # Errors
/// 400 for what is no positive number.
pub(crate) fn most(ask: &Ask) -> Result<usize, Failure> {
    most_up_to(ask, MOST)
}

/// `maxresults` of a listing that has so many items on a page at most.
///
/// # Errors
/// 400 for what is no positive number.
pub(crate) fn most_up_to(ask: &Ask, most: usize) -> Result<usize, Failure> {
    match ask.query.filled(query::MAX_RESULTS) {
        None => Ok(most),
        Some(text) => match text.parse::<i64>() {
            Ok(1..) => Ok(text.parse().unwrap_or(most).min(most)),
            Ok(_) => Err(Failure::new(ErrorCode::OUT_OF_RANGE_QUERY_PARAMETER_VALUE)
                .detail("QueryParameterName", query::MAX_RESULTS)
                .detail("QueryParameterValue", text)
                .detail("MinimumAllowed", "1")
                .detail("MaximumAllowed", most.to_string())),
            Err(_) => Err(Failure::invalid_query(
                query::MAX_RESULTS,
                text,
                "Invalid integer",
            )),
        },
    }
}

/// The words of an `include`. There are few, and every item of a page asks for some of them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Include(Vec<&'static str>);

impl Include {
    #[inline]
    pub(crate) fn contains(&self, word: &str) -> bool {
        self.0.contains(&word)
    }
}

impl FromIterator<&'static str> for Include {
    fn from_iter<I: IntoIterator<Item = &'static str>>(words: I) -> Self {
        Self(words.into_iter().collect())
    }
}

/// The words that an `include` may hold, each with the first version that knows it.
pub(crate) type Words = [(&'static str, ServiceVersion)];

/// `include`, which may hold only these words.
///
/// # Errors
/// 400 for another word, and for one that came later.
pub(crate) fn include(ask: &Ask, known: &Words) -> Result<Include, Failure> {
    let Some(text) = ask.query.filled(query::INCLUDE) else {
        return Ok(Include::default());
    };
    text.split(',')
        .map(str::trim)
        .filter(|word| !word.is_empty())
        .map(|word| {
            known
                .iter()
                .find(|(known, since)| known.eq_ignore_ascii_case(word) && ask.version >= *since)
                .map(|(known, _)| *known)
                .ok_or_else(|| {
                    Failure::invalid_query(query::INCLUDE, text, "Invalid query parameter value.")
                })
        })
        .collect()
}

/// What was asked, as far as it was asked.
pub(crate) fn echo(writer: &mut Writer, ask: &Ask, names: &[(&str, &str)]) {
    for (parameter, element) in names {
        let Some(asked) = ask.query.filled(parameter) else {
            continue;
        };
        match encoded(ask.version, asked) {
            Some(encoded) => write_encoded(writer, element, &encoded),
            None => writer.element(element, asked),
        }
    }
}

/// What listings encode nothing of: the service's letters of a URL.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A name with characters that XML cannot hold, percent-encoded as it is from 2021-02-12. Absent for
/// any other.
pub(crate) fn encoded(version: ServiceVersion, name: &str) -> Option<String> {
    let is_unwritable = |c: char| matches!(c, '\u{FFFE}' | '\u{FFFF}') || c < ' ';
    (version >= ServiceVersion::V2021_02_12 && name.contains(is_unwritable))
        .then(|| utf8_percent_encode(name, PLAIN).to_string())
}

/// An element with such a name.
pub(crate) fn write_encoded(writer: &mut Writer, element: &str, encoded: &str) {
    writer.open(&format!("{element} Encoded=\"true\""));
    writer.raw(encoded);
    writer.close(element);
}

/// `EnumerationResults` with its attributes. Before 2013-08-15 it had the URL of what is listed.
pub(crate) fn open(writer: &mut Writer, ask: &Ask, container: Option<&str>) {
    if names_urls(ask) {
        let (attribute, url) = match container {
            Some(name) => ("ContainerName", format!("{}/{name}", ask.endpoint)),
            None => ("AccountName", format!("{}/", ask.endpoint)),
        };
        let mut root = format!("EnumerationResults {attribute}=\"");
        push_escaped(&mut root, &url);
        root.push('"');
        return writer.open(&root);
    }
    let mut root = String::from("EnumerationResults ServiceEndpoint=\"");
    push_escaped(&mut root, &ask.endpoint);
    root.push_str("/\"");
    if let Some(container) = container {
        root.push_str(" ContainerName=\"");
        push_escaped(&mut root, container);
        root.push('"');
    }
    writer.open(&root);
}

/// Whether listings name the URL of each item, as they did before 2013-08-15.
pub(crate) fn names_urls(ask: &Ask) -> bool {
    ask.version < ServiceVersion::V2013_08_15
}

/// `Url`, in the versions that have it.
pub(crate) fn url(writer: &mut Writer, ask: &Ask, path: &[&str]) {
    const KEPT: &AsciiSet = &PLAIN.remove(b'/');
    if names_urls(ask) {
        let path = path.join("/");
        let path = utf8_percent_encode(&path, KEPT);
        writer.element("Url", &format!("{}/{path}", ask.endpoint));
    }
}

/// `NextMarker` and the end.
pub(crate) fn close(writer: &mut Writer, next: Option<&str>) {
    writer.element("NextMarker", next.unwrap_or_default());
    writer.close("EnumerationResults");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_reads_back() {
        for snapshot in [None, Tick::parse("2022-03-15T13:20:28.6425746Z")] {
            let marker = Marker {
                name: "a/b !<&>.txt".to_owned(),
                snapshot,
            };
            assert_eq!(Marker::read(&marker.write()), Some(marker));
        }
        for text in ["", "name", "2!5!abc", "2!3!***", "3!3!abc"] {
            assert_eq!(Marker::read(text), None, "{text}");
        }
    }
}
