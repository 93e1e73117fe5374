//! The heads of messages, which are FlatBuffers. Source: `Message.fbs` and `Schema.fbs` of the Arrow
//! format, whose fields are numbered in their order.

use flatbuffers::{FlatBufferBuilder, Push, TableFinishedWIPOffset, VOffsetT, WIPOffset};

use super::{Column, Layout};

type Builder = FlatBufferBuilder<'static>;
type Table = WIPOffset<TableFinishedWIPOffset>;

/// `MetadataVersion.V5`.
const VERSION: i16 = 4;

/// What a message is: `MessageHeader`.
const SCHEMA: u8 = 1;
const RECORD_BATCH: u8 = 3;

/// What a column holds: `Type`.
#[derive(Debug, Clone, Copy)]
enum Type {
    Int = 2,
    Utf8 = 5,
    Bool = 6,
    Timestamp = 10,
    Struct = 13,
    Map = 17,
}

/// The message that says what columns there are.
pub(super) fn schema(
    columns: &[(&'static str, Column)],
    metadata: &[(&'static str, String)],
) -> Vec<u8> {
    let mut builder = Builder::new();
    let fields: Vec<_> = columns
        .iter()
        .map(|(name, column)| field(&mut builder, name, column))
        .collect();
    let fields = builder.create_vector(&fields);
    let metadata: Vec<_> = metadata
        .iter()
        .map(|(name, value)| {
            let (name, value) = (builder.create_string(name), builder.create_string(value));
            let start = builder.start_table();
            put(&mut builder, 0, name);
            put(&mut builder, 1, value);
            builder.end_table(start)
        })
        .collect();
    let metadata = builder.create_vector(&metadata);
    let start = builder.start_table();
    put(&mut builder, 1, fields);
    put(&mut builder, 2, metadata);
    let schema = builder.end_table(start);
    message(builder, SCHEMA, schema, 0)
}

/// The message before a batch of rows.
pub(super) fn batch(rows: usize, layout: &Layout, length: usize) -> Vec<u8> {
    let mut builder = Builder::new();
    let nodes = pairs(&mut builder, &layout.nodes);
    let buffers = pairs(&mut builder, &layout.buffers);
    let start = builder.start_table();
    put(&mut builder, 0, long(rows));
    put(&mut builder, 1, nodes);
    put(&mut builder, 2, buffers);
    let batch = builder.end_table(start);
    message(builder, RECORD_BATCH, batch, length)
}

fn message(mut builder: Builder, kind: u8, head: Table, length: usize) -> Vec<u8> {
    let start = builder.start_table();
    put(&mut builder, 0, VERSION);
    put(&mut builder, 1, kind);
    put(&mut builder, 2, head);
    put(&mut builder, 3, long(length));
    let message = builder.end_table(start);
    builder.finish_minimal(message);
    builder.finished_data().to_vec()
}

fn field(builder: &mut Builder, name: &str, column: &Column) -> Table {
    match column {
        Column::Text(_) => named(builder, name, true, Type::Utf8, &[]),
        Column::Number(_) => named(builder, name, true, Type::Int, &[]),
        Column::Flag(_) => named(builder, name, true, Type::Bool, &[]),
        Column::Moment(_) => named(builder, name, true, Type::Timestamp, &[]),
        Column::Pairs(_) => {
            let key = named(builder, "key", false, Type::Utf8, &[]);
            let value = named(builder, "value", true, Type::Utf8, &[]);
            let entries = named(builder, "entries", false, Type::Struct, &[key, value]);
            named(builder, name, true, Type::Map, &[entries])
        }
    }
}

/// `Field`.
fn named(
    builder: &mut Builder,
    name: &str,
    nullable: bool,
    kind: Type,
    children: &[Table],
) -> Table {
    let name = builder.create_string(name);
    let children = builder.create_vector(children);
    let start = builder.start_table();
    match kind {
        // Signed and of 64 bits.
        Type::Int => {
            put(builder, 0, 64_i32);
            put(builder, 1, true);
        }
        // Seconds.
        Type::Timestamp => put(builder, 0, 0_i16),
        Type::Map => put(builder, 0, false),
        Type::Utf8 | Type::Bool | Type::Struct => {}
    }
    let of_kind = builder.end_table(start);
    let start = builder.start_table();
    put(builder, 0, name);
    put(builder, 1, nullable);
    put(builder, 2, kind as u8);
    put(builder, 3, of_kind);
    put(builder, 5, children);
    builder.end_table(start)
}

/// A vector of structs of two longs.
fn pairs(
    builder: &mut Builder,
    pairs: &[(usize, usize)],
) -> WIPOffset<flatbuffers::Vector<'static, i64>> {
    builder.start_vector::<i64>(2 * pairs.len());
    for (first, second) in pairs.iter().rev() {
        builder.push(long(*second));
        builder.push(long(*first));
    }
    builder.end_vector(pairs.len())
}

/// Sets the field of a number in the table that is being written.
fn put<T: Push>(builder: &mut Builder, field: VOffsetT, value: T) {
    builder.push_slot_always(4 + 2 * field, value);
}

fn long(value: usize) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
