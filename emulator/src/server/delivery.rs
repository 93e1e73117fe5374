//! An answer on its way: whole, or as a fault disturbs it.

use http::Response;
use tokio::sync::watch;

use super::connection::Broken;
use super::stream::Stream;
use super::told_to_stop;
use crate::answer::Body;
use crate::fault::Delivery;

/// Hands an answer over to be sent.
///
/// # Errors
/// It shall not arrive: the connection ends.
pub(super) async fn deliver(
    mut answer: Response<Body>,
    stopping: &watch::Receiver<bool>,
) -> Result<Response<Stream>, Broken> {
    match answer.extensions_mut().remove::<Delivery>() {
        None => Ok(answer.map(Stream::whole)),
        Some(Delivery::Lost) => Err(Broken::Lost),
        Some(Delivery::Silent) => {
            // Ends before when the client goes, because hyper drops what nobody waits for.
            told_to_stop(&mut stopping.clone()).await;
            Err(Broken::Lost)
        }
        Some(Delivery::Cut { after }) => Ok(answer.map(|body| Stream::cut(body, after))),
        Some(Delivery::Slow { bytes_per_second }) => {
            Ok(answer.map(|body| Stream::slow(body, bytes_per_second)))
        }
        Some(Delivery::Late { by }) => {
            let mut stopping = stopping.clone();
            tokio::select! {
                () = tokio::time::sleep(by) => {}
                () = told_to_stop(&mut stopping) => {}
            }
            Ok(answer.map(Stream::whole))
        }
    }
}

#[cfg(test)]
mod tests;
