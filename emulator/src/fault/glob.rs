//! Patterns in which `*` stands for anything.

/// How letters are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Glob {
    Exact,
    AnyCase,
}

impl Glob {
    /// Whether a name fits a pattern. Takes the earliest place for each part between stars, which
    /// finds a fit wherever there is one.
    pub(super) fn fits(self, pattern: &str, name: &str) -> bool {
        let (pattern, name) = match self {
            Self::Exact => (pattern.to_owned(), name.to_owned()),
            Self::AnyCase => (pattern.to_ascii_lowercase(), name.to_ascii_lowercase()),
        };
        let Some((first, rest)) = pattern.split_once('*') else {
            return pattern == name;
        };
        let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
        let Some(mut left) = name
            .strip_prefix(first)
            .and_then(|left| left.strip_suffix(last))
        else {
            return false;
        };
        for part in middle.split('*') {
            match left.split_once(part) {
                Some((_, after)) => left = after,
                None => return false,
            }
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_anything_and_nothing() {
        for (pattern, name, fits) in [
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("*", "anything/at all", true),
            ("logs/*", "logs/", true),
            ("logs/*", "log", false),
            ("*.txt", "a.txt", true),
            ("*.txt", "a.txt2", false),
            ("a*b*c", "abc", true),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "acb", false),
            ("a*a", "a", false),
            ("**", "x", true),
            ("*b**", "abc", true),
            ("A*", "abc", false),
        ] {
            assert_eq!(Glob::Exact.fits(pattern, name), fits, "{pattern} {name}");
        }
        assert!(Glob::AnyCase.fits("put*FROMurl", "PutBlockFromUrl"));
    }
}
