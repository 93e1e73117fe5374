//! What follows from each answer: the transitions of the table above [`CopyJob`].

#![warn(clippy::wildcard_enum_match_arm)]

use std::time::Duration;

use super::pace::{Pace, Progress};
use super::{Again, Copied, CopyEvent, CopyJob, CopyOutcome, ForeignCopy, State, Why, origin};
use crate::call::{Attempts, CallOutcome};
use crate::error::{Error, ErrorCode, TransportError, UnreadableReply};
use crate::operation::{AbortCopyBlob, CopyStarted, GetBlobProperties};
use crate::properties::{BlobProperties, CopyId, CopyProgress, CopyProperties};
use crate::receipt::Receipt;
use crate::time::Timestamp;
use crate::wire::header;
use crate::words::CopyStatus;

/// How often a copy is begun, or aborted, again before that is given up.
const ROUNDS: u32 = 4;
/// The pause before a copy is begun or aborted again.
const BETWEEN_ROUNDS: Duration = Duration::from_secs(1);

impl CopyJob {
    /// What follows from the answer to a start.
    pub(super) fn started(
        &mut self,
        outcome: CallOutcome<CopyStarted>,
        asked: Timestamp,
        now: Timestamp,
    ) -> State {
        match outcome {
            CallOutcome::Done(started) => {
                self.copy_id.clone_from(&started.copy_id);
                let started_id = started.copy_id.clone();
                self.news.extend(started_id.map(CopyEvent::Started));
                match started.status {
                    CopyStatus::Pending => self.rest(now),
                    CopyStatus::Success => self.succeeded(started.copy_id, None),
                    CopyStatus::Aborted | CopyStatus::Failed | CopyStatus::Other(_) => {
                        self.check(Why::Progress)
                    }
                }
            }
            CallOutcome::Unknown(error) => {
                self.lost.get_or_insert(asked);
                self.check(Why::Lost(error))
            }
            CallOutcome::Failed(error)
                if self.cancelled && self.lost.is_none() && !is_refusal(&error) =>
            {
                State::Settled(CopyOutcome::Aborted { copy_id: None })
            }
            CallOutcome::Failed(error) if error.has_code(&ErrorCode::PENDING_COPY_OPERATION) => {
                self.check(Why::Occupied(error))
            }
            // The obstacle may be our own earlier start, whose answer was lost.
            CallOutcome::Failed(error) if self.lost.is_some() => self.check(Why::Lost(error)),
            CallOutcome::Failed(error) => State::Settled(CopyOutcome::Refused(error)),
        }
    }

    /// What follows from a look at the destination.
    pub(super) fn checked(
        &mut self,
        result: Result<BlobProperties, Error>,
        why: Why,
        service_clock: Timestamp,
        now: Timestamp,
    ) -> State {
        let seen = match result {
            Ok(seen) => Some(seen),
            Err(error) if is_gone(&error) => None,
            // The cancel took the question away; the answer still matters.
            Err(Error::Transport(TransportError::NotSent))
                if self.cancelled && self.aborts < ROUNDS =>
            {
                self.aborts += 1;
                return self.check(why);
            }
            Err(error) => {
                let copy_id = self.copy_id.clone();
                return State::Settled(CopyOutcome::Lost { copy_id, error });
            }
        };
        match (why, &self.copy_id, seen) {
            (Why::Progress | Why::Aborted, Some(ours), Some(seen)) => match &seen.copy {
                Some(copy) if copy.id == *ours => self.seen(copy.clone(), Some(&seen), now),
                other => State::Settled(CopyOutcome::Superseded {
                    copy_id: ours.clone(),
                    by: other.as_ref().map(|copy| foreign(copy, &seen)),
                }),
            },
            (Why::Progress | Why::Aborted, Some(ours), None) => {
                let copy_id = ours.clone();
                State::Settled(CopyOutcome::DestinationGone { copy_id })
            }
            (Why::Lost(error), _, Some(seen)) => {
                let clock_of_start = self.lost.map(|asked| service_clock - now.since(asked));
                match &seen.copy {
                    Some(copy) if self.is_ours(copy, &seen, clock_of_start) => {
                        self.copy_id = Some(copy.id.clone());
                        self.news.push_back(CopyEvent::Started(copy.id.clone()));
                        self.seen(copy.clone(), Some(&seen), now)
                    }
                    Some(copy) if copy.status == CopyStatus::Pending => {
                        self.occupied(copy, &seen, now)
                    }
                    Some(_) | None => self.again(error, now),
                }
            }
            (Why::Occupied(error), _, Some(seen)) => match &seen.copy {
                Some(copy) if copy.status == CopyStatus::Pending => self.occupied(copy, &seen, now),
                Some(copy) if self.lost.is_some() && self.is_ours(copy, &seen, None) => {
                    self.copy_id = Some(copy.id.clone());
                    self.seen(copy.clone(), Some(&seen), now)
                }
                Some(_) | None => self.again(error, now),
            },
            (Why::Lost(error) | Why::Occupied(error), _, None) => self.again(error, now),
            (Why::Progress | Why::Aborted, None, _) => {
                let error = UnreadableReply::MissingHeader(header::X_MS_COPY_ID).into();
                State::Settled(CopyOutcome::Lost {
                    copy_id: None,
                    error,
                })
            }
        }
    }

    /// What follows from the answer to an abort.
    pub(super) fn aborted(&mut self, outcome: CallOutcome<Receipt>, now: Timestamp) -> State {
        let copy_id = self.copy_id.clone();
        match outcome {
            CallOutcome::Done(_) => State::Settled(CopyOutcome::Aborted { copy_id }),
            CallOutcome::Unknown(_) => self.check(Why::Aborted),
            CallOutcome::Failed(error) if may_have_ended(&error) => self.check(Why::Aborted),
            CallOutcome::Failed(Error::Transport(TransportError::NotSent)) => {
                self.pause(Again::Abort, now)
            }
            CallOutcome::Failed(error) => State::Settled(CopyOutcome::Lost { copy_id, error }),
        }
    }

    /// What follows from our copy's state, wherever it was seen.
    pub(super) fn seen(
        &mut self,
        copy: CopyProperties,
        seen: Option<&BlobProperties>,
        now: Timestamp,
    ) -> State {
        let copy_id = copy.id;
        match copy.status {
            CopyStatus::Pending => {
                if self.note(copy.progress.unwrap_or_default(), now) && !self.cancelled {
                    self.news.push_back(CopyEvent::Progress(self.progress()));
                }
                match (self.cancelled, self.options.leave_on_cancel) {
                    (true, false) if self.aborts > 0 => self.pause(Again::Abort, now),
                    (true, _) => self.stop(),
                    (false, _) => self.rest(now),
                }
            }
            CopyStatus::Success => self.succeeded(Some(copy_id), seen.cloned().map(Box::new)),
            CopyStatus::Aborted => State::Settled(CopyOutcome::Aborted {
                copy_id: Some(copy_id),
            }),
            CopyStatus::Failed => State::Settled(CopyOutcome::Failed {
                copy_id,
                reason: copy.description,
            }),
            CopyStatus::Other(word) => State::Settled(CopyOutcome::Lost {
                copy_id: Some(copy_id),
                error: UnreadableReply::BadHeader {
                    name: "x-ms-copy-status".to_owned(),
                    value: word.into(),
                }
                .into(),
            }),
        }
    }

    fn succeeded(
        &self,
        copy_id: Option<CopyId>,
        destination: Option<Box<BlobProperties>>,
    ) -> State {
        State::Settled(CopyOutcome::Succeeded(Box::new(Copied {
            copy_id,
            adopted: self.adopted,
            destination,
        })))
    }

    /// A pending copy that we did not knowingly start: the same source is as good as ours.
    fn occupied(&mut self, copy: &CopyProperties, seen: &BlobProperties, now: Timestamp) -> State {
        let same = self.reads_our_source(copy);
        if !same || self.cancelled || !self.options.adopt {
            return State::Settled(CopyOutcome::Occupied(foreign(copy, seen)));
        }
        self.copy_id = Some(copy.id.clone());
        self.adopted = true;
        self.news.push_back(CopyEvent::Adopted(copy.id.clone()));
        self.seen(copy.clone(), Some(seen), now)
    }

    fn reads_our_source(&self, copy: &CopyProperties) -> bool {
        copy.source
            .as_deref()
            .is_some_and(|echoed| origin::is_same(&self.copy.source, echoed))
    }

    /// Whether a copy seen after a lost start is the one we asked for: our source, and not older
    /// than our asking.
    fn is_ours(
        &self,
        copy: &CopyProperties,
        seen: &BlobProperties,
        asked: Option<Timestamp>,
    ) -> bool {
        /// The service tells time in whole seconds.
        const BLUR: Duration = Duration::from_secs(2);
        let newer = match (&self.before, copy.completion_time.or(seen.last_modified)) {
            (Some(before), _) => before.as_ref() != Some(&copy.id),
            (None, Some(time)) => asked.is_none_or(|asked| time + BLUR >= asked),
            (None, None) => copy.status == CopyStatus::Pending,
        };
        newer && self.reads_our_source(copy)
    }

    /// Begins again, unless that was done too often or nobody wants it any more.
    fn again(&mut self, error: Error, now: Timestamp) -> State {
        if self.cancelled {
            return State::Settled(CopyOutcome::Aborted { copy_id: None });
        }
        let final_word = is_refusal(&error) && !error.has_code(&ErrorCode::PENDING_COPY_OPERATION);
        if final_word || self.starts >= ROUNDS {
            return State::Settled(CopyOutcome::Refused(error));
        }
        self.starts += 1;
        self.pause(Again::Start, now)
    }

    fn pause(&self, then: Again, now: Timestamp) -> State {
        let factor = 1 << (self.starts + self.aborts).min(6);
        State::Pausing {
            until: now + BETWEEN_ROUNDS * factor / 2,
            then,
        }
    }

    /// Ends our copy, or leaves it.
    pub(super) fn stop(&mut self) -> State {
        let Some(copy_id) = self.copy_id.clone() else {
            return State::Settled(CopyOutcome::Aborted { copy_id: None });
        };
        if self.options.leave_on_cancel {
            return State::Settled(CopyOutcome::Left { copy_id });
        }
        if self.aborts > ROUNDS {
            let error = TransportError::Timeout.into();
            let copy_id = Some(copy_id);
            return State::Settled(CopyOutcome::Lost { copy_id, error });
        }
        self.aborts += 1;
        let abort = AbortCopyBlob {
            lease_id: self.copy.lease_id.clone(),
            ..AbortCopyBlob::new(self.copy.destination.clone(), copy_id)
        };
        State::Aborting(Box::new(Attempts::new(abort)))
    }

    pub(super) fn check(&mut self, why: Why) -> State {
        let look = GetBlobProperties::new(self.copy.destination.clone());
        State::Checking(Box::new(Attempts::new(look)), why)
    }

    fn rest(&mut self, now: Timestamp) -> State {
        let shortest = Pace::default();
        let pace = self.options.pace.as_ref();
        let progress = self
            .progress
            .get_or_insert_with(|| Progress::begin(now, pace.unwrap_or(&shortest)));
        if let Some(floor) = &self.options.floor
            && progress.stalls(now, floor)
        {
            self.news.push_back(CopyEvent::Stalled(progress.latest()));
        }
        State::Resting {
            until: pace.map(|pace| now + progress.rest(now, pace)),
        }
    }

    fn note(&mut self, seen: CopyProgress, now: Timestamp) -> bool {
        let pace = self.options.pace.clone().unwrap_or_default();
        self.progress
            .get_or_insert_with(|| Progress::begin(now, &pace))
            .seen(seen)
    }
}

fn foreign(copy: &CopyProperties, seen: &BlobProperties) -> Box<ForeignCopy> {
    Box::new(ForeignCopy::of(copy, seen.last_modified))
}

/// Whether the service has said no for good, as far as it knew.
fn is_refusal(error: &Error) -> bool {
    error.service().is_some_and(|error| {
        (400..500).contains(&error.status) && !matches!(error.status, 408 | 429)
    })
}

fn is_gone(error: &Error) -> bool {
    error.service().is_some_and(|error| error.status == 404)
}

/// Whether an abort was refused because there is nothing of ours to abort.
fn may_have_ended(error: &Error) -> bool {
    is_gone(error)
        || [
            ErrorCode::NO_PENDING_COPY_OPERATION,
            ErrorCode::COPY_ID_MISMATCH,
        ]
        .iter()
        .any(|code| error.has_code(code))
}
