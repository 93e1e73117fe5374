//! The columns of a table, and how each lies in the body of a batch.

use blobferry_core::Timestamp;

use super::Body;

/// A name and what it stands for.
pub(crate) type Pair = (String, String);

/// The values of a column, row by row; rows may have none.
#[derive(Debug)]
pub(crate) enum Column {
    /// UTF-8.
    Text(Vec<Option<String>>),
    /// Signed, of 64 bits.
    Number(Vec<Option<i64>>),
    Flag(Vec<Option<bool>>),
    /// In whole seconds, in UTC.
    Moment(Vec<Option<Timestamp>>),
    /// Pairs of texts.
    Pairs(Vec<Option<Vec<Pair>>>),
}

impl Column {
    pub(super) fn rows(&self) -> usize {
        match self {
            Self::Text(values) => values.len(),
            Self::Number(values) => values.len(),
            Self::Flag(values) => values.len(),
            Self::Moment(values) => values.len(),
            Self::Pairs(values) => values.len(),
        }
    }

    /// Appends the column to the body of a batch.
    pub(super) fn write(&self, body: &mut Body) {
        match self {
            Self::Text(values) => {
                valid(body, values);
                texts(
                    body,
                    values
                        .iter()
                        .map(|value| value.as_deref().unwrap_or_default()),
                );
            }
            Self::Number(values) => {
                valid(body, values);
                numbers(body, values.iter().map(|value| value.unwrap_or_default()));
            }
            Self::Flag(values) => {
                valid(body, values);
                bits(body, values.iter().map(|value| value.unwrap_or_default()));
            }
            Self::Moment(values) => {
                valid(body, values);
                let seconds = Timestamp::as_secs;
                numbers(body, values.iter().map(|value| value.map_or(0, seconds)));
            }
            Self::Pairs(values) => {
                valid(body, values);
                offsets(
                    body,
                    values
                        .iter()
                        .map(|value| value.as_ref().map_or(0, Vec::len)),
                );
                let pairs = || values.iter().flatten().flatten();
                let count = pairs().count();
                // The struct of both, then each.
                whole(body, count);
                whole(body, count);
                texts(body, pairs().map(|(name, _)| name.as_str()));
                whole(body, count);
                texts(body, pairs().map(|(_, value)| value.as_str()));
            }
        }
    }
}

/// Which rows have a value; nothing where all have.
fn valid<T>(body: &mut Body, values: &[Option<T>]) {
    let without = values.iter().filter(|value| value.is_none()).count();
    body.node(values.len(), without);
    if without == 0 {
        body.buffer([]);
    } else {
        bits(body, values.iter().map(Option::is_some));
    }
}

/// Rows that all have a value.
fn whole(body: &mut Body, rows: usize) {
    body.node(rows, 0);
    body.buffer([]);
}

fn texts<'a>(body: &mut Body, values: impl Iterator<Item = &'a str> + Clone) {
    offsets(body, values.clone().map(str::len));
    body.buffer(values.flat_map(str::bytes));
}

/// Where each value begins, and the last one ends.
fn offsets(body: &mut Body, lengths: impl Iterator<Item = usize>) {
    let ends = lengths.scan(0, |end, length| {
        *end += length;
        Some(*end)
    });
    let offsets = std::iter::once(0).chain(ends);
    body.buffer(offsets.flat_map(|offset| i32::try_from(offset).unwrap_or(i32::MAX).to_le_bytes()));
}

fn numbers(body: &mut Body, values: impl Iterator<Item = i64>) {
    body.buffer(values.flat_map(i64::to_le_bytes));
}

/// Eight to a byte, the lowest first.
fn bits(body: &mut Body, values: impl Iterator<Item = bool>) {
    let mut bytes = Vec::new();
    for (at, value) in values.enumerate() {
        if at % 8 == 0 {
            bytes.push(0);
        }
        if let Some(byte) = bytes.last_mut() {
            *byte |= u8::from(value) << (at % 8);
        }
    }
    body.buffer(bytes);
}
