//! Long sources inside the service, read and hashed while nobody waits for the state.

use bytes::Bytes;

use blobferry_core::ServiceVersion;
use blobferry_core::wire::header;

use crate::conditions::Side;
use crate::hash::Sums;
use crate::kind::Kind;
use crate::request::Ask;
use crate::state::State;
use crate::tick::Tick;

use super::source::{self, Source};

/// Shorter sources are read sooner than asked for twice, in bytes.
const LEAST: u64 = 256 << 10;

/// What a request reads from its source, as the source was a moment ago.
#[derive(Debug, Clone)]
pub(crate) struct ReadAhead {
    /// The source's, which is another as soon as the source is.
    etag: Tick,
    data: Bytes,
    sums: Sums,
}

impl ReadAhead {
    /// Reads a source. Whatever is wrong with it is told by the write itself.
    pub(crate) fn read(source: &Source<'_>, ask: &Ask) -> Option<Self> {
        let data = source::bytes(source, ask).ok()?;
        let sums = Sums::default();
        let knows_crc64 = ask.version >= ServiceVersion::V2019_02_02;
        let sends_md5 = [header::CONTENT_MD5, header::X_MS_SOURCE_CONTENT_MD5]
            .iter()
            .any(|name| ask.headers.contains_key(name));
        if ask.kind == Kind::PutBlobFromUrl || sends_md5 || !knows_crc64 {
            sums.md5(&data);
        }
        if knows_crc64 {
            sums.crc64(&data);
        }
        Some(Self {
            etag: source.blob.etag,
            data,
            sums,
        })
    }

    /// What was read, if the source is still as it was.
    pub(super) fn of(&self, source: &Source<'_>) -> Option<&Bytes> {
        (self.etag == source.blob.etag).then_some(&self.data)
    }

    /// The checksums of what was read, if these are the bytes.
    pub(super) fn sums(&self, data: &Bytes) -> Option<&Sums> {
        std::ptr::eq(self.data.as_ref(), data.as_ref()).then_some(&self.sums)
    }
}

/// The source of a write from a URL, if it is worth reading before the write.
pub(crate) fn long_source<'a>(state: &State, ask: &'a Ask) -> Option<Source<'a>> {
    let writes = matches!(
        ask.kind,
        Kind::PutBlobFromUrl
            | Kind::CopyBlobFromUrl
            | Kind::PutBlockFromUrl
            | Kind::PutPageFromUrl
            | Kind::AppendBlockFromUrl
    );
    if !writes || ask.fetched.is_some() {
        return None;
    }
    let found = source::find(state, ask, Side::ReadSource).ok()?;
    // The end of a copy changes a blob that keeps its ETag.
    let is_pending = found
        .blob
        .copy
        .as_ref()
        .is_some_and(|copy| copy.is_pending());
    (found.total() >= LEAST && !is_pending).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::tests::{World, ask};
    use crate::request::Headers;
    use http::HeaderValue;

    const SOURCE: &str = "http://127.0.0.1:10000/devstoreaccount1/box/source";

    fn asked(kind: Kind) -> Ask {
        let mut asked = ask(kind);
        asked.blob = Some("target".into());
        asked.version = ServiceVersion::DEFAULT;
        asked.headers = Headers::from_iter([
            (header::X_MS_COPY_SOURCE, HeaderValue::from_static(SOURCE)),
            (
                header::X_MS_BLOB_TYPE,
                HeaderValue::from_static("BlockBlob"),
            ),
        ]);
        asked
    }

    fn ahead(world: &World, asked: &Ask) -> Option<ReadAhead> {
        ReadAhead::read(&long_source(&world.state, asked)?, asked)
    }

    #[test]
    fn what_was_read_ahead_is_written_unless_the_source_has_changed_since() {
        for changes in [false, true] {
            let mut world = World::new();
            world.put("devstoreaccount1", "source", vec![1; 300_000]);
            let mut asked = asked(Kind::PutBlobFromUrl);
            asked.now = world.now;
            asked.read_ahead = ahead(&world, &asked);
            assert!(asked.read_ahead.is_some());
            if changes {
                world.put("devstoreaccount1", "source", vec![2; 300_000]);
            }
            let written = vec![1 + u8::from(changes); 300_000];
            crate::operation::dispatch(&mut world.state, &asked).unwrap();
            assert!(world.read("target") == written);
            let md5 = crate::hash::base64(&crate::hash::md5([&Bytes::from(written)]));
            assert_eq!(world.property("target", "content-md5"), md5);
        }
    }

    #[test]
    fn only_long_sources_that_stand_still_are_read_ahead() {
        let mut world = World::new();
        let asked = asked(Kind::CopyBlobFromUrl);
        assert!(ahead(&world, &asked).is_none());
        world.put("devstoreaccount1", "source", vec![1; 1_000]);
        assert!(ahead(&world, &asked).is_none());
        world.put("devstoreaccount1", "source", vec![1; 300_000]);
        assert!(ahead(&world, &asked).is_some());
        assert!(long_source(&world.state, &self::asked(Kind::CopyBlob)).is_none());
        world.put("other", "far", vec![1; 9 << 20]);
        world.copy("other", "far", "source").unwrap();
        assert!(ahead(&world, &asked).is_none(), "a copy is pending");
    }
}
