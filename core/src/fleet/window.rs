//! How many copies may be pending: grows on success, halves when the service is busy.

use std::time::Duration;

use crate::time::Timestamp;

/// How many copies may be pending at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WindowOptions {
    /// How many at the beginning. Default 64.
    pub first: u32,
    /// How many at most. Default 1,024.
    pub most: u32,
}

impl Default for WindowOptions {
    fn default() -> Self {
        Self {
            first: 64,
            most: 1024,
        }
    }
}

/// The window as it is now: one more for each success until the service was busy for the first
/// time, from then on one more for each windowful.
#[derive(Debug)]
pub(super) struct Window {
    size: u32,
    most: u32,
    gained: u32,
    halved: Option<Timestamp>,
}

impl Window {
    pub(super) fn new(options: WindowOptions) -> Self {
        let most = options.most.max(1);
        Self {
            size: options.first.clamp(1, most),
            most,
            gained: 0,
            halved: None,
        }
    }

    pub(super) fn size(&self) -> usize {
        usize::try_from(self.size).unwrap_or(usize::MAX)
    }

    pub(super) fn succeeded(&mut self) {
        self.gained += 1;
        if self.halved.is_none() || self.gained >= self.size {
            self.gained = 0;
            self.size = (self.size + 1).min(self.most);
        }
    }

    /// Halves, but only once for each burst of refusals.
    pub(super) fn busy(&mut self, now: Timestamp) {
        const BURST: Duration = Duration::from_secs(2);
        if self.halved.is_none_or(|at| now.since(at) >= BURST) {
            self.halved = Some(now);
            self.gained = 0;
            self.size = (self.size / 2).max(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_grows_by_success_and_halves_once_a_burst() {
        let noon = Timestamp::from_millis(1_900_000_000_000);
        let mut window = Window::new(WindowOptions { first: 8, most: 20 });
        (0..4).for_each(|_| window.succeeded());
        assert_eq!(window.size(), 12);
        (0..50).for_each(|_| window.busy(noon));
        assert_eq!(window.size(), 6);
        window.busy(noon + Duration::from_secs(3));
        assert_eq!(window.size(), 3);
        (0..3).for_each(|_| window.succeeded());
        assert_eq!(window.size(), 4, "one more for a whole windowful");
        (0..1000).for_each(|_| window.succeeded());
        assert_eq!(window.size(), 20);
        (0..10).for_each(|at| window.busy(noon + Duration::from_secs(60 + 3 * at)));
        assert_eq!(window.size(), 1, "never none");
    }
}
