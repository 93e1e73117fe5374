//! Blob service properties of an account, kept as they were set.

mod order;

use serde::{Deserialize, Serialize};

use blobferry_core::{ErrorCode, ServiceVersion};

use crate::cors;
use crate::failure::Failure;
use crate::read::known_version;
use crate::xml::{Element, Place, Writer};

use order::{is_word, order};

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
    /// Takes over the sections given in a body that was read; the others stay.
    ///
    /// # Errors
    /// 400 for a section nobody knows, or one that cannot be meant; nothing is then changed.
    pub(crate) fn set(&mut self, given: &Element, body: &[u8]) -> Result<(), Failure> {
        let known = |name: &str| self.0.iter().any(|section| section.name == name);
        if given.name != "StorageServiceProperties"
            || given.children.iter().any(|child| !known(&child.name))
        {
            return Err(Failure::invalid_xml(Place::NOWHERE, ""));
        }
        given
            .children
            .iter()
            .try_for_each(|section| check(section, body))?;
        for section in &mut self.0 {
            if let Some(child) = given.child(section.name) {
                let mut child = child.clone();
                order(&mut child);
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
                match section.name {
                    "DeleteRetentionPolicy" => deletion(value, version, writer),
                    _ => value.write(writer),
                }
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

    /// Keeps deleted blobs for so many days, or not, and says whether they can be deleted for good.
    pub(crate) fn set_retention(&mut self, days: Option<u32>, permanent: bool) {
        let days = match days {
            Some(days) => format!("<Enabled>true</Enabled><Days>{days}</Days>"),
            None => "<Enabled>false</Enabled>".to_owned(),
        };
        let permanent = if permanent {
            "<AllowPermanentDelete>true</AllowPermanentDelete>"
        } else {
            ""
        };
        let text = format!("<DeleteRetentionPolicy>{days}{permanent}</DeleteRetentionPolicy>");
        let policy = Element::read(text.as_bytes()).ok();
        if let Some(section) = self
            .0
            .iter_mut()
            .find(|known| known.name == "DeleteRetentionPolicy")
        {
            section.value = policy;
        }
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

    /// The containers that are made for what is on: Storage Analytics writes to `$logs`, a static
    /// website is read from `$web`. Sources: "About Storage Analytics logging", "Static website
    /// hosting in Azure Storage".
    pub(crate) fn containers(&self) -> impl Iterator<Item = &'static str> {
        let is_on = |section: &str, switch: &str| {
            let section = self.section(section);
            section.and_then(|section| section.text_of(switch)) == Some("true")
        };
        let logs = ["Read", "Write", "Delete"]
            .into_iter()
            .any(|what| is_on("Logging", what));
        let rows = [("$logs", logs), ("$web", is_on("StaticWebsite", "Enabled"))];
        rows.into_iter()
            .filter_map(|(name, wanted)| wanted.then_some(name))
    }

    /// The version of requests that name none.
    pub(crate) fn default_version(&self) -> Option<ServiceVersion> {
        self.section("DefaultServiceVersion")?.text.parse().ok()
    }
}

/// The policy for deleted blobs; from 2020-02-10 it always says whether they may go before their time.
fn deletion(policy: &Element, version: ServiceVersion, writer: &mut Writer) {
    const PERMANENT: &str = "AllowPermanentDelete";
    let told = policy
        .children
        .iter()
        .filter(|child| child.name != PERMANENT);
    writer.open(&policy.name);
    told.for_each(|child| child.write(writer));
    if version >= ServiceVersion::V2020_02_10 {
        writer.element(PERMANENT, policy.text_of(PERMANENT).unwrap_or("false"));
    }
    writer.close(&policy.name);
}

/// Refuses sections that cannot be meant.
fn check(section: &Element, body: &[u8]) -> Result<(), Failure> {
    let policy = match section.name.as_str() {
        "DeleteRetentionPolicy" => Some(section),
        "Logging" | "HourMetrics" | "MinuteMetrics" => section.child("RetentionPolicy"),
        "DefaultServiceVersion" => {
            return match known_version(section.text.trim()) {
                Some(_) => Ok(()),
                None => Err(Failure::new(ErrorCode::INVALID_XML_NODE_VALUE)),
            };
        }
        "Cors" => {
            return match cors::rules(section) {
                Ok(_) => Ok(()),
                Err(reason) => Err(Failure::invalid_xml(Place::NOWHERE, reason)),
            };
        }
        _ => None,
    };
    let Some(policy) = policy else {
        return Ok(());
    };
    let enabled = policy.text_of("Enabled");
    let days = policy.text_of("Days").map(str::parse::<u32>);
    let reason = match (enabled.map(|text| is_word(text, "true")), days) {
        (None, _) => "Element is missing: Enabled.",
        (Some(false), _) | (Some(true), Some(Ok(1..=MOST_DAYS))) => return Ok(()),
        (Some(true), Some(_)) => {
            "Retention days must be greater than 0 and less than or equal to 365 days."
        }
        (Some(true), None) => "Element is missing: Days.",
    };
    Err(Failure::invalid_xml(Place::of(body, policy.end), reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(properties: &mut ServiceProperties, inner: &str) -> Result<(), Failure> {
        let body = format!("<StorageServiceProperties>{inner}</StorageServiceProperties>");
        properties.set(&Element::read(body.as_bytes()).unwrap(), body.as_bytes())
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
    fn what_is_wrong_with_a_policy_is_told_with_its_place() {
        let declared = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
        for (policy, line, column, reason) in [
            ("", "1", "52", "Element is missing: Enabled."),
            (
                "<Enabled>true</Enabled>",
                "1",
                "75",
                "Element is missing: Days.",
            ),
            (
                "<Enabled>true</Enabled><Days>0</Days>",
                "1",
                "89",
                "Retention days must be greater than 0 and less than or equal to 365 days.",
            ),
        ] {
            let inner = format!("<DeleteRetentionPolicy>{policy}</DeleteRetentionPolicy>");
            let body = format!("<StorageServiceProperties>{inner}</StorageServiceProperties>");
            for (before, line) in [("", line), (declared, "2")] {
                let body = format!("{before}{body}");
                let given = Element::read(body.as_bytes()).unwrap();
                let refused = ServiceProperties::default()
                    .set(&given, body.as_bytes())
                    .unwrap_err();
                let told: Vec<&str> = refused
                    .parts()
                    .details
                    .iter()
                    .map(|(_, value)| value.as_str())
                    .collect();
                assert_eq!(told, [line, column, reason]);
            }
        }
    }

    #[test]
    fn a_default_version_is_one_that_there_is() {
        let mut properties = ServiceProperties::default();
        for (version, code) in [
            ("2021-12-02", None),
            ("1999-01-01", Some("InvalidXmlNodeValue")),
        ] {
            let inner = format!("<DefaultServiceVersion>{version}</DefaultServiceVersion>");
            let refused = set(&mut properties, &inner).err();
            let refused = refused.as_ref().map(|failure| failure.code().as_str());
            assert_eq!(refused, code);
        }
        assert_eq!(properties.default_version(), "2021-12-02".parse().ok());
    }

    #[test]
    fn whether_blobs_may_go_before_their_time_is_told_from_2020_02_10() {
        let properties = ServiceProperties::default();
        for (version, told) in [("2019-12-12", 0), ("2020-02-10", 1)] {
            let mut writer = Writer::new();
            properties.write(version.parse().unwrap(), &mut writer);
            let text = String::from_utf8(writer.finish().to_vec()).unwrap();
            let policy =
                "<Enabled>false</Enabled><AllowPermanentDelete>false</AllowPermanentDelete>";
            assert_eq!(text.matches(policy).count(), told);
        }
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
