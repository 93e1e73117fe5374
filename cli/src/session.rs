//! What every command that speaks to the service needs.

use blobferry::{Account, Client, Credential, Error};

use crate::args::{Given, Global, OneSide};
use crate::credentials::Side;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::output::Output;
use crate::place::Spot;

/// Output, options and environment of this run.
#[derive(Clone)]
pub(crate) struct Session {
    pub(crate) output: Output,
    pub(crate) options: Global,
    pub(crate) environment: Environment,
}

impl Session {
    /// The place that was typed for a command about one account, and a client for it.
    pub(crate) fn open(&self, url: &str, side: &OneSide) -> Result<(Spot, Client), Failure> {
        let spot = self.spot("URL", url, &side.given(), Side::Only)?;
        let client = self.client([(spot.scope.account().clone(), spot.credential.clone())])?;
        Ok((spot, client))
    }

    /// The place that was typed for `argument`.
    pub(crate) fn spot(
        &self,
        argument: &str,
        text: &str,
        given: &Given<'_>,
        side: Side,
    ) -> Result<Spot, Failure> {
        Spot::read(argument, text, given, side, &self.environment)
    }

    /// A client that speaks as these.
    pub(crate) fn client(
        &self,
        identities: impl IntoIterator<Item = (Account, Credential)>,
    ) -> Result<Client, Failure> {
        let in_flight = usize::try_from(self.options.requests).unwrap_or(usize::MAX);
        let mut builder = Client::builder()
            .in_flight(in_flight)
            .timeout(self.options.timeout);
        for (account, credential) in identities {
            builder = builder.credential(account, credential);
        }
        builder
            .build()
            .map_err(|error: Error| Failure::new("cannot begin", &error))
    }
}
