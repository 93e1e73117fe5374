//! What the targets share: addresses to ask about, and the rule that no signature is printed.

pub mod emulator;

use blobferry_core::advice::advice;
use blobferry_core::{BlobAddress, ContainerAddress, Error, Location, Operation, Place, Response};
use bytes::Bytes;

/// A blob to ask about.
pub fn blob() -> BlobAddress {
    match place("http://127.0.0.1:1/acc/con/blob") {
        Place::Blob(blob) => blob,
        place => unreachable!("{place:?}"),
    }
}

/// A container to ask about.
pub fn container() -> ContainerAddress {
    match place("http://127.0.0.1:1/acc/con") {
        Place::Container(container) => container,
        place => unreachable!("{place:?}"),
    }
}

fn place(url: &str) -> Place {
    url.parse::<Location>().expect("a URL").place
}

/// An answer written as text. First line: status; then headers up to an empty line; then the body.
pub fn answer(data: &[u8]) -> Option<Response> {
    let end = data.windows(2).position(|pair| pair == b"\n\n");
    let (head, body) = match end {
        Some(end) => (&data[..end], &data[end + 2..]),
        None => (data, &[][..]),
    };
    let head = String::from_utf8_lossy(head);
    let mut lines = head.lines();
    let status: u16 = lines.next()?.trim().parse().ok()?;
    let mut built = http::Response::builder().status(status);
    for line in lines {
        let (name, value) = line.split_once(':')?;
        built = built.header(name, value.trim());
    }
    built.body(Bytes::copy_from_slice(body)).ok().map(Response::new)
}

/// Lets the operation read the answer; a refusal is printed in every way there is.
pub fn read<O: Operation>(operation: O, response: &Response) {
    let _ = operation.request();
    if let Err(error) = operation.parse(response) {
        print(&error);
    }
}

/// Prints an error in every way there is: no signature may show.
pub fn print(error: &Error) {
    hides_signatures(&format!("{error}"));
    hides_signatures(&format!("{error:?}"));
    hides_signatures(&format!("{:?}", advice(error)));
}

/// Fails where a parameter `sig` of a query has a value. What stands for it may be cut off.
pub fn hides_signatures(printed: &str) {
    for (at, _) in printed.match_indices(['?', '&']) {
        let rest = &printed[at + 1..];
        let name = rest.get(..4).unwrap_or_default();
        let value = rest.get(4..).unwrap_or_default();
        let end = value.find(|letter: char| !letter.is_ascii_alphanumeric());
        let shown = &value[..end.unwrap_or(value.len())];
        assert!(
            !name.eq_ignore_ascii_case("sig=") || "REDACTED".starts_with(shown),
            "a signature shows: {printed}"
        );
    }
}
