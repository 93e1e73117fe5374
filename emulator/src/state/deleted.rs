//! Containers that are deleted and can be restored.

use std::time::Duration;

use blobferry_core::{ErrorCode, Timestamp};

use crate::blob::{Deleted, Stamp};
use crate::container::Container;
use crate::failure::Failure;
use crate::later;
use crate::lease::Lease;
use crate::state::{Account, State};

/// What tells deleted containers apart: the name, then which of that name, by when it was created.
///
/// In listings it is the moment in 100 ns units since 1601, in hexadecimal digits; so the recorded
/// ones can be read, and they are when the containers were created.
pub(crate) type DeletedKey = (String, u64);

/// Ticks from year 1 to 1601.
const YEAR_1601: u64 = 504_911_232_000_000_000;

/// How long a container that was deleted can be deleted again as if it were there. Recorded within
/// the same second only; in one recording Delete Container was refused some time later.
const JUST_DELETED: Duration = Duration::from_secs(5);

/// How a listing writes which container of a name it is.
pub(crate) fn write_version(id: u64) -> String {
    format!("{:016X}", id.saturating_sub(YEAR_1601))
}

/// Reads it back.
pub(crate) fn read_version(text: &str) -> Option<u64> {
    (text.len() == 16)
        .then(|| u64::from_str_radix(text, 16).ok())
        .flatten()?
        .checked_add(YEAR_1601)
}

impl State {
    /// Takes a container away, for good or for as long as the account keeps deleted ones.
    ///
    /// # Errors
    /// 404 where there is none.
    pub(crate) fn remove_container(
        &mut self,
        account: &str,
        name: &str,
        now: Timestamp,
    ) -> Result<(), Failure> {
        self.container(account, name)?;
        for id in self.copies.of_destination_container(account, name) {
            self.abort(&id, now);
        }
        self.unawait_deleted(account, name);
        let retention = self.protection(account).container_retention();
        let deletion = self.config.container_deletion_time(account);
        let stamp = self.stamp(now);
        let containers = &mut self.account_mut(account)?.containers;
        let Some(container) = containers.remove(name) else {
            return Ok(());
        };
        let (mut container, until) = match retention {
            Some(retention) => (container, now + retention),
            None => {
                later::leave(container);
                let mut nameplate = Container::new(stamp);
                nameplate.nameplate = true;
                (nameplate, now + deletion.max(JUST_DELETED))
            }
        };
        container.lease = Lease::of_deletion(now);
        container.deleted = Some(Box::new(Deleted { since: now, until }));
        let key = (name.to_owned(), container.id);
        self.note_container(until, account, key.clone());
        self.account_mut(account)?.deleted.insert(key, container);
        Ok(())
    }

    /// Whether a container of that name was deleted so lately that its name is not free yet.
    pub(crate) fn is_being_deleted(&self, account: &str, name: &str, now: Timestamp) -> bool {
        let deletion = self.config.container_deletion_time(account);
        !deletion.is_zero() && self.was_deleted_within(deletion, account, name, now)
    }

    /// Whether a container of that name was deleted so lately that deleting it again is accepted.
    pub(crate) fn was_just_deleted(&self, account: &str, name: &str, now: Timestamp) -> bool {
        self.was_deleted_within(JUST_DELETED, account, name, now)
    }

    fn was_deleted_within(
        &self,
        time: Duration,
        account: &str,
        name: &str,
        now: Timestamp,
    ) -> bool {
        self.deleted_of(account, (name.to_owned(), 0))
            .take_while(|((deleted, _), _)| deleted == name)
            .filter_map(|(_, container)| container.deleted.as_ref())
            .any(|deleted| now < deleted.since + time)
    }

    /// Deleted containers that can be restored, from one on.
    pub(crate) fn deleted_from(
        &self,
        account: &str,
        start: DeletedKey,
    ) -> impl Iterator<Item = (&DeletedKey, &Container)> {
        self.deleted_of(account, start)
            .filter(|(_, container)| !container.nameplate)
    }

    fn deleted_of(
        &self,
        account: &str,
        start: DeletedKey,
    ) -> impl Iterator<Item = (&DeletedKey, &Container)> {
        self.accounts
            .get(account)
            .into_iter()
            .flat_map(move |account| account.deleted.range(start.clone()..))
    }

    /// Brings a deleted container back, under its own name or another.
    ///
    /// # Errors
    /// 409 where there is a container of that name, 404 where no such one is kept.
    pub(crate) fn restore_container(
        &mut self,
        account: &str,
        deleted: &DeletedKey,
        name: &str,
        stamp: Stamp,
    ) -> Result<(), Failure> {
        let Account {
            containers,
            deleted: kept,
            ..
        } = self.account_mut(account)?;
        if containers.contains_key(name) {
            return Err(Failure::new(ErrorCode::CONTAINER_ALREADY_EXISTS));
        }
        if kept
            .get(deleted)
            .is_none_or(|found| found.nameplate || found.is_forgotten(stamp.now))
        {
            return Err(Failure::new(ErrorCode::CONTAINER_NOT_FOUND));
        }
        if let Some(container) = kept.remove(deleted) {
            containers.insert(name.to_owned(), container);
        }
        // Taken from where it is now, so that the change is noted.
        let container = self.container_mut(account, name)?;
        container.lease = Lease::default();
        container.deleted = None;
        container.touch(stamp);
        self.await_deleted(account, name);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tick::Tick;

    #[test]
    fn a_recorded_version_is_when_the_container_was_created() {
        let id = read_version("01D8DEC8F3473469").unwrap();
        let created = Tick::parse("2022-10-13T05:59:26.3785065Z").unwrap();
        assert_eq!(id, created.number());
        assert_eq!(write_version(id), "01D8DEC8F3473469");
        for text in [
            "",
            "01D8DEC8F347346",
            "01D8DEC8F347346G",
            "FFFFFFFFFFFFFFFF",
        ] {
            assert_eq!(read_version(text), None, "{text}");
        }
    }
}
