//! `x-ms-if-tags` and `where`: comparisons of tags with strings, joined by `AND` and `OR`.

use super::Tags;

/// A predicate over the tags of a blob.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Predicate {
    Compare {
        key: String,
        how: Comparison,
        value: String,
    },
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// Longer first, so that `<=` is not read as `<`.
const COMPARISONS: &[(&str, Comparison)] = &[
    ("<>", Comparison::Unequal),
    ("<=", Comparison::LessOrEqual),
    (">=", Comparison::GreaterOrEqual),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
    ("=", Comparison::Equal),
];

/// The most parts of one predicate: ten operations have eleven sides.
const MOST: usize = 11;

impl Predicate {
    /// Reads a predicate; absent where it is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut reader = Reader {
            rest: text,
            comparisons: 0,
            depth: 0,
        };
        let predicate = reader.either()?;
        reader.skip_blanks();
        reader.rest.is_empty().then_some(predicate)
    }

    /// Whether tags satisfy it. A tag that is not there satisfies only `<>`.
    pub(crate) fn holds(&self, tags: &Tags) -> bool {
        self.is_met(&|key| tags.get(key))
    }

    /// As [`holds`](Self::holds), of a blob in a container, which `@container` names.
    pub(crate) fn holds_in(&self, container: &str, tags: &Tags) -> bool {
        self.is_met(&|key| match key {
            "@container" => Some(container),
            key => tags.get(key),
        })
    }

    fn is_met<'a>(&self, held: &impl Fn(&str) -> Option<&'a str>) -> bool {
        match self {
            Self::And(left, right) => left.is_met(held) && right.is_met(held),
            Self::Or(left, right) => left.is_met(held) || right.is_met(held),
            Self::Compare { key, how, value } => match held(key) {
                None => *how == Comparison::Unequal,
                Some(held) => how.holds(held.cmp(value)),
            },
        }
    }

    /// The keys that it names, in the order written.
    pub(crate) fn keys(&self) -> Vec<&str> {
        match self {
            Self::And(left, right) | Self::Or(left, right) => {
                let mut keys = left.keys();
                keys.extend(right.keys());
                keys
            }
            Self::Compare { key, .. } => vec![key],
        }
    }
}

impl Comparison {
    fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::Unequal => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
    comparisons: usize,
    depth: usize,
}

impl Reader<'_> {
    fn either(&mut self) -> Option<Predicate> {
        let mut left = self.both()?;
        while self.word("OR") {
            left = Predicate::Or(Box::new(left), Box::new(self.both()?));
        }
        Some(left)
    }

    fn both(&mut self) -> Option<Predicate> {
        let mut left = self.one()?;
        while self.word("AND") {
            left = Predicate::And(Box::new(left), Box::new(self.one()?));
        }
        Some(left)
    }

    fn one(&mut self) -> Option<Predicate> {
        if self.symbol("(") {
            self.depth += 1;
            if self.depth > MOST {
                return None;
            }
            let inner = self.either()?;
            self.depth -= 1;
            return self.symbol(")").then_some(inner);
        }
        self.comparisons += 1;
        if self.comparisons > MOST {
            return None;
        }
        let key = self.name()?;
        let how = COMPARISONS
            .iter()
            .find(|(symbol, _)| self.symbol(symbol))
            .map(|(_, how)| *how)?;
        let value = self.quoted('\'')?;
        Some(Predicate::Compare { key, how, value })
    }

    fn name(&mut self) -> Option<String> {
        self.skip_blanks();
        if self.rest.starts_with('"') {
            return self.quoted('"');
        }
        let sign = usize::from(self.rest.starts_with('@'));
        let end = self
            .rest
            .bytes()
            .skip(sign)
            .position(|c| !(c.is_ascii_alphanumeric() || c == b'_'))
            .map_or(self.rest.len(), |length| sign + length);
        let (name, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        (name.len() > sign).then(|| name.to_owned())
    }

    fn quoted(&mut self, quote: char) -> Option<String> {
        self.skip_blanks();
        let inner = self.rest.strip_prefix(quote)?;
        let (text, rest) = inner.split_once(quote)?;
        self.rest = rest;
        Some(text.to_owned())
    }

    fn word(&mut self, word: &str) -> bool {
        self.skip_blanks();
        let found = self
            .rest
            .split_at_checked(word.len())
            .filter(|(head, tail)| {
                head.eq_ignore_ascii_case(word)
                    && !tail.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
            });
        if let Some((_, tail)) = found {
            self.rest = tail;
        }
        found.is_some()
    }

    fn symbol(&mut self, symbol: &str) -> bool {
        self.skip_blanks();
        match self.rest.strip_prefix(symbol) {
            Some(tail) => {
                self.rest = tail;
                true
            }
            None => false,
        }
    }

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn predicates_hold_as_written() {
        let tags = Tags::from_header("tag1=value1&date=2026-01-31&two%20words=x").unwrap();
        for (text, holds) in [
            ("tag1 = 'value1'", true),
            ("tag1='other'", false),
            ("\"tag1\" <> 'other'", true),
            ("missing <> 'x'", true),
            ("missing = 'x'", false),
            ("date >= '2026-01-01' AND date < '2026-02-01'", true),
            ("date > '2026-02-01' OR tag1 = 'value1'", true),
            ("(tag1='no' OR tag1='value1') and \"two words\"='x'", true),
            ("tag1='value1' OR tag1='a' AND tag1='b'", true),
        ] {
            let predicate = Predicate::parse(text).unwrap();
            assert_eq!(predicate.holds(&tags), holds, "{text}");
        }
    }

    #[test]
    fn a_predicate_may_name_the_container() {
        let tags = Tags::from_header("a=b").unwrap();
        let predicate = Predicate::parse("@container='box' AND a='b'").unwrap();
        assert!(predicate.holds_in("box", &tags));
        assert!(!predicate.holds_in("other", &tags));
        assert_eq!(predicate.keys(), ["@container", "a"]);
    }

    #[test]
    fn what_is_no_predicate_is_refused() {
        let long = ["a='b'"; 12].join(" AND ");
        let deep = format!("{}a='b'{}", "(".repeat(50), ")".repeat(50));
        for text in [
            "",
            "a",
            "a=",
            "a=b",
            "@='b'",
            "a='b",
            "a='b' AND",
            "a='b' c",
            &long,
            &deep,
        ] {
            assert_eq!(Predicate::parse(text), None, "{text}");
        }
    }
}
