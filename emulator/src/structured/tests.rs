//! Messages as the service's own clients write them.

use bytes::Bytes;
use http::{HeaderName, HeaderValue};
use proptest::prelude::*;

use super::*;
use crate::content::Piece;

/// `abcde` in segments of three bytes, as azure-storage-blob 12.31 (Python) writes it.
const WRITTEN: &str = "013e00000000000000010002000100030000000000000061626\
    3ebfac13fbbcae5050200020000000000000064652dfdcc0c1706805013124667d0e4b30a";

/// The same without checksums.
const BARE: &str = "0126000000000000000000020001000300000000000000616263020002000000000000006465";

/// Nothing, in one segment.
const EMPTY: &str =
    "012700000000000000010001000100000000000000000000000000000000000000000000000000";

const CRC64: &str = "XSM/1.0; properties=crc64";

fn hex(text: &str) -> Vec<u8> {
    let digits = text.as_bytes().chunks(2);
    digits
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
        .collect()
}

fn ask(kind: Kind, body: &[u8], headers: &[(&'static str, &str)]) -> Ask {
    let mut ask = crate::operation::tests::ask(kind);
    ask.version = ServiceVersion::V2026_04_06;
    ask.body = Bytes::copy_from_slice(body);
    for (name, value) in headers {
        let name = HeaderName::from_static(name);
        ask.headers
            .insert(name, HeaderValue::from_str(value).unwrap());
    }
    ask
}

fn code(failure: Failure) -> (u16, String) {
    let parts = failure.parts();
    (parts.status.as_u16(), parts.code.to_string())
}

fn framed(pieces: impl IntoIterator<Item = Piece>, form: Form) -> Body {
    Body::framed(pieces.into_iter().collect(), form)
}

#[test]
fn the_content_takes_the_place_of_its_message() {
    for (form, message, length, content) in [
        (CRC64, WRITTEN, "5", "abcde"),
        ("xsm/1.0;properties=CRC64", WRITTEN, "5", "abcde"),
        ("XSM/1.0", BARE, "5", "abcde"),
        (CRC64, EMPTY, "0", ""),
    ] {
        for kind in [
            Kind::PutBlob,
            Kind::PutBlock,
            Kind::PutPage,
            Kind::AppendBlock,
        ] {
            let headers = [
                ("x-ms-structured-body", form),
                ("x-ms-structured-content-length", length),
            ];
            let mut asked = ask(kind, &hex(message), &headers);
            unwrap(&mut asked).unwrap();
            assert_eq!(asked.body, content, "{kind:?} {form}");
            let answer = wrap(Answer::created(), &asked).unwrap();
            let told = &answer.headers["x-ms-structured-body"];
            assert!(told.to_str().unwrap().eq_ignore_ascii_case(form) || form.starts_with('x'));
        }
    }
}

#[test]
fn what_is_no_message_is_refused() {
    let message = hex(WRITTEN);
    let changed = |at: usize, by: u8| {
        let mut bytes = message.clone();
        bytes[at] ^= by;
        bytes
    };
    let longer = [&message[..], b"x"].concat();
    for (body, form, length, refusal) in [
        (message.clone(), CRC64, "4", "InvalidHeaderValue"),
        (message.clone(), CRC64, "five", "InvalidHeaderValue"),
        (message.clone(), "XSM/2.0", "5", "InvalidHeaderValue"),
        (message.clone(), "XSM/1.0", "5", "InvalidInput"),
        (changed(0, 2), CRC64, "5", "InvalidInput"),
        (changed(1, 1), CRC64, "5", "InvalidInput"),
        (changed(11, 1), CRC64, "5", "InvalidInput"),
        (changed(13, 1), CRC64, "5", "InvalidInput"),
        (changed(22, 0x80), CRC64, "5", "InvalidInput"),
        (changed(23, 1), CRC64, "5", "Crc64Mismatch"),
        (changed(61, 1), CRC64, "5", "Crc64Mismatch"),
        (longer, CRC64, "5", "InvalidInput"),
        (message[..40].to_vec(), CRC64, "5", "InvalidInput"),
        (Vec::new(), CRC64, "0", "InvalidInput"),
    ] {
        let headers = [
            ("x-ms-structured-body", form),
            ("x-ms-structured-content-length", length),
        ];
        let mut asked = ask(Kind::PutBlob, &body, &headers);
        let found = code(unwrap(&mut asked).unwrap_err());
        assert_eq!(found, (400, refusal.into()), "{body:?} {form} {length}");
    }
    let mut lengthless = ask(Kind::PutBlob, &message, &[("x-ms-structured-body", CRC64)]);
    let found = code(unwrap(&mut lengthless).unwrap_err());
    assert_eq!(found, (400, "MissingRequiredHeader".into()));
}

#[test]
fn only_some_operations_and_newer_versions_know_messages() {
    let headers = [("x-ms-structured-body", CRC64)];
    let mut old = ask(Kind::PutBlob, b"text", &headers);
    old.version = ServiceVersion::V2021_12_02;
    let other = ask(Kind::PutBlockList, b"text", &headers);
    for mut asked in [old, other] {
        unwrap(&mut asked).unwrap();
        assert_eq!(asked.body, "text");
        let answer = wrap(Answer::created(), &asked).unwrap();
        assert!(!answer.headers.contains_key("x-ms-structured-body"));
    }
}

#[test]
fn a_read_is_framed_when_it_asks() {
    let asked = ask(Kind::GetBlob, b"", &[("x-ms-structured-body", CRC64)]);
    let answer = wrap(Answer::partial().body("abc"), &asked).unwrap();
    assert_eq!(answer.headers["x-ms-structured-body"], CRC64);
    assert_eq!(answer.headers["x-ms-structured-content-length"], "3");
    let message = answer.body.whole();
    assert_eq!(answer.body.len(), message.len() as u64);
    assert_eq!(message::content(Form::Crc64, &message).unwrap(), "abc");
    assert_eq!(
        framed([], Form::Crc64).whole(),
        hex(EMPTY),
        "nothing has a segment too"
    );
    let unknown = ask(Kind::GetBlob, b"", &[("x-ms-structured-body", "XML")]);
    let refused = wrap(Answer::ok().body("abc"), &unknown).unwrap_err();
    assert_eq!(code(refused), (400, "InvalidHeaderValue".into()));
}

#[test]
fn long_content_is_cut_into_segments_wherever_its_pieces_end() {
    let held = Bytes::from(vec![b'h'; 5 << 20]);
    let pieces = [Piece::zeros(3 << 20), held.into(), Piece::zeros(1)];
    let content = crate::content::joined(pieces.clone()).unwrap();
    for form in [Form::Bare, Form::Crc64] {
        let mut body = framed(pieces.clone(), form);
        let told = body.len();
        let mut message = Vec::new();
        while let Some(bytes) = body.take(1 << 16).unwrap() {
            message.extend_from_slice(&bytes);
            assert_eq!(body.len() + message.len() as u64, told);
        }
        assert_eq!(message[11], 3, "segments of 4 MiB");
        assert_eq!(message::content(form, &message.into()).unwrap(), content);
    }
    // As many segments as can be numbered, and no more.
    let vast = Framing::new(Form::Crc64, 8 << 40);
    assert_eq!(vast.length(), (8 << 40) + 13 + 18 * 65_535 + 8);
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_stumble(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
        let _ = message::content(Form::Crc64, &bytes.into());
    }

    #[test]
    fn what_is_framed_is_read_back(content in proptest::collection::vec(any::<u8>(), 0..300)) {
        for form in [Form::Bare, Form::Crc64] {
            let message = framed([Piece::from(Bytes::from(content.clone()))], form).whole();
            prop_assert_eq!(&message::content(form, &message).unwrap(), &content);
        }
    }
}
