//! What the exit code says, in one table that the help is made from.

use std::process::ExitCode;

/// How a run ended, as the shell sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(crate) enum Exit {
    Ok = 0,
    SomeFailed = 1,
    Usage = 2,
    Refused = 3,
    NotFound = 4,
    Unreachable = 5,
    Conflict = 6,
    Service = 7,
    Interrupted = 130,
}

/// Every exit code with its meaning, in order.
pub(crate) const TABLE: &[(Exit, &str)] = &[
    (Exit::Ok, "everything asked for is done"),
    (
        Exit::SomeFailed,
        "the work ran to its end, but some blobs failed; each is named",
    ),
    (
        Exit::Usage,
        "wrong input: an argument, URL, name or option that cannot be meant",
    ),
    (
        Exit::Refused,
        "refused: credential wrong, missing, expired or without the permission (401, 403)",
    ),
    (
        Exit::NotFound,
        "the account, container or blob is not there (404)",
    ),
    (
        Exit::Unreachable,
        "the service could not be reached, or the connection broke for good",
    ),
    (
        Exit::Conflict,
        "something is in the way: a lease, a pending copy, another type, a condition (409, 412)",
    ),
    (
        Exit::Service,
        "the service refused for another reason, or answered what cannot be read",
    ),
    (
        Exit::Interrupted,
        "interrupted by Ctrl-C or SIGTERM; what was left behind is named",
    ),
];

impl Exit {
    /// The number the shell sees.
    pub(crate) const fn code(self) -> u8 {
        self as u8
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// The table as the end of `--help` shows it.
pub(crate) fn help() -> String {
    let mut text = String::from("Exit codes:\n");
    for (exit, meaning) in TABLE {
        text.push_str(&format!("  {:>3}  {meaning}\n", exit.code()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_names_every_code_once_and_in_order() {
        assert!(TABLE.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert_eq!(TABLE.len(), 9);
    }
}
