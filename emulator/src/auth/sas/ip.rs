//! The addresses that `sip` lets through.

use std::net::{IpAddr, Ipv4Addr};

/// Whether an address is the one, or in the range, of `sip`.
///
/// IPv4 only, as the service; a loopback IPv6 address counts as 127.0.0.1.
pub(super) fn is_in(peer: IpAddr, range: &str) -> bool {
    let peer = match peer {
        IpAddr::V4(address) => address,
        IpAddr::V6(address) if address.is_loopback() => Ipv4Addr::LOCALHOST,
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => address,
            None => return false,
        },
    };
    let (first, last) = range.split_once('-').unwrap_or((range, range));
    match (
        first.trim().parse::<Ipv4Addr>(),
        last.trim().parse::<Ipv4Addr>(),
    ) {
        (Ok(first), Ok(last)) => (first..=last).contains(&peer),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_its_ends_and_what_lies_between() {
        for (peer, range, inside) in [
            ("10.0.0.5", "10.0.0.5", true),
            ("10.0.0.5", "10.0.0.4", false),
            ("10.0.0.5", "10.0.0.5-10.0.0.9", true),
            ("10.0.0.9", "10.0.0.5-10.0.0.9", true),
            ("10.0.0.10", "10.0.0.5-10.0.0.9", false),
            ("::1", "127.0.0.1", true),
            ("::ffff:10.0.0.5", "10.0.0.5", true),
            ("2001:db8::1", "0.0.0.0-255.255.255.255", false),
            ("10.0.0.5", "all", false),
        ] {
            assert_eq!(
                is_in(peer.parse().unwrap(), range),
                inside,
                "{peer} {range}"
            );
        }
    }
}
