//! What is written is read back by a reader of its own, which knows nothing but the format.

use proptest::prelude::*;

use blobferry_core::Timestamp;

use super::*;

/// Little-endian numbers of a buffer.
fn number(buffer: &[u8], at: usize, length: usize) -> i64 {
    let mut bytes = [0; 8];
    bytes[..length].copy_from_slice(&buffer[at..at + length]);
    i64::from_le_bytes(bytes)
}

fn offset(buffer: &[u8], at: usize) -> usize {
    usize::try_from(number(buffer, at, 4)).unwrap()
}

/// A table of a FlatBuffer.
#[derive(Clone, Copy)]
struct Node<'a>(&'a [u8], usize);

impl<'a> Node<'a> {
    fn root(buffer: &'a [u8]) -> Self {
        Self(buffer, offset(buffer, 0))
    }

    /// Where a field is, if it is there.
    fn field(self, at: usize) -> Option<usize> {
        let Self(buffer, start) = self;
        // Tables say how far before them their fields are listed, as a signed number.
        let back = i32::from_le_bytes(buffer[start..start + 4].try_into().unwrap());
        let list = usize::try_from(i64::try_from(start).unwrap() - i64::from(back)).unwrap();
        let slot = 4 + 2 * at;
        if slot >= usize::try_from(number(buffer, list, 2)).unwrap() {
            return None;
        }
        let found = usize::try_from(number(buffer, list + slot, 2)).unwrap();
        (found > 0).then_some(start + found)
    }

    fn number(self, at: usize, length: usize) -> i64 {
        self.field(at).map_or(0, |at| number(self.0, at, length))
    }

    fn follow(self, at: usize) -> Option<usize> {
        self.field(at).map(|at| at + offset(self.0, at))
    }

    fn table(self, at: usize) -> Self {
        Self(self.0, self.follow(at).unwrap())
    }

    fn text(self, at: usize) -> &'a str {
        let at = self.follow(at).unwrap();
        let length = offset(self.0, at);
        std::str::from_utf8(&self.0[at + 4..at + 4 + length]).unwrap()
    }

    fn tables(self, at: usize) -> Vec<Self> {
        let at = self.follow(at).unwrap();
        (0..offset(self.0, at))
            .map(|index| at + 4 + 4 * index)
            .map(|at| Self(self.0, at + offset(self.0, at)))
            .collect()
    }

    /// Structs of two longs.
    fn pairs(self, at: usize) -> Vec<(usize, usize)> {
        let at = self.follow(at).unwrap();
        assert_eq!((at + 4) % 8, 0, "longs are aligned");
        let long = |at| usize::try_from(number(self.0, at, 8)).unwrap();
        (0..offset(self.0, at))
            .map(|index| at + 4 + 16 * index)
            .map(|at| (long(at), long(at + 8)))
            .collect()
    }
}

/// The head of the first message, and what comes behind it.
fn message(stream: &[u8]) -> (&[u8], &[u8]) {
    assert_eq!(&stream[..4], &CONTINUES);
    let length = offset(stream, 4);
    assert_eq!(length % 8, 0);
    stream[8..].split_at(length)
}

/// The parts of a batch, one after the other.
struct Parts<'a> {
    nodes: std::vec::IntoIter<(usize, usize)>,
    buffers: std::vec::IntoIter<(usize, usize)>,
    body: &'a [u8],
}

impl<'a> Parts<'a> {
    fn buffer(&mut self) -> &'a [u8] {
        let (start, length) = self.buffers.next().unwrap();
        assert_eq!(start % 8, 0);
        &self.body[start..start + length]
    }

    /// Which rows have a value.
    fn valid(&mut self) -> Vec<bool> {
        let (rows, without) = self.nodes.next().unwrap();
        let bits = self.buffer();
        let valid: Vec<bool> = (0..rows)
            .map(|row| without == 0 || bits[row / 8] >> (row % 8) & 1 == 1)
            .collect();
        assert_eq!(valid.iter().filter(|valid| !**valid).count(), without);
        valid
    }

    fn texts(&mut self, rows: usize) -> Vec<String> {
        let (ends, data) = (self.buffer(), self.buffer());
        assert_eq!(ends.len(), 4 * (rows + 1));
        (0..rows)
            .map(|row| &data[offset(ends, 4 * row)..offset(ends, 4 * row + 4)])
            .map(|bytes| String::from_utf8(bytes.to_vec()).unwrap())
            .collect()
    }

    fn column(&mut self, field: Node<'_>) -> Column {
        let valid = self.valid();
        let rows = valid.len();
        let some = |row: usize| valid[row].then_some(());
        match field.number(2, 1) {
            5 => {
                let texts = self.texts(rows);
                Column::Text(
                    (0..rows)
                        .map(|row| some(row).map(|()| texts[row].clone()))
                        .collect(),
                )
            }
            2 => {
                assert_eq!(field.table(3).number(0, 4), 64);
                assert_eq!(field.table(3).number(1, 1), 1);
                let data = self.buffer();
                let get = |row| some(row).map(|()| number(data, 8 * row, 8));
                Column::Number((0..rows).map(get).collect())
            }
            6 => {
                let bits = self.buffer();
                let get = |row| some(row).map(|()| bits[row / 8] >> (row % 8) & 1 == 1);
                Column::Flag((0..rows).map(get).collect())
            }
            10 => {
                assert_eq!(field.table(3).number(0, 2), 0, "seconds");
                let data = self.buffer();
                let moment = |row| Timestamp::from_millis(1_000 * number(data, 8 * row, 8));
                Column::Moment(
                    (0..rows)
                        .map(|row| some(row).map(|()| moment(row)))
                        .collect(),
                )
            }
            17 => {
                let [entries] = field.tables(5)[..] else {
                    panic!("a map has entries");
                };
                let names: Vec<_> = entries
                    .tables(5)
                    .iter()
                    .map(|field| field.text(0))
                    .collect();
                assert_eq!(
                    (entries.text(0), &*names),
                    ("entries", &["key", "value"][..])
                );
                let ends = self.buffer();
                let count = self.valid().len();
                assert_eq!(self.valid().len(), count);
                let keys = self.texts(count);
                assert_eq!(self.valid().len(), count);
                let values = self.texts(count);
                let pair = |at: usize| (keys[at].clone(), values[at].clone());
                let pairs = |row| (offset(ends, 4 * row)..offset(ends, 4 * row + 4)).map(pair);
                Column::Pairs(
                    (0..rows)
                        .map(|row| some(row).map(|()| pairs(row).collect()))
                        .collect(),
                )
            }
            other => panic!("type {other}"),
        }
    }
}

/// The columns of a stream, and what is said of it as a whole.
pub(crate) fn read(stream: &[u8]) -> (Vec<(String, Column)>, Vec<Pair>) {
    let (head, rest) = message(stream);
    let schema = Node::root(head);
    assert_eq!((schema.number(0, 2), schema.number(1, 1)), (4, 1));
    let schema = schema.table(2);
    let (head, rest) = message(rest);
    let batch = Node::root(head);
    assert_eq!((batch.number(0, 2), batch.number(1, 1)), (4, 3));
    let (body, end) = rest.split_at(usize::try_from(batch.number(3, 8)).unwrap());
    assert_eq!(end, [0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]);
    let batch = batch.table(2);
    let mut parts = Parts {
        nodes: batch.pairs(1).into_iter(),
        buffers: batch.pairs(2).into_iter(),
        body,
    };
    let columns = schema
        .tables(1)
        .into_iter()
        .map(|field| (field.text(0).to_owned(), parts.column(field)))
        .collect();
    assert!(parts.nodes.next().is_none() && parts.buffers.next().is_none());
    let metadata = schema.tables(2).into_iter();
    let metadata = metadata
        .map(|pair| (pair.text(0).to_owned(), pair.text(1).to_owned()))
        .collect();
    (columns, metadata)
}

fn column(rows: usize) -> impl Strategy<Value = Column> {
    use prop::collection::vec;
    use prop::option::of;
    let pair = ("\\PC{0,5}", "\\PC{0,5}");
    let moment =
        (-5_000_000_000_i64..5_000_000_000).prop_map(|s| Timestamp::from_millis(1_000 * s));
    prop_oneof![
        vec(of("\\PC{0,9}"), rows).prop_map(Column::Text),
        vec(of(any::<i64>()), rows).prop_map(Column::Number),
        vec(of(any::<bool>()), rows).prop_map(Column::Flag),
        vec(of(moment), rows).prop_map(Column::Moment),
        vec(of(vec(pair, 0..4)), rows).prop_map(Column::Pairs),
    ]
}

proptest! {
    #[test]
    fn a_table_reads_back(
        columns in (0_usize..40).prop_flat_map(|rows| prop::collection::vec(column(rows), 1..7)),
        marker in "\\PC{0,9}",
    ) {
        let mut table = Table::of(columns[0].rows());
        let names = ["a", "b-c", "x-ms-d", "E", "f", "g"];
        let told = format!("{columns:?}");
        for (name, column) in names.into_iter().zip(columns) {
            table.column(name, column);
        }
        table.metadata("NextMarker", marker.clone());
        let (read, metadata) = read(&table.write());
        let (found, columns): (Vec<_>, Vec<_>) = read.into_iter().unzip();
        prop_assert!(found.iter().zip(names).all(|(found, name)| found == name));
        prop_assert_eq!(format!("{columns:?}"), told);
        prop_assert_eq!(metadata, vec![("NextMarker".to_owned(), marker)]);
    }
}
