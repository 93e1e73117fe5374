//! What the control endpoint is sent.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use blobferry_core::Timestamp;

use crate::config::{CopyPace, Pace};
use crate::fault::Fault;
use crate::request::Query;

/// Why something was not done.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) reason: String,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, reason: impl Into<String>) -> Self {
        Self {
            status,
            reason: reason.into(),
        }
    }

    pub(super) fn bad(reason: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, reason)
    }
}

/// Reads the body, and the query as if it stood in it; neither is the same as an empty object.
pub(super) fn read<T: DeserializeOwned>(request: &Request<Bytes>) -> Result<T, Refusal> {
    let mut value = if request.body().is_empty() {
        Value::Object(Map::new())
    } else {
        serde_json::from_slice(request.body()).map_err(|error| Refusal::bad(error.to_string()))?
    };
    if let Some(object) = value.as_object_mut() {
        for (name, text) in Query::parse(request.uri().query().unwrap_or_default()).pairs() {
            let read = serde_json::from_str(text).ok();
            let is_plain =
                |value: &Value| value.is_number() || value.is_boolean() || value.is_null();
            let plain = read.filter(is_plain);
            object.insert(name.clone(), plain.unwrap_or_else(|| text.as_str().into()));
        }
    }
    serde_json::from_value(value).map_err(|error| Refusal::bad(error.to_string()))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SetClock {
    now: String,
}

impl SetClock {
    pub(super) fn moment(&self) -> Result<Timestamp, Refusal> {
        Timestamp::parse_iso(&self.now)
            .or_else(|_| Timestamp::parse_http(&self.now))
            .map_err(|_| Refusal::bad("`now` must be a time such as 2026-01-31T12:00:00Z"))
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Advance {
    seconds: f64,
}

impl Advance {
    pub(super) fn duration(&self) -> Result<Duration, Refusal> {
        seconds(self.seconds)
    }
}

pub(super) fn seconds(seconds: f64) -> Result<Duration, Refusal> {
    Duration::try_from_secs_f64(seconds)
        .map_err(|_| Refusal::bad("seconds must be a number, not below 0"))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Restart {
    pub(super) seed: Option<u64>,
}

/// What is not said stays as it is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct SetPace {
    /// All accounts where absent.
    pub(super) account: Option<String>,
    same_account: Option<PaceParts>,
    other_account: Option<PaceParts>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct PaceParts {
    latency_seconds: Option<f64>,
    /// `null` is another thing than absent: all bytes at once.
    #[serde(default, deserialize_with = "given")]
    bytes_per_second: Option<Option<u64>>,
}

/// Tells `null` from what is absent.
pub(super) fn given<'de, D, T>(from: D) -> Result<Option<Option<T>>, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<T>::deserialize(from).map(Some)
}

impl SetPace {
    /// The pace that this makes of another.
    pub(super) fn over(&self, pace: CopyPace) -> Result<CopyPace, Refusal> {
        let over = |parts: &Option<PaceParts>, pace: Pace| {
            let Some(parts) = parts else {
                return Ok(pace);
            };
            Ok(Pace {
                latency: match parts.latency_seconds {
                    Some(given) => seconds(given)?,
                    None => pace.latency,
                },
                bytes_per_second: parts.bytes_per_second.unwrap_or(pace.bytes_per_second),
            })
        };
        Ok(CopyPace {
            same_account: over(&self.same_account, pace.same_account)?,
            other_account: over(&self.other_account, pace.other_account)?,
        })
    }
}

/// `fault` names the effect; the other names are those of a fault's text.
#[derive(Debug, Deserialize)]
pub(super) struct AddFault {
    fault: String,
    #[serde(flatten)]
    values: Map<String, Value>,
}

impl AddFault {
    pub(super) fn fault(self) -> Result<Fault, Refusal> {
        let read = if self.values.is_empty() {
            // The whole of it may be written as on a command line.
            self.fault.parse()
        } else {
            let pairs = self
                .values
                .into_iter()
                .map(|(name, value)| match value {
                    Value::String(text) => (name, text),
                    other => (name, other.to_string()),
                })
                .collect();
            Fault::of_pairs(&self.fault, pairs)
        };
        read.map_err(|refused| Refusal::bad(refused.to_string()))
    }
}

/// A fault as it is sent; what reads as a number is one.
pub(super) fn write(fault: &Fault) -> Value {
    let (effect, pairs) = fault.pairs();
    let mut object = Map::new();
    object.insert("fault".to_owned(), effect.into());
    for (name, text) in pairs {
        let is_name = matches!(
            name,
            "operation" | "method" | "account" | "container" | "blob"
        );
        let number = serde_json::from_str(&text)
            .ok()
            .filter(|value: &Value| value.is_number() && !is_name);
        object.insert(name.to_owned(), number.unwrap_or_else(|| text.into()));
    }
    Value::Object(object)
}
