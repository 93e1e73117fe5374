//! What accounts keep of what is overwritten or deleted.

use blobferry_emulator::{Config, DataProtection};

use crate::args::KeepingArgs;
use crate::failure::Failure;

/// What accounts keep of what is overwritten or deleted.
///
/// The last word about an account counts.
pub(super) fn protect(mut config: Config, args: &KeepingArgs) -> Result<Config, Failure> {
    let names: Vec<String> = config.accounts().map(str::to_owned).collect();
    let of_versions = args.versions.iter().map(|name| ("--versions", name));
    let of_retention = args
        .container_retention
        .iter()
        .filter_map(|(name, _)| Some(("--container-retention", name.as_ref()?)));
    for (flag, name) in of_versions.chain(of_retention) {
        if !name.is_empty() && !names.contains(name) {
            return Err(Failure::usage(
                format!("cannot read {flag}"),
                format!("there is no account {name}"),
            ));
        }
    }
    for name in names {
        let is_meant = |named: &str| named.is_empty() || *named == *name;
        let kept = DataProtection {
            versions: args.versions.iter().any(|named| is_meant(named)),
            container_retention_days: args
                .container_retention
                .iter()
                .rev()
                .find(|(named, _)| is_meant(named.as_deref().unwrap_or_default()))
                .map(|(_, days)| *days),
        };
        config = config.data_protection_of(&name, kept);
    }
    Ok(config)
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        args: KeepingArgs,
    }

    fn kept(flags: &[&str]) -> Result<[(bool, Option<u32>); 2], ()> {
        let line = Line::try_parse_from(["emulator"].iter().chain(flags)).map_err(|_| ())?;
        let accounts = Config::new()
            .account("one11", "a2V5")
            .and_then(|config| config.account("two22", "a2V5"));
        let config = protect(accounts.map_err(|_| ())?, &line.args).map_err(|_| ())?;
        Ok(["one11", "two22"].map(|name| {
            let kept = config.protection_of(name);
            (kept.versions, kept.container_retention_days)
        }))
    }

    #[test]
    fn accounts_keep_what_the_flags_say() {
        let retain = "--container-retention";
        for (flags, expected) in [
            (&[][..], [(false, None), (false, None)]),
            (&["--versions"], [(true, None), (true, None)]),
            (&["--versions=two22"], [(false, None), (true, None)]),
            (&[retain, "7"], [(false, Some(7)), (false, Some(7))]),
            (
                &[retain, "7", retain, "one11:3"],
                [(false, Some(3)), (false, Some(7))],
            ),
        ] {
            assert_eq!(kept(flags), Ok(expected), "{flags:?}");
        }
        for flags in [
            &["--versions=nobody"][..],
            &[retain, "nobody:3"],
            &[retain, "0"],
            &[retain, "366"],
        ] {
            assert_eq!(kept(flags), Err(()), "{flags:?}");
        }
    }
}
