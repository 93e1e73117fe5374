//! Something that rings when too much time has passed.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

/// Rings once, so long after it was set. Costs nothing until somebody waits for it, and little then:
/// the timer behind it is wound again only when it has run down.
#[derive(Debug)]
pub(super) struct Alarm {
    after: Duration,
    due: Option<Instant>,
    sleep: Option<Pin<Box<Sleep>>>,
}

impl Alarm {
    pub(super) const fn new(after: Duration) -> Self {
        Self {
            after,
            due: None,
            sleep: None,
        }
    }

    pub(super) const fn is_set(&self) -> bool {
        self.due.is_some()
    }

    pub(super) fn is_over(&self) -> bool {
        self.due.is_some_and(|due| due <= Instant::now())
    }

    /// Sets it, unless it is set.
    pub(super) fn start(&mut self) {
        if self.due.is_none() {
            self.due = Some(Instant::now() + self.after);
        }
    }

    pub(super) fn stop(&mut self) {
        self.due = None;
    }

    /// Ready when it rings; an alarm that is not set never does.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(due) = self.due else {
            return Poll::Pending;
        };
        let sleep = self.sleep.get_or_insert_with(|| Box::pin(sleep_until(due)));
        if sleep.deadline() > due {
            sleep.as_mut().reset(due);
        }
        while sleep.as_mut().poll(cx).is_ready() {
            if due <= Instant::now() {
                return Poll::Ready(());
            }
            sleep.as_mut().reset(due);
        }
        Poll::Pending
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;

    #[tokio::test(start_paused = true)]
    async fn an_alarm_set_again_rings_by_the_last_time_it_was_set() {
        let mut alarm = Alarm::new(Duration::from_secs(10));
        for _ in 0..3 {
            alarm.start();
            let early = Duration::from_secs(7);
            let ring = tokio::time::timeout(early, poll_fn(|cx| alarm.poll(cx)));
            assert!(ring.await.is_err());
            alarm.stop();
        }
        let since = Instant::now();
        alarm.start();
        tokio::time::advance(Duration::from_secs(1)).await;
        alarm.start();
        poll_fn(|cx| alarm.poll(cx)).await;
        assert!(alarm.is_over());
        assert_eq!(since.elapsed().as_secs(), 10);
    }
}
