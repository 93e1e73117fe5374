//! Every header that the protocol names for an operation is one that core writes or reads.

#![expect(
    clippy::unwrap_used,
    reason = "a test may stop where its own files are missing"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use blobferry_tests::recording;

/// Names that no header of ours has, and why.
const EXCEPTIONS: &[(&str, &str)] = &[(
    "x-ms-invalid-name",
    "an element of listings, which stands for metadata whose names no XML carries",
)];

/// What the sections on operations and on copy properties call headers.
#[derive(Default)]
struct Named {
    /// Written out: `x-ms-lease-id`.
    whole: BTreeSet<String>,
    /// All that begin so: `x-ms-meta-*`.
    families: BTreeSet<String>,
    /// Written by their ends, behind a whole name: `x-ms-lease-status/-state`.
    endings: BTreeSet<(String, String)>,
}

#[test]
fn every_header_named_for_an_operation_is_written_or_read() {
    let Ok(protocol) = fs::read_to_string(recording::shared().join("protocol.md")) else {
        println!(
            "SKIPPED: protocol headers: protocol.md is not here (BLOBFERRY_SHARED names its folder)"
        );
        return;
    };
    let named = named(&sections(&protocol));
    let constants = constants();
    let used = used();
    let is_known = |name: &str| {
        constants
            .get(name)
            .is_some_and(|constant| used.contains(constant))
    };
    let mut missing: Vec<String> = Vec::new();
    for name in &named.whole {
        if !is_known(name) && EXCEPTIONS.iter().all(|(exception, _)| exception != name) {
            missing.push(name.clone());
        }
    }
    for family in &named.families {
        if !constants
            .keys()
            .any(|name| name.starts_with(family.as_str()))
        {
            missing.push(format!("{family}*"));
        }
    }
    for (name, ending) in &named.endings {
        let mut cuts = name
            .match_indices('-')
            .filter_map(|(at, _)| name.get(..=at));
        if !cuts.any(|begin| is_known(&format!("{begin}{ending}"))) {
            missing.push(format!("{name} with the ending {ending}"));
        }
    }
    println!(
        "COUNTED: protocol headers: {} named, {} by their ends, {} families, {} left out on purpose",
        named.whole.len(),
        named.endings.len(),
        named.families.len(),
        EXCEPTIONS.len(),
    );
    assert!(named.whole.len() > 80 && named.endings.len() > 10 && named.families.len() > 3);
    assert_eq!(missing, [""; 0]);
}

#[test]
fn no_header_is_spelled_for_nothing() {
    let used = used();
    let idle: Vec<_> = constants()
        .into_iter()
        .filter(|(_, constant)| !used.contains(constant))
        .collect();
    assert_eq!(idle, []);
}

/// The abbreviations, the operations, and the copy properties.
fn sections(protocol: &str) -> String {
    let between = |begin: &str, end: &str| {
        let (_, rest) = protocol.split_once(begin).unwrap();
        rest.split_once(end).unwrap().0.to_owned()
    };
    [
        between("Abbreviations:", "\n"),
        between("\n## 2. ", "\n## 3. "),
        between("\n### 3.6 ", "\n### 3.7 "),
    ]
    .join("\n")
}

fn named(text: &str) -> Named {
    let mut named = Named::default();
    // What stands in backticks, with what stands between.
    let mut newest: Option<String> = None;
    for (at, piece) in text.split('`').enumerate() {
        if at % 2 == 0 {
            // Endings follow their name behind a comma or a slash.
            if !piece.chars().all(|c| matches!(c, ',' | '/' | ' ')) && !piece.starts_with(" (") {
                newest = None;
            }
            continue;
        }
        let begin = piece
            .find(|c: char| !is_part_of_name(c))
            .unwrap_or(piece.len());
        let (name, rest) = piece.split_at(begin);
        if name.starts_with("x-ms-") {
            newest = put(&mut named, name, rest);
        } else if let (Some(whole), Some(ending)) = (&newest, name.strip_prefix('-')) {
            named.endings.insert((whole.clone(), ending.to_owned()));
        }
    }
    named
}

/// Keeps a name and the endings written right behind it; gives the name if more may follow.
fn put(named: &mut Named, name: &str, rest: &str) -> Option<String> {
    if rest.starts_with('*') || name.ends_with('-') {
        named.families.insert(name.to_owned());
        return None;
    }
    named.whole.insert(name.to_owned());
    let endings = rest.split(':').next().unwrap_or_default();
    for ending in endings.split(['|', '/']) {
        let ending = ending.trim_start_matches('-');
        if !ending.is_empty() && ending.chars().all(is_part_of_name) {
            named.endings.insert((name.to_owned(), ending.to_owned()));
        }
    }
    Some(name.to_owned())
}

fn is_part_of_name(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'
}

fn core() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/src")
}

/// Names of headers, and of what families of headers begin with, by their constants.
fn constants() -> BTreeMap<String, String> {
    let wire = fs::read_to_string(core().join("wire.rs")).unwrap();
    let lines = wire.lines().filter_map(|line| {
        let (constant, text) = line.trim().trim_end_matches(';').split_once(" = \"")?;
        let constant = constant
            .trim_start_matches("pub const ")
            .split(':')
            .next()?;
        Some((text.strip_suffix('"')?.to_owned(), constant.to_owned()))
    });
    lines
        .filter(|(text, _)| text.starts_with("x-ms-"))
        .collect()
}

/// The words of all sources of core but the one that spells the names, tests left out.
fn used() -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let mut folders = vec![core()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("wire.rs") && !path.ends_with("tests.rs") {
                let source = fs::read_to_string(path).unwrap();
                let source = source.split("\n#[cfg(test)]\nmod tests {").next().unwrap();
                let split = source.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
                words.extend(split.map(str::to_owned));
            }
        }
    }
    words
}
