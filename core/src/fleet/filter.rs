//! Which names are meant: patterns with `*`, `**` and `?`.

use std::str::FromStr;

use crate::error::InvalidInput;
use crate::name::BlobName;

/// A pattern for blob names.
///
/// `?` is one character but `/`, `*` any number of characters but `/`, `**` any number of any
/// characters. A pattern without `/` is matched against what follows the last `/`, as file patterns
/// usually are; one with `/` against the whole name.
///
/// ```
/// use blobferry_core::{BlobName, Glob};
/// let logs: Glob = "*.log".parse()?;
/// assert!(logs.matches(&"2026/01/a.log".parse()?));
/// # Ok::<(), blobferry_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob {
    parts: Vec<Part>,
    whole: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    One(char),
    AnyOne,
    Run,
    RunAcross,
}

impl Glob {
    /// Whether the name is meant.
    #[must_use]
    pub fn matches(&self, name: &BlobName) -> bool {
        let name = name.as_str();
        let last = name.rsplit('/').next().unwrap_or(name);
        self.matches_text(if self.whole { name } else { last })
    }

    /// Remembers the latest run and retries from there: linear but for the number of runs.
    fn matches_text(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().collect();
        let mut reached = vec![false; text.len() + 1];
        if let Some(first) = reached.first_mut() {
            *first = true;
        }
        for part in &self.parts {
            let mut next = vec![false; reached.len()];
            match part {
                Part::One(_) | Part::AnyOne => {
                    let steps = reached.iter().zip(&text).zip(next.iter_mut().skip(1));
                    for ((here, found), there) in steps {
                        *there = *here
                            && match part {
                                Part::One(wanted) => found == wanted,
                                Part::AnyOne | Part::Run | Part::RunAcross => *found != '/',
                            };
                    }
                }
                Part::Run | Part::RunAcross => {
                    let mut running = false;
                    for (at, there) in next.iter_mut().enumerate() {
                        let before = at.checked_sub(1).and_then(|before| text.get(before));
                        if before == Some(&'/') && *part == Part::Run {
                            running = false;
                        }
                        running |= reached.get(at).copied().unwrap_or(false);
                        *there = running;
                    }
                }
            }
            reached = next;
        }
        reached.last().copied().unwrap_or(false)
    }
}

impl FromStr for Glob {
    type Err = InvalidInput;

    fn from_str(text: &str) -> Result<Self, InvalidInput> {
        if text.is_empty() {
            return Err(InvalidInput::new("pattern", text, "must not be empty"));
        }
        let mut parts = Vec::new();
        let mut chars = text.chars().peekable();
        while let Some(next) = chars.next() {
            parts.push(match next {
                '*' if chars.peek() == Some(&'*') => {
                    chars.next();
                    Part::RunAcross
                }
                '*' => Part::Run,
                '?' => Part::AnyOne,
                other => Part::One(other),
            });
        }
        let whole = text.contains('/');
        Ok(Self { parts, whole })
    }
}

/// Names to take and names to leave out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// If there are any, a name must match one of these.
    pub include: Vec<Glob>,
    /// A name must match none of these.
    pub exclude: Vec<Glob>,
}

impl Filter {
    /// Whether the name is to be taken.
    #[must_use]
    pub fn takes(&self, name: &BlobName) -> bool {
        (self.include.is_empty() || self.include.iter().any(|glob| glob.matches(name)))
            && !self.exclude.iter().any(|glob| glob.matches(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_names() {
        for (pattern, name, matches) in [
            ("*.log", "a.log", true),
            ("*.log", "x/y/a.log", true),
            ("*.log", "a.logs", false),
            ("x/*.log", "x/a.log", true),
            ("x/*.log", "x/y/a.log", false),
            ("x/**", "x/y/a.log", true),
            ("x/**/a.log", "x/y/z/a.log", true),
            ("**/a.log", "x/a.log", true),
            ("?.log", "a.log", true),
            ("?.log", "ab.log", false),
            ("a*b*c", "aXbYbc", true),
            ("a*b*c", "aXbYbcd", false),
            ("*", "anything", true),
            ("é?", "éx", true),
        ] {
            let glob: Glob = pattern.parse().unwrap();
            assert_eq!(
                glob.matches(&name.parse().unwrap()),
                matches,
                "{pattern} {name}"
            );
        }
        assert!("".parse::<Glob>().is_err());
    }

    #[test]
    fn what_is_excluded_is_left_out_even_if_included() {
        let filter = Filter {
            include: vec!["*.log".parse().unwrap()],
            exclude: vec!["old*".parse().unwrap()],
        };
        let takes = |name: &str| filter.takes(&name.parse().unwrap());
        assert!(takes("new.log") && !takes("old.log") && !takes("new.txt"));
    }
}
