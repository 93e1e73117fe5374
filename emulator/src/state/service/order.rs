//! The form in which the service gives properties back, whatever the form in which they were set.
//!
//! Source: recorded pairs of Set and Get Blob Service Properties.

use crate::xml::Element;

/// Elements whose children have an order of their own.
#[rustfmt::skip]
const ORDER: &[(&str, &[&str])] = &[
    ("Logging", &["Version", "Read", "Write", "Delete", "RetentionPolicy"]),
    ("HourMetrics", &["Version", "Enabled", "IncludeAPIs", "RetentionPolicy"]),
    ("MinuteMetrics", &["Version", "Enabled", "IncludeAPIs", "RetentionPolicy"]),
    ("RetentionPolicy", &["Enabled", "Days"]),
    ("DeleteRetentionPolicy", &["Enabled", "Days", "AllowPermanentDelete"]),
    ("CorsRule", &["AllowedMethods", "AllowedOrigins", "AllowedHeaders", "ExposedHeaders", "MaxAgeInSeconds"]),
    ("StaticWebsite", &["Enabled", "IndexDocument", "ErrorDocument404Path", "DefaultIndexDocumentPath"]),
];

/// Lists of headers: names in full stand before prefixes.
const HEADERS: &[&str] = &["AllowedHeaders", "ExposedHeaders"];

/// Puts an element and all within into the service's form.
pub(super) fn order(element: &mut Element) {
    let known = ORDER.iter().find(|(name, _)| *name == element.name);
    if let Some((_, order)) = known {
        let place = |child: &Element| order.iter().position(|name| *name == child.name);
        element
            .children
            .sort_by_key(|child| place(child).unwrap_or(order.len()));
    }
    let text = element.text.trim();
    if is_word(text, "true") || is_word(text, "false") {
        element.text = text.to_ascii_lowercase();
    } else if HEADERS.contains(&element.name.as_str()) {
        element.text = names_first(text);
    }
    element.children.iter_mut().for_each(order);
}

/// `True` and `FALSE` are taken too, and given back as the service writes them.
pub(super) fn is_word(text: &str, word: &str) -> bool {
    text.trim().eq_ignore_ascii_case(word)
}

fn names_first(list: &str) -> String {
    let (prefixes, names): (Vec<&str>, Vec<&str>) =
        list.split(',').partition(|name| name.ends_with('*'));
    [names, prefixes].concat().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::Writer;

    #[test]
    fn properties_are_given_back_in_the_order_of_the_service() {
        for (given, back) in [
            (
                "<Logging><Write>True</Write><RetentionPolicy><Days>5</Days><Enabled>true</Enabled>\
                 </RetentionPolicy><Version>1.0</Version><Delete>False</Delete><Read>False</Read></Logging>",
                "<Logging><Version>1.0</Version><Read>false</Read><Write>true</Write><Delete>false</Delete>\
                 <RetentionPolicy><Enabled>true</Enabled><Days>5</Days></RetentionPolicy></Logging>",
            ),
            (
                "<HourMetrics><RetentionPolicy><Enabled>False</Enabled></RetentionPolicy>\
                 <IncludeAPIs>True</IncludeAPIs><Enabled>True</Enabled><Version>1.0</Version></HourMetrics>",
                "<HourMetrics><Version>1.0</Version><Enabled>true</Enabled><IncludeAPIs>true</IncludeAPIs>\
                 <RetentionPolicy><Enabled>false</Enabled></RetentionPolicy></HourMetrics>",
            ),
            (
                "<Cors><CorsRule><AllowedOrigins>a,b</AllowedOrigins><AllowedMethods>GET</AllowedMethods>\
                 <AllowedHeaders>x-*,y-*,z</AllowedHeaders><MaxAgeInSeconds>5</MaxAgeInSeconds>\
                 <ExposedHeaders></ExposedHeaders></CorsRule></Cors>",
                "<Cors><CorsRule><AllowedMethods>GET</AllowedMethods><AllowedOrigins>a,b</AllowedOrigins>\
                 <AllowedHeaders>z,x-*,y-*</AllowedHeaders><ExposedHeaders />\
                 <MaxAgeInSeconds>5</MaxAgeInSeconds></CorsRule></Cors>",
            ),
        ] {
            let mut element = Element::read(given.as_bytes()).unwrap();
            order(&mut element);
            let mut writer = Writer::new();
            element.write(&mut writer);
            let written = String::from_utf8(writer.finish().to_vec()).unwrap();
            assert!(written.ends_with(back), "{written}");
        }
    }
}
