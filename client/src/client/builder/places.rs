//! Places by their URLs, with the SAS that stands in them.

use blobferry_core::{
    Account, BlobAddress, ContainerAddress, Credential, InvalidInput, Location, Place,
};

use super::ClientBuilder;

impl ClientBuilder {
    /// The place a URL names; the SAS in it becomes the credential for this place.
    ///
    /// Where the account is already known under another credential, the place is given a
    /// [label](Account::labelled) of its own, so that a source and a destination in one account can
    /// each have their SAS. An account of which nothing is known is spoken to anonymously.
    ///
    /// # Errors
    /// The URL must name an account, a container or a blob.
    pub fn locate(&mut self, url: &str) -> Result<Place, InvalidInput> {
        let Location { mut place, sas } = url.parse()?;
        match sas {
            Some(sas) => {
                let account = self.unused(place.account());
                set_account(&mut place, account.clone());
                self.identities.set(account, Credential::Sas(sas));
            }
            None => self.fall_back_on_nobody(place.account()),
        }
        Ok(place)
    }

    /// The container a URL names, as [`locate`](Self::locate) takes it.
    ///
    /// # Errors
    /// The URL must name a container.
    pub fn container(&mut self, url: &str) -> Result<ContainerAddress, InvalidInput> {
        match self.locate(url)? {
            Place::Container(container) => Ok(container),
            place @ (Place::Account(_) | Place::Blob(_)) => Err(wrong(
                "container URL",
                &place,
                "must end after the container",
            )),
        }
    }

    /// The blob a URL names, as [`locate`](Self::locate) takes it.
    ///
    /// # Errors
    /// The URL must name a blob.
    pub fn blob(&mut self, url: &str) -> Result<BlobAddress, InvalidInput> {
        match self.locate(url)? {
            Place::Blob(blob) => Ok(blob),
            place @ (Place::Account(_) | Place::Container(_)) => Err(wrong(
                "blob URL",
                &place,
                "must name a container and a blob",
            )),
        }
    }

    /// The account under a label that no credential is kept for yet.
    fn unused(&self, account: &Account) -> Account {
        let free = |account: &Account| self.identities.get(account).is_none();
        let labels = (2_u32..).map(|number| account.labelled(&number.to_string()));
        std::iter::once(account.clone())
            .chain(labels)
            .find(free)
            .unwrap_or_else(|| account.clone())
    }

    fn fall_back_on_nobody(&mut self, account: &Account) {
        let renewed = self.sources.iter().any(|(known, _)| known == account);
        if !renewed && self.identities.get(account).is_none() {
            self.identities.set(account.clone(), Credential::Anonymous);
        }
    }
}

fn set_account(place: &mut Place, account: Account) {
    match place {
        Place::Account(place) => *place = account,
        Place::Container(container) => container.account = account,
        Place::Blob(blob) => blob.account = account,
    }
}

fn wrong(what: &'static str, place: &Place, rule: &'static str) -> InvalidInput {
    let given = match place {
        Place::Account(account) => account.to_string(),
        Place::Container(container) => container.to_string(),
        Place::Blob(blob) => blob.to_string(),
    };
    InvalidInput::new(what, given, rule)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Client;

    const SAS: &str = "sv=2021-12-02&sp=r&se=2030-01-01&sr=c&sig=c2VjcmV0";

    #[test]
    fn two_signatures_for_one_account_are_two_identities() {
        let mut builder = Client::builder();
        let url = |name: &str| format!("https://lighthouse.blob.core.windows.net/{name}?{SAS}");
        let source = builder.blob(&url("one/a")).unwrap();
        let destination = builder.blob(&url("two/a")).unwrap();
        assert!(source.account.is_same_account(&destination.account));
        assert_ne!(source.account, destination.account);
        for account in [source.account, destination.account] {
            let known = builder.identities.get(&account);
            assert!(matches!(known, Some(Credential::Sas(_))), "{account:?}");
        }
    }

    #[test]
    fn a_place_without_a_signature_uses_what_is_known_of_its_account() {
        let mut builder = Client::builder();
        let signed = format!("https://lighthouse.blob.core.windows.net/one?{SAS}");
        let one = builder.container(&signed).unwrap();
        let two = builder
            .container("https://lighthouse.blob.core.windows.net/two")
            .unwrap();
        assert_eq!(one.account, two.account);
        let other = builder.container("https://lookout.blob.core.windows.net/two");
        let known = builder.identities.get(&other.unwrap().account);
        assert!(matches!(known, Some(Credential::Anonymous)));
    }

    #[test]
    fn a_place_of_another_kind_is_refused_without_its_signature() {
        let url = format!("https://lighthouse.blob.core.windows.net/one?{SAS}");
        let error = Client::builder().blob(&url).unwrap_err();
        assert_eq!(
            error.to_string(),
            "invalid blob URL `https://lighthouse.blob.core.windows.net/one`: \
             must name a container and a blob"
        );
    }
}
