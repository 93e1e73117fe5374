//! From recorded requests to our operations: one file for each family.
//!
//! A family's `read` gives nothing where the call is not of that family, else the operation, or why it
//! cannot be meant: recorded tests send wrong input on purpose, which we refuse before anything is
//! sent.

mod containers;
mod copy;
mod lease;
mod listing;
mod options;
mod reading;
mod state;
mod writing;

use std::borrow::Cow;
use std::str::FromStr;

use blobferry_core::{BlobAddress, ContainerAddress, Location, Place};
use blobferry_tests::recording::Step;
use percent_encoding::percent_decode_str;

use crate::known::{Known, Reason};
use crate::xml::{self, Leaf};

type Read = fn(&Call<'_>) -> Option<Result<Known, Reason>>;

/// Every family. Add a line for a new one.
const FAMILIES: &[Read] = &[
    copy::read,
    lease::read,
    listing::read,
    reading::read,
    containers::read,
    state::read,
    writing::read,
];

/// Our operation for a recorded call.
pub(crate) fn read(call: &Call<'_>) -> Option<Result<Known, Reason>> {
    FAMILIES.iter().find_map(|read| read(call))
}

/// A recorded call, as far as it is to be believed.
pub(crate) struct Call<'a> {
    step: &'a Step,
    plainest: bool,
}

impl<'a> Call<'a> {
    /// With everything that was sent.
    pub(crate) fn as_sent(step: &'a Step) -> Self {
        Self {
            step,
            plainest: false,
        }
    }

    /// Without headers, as most recordings are, for reading the answer only.
    pub(crate) fn plainest(step: &'a Step) -> Self {
        Self {
            step,
            plainest: true,
        }
    }

    /// What kind of call it is, without the mark of doubt.
    pub(crate) fn op(&self) -> &'a str {
        self.step.op.trim_end_matches('?')
    }

    /// Whether only the answer is of interest.
    pub(crate) fn is_plainest(&self) -> bool {
        self.plainest
    }

    pub(crate) fn method(&self) -> &'a str {
        &self.step.method
    }

    pub(crate) fn status(&self) -> u16 {
        self.step.status
    }

    /// Whether the answer has a header.
    pub(crate) fn answered(&self, name: &str) -> bool {
        self.step.answer_headers.contains_key(name)
    }

    /// The body that was sent; empty where it was not recorded.
    pub(crate) fn body(&self) -> bytes::Bytes {
        self.step.body.clone().unwrap_or_default()
    }

    /// The elements with text of an XML body that was sent; none where it was not recorded.
    pub(crate) fn elements(&self) -> Result<Vec<Leaf>, Reason> {
        let body = self.body();
        if body.is_empty() || self.plainest {
            return Ok(Vec::new());
        }
        let leaves = xml::text(&body).and_then(xml::leaves);
        leaves.ok_or_else(|| "refused at construction: a body that is no XML".to_owned())
    }

    /// A header that was sent and not empty.
    pub(crate) fn header(&self, name: &str) -> Option<&'a str> {
        let value = self.step.headers.get(name).map(String::as_str);
        value.filter(|value| !self.plainest && !value.is_empty())
    }

    /// Headers whose name begins so, by the rest of their name.
    pub(crate) fn headers_under(&self, prefix: &str) -> Vec<(&'a str, &'a str)> {
        let headers = self.step.headers.iter().filter(|_| !self.plainest);
        headers
            .filter_map(|(name, value)| Some((name.strip_prefix(prefix)?, value.as_str())))
            .collect()
    }

    /// A query parameter that was sent and not empty, whatever its case.
    pub(crate) fn query(&self, name: &str) -> Option<&'a str> {
        let mut query = self.step.query.iter();
        query
            .find(|(key, value)| key.eq_ignore_ascii_case(name) && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// A header read as an option of ours.
    pub(crate) fn option<T: FromStr>(&self, name: &str) -> Result<Option<T>, Reason> {
        self.header(name).map(|text| value(name, text)).transpose()
    }

    /// A header that must be there, else what the plainest call would say.
    pub(crate) fn need<T: FromStr>(&self, name: &str, plainest: &str) -> Result<T, Reason> {
        match self.header(name) {
            Some(text) => value(name, text),
            None if self.plainest => value(name, plainest),
            None => Err(format!("refused at construction: {name} is missing")),
        }
    }

    /// A query parameter that must be there, else what the plainest call would say.
    pub(crate) fn need_query<T: FromStr>(&self, name: &str, plainest: &str) -> Result<T, Reason> {
        match self.query(name) {
            Some(text) if !self.plainest => value(name, text),
            _ if self.plainest => value(name, plainest),
            _ => Err(format!("refused at construction: {name} is missing")),
        }
    }

    /// A header that is one of our words.
    pub(crate) fn word<W: for<'w> From<&'w str>>(&self, name: &str) -> Option<W> {
        self.header(name).map(W::from)
    }

    /// A header that is `true` or `false`.
    pub(crate) fn flag(&self, name: &str) -> Option<bool> {
        self.header(name)
            .map(|text| text.eq_ignore_ascii_case("true"))
    }

    pub(crate) fn place(&self) -> Result<Place, Reason> {
        let url = if self.plainest {
            // The account is all that reading an answer may need.
            Cow::Borrowed("https://a.blob.core.windows.net/container/blob")
        } else {
            Cow::Borrowed(self.step.url.as_str())
        };
        let location: Location = value("URL", &url)?;
        Ok(location.place)
    }

    pub(crate) fn blob(&self) -> Result<BlobAddress, Reason> {
        match self.place()? {
            Place::Blob(blob) => Ok(blob),
            Place::Container(_) | Place::Account(_) => {
                Err("a blob of the root container, named without it".to_owned())
            }
        }
    }

    pub(crate) fn container(&self) -> Result<ContainerAddress, Reason> {
        match self.place()? {
            Place::Container(container) => Ok(container),
            Place::Blob(blob) if self.plainest => Ok(blob.in_container()),
            Place::Blob(_) | Place::Account(_) => Err("not a container's URL".to_owned()),
        }
    }
}

/// Reads an option of ours, or says which one refused what was recorded.
pub(crate) fn value<T: FromStr>(name: &str, text: &str) -> Result<T, Reason> {
    text.parse()
        .map_err(|_| format!("refused at construction: {name}"))
}

/// A URL's path and query, decoded.
pub(crate) struct Split {
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
}

/// Takes a URL apart without judging it.
pub(crate) fn split(url: &str) -> Split {
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    let path = place
        .find('/')
        .and_then(|at| place.get(at..))
        .unwrap_or("/");
    Split {
        path: decoded(path),
        query: query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(name, value)| (decoded(name), decoded(value)))
            .collect(),
    }
}
