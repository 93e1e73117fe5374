//! What the operations under test are, behind one face.

use std::fmt::Debug;

use blobferry_core::{Error, Operation, Receipt, Request, Response};

/// One of our operations, made from a recorded request.
pub(crate) struct Known {
    pub(crate) name: &'static str,
    pub(crate) request: Request,
    read: Box<Read>,
}

type Read = dyn Fn(&Response) -> Result<String, Error>;

/// Why a recorded request is not one of ours.
pub(crate) type Reason = String;

impl Known {
    /// Hides which operation it is.
    pub(crate) fn new<O>(operation: O) -> Self
    where
        O: Operation<Output: Debug> + 'static,
    {
        Self {
            name: O::NAME,
            request: operation.request(),
            read: Box::new(move |response| {
                operation
                    .parse(response)
                    .map(|outcome| format!("{outcome:?}"))
            }),
        }
    }

    /// What the operation makes of an answer, all of it.
    pub(crate) fn read(&self, response: &Response) -> Result<String, Error> {
        let receipt = Receipt::of(response);
        match (self.read)(response) {
            Ok(outcome) => Ok(format!("{outcome} {receipt:?}")),
            Err(Error::Service(refusal)) => {
                Ok(format!("{refusal:?} {:?} {receipt:?}", refusal.details))
            }
            Err(error) => Err(error),
        }
    }
}
