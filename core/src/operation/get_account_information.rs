//! Get Account Information: `HEAD /?restype=account&comp=properties`.

use http::Method;

use super::{Operation, accept};
use crate::address::Place;
use crate::error::Error;
use crate::message::{Request, Response, Urgency};
use crate::receipt::Receipt;
use crate::version::ServiceVersion;
use crate::wire::{header, query};

/// Asks what kind of account it is.
///
/// A SAS for one container or blob may ask at that place only; the answer is the same. Version 2018-03-28 and later. Source: "Get Account Information".
///
/// ```
/// use blobferry_core::operation::{GetAccountInformation, Operation};
/// use blobferry_core::{Account, Place};
/// let account: Account = "https://south.blob.core.windows.net".parse()?;
/// let ask = GetAccountInformation::new(Place::Account(account));
/// assert_eq!(ask.request().operation(), "Get Account Information");
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GetAccountInformation {
    /// The account, or any place in it.
    pub place: Place,
}

impl GetAccountInformation {
    /// A question about the account of a place, asked there.
    #[must_use]
    pub fn new(place: Place) -> Self {
        Self { place }
    }
}

/// What kind of account it is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AccountInformation {
    /// Price and redundancy, such as `Standard_LRS`.
    pub sku_name: String,
    /// Its kind, such as `StorageV2`.
    pub account_kind: String,
    /// Whether it has a hierarchical namespace. Version 2019-07-07 and later.
    pub is_hns_enabled: Option<bool>,
    /// What the answer says about itself.
    pub receipt: Receipt,
}

impl Operation for GetAccountInformation {
    type Output = AccountInformation;
    const NAME: &'static str = "Get Account Information";
    const IDEMPOTENT: bool = true;
    const URGENCY: Urgency = Urgency::Status;

    fn request(&self) -> Request {
        let request = match &self.place {
            Place::Account(account) => Request::to_account(Method::HEAD, account),
            Place::Container(container) => Request::to_path_of(Method::HEAD, container),
            Place::Blob(blob) => Request::to_blob(Method::HEAD, blob),
        };
        request
            .of(Self::NAME, Self::URGENCY)
            .needs(ServiceVersion::V2018_03_28)
            .query(query::RESTYPE, "account")
            .query(query::COMP, "properties")
    }

    fn parse(&self, response: &Response) -> Result<AccountInformation, Error> {
        accept(response, &[200])?;
        Ok(AccountInformation {
            sku_name: response.need(&header::X_MS_SKU_NAME)?,
            account_kind: response.need(&header::X_MS_ACCOUNT_KIND)?,
            is_hns_enabled: response.get(&header::X_MS_IS_HNS_ENABLED)?,
            receipt: Receipt::of(response),
        })
    }
}
