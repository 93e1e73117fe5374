//! Where the bytes of a source outside land: in memory, or in a file of the directory.

use std::io;
use std::time::Duration;

use bytes::Bytes;

use blobferry_core::Timestamp;

use super::{Feeder, Taken};
#[cfg(feature = "durable")]
use crate::content::Content;
use crate::content::{Piece, Segments, size};
use crate::copy::description;
use crate::state::State;
#[cfg(feature = "durable")]
use crate::store::Ledger;

/// What has come.
pub(super) enum Landing {
    /// Nothing, or what is in the job's content.
    Nowhere,
    /// The front of it, with room for the rest.
    Held(Vec<u8>),
    /// All of it, as it came.
    Whole(Bytes),
    /// In a file, which has room for the rest.
    #[cfg(feature = "durable")]
    Filed(Piece),
}

impl std::fmt::Debug for Landing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Nowhere => "Nowhere",
            Self::Held(_) => "Held",
            Self::Whole(_) => "Whole",
            #[cfg(feature = "durable")]
            Self::Filed(_) => "Filed",
        })
    }
}

/// Bytes that are to land, for which nobody has to be kept waiting.
#[derive(Debug)]
pub(crate) struct Part {
    landing: Landing,
    start: u64,
    total: u64,
    body: Bytes,
}

/// Bytes that have landed, or have not.
#[derive(Debug)]
pub(crate) struct Landed {
    outcome: io::Result<Landing>,
    length: u64,
}

impl Part {
    /// Lands, in a file where there is a directory for it.
    pub(crate) fn land(self, #[cfg(feature = "durable")] ledger: Option<&Ledger>) -> Landed {
        let length = self.body.len() as u64;
        let outcome = match self.landing {
            Landing::Nowhere | Landing::Whole(_) if length == self.total => {
                Ok(Landing::Whole(self.body))
            }
            #[cfg(feature = "durable")]
            Landing::Nowhere if let Some(ledger) = ledger => ledger
                .land(self.total)
                .and_then(|file| filled(ledger, file, self.start, &self.body)),
            #[cfg(feature = "durable")]
            Landing::Filed(file) if let Some(ledger) = ledger => {
                filled(ledger, file, self.start, &self.body)
            }
            Landing::Held(held) => added(held, self.start, self.total, &self.body),
            _ => added(Vec::new(), self.start, self.total, &self.body),
        };
        Landed { outcome, length }
    }
}

/// Adds bytes to what came before them. Room is made once, for twice would be held meanwhile.
fn added(mut held: Vec<u8>, start: u64, total: u64, body: &[u8]) -> io::Result<Landing> {
    held.truncate(size(start));
    let missing = size(total).saturating_sub(held.len());
    held.try_reserve_exact(missing)
        .map_err(|_| io::ErrorKind::OutOfMemory)?;
    held.extend_from_slice(body);
    Ok(Landing::Held(held))
}

#[cfg(feature = "durable")]
fn filled(ledger: &Ledger, file: Piece, start: u64, body: &Bytes) -> io::Result<Landing> {
    ledger.fill(&file, start, body)?;
    Ok(Landing::Filed(file))
}

impl Landing {
    /// All that came; what is `there` in the job's content where it is nowhere else.
    pub(super) fn take(&mut self, there: Segments) -> Piece {
        match (std::mem::replace(self, Self::Nowhere), there) {
            (Self::Held(held), _) => Piece::Held(held.into()),
            (Self::Whole(data), _) => Piece::Held(data),
            #[cfg(feature = "durable")]
            (Self::Filed(file), _) => file,
            (Self::Nowhere, Segments::Whole(piece)) => piece,
            (Self::Nowhere, Segments::Listed(_)) => Piece::default(),
        }
    }
}

impl Feeder {
    /// A part that is to land where the others are.
    pub(super) fn part(&mut self, state: &State, body: &Bytes) -> Taken {
        let Some((_, _, copy)) = state.fed_copy(&self.id) else {
            return Taken::Over;
        };
        let landing = match std::mem::replace(&mut self.landing, Landing::Nowhere) {
            #[cfg(feature = "durable")]
            Landing::Nowhere => file(state, &self.id).map_or(Landing::Nowhere, Landing::Filed),
            landing => landing,
        };
        Taken::Part(Part {
            landing,
            start: self.at,
            total: copy.total,
            body: body.clone(),
        })
    }

    /// Takes in what has landed. How long to wait before the next step.
    pub(crate) fn landed(&mut self, state: &mut State, now: Timestamp, landed: Landed) -> Duration {
        let Ok(landing) = landed.outcome else {
            return self.fail(state, description::will_write_again(now), now);
        };
        match landing {
            // The job holds it, so that it goes when the copy is aborted.
            #[cfg(feature = "durable")]
            Landing::Filed(file) => {
                if let Some(content) = state.coming(&self.id) {
                    match content {
                        Content::Block(there) | Content::Append(there) => {
                            *there = Segments::Whole(file);
                        }
                        Content::Page(_) => {}
                    }
                }
                self.come(state, landed.length, true);
            }
            // It ends the copy at once, or is read again.
            Landing::Whole(_) => {
                self.landing = landing;
                self.at = landed.length;
            }
            landing => {
                self.landing = landing;
                self.come(state, landed.length, false);
            }
        }
        Duration::ZERO
    }
}

/// The file that a job fills, if it has begun to.
#[cfg(feature = "durable")]
fn file(state: &State, id: &str) -> Option<Piece> {
    match &state.fed_copy(id)?.0.content {
        Content::Block(Segments::Whole(piece)) | Content::Append(Segments::Whole(piece)) => {
            (!piece.is_empty()).then(|| piece.clone())
        }
        _ => None,
    }
}
