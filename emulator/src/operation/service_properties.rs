//! Get and Set Blob Service Properties, and Get Blob Service Stats.

use crate::answer::Answer;
use crate::container::Container;
use crate::failure::Failure;
use crate::request::Ask;
use crate::state::State;
use crate::xml::{Element, Writer};

pub(crate) fn get(state: &State, ask: &Ask) -> Result<Answer, Failure> {
    let mut writer = Writer::new();
    let account = state.account(&ask.account)?;
    account.service.write(ask.version, &mut writer);
    Ok(Answer::ok().xml(writer.finish()))
}

pub(crate) fn set(state: &mut State, ask: &Ask) -> Result<Answer, Failure> {
    let given = Element::read(&ask.body)?;
    let stamp = state.stamp(ask.now);
    let account = state.account_mut(&ask.account)?;
    account.service.set(&given, &ask.body)?;
    for name in account.service.containers() {
        account
            .containers
            .entry(name.to_owned())
            .or_insert_with(|| Container::new(stamp));
    }
    Ok(Answer::accepted())
}

/// The secondary is this same state, so it is always up to date.
pub(crate) fn stats(ask: &Ask) -> Answer {
    let mut writer = Writer::new();
    writer.open("StorageServiceStats");
    writer.open("GeoReplication");
    writer.element("Status", "live");
    writer.element("LastSyncTime", &ask.now.to_http());
    writer.close("GeoReplication");
    writer.close("StorageServiceStats");
    Answer::ok().xml(writer.finish())
}
