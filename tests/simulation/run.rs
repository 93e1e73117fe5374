//! Running one engine in a world: to its end, to a cancel, or to its death.

use std::fmt::Debug;

use blobferry_core::{Action, Engine, EngineOptions, Machine, TransportError};

use crate::world::World;

/// No run takes as many steps; one that does hangs.
const STEPS: u64 = 400_000;

/// What befalls an engine after so many answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Blow {
    None,
    Cancel(u64),
    Kill(u64),
}

/// How a run ended.
pub(crate) struct Run<M: Machine> {
    /// Absent where it was killed.
    pub(crate) outcome: Option<M::Outcome>,
    /// How many answers had come.
    pub(crate) answers: u64,
}

/// Runs a machine; what it tells goes to the wire's log.
pub(crate) fn run<M: Machine<Event: Debug, Outcome: Debug>>(
    world: &mut World,
    machine: M,
    blow: Blow,
) -> Run<M> {
    run_watched(world, machine, blow, |_, _| {})
}

/// The same, with a look at the world after every event.
pub(crate) fn run_watched<M: Machine<Event: Debug, Outcome: Debug>>(
    world: &mut World,
    machine: M,
    blow: Blow,
    mut watch: impl FnMut(&mut World, &M::Event),
) -> Run<M> {
    let options = EngineOptions {
        in_flight: 8,
        ..EngineOptions::default()
    };
    let mut engine = Engine::new(machine, world.identities.clone(), options);
    world.engines += 1;
    let us = world.engines;
    let mut answers = 0;
    let mut cancelled = false;
    for _ in 0..STEPS {
        match blow {
            Blow::Kill(after) if answers >= after => {
                world.wire.log.push("killed".to_owned());
                let outcome = None;
                return Run { outcome, answers };
            }
            Blow::Cancel(after) if answers >= after && !cancelled => {
                cancelled = true;
                engine.cancel();
            }
            Blow::Kill(_) | Blow::Cancel(_) | Blow::None => {}
        }
        let pause = match engine.poll(world.now) {
            Action::Send {
                id,
                request,
                timeout,
            } => {
                let request = request.into_http();
                world.wire.send(world.now, (us, id), request, timeout);
                continue;
            }
            Action::Renew { id, .. } => {
                engine.fail(id, TransportError::NotSent);
                continue;
            }
            Action::Emit(event) => {
                world.wire.log.push(format!("{event:?}"));
                watch(world, &event);
                continue;
            }
            Action::Done(outcome) => {
                world.wire.log.push(format!("{outcome:?}"));
                let outcome = Some(outcome);
                return Run { outcome, answers };
            }
            Action::Wait(pause) => pause,
        };
        if let Some(((whose, id), answer)) = world.wire.arrive(world.now, &world.service) {
            if whose == us {
                answers += 1;
                match answer {
                    Ok(response) => engine.reply(id, response),
                    Err(error) => engine.fail(id, error),
                }
            }
            continue;
        }
        let next = pause.until.into_iter().chain(world.wire.next()).min();
        world.now = next.unwrap().max(world.now);
    }
    panic!("it does not end: {:#?}", world.wire.log.last());
}
