//! A blob of the world, and the copy that may be made into it.

use crate::time::Timestamp;

#[derive(Debug, Clone)]
pub(crate) struct Blob {
    pub(crate) length: u64,
    /// What the bytes are made of.
    pub(crate) stuff: u8,
    pub(crate) etag: u64,
    pub(crate) modified: Timestamp,
    pub(crate) copy: Option<Copy>,
    pub(crate) lease: Option<(String, Option<Timestamp>)>,
}

#[derive(Debug, Clone)]
pub(crate) struct Copy {
    pub(crate) id: String,
    pub(crate) source: String,
    pub(crate) status: &'static str,
    pub(crate) begun: Timestamp,
    pub(crate) ends: Timestamp,
    pub(crate) total: u64,
    pub(crate) stuff: u8,
    pub(crate) copied: u64,
}
impl Copy {
    pub(super) fn shown(&self) -> &'static str {
        if self.status == "failing" {
            "pending"
        } else {
            self.status
        }
    }
}

impl Blob {
    pub(super) fn etag(&self) -> String {
        format!("\"0x{:016X}\"", self.etag)
    }

    pub(super) fn is_pending(&self) -> bool {
        self.copy
            .as_ref()
            .is_some_and(|copy| copy.shown() == "pending")
    }

    pub(super) fn pass(&mut self, now: Timestamp) {
        let Some(copy) = &mut self.copy else { return };
        if copy.shown() != "pending" {
            return;
        }
        if copy.ends > now {
            let all = copy.ends.since(copy.begun).as_millis().max(1);
            copy.copied =
                u64::try_from(u128::from(copy.total) * now.since(copy.begun).as_millis() / all)
                    .unwrap();
            return;
        }
        self.modified = copy.ends;
        self.etag += 1 << 40;
        if copy.status == "failing" {
            copy.status = "failed";
        } else {
            copy.status = "success";
            copy.copied = copy.total;
            self.length = copy.total;
            self.stuff = copy.stuff;
        }
    }

    pub(super) fn abort(&mut self, now: Timestamp, serial: u64) {
        if let Some(copy) = &mut self.copy
            && copy.shown() == "pending"
        {
            copy.status = "aborted";
            copy.ends = now;
            self.length = 0;
            self.etag = serial << 20;
        }
    }
}
