//! Leases: while one is held nobody writes without its id, and every one is given back.

use blobferry_core::operation::{LeaseTarget, PutBlob};
use blobferry_core::{
    LeaseEvent, LeaseId, LeaseKeeper, LeaseOptions, LeaseOutcome, LeaseTerm, Seed, Timestamp,
};

use crate::run::{Blow, run_watched};
use crate::wire::Weather;
use crate::world::{World, name, source};

#[test]
fn who_believes_to_hold_a_lease_holds_it_and_gives_it_back() {
    for seed in 0..60 {
        for answers in [1, 2, 3, 8] {
            let mut world = World::new(seed, Weather::ROUGH);
            world.fill(1);
            let blob = source().blob(name(0).parse().unwrap());
            let id = LeaseId::from_bytes([7; 16]);
            let term = LeaseTerm::seconds(15).unwrap();
            let target = LeaseTarget::from(blob.clone());
            let options = LeaseOptions::default();
            let keeper = LeaseKeeper::new(target, id, term, options, Seed::new(seed));
            let mut told = 0;
            let end = run_watched(&mut world, keeper, Blow::Cancel(answers), |world, event| {
                let (LeaseEvent::Held { until } | LeaseEvent::Renewed { until }) = event else {
                    return;
                };
                let held = until.is_none_or(|until: Timestamp| world.now < until);
                if held {
                    told += 1;
                    let refused = world
                        .ask(&PutBlob::block(blob.clone(), "mine"))
                        .unwrap_err();
                    let status = refused.service().map(|error| error.status);
                    assert_eq!(status, Some(412), "seed {seed}");
                }
            });
            let outcome = end.outcome.unwrap();
            let given_back = match &outcome {
                LeaseOutcome::Released => true,
                LeaseOutcome::Lost { .. } | LeaseOutcome::Refused(_) => {
                    told == 0 || world.leased() == 0
                }
                _ => false,
            };
            assert!(given_back, "seed {seed} {answers}: {outcome:?}");
            assert_eq!(world.leased(), 0, "seed {seed} {answers}: {outcome:?}");
        }
    }
}
