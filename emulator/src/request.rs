//! A request as the operations see it: read once, decoded once.

mod headers;
mod newer;

pub(crate) use headers::Headers;

use std::net::IpAddr;

use bytes::Bytes;
use http::{HeaderName, Method};

use blobferry_core::{ServiceVersion, Timestamp};

use crate::auth::Permissions;
use crate::content::Piece;
use crate::fault::Effect;
use crate::hash::Sums;
use crate::kind::Kind;
use crate::operation::ReadAhead;
use crate::outside::Fetched;
use crate::read::Target;
use crate::spelling::Spelling;

/// One request, read, recognised and authorized.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    /// What is asked.
    pub(crate) kind: Kind,
    /// The HTTP method; `HEAD` and `GET` are one kind where they differ only in the body.
    pub(crate) method: Method,
    /// The account, without `-secondary`.
    pub(crate) account: String,
    /// Whether the secondary endpoint is asked, which only reads.
    pub(crate) secondary: bool,
    /// The container, decoded; `$root` where the path names a blob only.
    pub(crate) container: Option<String>,
    /// The blob, decoded.
    pub(crate) blob: Option<String>,
    /// The query, decoded.
    pub(crate) query: Query,
    /// The headers as sent.
    pub(crate) headers: Headers,
    /// The whole body.
    pub(crate) body: Bytes,
    /// Its checksums, as far as anybody asked.
    pub(crate) sums: Sums,
    /// The body in a content file, where it is long and kept.
    pub(crate) filed: Option<Piece>,
    /// The version whose rules hold.
    pub(crate) version: ServiceVersion,
    /// `scheme://host[/account]`, without a slash at the end, for `ServiceEndpoint`.
    pub(crate) endpoint: String,
    /// When it came.
    pub(crate) now: Timestamp,
    /// The path as sent, still encoded, as it is signed.
    pub(crate) path: String,
    /// Whether it came over HTTPS.
    pub(crate) secure: bool,
    /// Where it came from.
    pub(crate) peer: Option<IpAddr>,
    /// How the caller showed who they are.
    pub(crate) caller: Caller,
    /// What a SAS or public access allows; absent for whoever holds the key or a token.
    pub(crate) letters: Option<Permissions>,
    /// How it spells the names of metadata.
    pub(crate) spelling: Spelling,
    /// What goes wrong with it on purpose.
    pub(crate) effect: Option<Effect>,
    /// What its source answered, where that is outside the service.
    pub(crate) fetched: Option<Fetched>,
    /// What was read of its source, where that is long and inside the service.
    pub(crate) read_ahead: Option<ReadAhead>,
}

/// How a caller showed who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    /// By signing with the account's key.
    SharedKey,
    /// With a token.
    Bearer,
    /// With a SAS.
    Sas,
    /// Not at all.
    Anonymous,
}

/// Where a request came from: put it into the request's extensions, so that `sip` can be checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

impl Ask {
    /// A request for a blob that this one brings with it: under the same version, at the same moment
    /// and from the same place, but on nobody's authority yet.
    pub(crate) fn bring(&self, kind: Kind, method: Method, target: Target, query: Query) -> Self {
        Self {
            kind,
            method,
            account: target.account,
            secondary: target.secondary,
            container: target.container,
            blob: target.blob,
            query,
            headers: Headers::default(),
            body: Bytes::new(),
            sums: Sums::default(),
            filed: None,
            version: self.version,
            endpoint: target.endpoint,
            now: self.now,
            path: String::new(),
            secure: self.secure,
            peer: self.peer,
            caller: Caller::Anonymous,
            letters: None,
            spelling: Spelling::default(),
            effect: None,
            fetched: None,
            read_ahead: None,
        }
    }

    /// Removes headers and parameters that its version does not know. They have been signed, so not
    /// before it is known who asks.
    pub(crate) fn forget_newer(&mut self) {
        newer::forget(&mut self.headers, &mut self.query, self.version);
    }

    /// A header as text; absent where it is missing or is no text.
    pub(crate) fn header(&self, name: &HeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The container's name; empty where the request names none, which its kind rules out.
    pub(crate) fn container_name(&self) -> &str {
        self.container.as_deref().unwrap_or_default()
    }

    /// The blob's name; empty where the request names none, which its kind rules out.
    pub(crate) fn blob_name(&self) -> &str {
        self.blob.as_deref().unwrap_or_default()
    }
}

/// The parameters of a query, decoded, in the order sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Query {
    pairs: Vec<(String, String)>,
    /// Another reading of the same text: a plus sign is a space. Absent where there is no plus sign.
    form: Option<Box<[(String, String)]>>,
}

impl Query {
    /// Cuts and decodes the part of a URL after `?`.
    ///
    /// A plus sign stays one: the service reads queries as URIs, not as forms. Bytes that are not
    /// UTF-8 under their encoding become U+FFFD and so match nothing.
    pub(crate) fn parse(raw: &str) -> Self {
        let form = raw
            .contains('+')
            .then(|| pairs(&raw.replace('+', " ")).into_boxed_slice());
        Self {
            pairs: pairs(raw),
            form,
        }
    }

    /// Takes plus signs for spaces from now on, as a client means that signed them so.
    pub(crate) fn read_as_form(&mut self) {
        if let Some(form) = self.form.take() {
            self.pairs = form.into_vec();
        }
    }

    /// The first value of a parameter, whatever the case of its name.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// Takes a parameter away, whatever the case of its name.
    fn remove(&mut self, name: &str) {
        self.pairs
            .retain(|(key, _)| !key.eq_ignore_ascii_case(name));
    }

    /// The first value of a parameter unless it is empty.
    pub(crate) fn filled(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// Every pair, in the order sent.
    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// Every pair, in the order sent, with plus signs read as spaces.
    pub(crate) fn form_pairs(&self) -> &[(String, String)] {
        self.form.as_deref().unwrap_or(&self.pairs)
    }
}

fn pairs(raw: &str) -> Vec<(String, String)> {
    raw.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        })
        .collect()
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text)
        .decode_utf8_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_decoded_once_and_found_by_any_case() {
        let query = Query::parse("restype=container&Comp=list&&prefix=a%2Fb%2525+c&empty=&bare");
        assert_eq!(query.get("comp"), Some("list"));
        assert_eq!(query.get("prefix"), Some("a/b%25+c"));
        assert_eq!(query.get("empty"), Some(""));
        assert_eq!(query.filled("empty"), None);
        assert_eq!(query.get("bare"), Some(""));
        assert_eq!(query.get("absent"), None);
    }

    #[test]
    fn a_query_read_as_a_form_has_spaces_for_plus_signs() {
        let mut query = Query::parse("prefix=a+b%2Bc");
        assert_eq!(query.get("prefix"), Some("a+b+c"));
        query.read_as_form();
        assert_eq!(query.get("prefix"), Some("a b+c"));
    }
}
