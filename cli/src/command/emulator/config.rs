//! What the service goes by.

use std::path::Path;

use blobferry_emulator::{
    Bearer, Config, CopyPace, ImmutableStorage, InvalidConfig, Jwks, Outside, Pace, Rehydration,
};

use crate::args::{EmulatorArgs, FeatureArgs};
use crate::failure::Failure;

use super::keeping;

/// Accounts, copy pace and what else the service goes by.
pub(super) fn config(args: &EmulatorArgs) -> Result<Config, Failure> {
    let mut config = Config::new().outside(Outside::named(&args.copies.outside));
    for file in &args.copies.outside_trust {
        let wrong =
            |message: String| Failure::usage(format!("cannot read {}", file.display()), message);
        let pem = std::fs::read(file).map_err(|error| wrong(error.to_string()))?;
        config = config
            .outside_trust(&pem)
            .map_err(|error| wrong(error.to_string()))?;
    }
    if let Some(file) = &args.contents.jwks {
        config = config.bearer(strict(file, args.contents.tenant.as_deref())?);
    }
    // A variable that is set to nothing names none.
    let named = args.contents.accounts.iter().map(|account| account.trim());
    let named: Vec<&str> = named.filter(|account| !account.is_empty()).collect();
    if !named.is_empty() {
        config = config.without_dev_account();
    }
    for account in named {
        let wrong = |message: String| {
            Failure::usage("cannot read --account or AZURITE_ACCOUNTS", message)
                .advise("Write NAME:KEY or NAME:KEY1:KEY2, keys in Base64: northquay:bm9ydGg=.")
        };
        let Some((name, keys)) = account.split_once(':') else {
            return Err(wrong("an account needs a name and a key".to_owned()));
        };
        let (first, second) = match keys.split_once(':') {
            Some((first, second)) => (first, Some(second)),
            None => (keys, None),
        };
        let invalid = |error: InvalidConfig| wrong(error.to_string());
        config = config.account(name, first).map_err(invalid)?;
        if let Some(second) = second {
            config = config.second_key_of(name, second).map_err(invalid)?;
        }
    }
    if args.azurite.skip_api_version_check {
        config = config.any_version();
    }
    if args.limits.needs_content_length {
        config = config.needs_content_length();
    }
    config = keeping::protect(config, &args.keeping)?;
    config = features(config, &args.features)?;
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

/// Tokens must be signed by a key in a file.
fn strict(file: &Path, tenant: Option<&str>) -> Result<Bearer, Failure> {
    let wrong =
        |message: String| Failure::usage(format!("cannot read {}", file.display()), message);
    let text = std::fs::read_to_string(file).map_err(|error| wrong(error.to_string()))?;
    let keys = Jwks::read(&text).map_err(|error| wrong(error.to_string()))?;
    Ok(Bearer::Strict(match tenant {
        Some(tenant) => keys.tenant(tenant),
        None => keys,
    }))
}

/// What accounts have.
fn features(mut config: Config, args: &FeatureArgs) -> Result<Config, Failure> {
    let accounts: Vec<String> = config.accounts().map(str::to_owned).collect();
    let named = args.kind.iter().filter_map(|(name, _)| name.as_ref());
    for name in named {
        if !accounts.contains(name) {
            return Err(Failure::usage(
                "cannot read --kind",
                format!("there is no account {name}"),
            ));
        }
    }
    for account in &accounts {
        if !args.encryption_scopes.is_empty() {
            config = config.encryption_scopes_of(account, args.encryption_scopes.iter().cloned());
        }
        let is_meant = |name: &Option<String>| name.as_ref().is_none_or(|name| name == account);
        if let Some((_, kind)) = args.kind.iter().rev().find(|(name, _)| is_meant(name)) {
            config = config.kind_of(account, *kind);
        }
        config = config.last_access_tracking_of(account, args.last_access_tracking);
        config = match args.immutable_storage {
            None => config,
            Some(true) => config.immutable_storage_of(account, ImmutableStorage::Enabled),
            Some(false) => config.immutable_storage_of(account, ImmutableStorage::Disabled),
        };
    }
    if let Some(time) = args.container_deletion {
        config = config.container_deletion(time);
    }
    let usual = Rehydration::default();
    Ok(config.rehydration(Rehydration {
        standard: args.rehydration.unwrap_or(usual.standard),
        high: args.rehydration_high.unwrap_or(usual.high),
    }))
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use blobferry_emulator::{KeyName, Service};

    use super::*;
    use crate::args::{Cli, Command};

    /// How a command line is understood, as it is shown to programmers.
    fn understood(line: &str) -> String {
        let cli = Cli::try_parse_from(line.split(' ')).unwrap();
        match cli.command {
            Command::Emulator(args) => format!("{:?}", config(&args).unwrap()),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_account_may_have_two_keys() {
        let keys = |accounts: &str| {
            let line = format!("blobferry emulator --account {accounts}");
            let cli = Cli::try_parse_from(line.split(' ')).unwrap();
            let Command::Emulator(args) = cli.command else {
                return None;
            };
            let service = Service::new(config(&args).ok()?);
            Some(KeyName::ALL.map(|name| service.key("one", name)))
        };
        let one = Some("a2V5".to_owned());
        let two = Some("a2V5Mg==".to_owned());
        assert_eq!(keys("one:a2V5"), Some([one.clone(), None]));
        assert_eq!(keys("one:a2V5:a2V5Mg==;two:a2V5"), Some([one, two]));
        for wrong in [
            "one",
            "one:",
            "one:a2V5:",
            "one:a2V5:?",
            "one:a2V5:a2V5:a2V5",
        ] {
            assert_eq!(keys(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn features_are_those_of_every_account() {
        let usual = understood("blobferry emulator");
        assert!(usual.contains("immutable_storage: Tolerated"), "{usual}");
        assert!(usual.contains("encryption_scopes: None"), "{usual}");
        assert!(usual.contains("standard: 54000s, high: 3600s"), "{usual}");
        let told = understood(
            "blobferry emulator --account one:a2V5 --account two:a2V5 --immutable-storage true \
             --encryption-scope mine --rehydration 10s --rehydration-high 0",
        );
        let count = |text: &str| told.matches(text).count();
        assert_eq!(count("immutable_storage: Enabled"), 2, "{told}");
        assert_eq!(count("encryption_scopes: Some({\"mine\"})"), 2, "{told}");
        assert_eq!(count("standard: 10s, high: 0ns"), 1, "{told}");
    }

    #[test]
    fn an_account_is_of_the_kind_that_was_last_said_of_it() {
        let told = understood(
            "blobferry emulator --account one:a2V5 --account two:a2V5 --kind Storage \
             --kind two:blockblobstorage --container-deletion 30s",
        );
        for (text, count) in [
            ("kind: GeneralPurposeV1", 1),
            ("kind: PremiumBlockBlobs", 1),
            ("container_deletion: 30s", 1),
        ] {
            assert_eq!(told.matches(text).count(), count, "{text}: {told}");
        }
        for wrong in ["FileStorage", "nobody:Storage"] {
            let line = ["blobferry", "emulator", "--kind", wrong];
            let understood = match Cli::try_parse_from(line).map(|cli| cli.command) {
                Ok(Command::Emulator(args)) => config(&args).is_ok(),
                _ => false,
            };
            assert!(!understood, "{wrong}");
        }
    }
}
