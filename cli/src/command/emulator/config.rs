//! What the service goes by.

use blobferry_emulator::{Config, CopyPace, Outside, Pace};

use crate::args::EmulatorArgs;
use crate::failure::Failure;

use super::keeping;

/// Accounts, copy pace and what else the service goes by.
pub(super) fn config(args: &EmulatorArgs) -> Result<Config, Failure> {
    let mut config = Config::new().outside(Outside::named(&args.copies.outside));
    if !args.contents.accounts.is_empty() {
        config = config.without_dev_account();
    }
    for account in args
        .contents
        .accounts
        .iter()
        .filter(|account| !account.is_empty())
    {
        let wrong = |message: String| {
            Failure::usage("cannot read --account", message)
                .advise("Write NAME:KEY, the key in Base64, such as northquay:bm9ydGg=.")
        };
        let Some((name, keys)) = account.split_once(':') else {
            return Err(wrong("an account needs a name and a key".to_owned()));
        };
        // A second key may follow the first; either would do.
        let key = keys.split(':').next().unwrap_or_default();
        config = config
            .account(name, key)
            .map_err(|error| wrong(error.to_string()))?;
    }
    if args.azurite.skip_api_version_check {
        config = config.any_version();
    }
    config = keeping::protect(config, &args.keeping)?;
    let usual = if args.copies.copy_at_once {
        CopyPace {
            same_account: Pace::AT_ONCE,
            other_account: Pace::AT_ONCE,
        }
    } else {
        CopyPace::default()
    };
    let pace = |usual: Pace| Pace {
        bytes_per_second: args.copies.copy_bandwidth.or(usual.bytes_per_second),
        ..usual
    };
    let other = pace(usual.other_account);
    Ok(config.copy_pace(CopyPace {
        same_account: pace(usual.same_account),
        other_account: Pace {
            latency: args.copies.copy_latency.unwrap_or(other.latency),
            ..other
        },
    }))
}
