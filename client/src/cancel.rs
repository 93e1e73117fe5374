//! Asking a conversation to end.

use std::fmt;
use std::sync::Arc;

use tokio::sync::watch;

/// A handle that ends conversations; clones end the same ones.
///
/// The first [`cancel`](Self::cancel) winds down in order: nothing new is started, copies are
/// aborted, leases are given back. The second is the hard stop: the conversation is dropped as it
/// stands.
///
/// ```
/// use blobferry::Cancel;
/// let cancel = Cancel::new();
/// cancel.clone().cancel();
/// assert!(cancel.is_requested() && !cancel.is_stopped());
/// cancel.cancel();
/// assert!(cancel.is_stopped());
/// ```
#[derive(Clone)]
pub struct Cancel(Arc<watch::Sender<u8>>);

/// The conversation was stopped hard; copies and leases stand as they stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stopped;

impl Cancel {
    /// A handle that has asked for nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(0)))
    }

    /// Asks to wind down; asked again, stops.
    pub fn cancel(&self) {
        self.0
            .send_modify(|asked| *asked = asked.saturating_add(1).min(2));
    }

    /// Stops at once.
    pub fn stop(&self) {
        self.0.send_replace(2);
    }

    /// Whether it was asked to wind down, or to stop.
    #[must_use]
    pub fn is_requested(&self) -> bool {
        *self.0.borrow() > 0
    }

    /// Whether it was asked to stop.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        *self.0.borrow() > 1
    }

    /// Waits until it is asked to wind down.
    pub async fn requested(&self) {
        self.asked(1).await;
    }

    /// Waits until it is asked to stop.
    pub async fn stopped(&self) {
        self.asked(2).await;
    }

    async fn asked(&self, times: u8) {
        // The sender lives as long as this handle, so waiting cannot fail.
        let _ = self.0.subscribe().wait_for(|asked| *asked >= times).await;
    }
}

impl Default for Cancel {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Cancel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cancel(asked {} times)", *self.0.borrow())
    }
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("stopped before its end")
    }
}

impl std::error::Error for Stopped {}
