//! Reading recorded traffic: gzipped JSON Lines, one scenario a line.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use serde_json::Value;

/// One recorded test: its calls in order.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// `<client>/<suite>/<test>@<version>`.
    pub id: String,
    /// Whether all request headers were recorded.
    pub full_headers: bool,
    /// The calls.
    pub steps: Vec<Step>,
}

/// One request and its answer.
#[derive(Debug, Clone)]
pub struct Step {
    /// What kind of call it is, a `?` behind it where the answer had to decide.
    pub op: String,
    /// Whether the recorder lost the query.
    pub query_lost: bool,
    /// The method.
    pub method: String,
    /// Absolute, as recorded.
    pub url: String,
    /// Decoded.
    pub query: BTreeMap<String, String>,
    /// Names in lower case.
    pub headers: BTreeMap<String, String>,
    /// Absent where it was not recorded.
    pub body: Option<Bytes>,
    /// The answer's status.
    pub status: u16,
    /// The answer's headers, names in lower case.
    pub answer_headers: BTreeMap<String, String>,
    /// The answer's body; absent where it was not recorded.
    pub answer_body: Option<Bytes>,
}

/// Where the recordings are; nothing where they are not on this machine.
///
/// `BLOBFERRY_RECORDINGS` names the folder, or `BLOBFERRY_SHARED` the one that holds it as
/// `recordings`; else it is looked for beside the repository.
#[must_use]
pub fn folder() -> Option<PathBuf> {
    let named = std::env::var_os("BLOBFERRY_RECORDINGS").map(PathBuf::from);
    let folder = named.unwrap_or_else(|| shared().join("recordings"));
    Some(folder).filter(|folder| folder.is_dir())
}

/// What is known of the service outside the repository: recordings, and the protocol in our words.
#[must_use]
pub fn shared() -> PathBuf {
    match std::env::var_os("BLOBFERRY_SHARED") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared"),
    }
}

/// The recordings' files, in order.
///
/// # Errors
/// The folder cannot be read.
pub fn files(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".jsonl.gz") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Shows every scenario of a file.
///
/// # Errors
/// A file that cannot be read, or a line that is no scenario.
pub fn each(file: &Path, mut visit: impl FnMut(Scenario)) -> std::io::Result<()> {
    let unzipped = flate2::read::GzDecoder::new(std::fs::File::open(file)?);
    for line in BufReader::with_capacity(1 << 16, unzipped).lines() {
        let value: Value = serde_json::from_str(&line?)?;
        visit(scenario(&value).ok_or_else(|| std::io::Error::other("no scenario"))?);
    }
    Ok(())
}

fn scenario(value: &Value) -> Option<Scenario> {
    Some(Scenario {
        id: value.get("id")?.as_str()?.to_owned(),
        full_headers: value.get("request_headers")?.as_str()? == "full",
        steps: value
            .get("steps")?
            .as_array()?
            .iter()
            .map(step)
            .collect::<Option<_>>()?,
    })
}

fn step(value: &Value) -> Option<Step> {
    let (request, response) = (value.get("request")?, value.get("response")?);
    Some(Step {
        op: value.get("op")?.as_str()?.to_owned(),
        query_lost: value.get("query_lost").is_some_and(|lost| lost != false),
        method: request.get("method")?.as_str()?.to_owned(),
        url: request.get("url")?.as_str()?.to_owned(),
        query: texts(request.get("query")?),
        headers: texts(request.get("headers")?),
        body: body(request),
        status: u16::try_from(response.get("status")?.as_u64()?).ok()?,
        answer_headers: texts(response.get("headers")?),
        answer_body: body(response),
    })
}

fn texts(value: &Value) -> BTreeMap<String, String> {
    let pairs = value.as_object().into_iter().flatten();
    pairs
        .map(|(name, value)| {
            let text = match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            (name.clone(), text)
        })
        .collect()
}

fn body(message: &Value) -> Option<Bytes> {
    if let Some(text) = message.get("body").and_then(Value::as_str) {
        return Some(Bytes::from(text.to_owned()));
    }
    if let Some(base64) = message.get("body_b64").and_then(Value::as_str) {
        return Some(Bytes::from(decode_base64(base64)?));
    }
    let empty = message.get("body_len").and_then(Value::as_u64) == Some(0);
    empty.then(Bytes::new)
}

fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    for byte in text.bytes().filter(|byte| *byte != b'=') {
        bits = bits << 6 | u32::from(digit(byte)?);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 255).ok()?);
        }
    }
    Some(bytes)
}
