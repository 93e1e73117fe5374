//! Find Blobs by Tags, over an account or a container.

use std::cmp::Ordering;

use blobferry_core::ServiceVersion;
use blobferry_core::wire::query;

use crate::answer::Answer;
use crate::container::Container;
use crate::failure::Failure;
use crate::request::Ask;
use crate::state::State;
use crate::tags::{Predicate, Tags};
use crate::xml::Writer;

use super::page::{self, Marker};
use super::{blob_tags, target};

pub(crate) fn find_blobs_by_tags(state: &State, ask: &Ask) -> Result<Answer, Failure> {
    let text = ask
        .query
        .filled(query::WHERE)
        .ok_or_else(|| Failure::missing_query(query::WHERE))?;
    let predicate = Predicate::parse(text).ok_or_else(|| {
        Failure::invalid_query(query::WHERE, text, "This query parameter value is invalid.")
    })?;
    let most = page::most(ask)?;
    let marker = Marker::of(ask)?;
    let mut writer = Writer::new();
    page::open(&mut writer, ask, None);
    page::echo(&mut writer, ask, &[(query::MARKER, "Marker")]);
    writer.element("Where", text);
    page::echo(&mut writer, ask, &[(query::MAX_RESULTS, "MaxResults")]);
    let searched = searched(state, ask)?;
    let found = Found {
        predicate: &predicate,
        version: ask.version,
    };
    let mut left = most;
    let next = writer.around("Blobs", |items| {
        searched.into_iter().find_map(|(name, container)| {
            search(name, container, &found, &marker, &mut left, items)
        })
    });
    page::close(&mut writer, next.map(|next| next.write()).as_deref());
    Ok(Answer::ok().xml(writer.finish()))
}

fn searched<'a>(state: &'a State, ask: &Ask) -> Result<Vec<(&'a str, &'a Container)>, Failure> {
    match &ask.container {
        Some(_) => {
            let container = target::container(state, ask)?;
            let name = state
                .containers_from(&ask.account, ask.container_name())
                .next()
                .map_or("", |(name, _)| name.as_str());
            Ok(vec![(name, container)])
        }
        None => Ok(state
            .containers_from(&ask.account, "")
            .map(|(name, container)| (name.as_str(), container))
            .collect()),
    }
}

/// What is looked for, and how it is shown.
struct Found<'a> {
    predicate: &'a Predicate,
    version: ServiceVersion,
}

impl Found<'_> {
    /// Shows the tags that were asked about; before 2020-04-08 only the value of one.
    fn write(&self, writer: &mut Writer, tags: &Tags) {
        let keys = self.predicate.keys();
        if self.version >= ServiceVersion::V2020_04_08 {
            blob_tags::write(writer, tags.pairs().filter(|(key, _)| keys.contains(key)));
        } else {
            let value = keys.iter().find_map(|key| tags.get(key));
            writer.element("TagValue", value.unwrap_or_default());
        }
    }
}

/// From which blob on a container is searched; absent for one that pages before this are past.
/// Containers come in the order of their names, which is not that of `container/blob`.
fn start<'a>(marker: Option<&'a Marker>, container: &str) -> Option<&'a str> {
    let Some((last, blob)) = marker.and_then(|marker| marker.name.split_once('/')) else {
        return Some("");
    };
    match container.cmp(last) {
        Ordering::Less => None,
        Ordering::Equal => Some(blob),
        Ordering::Greater => Some(""),
    }
}

/// Writes what is found in a container; says where to go on when the page is full.
fn search(
    name: &str,
    container: &Container,
    found: &Found<'_>,
    marker: &Option<Marker>,
    left: &mut usize,
    writer: &mut Writer,
) -> Option<Marker> {
    let start = start(marker.as_ref(), name)?;
    let tagged = container
        .entries_from(start)
        .filter_map(|(blob_name, entry)| Some((blob_name, entry.live()?)))
        .filter(|(_, blob)| blob.committed && blob.tags.is_some());
    for (blob_name, blob) in tagged {
        let tags = blob
            .tags
            .as_deref()
            .filter(|tags| found.predicate.holds_in(name, tags));
        let Some(tags) = tags else {
            continue;
        };
        if *left == 0 {
            return Some(Marker {
                name: format!("{name}/{blob_name}"),
                snapshot: None,
            });
        }
        *left -= 1;
        writer.open("Blob");
        writer.element("Name", blob_name);
        writer.element("ContainerName", name);
        found.write(writer, tags);
        writer.close("Blob");
    }
    None
}
