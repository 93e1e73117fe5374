//! A time-based policy of one blob, and how it may change.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use blobferry_core::wire::header;
use blobferry_core::words::ImmutabilityMode;
use blobferry_core::{ErrorCode, Timestamp};

use crate::answer::Answer;
use crate::failure::Failure;
use crate::request::Ask;

/// Until when a blob must stay as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Policy {
    #[serde(with = "crate::record")]
    pub(crate) until: Timestamp,
    #[serde(with = "crate::record")]
    pub(crate) mode: ImmutabilityMode,
}

/// The longest that a blob is kept: 400 years. Source: "Store business-critical blob data with
/// immutable storage".
const LONGEST: Duration = Duration::from_secs(146_000 * 24 * 3600);

impl Policy {
    /// `x-ms-immutability-policy-until-date` and `-mode`, which is `Unlocked` where it is not named.
    ///
    /// # Errors
    /// 400 for a moment or a mode that is none, for a moment that is past or too far away, and for
    /// a mode alone.
    pub(crate) fn of(ask: &Ask) -> Result<Option<Self>, Failure> {
        let name = header::X_MS_IMMUTABILITY_POLICY_UNTIL_DATE;
        let mode = mode(ask)?;
        let Some(text) = ask.header(&name).filter(|text| !text.is_empty()) else {
            return match mode {
                None => Ok(None),
                Some(_) => Err(Failure::missing_header(&name)),
            };
        };
        let until = Timestamp::parse_http(text)
            .ok()
            .filter(|until| *until > ask.now && until.since(ask.now) <= LONGEST)
            .ok_or_else(|| Failure::invalid_header(&name, text))?;
        Ok(Some(Self {
            until,
            mode: mode.unwrap_or(ImmutabilityMode::Unlocked),
        }))
    }

    /// Whether it is not over yet.
    pub(crate) fn is_active(&self, now: Timestamp) -> bool {
        now < self.until
    }

    /// Whether it can only be extended.
    pub(crate) fn is_locked(&self) -> bool {
        self.mode == ImmutabilityMode::Locked
    }

    /// Judges whether another policy may take its place.
    ///
    /// # Errors
    /// 409 where it is locked and the other is not, or ends earlier.
    pub(crate) fn admit(&self, other: &Self) -> Result<(), Failure> {
        if self.is_locked() && (!other.is_locked() || other.until < self.until) {
            return Err(Failure::new(ErrorCode::BLOB_IMMUTABLE_DUE_TO_POLICY));
        }
        Ok(())
    }

    /// How the mode is written; requests have a capital letter.
    pub(crate) fn mode_text(&self) -> &'static str {
        match self.mode {
            ImmutabilityMode::Locked => "locked",
            ImmutabilityMode::Unlocked | ImmutabilityMode::Other(_) => "unlocked",
        }
    }

    /// Adds what answers say of it.
    pub(crate) fn tell(&self, answer: &mut Answer) {
        answer.set(
            header::X_MS_IMMUTABILITY_POLICY_UNTIL_DATE,
            &self.until.to_http(),
        );
        answer.set(header::X_MS_IMMUTABILITY_POLICY_MODE, self.mode_text());
    }
}

fn mode(ask: &Ask) -> Result<Option<ImmutabilityMode>, Failure> {
    let name = header::X_MS_IMMUTABILITY_POLICY_MODE;
    ask.header(&name)
        .filter(|text| !text.is_empty())
        .map(|text| {
            ImmutabilityMode::ALL
                .iter()
                .find(|mode| mode.as_str().eq_ignore_ascii_case(text))
                .cloned()
                .ok_or_else(|| Failure::invalid_header(&name, text))
        })
        .transpose()
}
