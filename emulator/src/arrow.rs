//! Writing tables as Apache Arrow streams: a schema, one batch of rows, the end.
//!
//! Source: "Arrow Columnar Format", "Serialization and Interprocess Communication (IPC)".

mod column;
mod message;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use column::{Column, Pair};

use bytes::Bytes;

/// The media type of such a stream.
pub(crate) const STREAM: &str = "application/vnd.apache.arrow.stream";

/// What everything in a stream begins at a multiple of, in bytes.
const ALIGNED: usize = 8;

/// Columns that all have as many rows.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: usize,
    columns: Vec<(&'static str, Column)>,
    metadata: Vec<(&'static str, String)>,
}

impl Table {
    /// A table of so many rows, without columns yet.
    pub(crate) fn of(rows: usize) -> Self {
        Self {
            rows,
            ..Self::default()
        }
    }

    /// Adds a column, which must have as many rows as the table.
    pub(crate) fn column(&mut self, name: &'static str, column: Column) {
        debug_assert_eq!(column.rows(), self.rows, "{name}");
        self.columns.push((name, column));
    }

    /// Says something of the table as a whole.
    pub(crate) fn metadata(&mut self, name: &'static str, value: String) {
        self.metadata.push((name, value));
    }

    /// The stream.
    pub(crate) fn write(&self) -> Bytes {
        let mut stream = Vec::new();
        frame(&mut stream, &message::schema(&self.columns, &self.metadata));
        let mut body = Body::default();
        for (_, column) in &self.columns {
            column.write(&mut body);
        }
        let layout = &body.layout;
        frame(
            &mut stream,
            &message::batch(self.rows, layout, body.bytes.len()),
        );
        stream.extend_from_slice(&body.bytes);
        // The end: a message of no length.
        stream.extend_from_slice(&CONTINUES);
        stream.extend_from_slice(&[0; 4]);
        stream.into()
    }
}

/// What a message begins with.
const CONTINUES: [u8; 4] = [0xFF; 4];

/// Appends the head of a message, whose body comes next.
fn frame(stream: &mut Vec<u8>, head: &[u8]) {
    let length = head.len().next_multiple_of(ALIGNED);
    stream.extend_from_slice(&CONTINUES);
    stream.extend_from_slice(&u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
    stream.extend_from_slice(head);
    stream.resize(stream.len() + length - head.len(), 0);
}

/// Where the columns are in the body of a batch.
#[derive(Debug, Default)]
struct Layout {
    /// Rows and how many of them have no value, of each column and each part of one.
    nodes: Vec<(usize, usize)>,
    /// Offset and length in bytes.
    buffers: Vec<(usize, usize)>,
}

/// The body of a batch.
#[derive(Debug, Default)]
struct Body {
    layout: Layout,
    bytes: Vec<u8>,
}

impl Body {
    fn node(&mut self, rows: usize, without: usize) {
        self.layout.nodes.push((rows, without));
    }

    fn buffer(&mut self, data: impl IntoIterator<Item = u8>) {
        let start = self.bytes.len();
        self.bytes.extend(data);
        self.layout.buffers.push((start, self.bytes.len() - start));
        self.bytes
            .resize(self.bytes.len().next_multiple_of(ALIGNED), 0);
    }
}
