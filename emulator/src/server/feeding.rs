//! Reading sources outside for asynchronous copies, one task for each.

use std::sync::{Arc, Weak};
use std::time::Duration;

use crate::outside::{Feeder, Step};
use crate::service::Service;

use super::outside;

/// How often a copy that may not read on yet looks at the clock, which a test may have moved.
const GLANCE: Duration = Duration::from_millis(10);

/// Reads for every copy that has nobody to do it. Copies end with the service.
pub(super) fn begin(service: &Arc<Service>) {
    for feeder in service.claim_feeds() {
        tokio::spawn(feed(Arc::downgrade(service), feeder));
    }
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
        let pause = match step {
            Step::Over => return,
            Step::Wait => GLANCE,
            Step::Ask(want) => {
                let fetched = outside::fetch(&policy, &trust, *want, None).await;
                match service.upgrade() {
                    Some(service) => service.feed_answer(&mut feeder, &fetched),
                    None => return,
                }
            }
        };
        tokio::time::sleep(pause).await;
    }
}
