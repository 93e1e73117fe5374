//! Blob service properties of an account, kept as they were set.

use serde::{Deserialize, Serialize};

use blobferry_core::{ErrorCode, ServiceVersion};

use crate::cors;
use crate::failure::Failure;
use crate::xml::{Element, Writer};

/// The sections of `StorageServiceProperties`, in the order they are written.
///
/// Source: "Set Blob Service Properties".
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(from = "Sections", into = "Sections")]
pub(crate) struct ServiceProperties(Vec<Section>);

/// What is written down: each section by its name.
type Sections = Vec<(String, Option<Element>)>;

impl From<ServiceProperties> for Sections {
    fn from(properties: ServiceProperties) -> Self {
        let pair = |section: Section| (section.name.to_owned(), section.value);
        properties.0.into_iter().map(pair).collect()
    }
}

impl From<Sections> for ServiceProperties {
    /// Sections that were not yet known when this was written have their defaults.
    fn from(written: Sections) -> Self {
        let mut properties = Self::default();
        for (name, value) in written {
            if let Some(section) = properties.0.iter_mut().find(|known| known.name == name) {
                section.value = value;
            }
        }
        properties
    }
}

#[derive(Debug, Clone)]
struct Section {
    name: &'static str,
    since: ServiceVersion,
    /// Absent where it was never set and has no default.
    value: Option<Element>,
}

/// Name, first version, and what a new account answers.
const SECTIONS: &[(&str, ServiceVersion, &str)] = &[
    (
        "Logging",
        ServiceVersion::V2009_09_19,
        "<Logging><Version>1.0</Version><Read>false</Read><Write>false</Write>\
         <Delete>false</Delete><RetentionPolicy><Enabled>false</Enabled></RetentionPolicy></Logging>",
    ),
    (
        "HourMetrics",
        ServiceVersion::V2013_08_15,
        "<HourMetrics><Version>1.0</Version><Enabled>false</Enabled>\
         <RetentionPolicy><Enabled>false</Enabled></RetentionPolicy></HourMetrics>",
    ),
    (
        "MinuteMetrics",
        ServiceVersion::V2013_08_15,
        "<MinuteMetrics><Version>1.0</Version><Enabled>false</Enabled>\
         <RetentionPolicy><Enabled>false</Enabled></RetentionPolicy></MinuteMetrics>",
    ),
    ("Cors", ServiceVersion::V2013_08_15, "<Cors />"),
    (
        "DeleteRetentionPolicy",
        ServiceVersion::V2017_07_29,
        "<DeleteRetentionPolicy><Enabled>false</Enabled></DeleteRetentionPolicy>",
    ),
    (
        "StaticWebsite",
        ServiceVersion::V2018_03_28,
        "<StaticWebsite><Enabled>false</Enabled></StaticWebsite>",
    ),
    ("DefaultServiceVersion", ServiceVersion::V2011_08_18, ""),
];

/// The most days that anything is retained.
const MOST_DAYS: u32 = 365;

impl Default for ServiceProperties {
    fn default() -> Self {
        Self(
            SECTIONS
                .iter()
                .map(|(name, since, text)| Section {
                    name,
                    since: *since,
                    value: Element::read(text.as_bytes()).ok(),
                })
                .collect(),
        )
    }
}

impl ServiceProperties {
    /// Takes over the sections given; the others stay.
    ///
    /// # Errors
    /// 400 for a section nobody knows, or one that cannot be meant; nothing is then changed.
    pub(crate) fn set(&mut self, given: &Element) -> Result<(), Failure> {
        let known = |name: &str| self.0.iter().any(|section| section.name == name);
        if given.name != "StorageServiceProperties"
            || given.children.iter().any(|child| !known(&child.name))
        {
            return Err(Failure::new(ErrorCode::INVALID_XML_DOCUMENT));
        }
        given.children.iter().try_for_each(check)?;
        for section in &mut self.0 {
            if let Some(child) = given.child(section.name) {
                let mut child = child.clone();
                spell_booleans(&mut child);
                section.value = Some(child);
            }
        }
        Ok(())
    }

    /// Writes what a version knows.
    pub(crate) fn write(&self, version: ServiceVersion, writer: &mut Writer) {
        writer.open("StorageServiceProperties");
        for section in &self.0 {
            if let Some(value) = &section.value
                && version >= section.since
            {
                value.write(writer);
            }
        }
        writer.close("StorageServiceProperties");
    }

    fn section(&self, name: &str) -> Option<&Element> {
        self.0
            .iter()
            .find(|section| section.name == name)?
            .value
            .as_ref()
    }

    /// For how many days deleted blobs are kept; absent where they are not.
    pub(crate) fn retention(&self) -> Option<u32> {
        let policy = self.section("DeleteRetentionPolicy")?;
        (policy.text_of("Enabled") == Some("true"))
            .then(|| policy.text_of("Days")?.parse().ok())
            .flatten()
    }

    /// The rules for browsers, in order. What was stored has been checked.
    pub(crate) fn cors_rules(&self) -> Vec<cors::Rule> {
        self.section("Cors")
            .and_then(|section| cors::rules(section).ok())
            .unwrap_or_default()
    }

    /// Whether soft-deleted blobs may be deleted for good.
    pub(crate) fn allows_permanent_delete(&self) -> bool {
        self.section("DeleteRetentionPolicy")
            .and_then(|policy| policy.text_of("AllowPermanentDelete"))
            == Some("true")
    }

    /// The version of requests that name none.
    pub(crate) fn default_version(&self) -> Option<ServiceVersion> {
        self.section("DefaultServiceVersion")?.text.parse().ok()
    }
}

/// `True` and `FALSE` are taken too, and given back as the service writes them.
fn spell_booleans(element: &mut Element) {
    if is_word(&element.text, "true") || is_word(&element.text, "false") {
        element.text.make_ascii_lowercase();
    }
    element.children.iter_mut().for_each(spell_booleans);
}

fn is_word(text: &str, word: &str) -> bool {
    text.trim().eq_ignore_ascii_case(word)
}

/// Refuses sections that cannot be meant.
fn check(section: &Element) -> Result<(), Failure> {
    let refuse = |code| Err(Failure::new(code));
    let policy = match section.name.as_str() {
        "DeleteRetentionPolicy" => Some(section),
        "Logging" | "HourMetrics" | "MinuteMetrics" => section.child("RetentionPolicy"),
        "Cors" => {
            return match cors::rules(section) {
                Ok(_) => Ok(()),
                Err(reason) => Err(Failure::new(ErrorCode::INVALID_XML_DOCUMENT)
                    .detail("LineNumber", "0")
                    .detail("LinePosition", "0")
                    .detail("Reason", reason)),
            };
        }
        _ => None,
    };
    let Some(policy) = policy else {
        return Ok(());
    };
    if !policy
        .text_of("Enabled")
        .is_some_and(|text| is_word(text, "true"))
    {
        return Ok(());
    }
    match policy.text_of("Days").map(str::parse::<u32>) {
        Some(Ok(1..=MOST_DAYS)) => Ok(()),
        Some(_) => Err(Failure::new(ErrorCode::INVALID_XML_DOCUMENT).detail(
            "Reason",
            "Retention days must be greater than 0 and less than or equal to 365 days.",
        )),
        None => refuse(ErrorCode::INVALID_XML_DOCUMENT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(properties: &mut ServiceProperties, inner: &str) -> Result<(), Failure> {
        let body = format!("<StorageServiceProperties>{inner}</StorageServiceProperties>");
        properties.set(&Element::read(body.as_bytes()).unwrap())
    }

    #[test]
    fn sections_not_given_stay() {
        let mut properties = ServiceProperties::default();
        let policy = "<DeleteRetentionPolicy><Enabled>true</Enabled><Days>5</Days>\
                      </DeleteRetentionPolicy>";
        set(&mut properties, &policy.replace("true", "True")).unwrap();
        set(&mut properties, "<Cors/>").unwrap();
        assert_eq!(properties.retention(), Some(5));
        let wrong = "<DeleteRetentionPolicy><Enabled>true</Enabled><Days>0</Days>\
                     </DeleteRetentionPolicy>";
        assert!(set(&mut properties, wrong).is_err());
        assert_eq!(properties.retention(), Some(5));
    }

    #[test]
    fn a_section_is_written_from_the_version_that_has_it() {
        let properties = ServiceProperties::default();
        let written = |version| {
            let mut writer = Writer::new();
            properties.write(version, &mut writer);
            String::from_utf8(writer.finish().to_vec()).unwrap()
        };
        assert!(!written(ServiceVersion::V2017_04_17).contains("DeleteRetentionPolicy"));
        assert!(written(ServiceVersion::V2017_07_29).contains("DeleteRetentionPolicy"));
    }
}
