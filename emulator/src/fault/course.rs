//! What an effect does to a request, to its answer, and to the copy it starts.

use std::time::Duration;

use blobferry_core::ErrorCode;
use blobferry_core::wire::header;

use super::Effect;
use crate::copy::{Fate, Turn};
use crate::failure::Failure;

/// What happens to an answer on its way. A server carries it out; who calls
/// [`Service::respond`](crate::Service::respond) finds it among the answer's extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// The connection ends and nothing arrives.
    Lost,
    /// Nothing arrives and the connection stays open.
    Silent,
    /// The connection ends after so many bytes of the body.
    Cut {
        /// Less than the body has.
        after: u64,
    },
    /// The body comes slowly.
    Slow {
        /// At least 1.
        bytes_per_second: u64,
    },
    /// The answer comes late.
    Late {
        /// By how much.
        by: Duration,
    },
}

impl Effect {
    /// The refusal in place of the work. Where the answer is lost anyway, nobody sees which it was.
    pub(crate) fn instead(self) -> Option<Failure> {
        match self {
            Self::InternalError | Self::DropBefore | Self::SilenceBefore => {
                Some(Failure::new(ErrorCode::INTERNAL_ERROR))
            }
            Self::TimedOut => Some(Failure::new(ErrorCode::OPERATION_TIMED_OUT)),
            Self::ServerBusy { retry_after } => {
                let busy = Failure::new(ErrorCode::SERVER_BUSY);
                Some(match retry_after {
                    Some(seconds) => busy.header(header::RETRY_AFTER, &seconds.to_string()),
                    None => busy,
                })
            }
            Self::DropAfter
            | Self::SilenceAfter
            | Self::Truncate { .. }
            | Self::Slow { .. }
            | Self::Late { .. }
            | Self::CopySourceChanged { .. }
            | Self::CopyFails { .. }
            | Self::CopyRetries { .. } => None,
        }
    }

    /// What happens to an answer with a body of so many bytes.
    pub(crate) fn delivery(self, body: u64) -> Option<Delivery> {
        match self {
            Self::DropBefore | Self::DropAfter => Some(Delivery::Lost),
            Self::SilenceBefore | Self::SilenceAfter => Some(Delivery::Silent),
            Self::Truncate { .. } if body == 0 => Some(Delivery::Lost),
            Self::Truncate { at } => Some(Delivery::Cut {
                after: share(body, at).min(body - 1),
            }),
            Self::Slow { bytes_per_second } => Some(Delivery::Slow { bytes_per_second }),
            Self::Late { by } => Some(Delivery::Late { by }),
            Self::InternalError
            | Self::ServerBusy { .. }
            | Self::TimedOut
            | Self::CopySourceChanged { .. }
            | Self::CopyFails { .. }
            | Self::CopyRetries { .. } => None,
        }
    }

    /// What becomes of an asynchronous copy of so many bytes.
    pub(crate) fn fate(self, total: u64) -> Option<Fate> {
        let (at, turn) = match self {
            Self::CopySourceChanged { at } => (at, Turn::SourceChanges),
            Self::CopyFails { at } => (at, Turn::Fails),
            Self::CopyRetries { at, pause } => (at, Turn::Pauses(pause)),
            Self::InternalError
            | Self::ServerBusy { .. }
            | Self::TimedOut
            | Self::DropBefore
            | Self::DropAfter
            | Self::SilenceBefore
            | Self::SilenceAfter
            | Self::Truncate { .. }
            | Self::Slow { .. }
            | Self::Late { .. } => return None,
        };
        Some(Fate {
            at: share(total, at),
            turn,
        })
    }
}

fn share(whole: u64, percent: u8) -> u64 {
    let share = u128::from(whole) * u128::from(percent) / 100;
    u64::try_from(share).unwrap_or(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_effect_refuses_or_delivers_or_decides_a_copy() {
        let second = Duration::from_secs(1);
        let rows = [
            (Effect::InternalError, Some(500), None, false),
            (
                Effect::ServerBusy {
                    retry_after: Some(4),
                },
                Some(503),
                None,
                false,
            ),
            (Effect::TimedOut, Some(500), None, false),
            (Effect::DropBefore, Some(500), Some(Delivery::Lost), false),
            (Effect::DropAfter, None, Some(Delivery::Lost), false),
            (
                Effect::SilenceBefore,
                Some(500),
                Some(Delivery::Silent),
                false,
            ),
            (Effect::SilenceAfter, None, Some(Delivery::Silent), false),
            (
                Effect::Truncate { at: 50 },
                None,
                Some(Delivery::Cut { after: 5 }),
                false,
            ),
            (
                Effect::Slow {
                    bytes_per_second: 3,
                },
                None,
                Some(Delivery::Slow {
                    bytes_per_second: 3,
                }),
                false,
            ),
            (
                Effect::Late { by: second },
                None,
                Some(Delivery::Late { by: second }),
                false,
            ),
            (Effect::CopySourceChanged { at: 1 }, None, None, true),
            (Effect::CopyFails { at: 1 }, None, None, true),
            (
                Effect::CopyRetries {
                    at: 1,
                    pause: second,
                },
                None,
                None,
                true,
            ),
        ];
        for (effect, status, delivery, is_fate) in rows {
            let refusal = effect
                .instead()
                .map(|failure| failure.parts().status.as_u16());
            assert_eq!(refusal, status, "{effect:?}");
            assert_eq!(effect.delivery(10), delivery, "{effect:?}");
            assert_eq!(effect.fate(10).is_some(), is_fate, "{effect:?}");
        }
    }

    #[test]
    fn a_busy_server_says_when_to_come_again() {
        let busy = Effect::ServerBusy {
            retry_after: Some(4),
        }
        .instead()
        .unwrap();
        assert_eq!(busy.parts().headers["retry-after"], "4");
        assert_eq!(busy.parts().code, ErrorCode::SERVER_BUSY);
    }

    #[test]
    fn a_truncated_body_lacks_a_byte_at_least_and_an_empty_one_is_lost() {
        assert_eq!(
            Effect::Truncate { at: 99 }.delivery(1),
            Some(Delivery::Cut { after: 0 })
        );
        assert_eq!(Effect::Truncate { at: 0 }.delivery(0), Some(Delivery::Lost));
    }

    #[test]
    fn a_share_of_the_longest_copy_is_exact() {
        assert_eq!(share(u64::MAX, 100), u64::MAX);
        assert_eq!(share(10, 25), 2);
    }
}
