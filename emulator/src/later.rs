//! What is let go of while others wait for the state, and takes long to give back: large memory, and
//! containers of many blobs. It is collected, and dropped when nobody waits any more.

use std::any::Any;
use std::cell::RefCell;

thread_local! {
    /// Absent while nothing is collected.
    static LEFT: RefCell<Option<Left>> = const { RefCell::new(None) };
}

/// What was collected; given back when this is dropped.
#[derive(Debug, Default)]
pub(crate) struct Left(Vec<Box<dyn Any + Send>>);

impl Left {
    #[cfg(feature = "server")]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Does some work, and hands over what it let go of. Work within such work hands over nothing: that
/// is left to the outermost.
pub(crate) fn collect<R>(work: impl FnOnce() -> R) -> (R, Left) {
    let Some(collecting) = Collecting::begin() else {
        return (work(), Left::default());
    };
    let done = work();
    let left = LEFT.with_borrow_mut(Option::take).unwrap_or_default();
    drop(collecting);
    (done, left)
}

/// Drops something now, or when what is collected is dropped.
pub(crate) fn leave(thing: impl Any + Send) {
    // On a thread that ends nothing is collected.
    let _ended = LEFT.try_with(|left| {
        if let Some(left) = left.borrow_mut().as_mut() {
            left.0.push(Box::new(thing));
        }
    });
}

/// Ends when it is dropped, even by a panic.
struct Collecting;

impl Collecting {
    fn begin() -> Option<Self> {
        LEFT.with_borrow_mut(|left| {
            if left.is_some() {
                return None;
            }
            *left = Some(Left::default());
            Some(Self)
        })
    }
}

impl Drop for Collecting {
    fn drop(&mut self) {
        drop(LEFT.with_borrow_mut(Option::take));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn what_is_left_is_dropped_when_the_outermost_work_is_done() {
        let thing = Arc::new(());
        leave(Arc::clone(&thing));
        assert_eq!(Arc::strong_count(&thing), 1, "nothing is collected");
        let ((), left) = collect(|| {
            let ((), inner) = collect(|| leave(Arc::clone(&thing)));
            drop(inner);
            assert_eq!(Arc::strong_count(&thing), 2);
        });
        assert_eq!(Arc::strong_count(&thing), 2);
        drop(left);
        assert_eq!(Arc::strong_count(&thing), 1);
    }

    #[test]
    fn a_panic_ends_the_collecting() {
        let thing = Arc::new(());
        let work = std::panic::AssertUnwindSafe(|| {
            collect(|| {
                leave(Arc::clone(&thing));
                std::panic::panic_any("on purpose");
            })
        });
        assert!(std::panic::catch_unwind(work).is_err());
        assert_eq!(Arc::strong_count(&thing), 1);
        leave(Arc::clone(&thing));
        assert_eq!(Arc::strong_count(&thing), 1);
    }
}
