//! Whether a source is of this service, or of another that may have accounts of the same names.

use std::net::IpAddr;

use crate::config::Config;
use crate::read::{is_account_host, read_url};

/// Where a source URL leads, and where the request that names it came in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) url: &'a str,
    /// `scheme://host[:port][/account]`, as the client named this service.
    pub(crate) endpoint: &'a str,
    /// Where this service listens.
    pub(crate) ports: &'a [u16],
}

/// Whether a source is a blob of this service.
///
/// It is where the client names it as it names the service, or by any name of this machine and a
/// port on which the service listens. A host that begins with the name of an account is that
/// account's wherever it seems to be, unless it is on this machine at a port that is not ours.
pub(crate) fn is_ours(config: &Config, place: Place<'_>) -> bool {
    if read_url(config, place.url).is_none() {
        return false;
    }
    let (Some(source), Some(asked)) = (authority(place.url), authority(place.endpoint)) else {
        return true;
    };
    source == asked
        || (is_this_machine(&source.0) && place.ports.contains(&source.1))
        || (is_this_machine(&source.0) && is_this_machine(&asked.0) && source.1 == asked.1)
        || (is_account_host(config, &source.0) && !is_this_machine(&source.0))
}

/// Host, in lower case and without brackets, and port.
fn authority(url: &str) -> Option<(String, u16)> {
    let (scheme, rest) = url.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let place = rest.get(..end)?;
    let usual = if scheme.eq_ignore_ascii_case("https") {
        443
    } else {
        80
    };
    let (host, port) = match place.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port.parse().ok()?),
        _ => (place, usual),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    Some((host.to_ascii_lowercase(), port))
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost"
        || host.ends_with(".localhost")
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_ours_by_name_and_port() {
        let config = Config::new();
        let asked = "http://127.0.0.1:10000/devstoreaccount1";
        let rows = [
            ("http://127.0.0.1:10000/devstoreaccount1/c/b", asked, true),
            ("http://localhost:10000/devstoreaccount1/c/b", asked, true),
            ("http://[::1]:10000/devstoreaccount1/c/b", asked, true),
            (
                "http://devstoreaccount1.blob.localhost:10000/c/b",
                asked,
                true,
            ),
            // The port on which it listens behind another that is forwarded.
            ("http://localhost:10800/devstoreaccount1/c/b", asked, true),
            ("http://127.0.0.1:10001/devstoreaccount1/c/b", asked, false),
            (
                "http://devstoreaccount1.blob.localhost:10001/c/b",
                asked,
                false,
            ),
            ("http://127.0.0.1/devstoreaccount1/c/b", asked, false),
            ("http://other:10000/devstoreaccount1/c/b", asked, false),
            ("http://127.0.0.1:10000/nobody/c/b", asked, false),
            (
                "https://devstoreaccount1.blob.core.windows.net/c/b",
                asked,
                true,
            ),
            ("https://nobody.blob.core.windows.net/c/b", asked, false),
            (
                "http://emu:10000/devstoreaccount1/c/b?x",
                "http://EMU:10000/devstoreaccount1",
                true,
            ),
            (
                "http://emu/devstoreaccount1/c/b",
                "http://emu:80/devstoreaccount1",
                true,
            ),
        ];
        for (url, endpoint, ours) in rows {
            let ports = &[10800];
            let place = Place {
                url,
                endpoint,
                ports,
            };
            assert_eq!(is_ours(&config, place), ours, "{url} at {endpoint}");
        }
    }
}
