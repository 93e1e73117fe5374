//! Cross-origin rules of an account: which pages of other sites a browser lets near it.
//!
//! Sources: "Cross-Origin Resource Sharing (CORS) support for Azure Storage", "Preflight Blob
//! Request", "Set Blob Service Properties", and recorded answers to browsers.

mod answer;
mod order;
mod preflight;

pub(crate) use answer::{Crossing, Listing, tell};
pub(crate) use order::Order;
pub(crate) use preflight::preflight;

use crate::xml::Element;

/// The most rules an account has.
const MOST_RULES: usize = 5;
/// The longest section, in bytes of its elements and values.
const LONGEST: usize = 2048;
/// The most origins of a rule, and the most headers named in full in each of its lists.
const MOST_NAMES: usize = 64;
/// The most header prefixes in each list of a rule.
const MOST_PREFIXES: usize = 2;
/// The longest origin or header, in characters.
const LONGEST_NAME: usize = 256;
const METHODS: &[&str] = &[
    "DELETE", "GET", "HEAD", "MERGE", "POST", "OPTIONS", "PUT", "PATCH",
];

/// One rule. The first that fits a request is the one that counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule {
    origins: Vec<String>,
    methods: Vec<String>,
    allowed: Vec<String>,
    exposed: Vec<String>,
    max_age: String,
}

/// How a rule lets an origin in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Admission {
    /// As one of all.
    Anybody,
    /// By its name.
    Named,
}

/// The rules of a `Cors` section, in order.
///
/// # Errors
/// What is wrong with the section. Elements that are missing are told by name.
pub(crate) fn rules(section: &Element) -> Result<Vec<Rule>, String> {
    if section.children.len() > MOST_RULES {
        return Err(String::new());
    }
    let rules: Vec<Rule> = section
        .children
        .iter()
        .map(Rule::read)
        .collect::<Result<_, _>>()?;
    if length(section) > LONGEST {
        return Err("The CORS rules are too long.".to_owned());
    }
    Ok(rules)
}

/// Bytes of an element, its tags among them.
fn length(element: &Element) -> usize {
    let tags = 2 * element.name.len() + 5;
    tags + element.text.trim().len() + element.children.iter().map(length).sum::<usize>()
}

impl Rule {
    fn read(element: &Element) -> Result<Self, String> {
        if element.name != "CorsRule" {
            return Err(format!("Unknown element: {}.", element.name));
        }
        let list = |name: &str| {
            let text = element
                .text_of(name)
                .ok_or_else(|| format!("Element is missing: {name}."))?;
            let names = text.split(',').map(str::trim);
            Ok::<_, String>(
                names
                    .filter(|name| !name.is_empty())
                    .map(str::to_owned)
                    .collect::<Vec<_>>(),
            )
        };
        let rule = Self {
            origins: list("AllowedOrigins")?,
            methods: list("AllowedMethods")?,
            allowed: list("AllowedHeaders")?,
            exposed: list("ExposedHeaders")?,
            max_age: list("MaxAgeInSeconds")?.concat(),
        };
        rule.check()?;
        Ok(rule)
    }

    fn check(&self) -> Result<(), String> {
        let refuse = |condition: bool, reason: &str| match condition {
            true => Err(reason.to_owned()),
            false => Ok(()),
        };
        refuse(
            self.origins.is_empty() || self.origins.len() > MOST_NAMES,
            "A rule must have 1 to 64 allowed origins.",
        )?;
        refuse(
            self.methods.is_empty(),
            "A rule must have an allowed method.",
        )?;
        refuse(
            self.methods
                .iter()
                .any(|method| !METHODS.contains(&method.as_str())),
            "A method is not one of those that may be allowed.",
        )?;
        refuse(
            self.max_age
                .parse::<u32>()
                .is_ok_and(|age| age <= i32::MAX.unsigned_abs())
                .eq(&false),
            "MaxAgeInSeconds must be a number of seconds.",
        )?;
        for headers in [&self.allowed, &self.exposed] {
            let prefixes = headers
                .iter()
                .filter(|name| name.len() > 1 && name.ends_with('*'));
            let prefixes = prefixes.count();
            refuse(
                prefixes > MOST_PREFIXES || headers.len() - prefixes > MOST_NAMES,
                "A rule may name 64 headers and two prefixes in each list.",
            )?;
        }
        refuse(
            [&self.origins, &self.allowed, &self.exposed]
                .iter()
                .any(|names| names.iter().any(|name| name.len() > LONGEST_NAME)),
            "An origin or a header is longer than 256 characters.",
        )
    }

    fn admits_method(&self, method: &str) -> bool {
        self.methods.iter().any(|known| known == method)
    }

    /// Without an origin only a rule for all of them fits.
    fn admits_origin(&self, origin: Option<&str>) -> Option<Admission> {
        if self.origins.iter().any(|known| known == "*") {
            return Some(Admission::Anybody);
        }
        let origin = origin?;
        self.origins
            .iter()
            .any(|known| is_origin(known, origin))
            .then_some(Admission::Named)
    }

    fn admits_header(&self, name: &str) -> bool {
        self.allowed.iter().any(|known| is_header(known, name))
    }
}

/// Origins are compared exactly; a star may stand for the names before a domain.
fn is_origin(known: &str, origin: &str) -> bool {
    match known.split_once('*') {
        Some((before, after)) => {
            after.starts_with('.')
                && origin.len() > before.len() + after.len()
                && origin.starts_with(before)
                && origin.ends_with(after)
        }
        None => known == origin,
    }
}

/// Headers are compared without case; a star at the end stands for any ending.
fn is_header(known: &str, name: &str) -> bool {
    match known.strip_suffix('*') {
        Some(prefix) => name
            .get(..prefix.len())
            .is_some_and(|begin| begin.eq_ignore_ascii_case(prefix)),
        None => known.eq_ignore_ascii_case(name),
    }
}

#[cfg(test)]
mod tests;
