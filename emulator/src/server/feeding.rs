//! Reading sources outside for asynchronous copies, one task for each.

use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::sync::Semaphore;

use crate::copy::RANGE;
use crate::outside::{Feeder, Fetched, Outside, Step, Trust, Want};
use crate::service::Service;

use super::outside;

/// How often a copy that may not read on yet looks at the clock, which a test may have moved.
const GLANCE: Duration = Duration::from_millis(10);

/// So many sources are asked at the same time, for what they answer is held until it has landed.
static ASKING: Semaphore = Semaphore::const_new(64);

/// Reads for every copy that has nobody to do it. Copies end with the service.
pub(super) fn begin(service: &Arc<Service>) {
    for feeder in service.claim_feeds() {
        tokio::spawn(feed(Arc::downgrade(service), feeder));
    }
}

/// A copy's reading, and whose it is.
struct Reading {
    service: Weak<Service>,
    feeder: Feeder,
    policy: Outside,
    trust: Trust,
}

async fn feed(service: Weak<Service>, mut feeder: Feeder) {
    loop {
        let Some((step, policy, trust)) = service.upgrade().map(|service| {
            let step = service.feed_step(&mut feeder);
            let config = service.config();
            (step, config.outside.clone(), config.trust.clone())
        }) else {
            return;
        };
        let (want, in_parts) = match step {
            Step::Over => return,
            Step::Wait => {
                tokio::time::sleep(GLANCE).await;
                continue;
            }
            Step::Ask(want) => (want, false),
            Step::AskInParts(want) => (want, true),
        };
        let reading = Reading {
            service: Weak::clone(&service),
            feeder,
            policy,
            trust,
        };
        let told = if in_parts {
            reading.ask_in_parts(*want).await
        } else {
            reading.ask(*want).await
        };
        let Some((back, pause)) = told else {
            return;
        };
        feeder = back;
        tokio::time::sleep(pause).await;
    }
}

impl Reading {
    async fn ask(self, want: Want) -> Option<(Feeder, Duration)> {
        let _turn = ASKING.acquire().await;
        let fetched = outside::fetch(&self.policy, &self.trust, want, None).await;
        take(&self.service, self.feeder, fetched).await
    }

    async fn ask_in_parts(self, want: Want) -> Option<(Feeder, Duration)> {
        let _turn = ASKING.acquire().await;
        let mut coming = match outside::begin(&self.policy, &self.trust, want).await {
            Ok(coming) => coming,
            Err(why) => return take(&self.service, self.feeder, Fetched::Unreadable(why)).await,
        };
        let mut feeder = self.feeder;
        loop {
            let (fetched, is_last) = match coming.part(RANGE, None).await {
                Ok(body) => {
                    let is_last = (body.len() as u64) < RANGE;
                    (Fetched::Answer(Arc::new(coming.with(body))), is_last)
                }
                Err(why) => (Fetched::Unreadable(why), true),
            };
            let pause;
            (feeder, pause) = take(&self.service, feeder, fetched).await?;
            if is_last || !pause.is_zero() {
                return Some((feeder, pause));
            }
        }
    }
}

/// Hands a feeder what came, on a thread that may wait for a disk. Absent where the copy is over or
/// the service gone.
async fn take(
    service: &Weak<Service>,
    mut feeder: Feeder,
    fetched: Fetched,
) -> Option<(Feeder, Duration)> {
    let service = service.upgrade()?;
    let taken = move || {
        let pause = service.feed_answer(&mut feeder, &fetched)?;
        Some((feeder, pause))
    };
    tokio::task::spawn_blocking(taken).await.ok()?
}
