use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event;

use super::*;

/// The elements of a body in order: `name` where one begins, its text behind `=` where it is read as
/// a leaf, `/` where one ends.
fn seen(body: &str, leaves: &[&str]) -> Result<Vec<String>, UnreadableReply> {
    let mut pull = Pull::new(body.as_bytes())?;
    let mut seen = Vec::new();
    loop {
        match pull.next()? {
            Node::Open(tag) if leaves.contains(&tag.name) => {
                seen.push(format!("{}={}", tag.name, pull.leaf()?));
            }
            Node::Open(tag) => seen.push(tag.name.to_owned()),
            Node::Close => seen.push("/".to_owned()),
            Node::End if pull.open.is_empty() => return Ok(seen),
            Node::End => return Err(cut_off()),
        }
    }
}

#[test]
fn leaves_are_read_however_they_are_written() {
    for (body, text) in [
        ("<b></b>", ""),
        ("<b/>", ""),
        ("<b />", ""),
        ("<b x='>'/>", ""),
        ("<b>1</b>", "1"),
        ("<b>1</b >", "1"),
        ("<b x=\"</b>\">1</b>", "1"),
        ("<b>1 &lt; &#50; &#x33;</b>", "1 < 2 3"),
        ("<b>1<!-- <b> -->2</b>", "12"),
        ("<b><![CDATA[<b>&amp;]]></b>", "<b>&amp;"),
        ("<b>1<c>2</c>3<?x >?>4</b>", "134"),
        ("<b> \n1 </b>", " \n1 "),
        ("<b>é</b>", "é"),
    ] {
        let whole = format!("\u{feff}<?xml version=\"1.0\"?>\n<a>{body}<d/></a>\n");
        let expected = ["a", &format!("b={text}"), "d", "/", "/"].map(str::to_owned);
        assert_eq!(seen(&whole, &["b"]).unwrap(), expected, "{body}");
    }
}

#[test]
fn what_is_not_well_formed_is_refused() {
    for body in [
        "<a><b></a></b>",
        "<a><b>1</c></a>",
        "<a><b>&nope;</b></a>",
        "<a><b>&#xD800;</b></a>",
        "<a><b>1",
        "<a><b",
        "<a>",
        "<a></a",
        "</a>",
        "<></>",
        "< a></ a>",
        "<!DOCTYPE a><a/>",
        "<a><!-- </a>",
        "<a b='></a>",
    ] {
        assert!(seen(body, &["b"]).is_err(), "{body}");
    }
    assert!(Pull::new(b"<a>\xff</a>").is_err());
}

#[test]
fn attributes_are_unescaped() {
    let mut pull = Pull::new(b"<a one=\"1&amp;2\" two='TRUE' ><b/></a>").unwrap();
    let Node::Open(tag) = pull.next().unwrap() else {
        panic!("no element");
    };
    assert_eq!(tag.attribute("one").as_deref(), Some("1&2"));
    assert!(tag.is_marked("two") && !tag.is_marked("one") && !tag.is_marked("three"));
}

/// What quick-xml makes of a body.
fn seen_by_quick_xml(body: &str) -> Option<Vec<String>> {
    let mut reader = Reader::from_str(body);
    let mut seen = Vec::new();
    let mut depth = 0_usize;
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                depth += 1;
                seen.push(start.name().into_inner().to_owned());
            }
            Event::Empty(start) => {
                seen.push(start.name().into_inner().to_owned());
                seen.push("/".to_owned());
            }
            Event::End(_) => {
                depth = depth.checked_sub(1)?;
                seen.push("/".to_owned());
            }
            Event::Eof => return (depth == 0).then_some(seen),
            _ => {}
        }
    }
}

fn documents() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("<a>"),
        Just("</a>"),
        Just("<b x='>'>"),
        Just("</b >"),
        Just("<c/>"),
        Just("<d y=\"/\" />"),
        Just("text"),
        Just("&amp;"),
        Just("<!-- < -->"),
        Just("<![CDATA[ <a> ]]>"),
        Just("<?p > ?>"),
        Just(" "),
        Just("'"),
        Just("\""),
        Just("é"),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Another reader of XML is of the same mind about every document, and about every broken one.
    #[test]
    fn quick_xml_sees_the_same(body in documents()) {
        prop_assert_eq!(seen(&body, &[]).ok(), seen_by_quick_xml(&body));
    }
}
