//! Killed at any moment and run again, every blob is right.

use std::time::Duration;

use blobferry::Seed;

use crate::quay::{Quay, pace};

/// How often the command is killed before it may end.
const KILLS: u32 = 8;

#[test]
fn a_copy_that_is_killed_again_and_again_ends_with_every_blob_right() {
    let quay = Quay::new(pace(50, Some(400_000)));
    let mut seed = Seed::new(20_261_121);
    for at in 0..60 {
        let length = usize::try_from(seed.below(60_000)).unwrap();
        quay.put(&format!("{at:02}"), vec![at; length]);
    }
    let arguments = [
        "copy",
        "cargo",
        "cargo",
        "--lease-source",
        "--verify",
        "content",
        "--output",
        "json",
    ];
    let mut ended = 0;
    for _ in 0..KILLS {
        let mut child = quay.start(&arguments);
        std::thread::sleep(Duration::from_millis(30 + seed.below(400)));
        child.kill().unwrap();
        ended += u32::from(child.wait().unwrap().success());
    }
    assert!(ended < KILLS, "nothing was ever killed half-way");
    let ran = quay.run(&arguments);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert_eq!(
        quay.contents(&quay.source),
        quay.contents(&quay.destination)
    );
    assert_eq!(quay.left_behind(), (0, 0), "{}", ran.out);
}
