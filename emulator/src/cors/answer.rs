//! What answers say to browsers. Refusals say it too, or a page could not read them.

use http::{HeaderMap, HeaderName, HeaderValue, Method, header};

use super::{Admission, Order, Rule};

/// Who asks what, from where.
#[derive(Debug)]
pub(crate) struct Crossing {
    origin: Option<HeaderValue>,
    method: Method,
}

impl Crossing {
    /// Of a request.
    pub(crate) fn of(method: &Method, headers: &HeaderMap) -> Self {
        Self {
            origin: headers.get(header::ORIGIN).cloned(),
            method: method.clone(),
        }
    }
}

/// How an answer lists its headers where a rule exposes all of them. Source: recorded answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Listing {
    /// In their order, all but `Content-Range`.
    Typed(Order),
    /// In their order, all but `Content-Type`.
    Untyped(Order),
    /// Those that are there, by name.
    Sorted,
}

/// Adds what the first rule that fits has a browser told.
///
/// Answers that caches keep, those to GET and HEAD, are marked where they would be others for
/// another origin, and are written for everybody where they would not: even without an origin.
pub(crate) fn tell(rules: &[Rule], crossing: &Crossing, listing: Listing, headers: &mut HeaderMap) {
    let is_kept = matches!(crossing.method, Method::GET | Method::HEAD);
    if rules.is_empty() || crossing.origin.is_none() && !is_kept {
        return;
    }
    let origin = crossing
        .origin
        .as_ref()
        .and_then(|value| value.to_str().ok());
    let fitting = rules
        .iter()
        .filter(|rule| rule.admits_method(crossing.method.as_str()))
        .find_map(|rule| Some((rule, rule.admits_origin(origin)?)));
    let by_name = match (&fitting, &crossing.origin) {
        (Some((_, Admission::Anybody)), _) => None,
        (Some((_, Admission::Named)), Some(origin)) => Some(Some(origin)),
        (Some((_, Admission::Named)), None) | (None, _) => Some(None),
    };
    if let Some((rule, _)) = fitting {
        let exposed = exposed(rule, listing, headers);
        if let Ok(exposed) = HeaderValue::from_str(&exposed)
            && !exposed.is_empty()
        {
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
        }
    }
    match by_name {
        None => {
            let anybody = HeaderValue::from_static("*");
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, anybody);
        }
        Some(named) => {
            if let Some(origin) = named {
                headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
                headers.insert(
                    header::ACCESS_CONTROL_ALLOW_CREDENTIALS,
                    HeaderValue::from_static("true"),
                );
            }
            if is_kept {
                headers.insert(header::VARY, HeaderValue::from_static("Origin"));
            }
        }
    }
}

/// Named at the front and at the end of a full list, present or not.
const FIRST: &[&str] = &[
    "x-ms-request-id",
    "x-ms-client-request-id",
    "Server",
    "x-ms-version",
];
const LAST: &[&str] = &["Content-Length", "Date", "Transfer-Encoding"];

/// The headers of this answer that a page may read.
///
/// A star stands for all that are there, a prefix for those that begin with it; names given in full
/// are told whether they are there or not.
fn exposed(rule: &Rule, listing: Listing, headers: &HeaderMap) -> String {
    let mut told: Vec<String> = Vec::new();
    let add = |told: &mut Vec<String>, name: String| {
        if !told.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
            told.push(name);
        }
    };
    for known in &rule.exposed {
        let Some(prefix) = known.strip_suffix('*') else {
            add(&mut told, known.clone());
            continue;
        };
        let all = prefix.is_empty();
        let named = |name: &str| match name {
            "x-ms-client-request-id" => headers.contains_key(name),
            _ => all,
        };
        for name in FIRST.iter().filter(|name| all && named(name)) {
            add(&mut told, (*name).to_owned());
        }
        for name in ordered(listing, headers) {
            let spelled = spelled(name);
            let is_omitted = all
                && match listing {
                    Listing::Typed(_) => name == header::CONTENT_RANGE,
                    Listing::Untyped(_) => name == header::CONTENT_TYPE,
                    Listing::Sorted => false,
                };
            if super::is_header(known, name.as_str())
                && !LAST.contains(&spelled.as_str())
                && !is_omitted
            {
                add(&mut told, spelled);
            }
        }
        for name in LAST.iter().filter(|_| all) {
            // The newer part does not send in chunks what it sends here with a length.
            if listing != Listing::Sorted || *name != "Transfer-Encoding" {
                add(&mut told, (*name).to_owned());
            }
        }
    }
    if listing == Listing::Sorted {
        told.sort_by_key(|name| name.to_ascii_lowercase());
    }
    told.join(",")
}

/// The headers of an answer in the order in which they are told.
fn ordered(listing: Listing, headers: &HeaderMap) -> Vec<&HeaderName> {
    let mut names: Vec<_> = headers.keys().collect();
    if let Listing::Typed(order) | Listing::Untyped(order) = listing {
        let is_document = !headers.contains_key("x-ms-blob-type");
        names.sort_by_key(|name| order.place(name, is_document));
    }
    names
}

/// Standard headers with capitals, as the service spells them, its own without.
fn spelled(name: &HeaderName) -> String {
    let name = name.as_str();
    match name {
        "etag" => "ETag".to_owned(),
        "content-md5" => "Content-MD5".to_owned(),
        _ if name.starts_with("x-ms-") => name.to_owned(),
        _ => name
            .split('-')
            .map(|word| {
                let (first, rest) = word.split_at(word.len().min(1));
                first.to_ascii_uppercase() + rest
            })
            .collect::<Vec<_>>()
            .join("-"),
    }
}
