//! Which addresses may be read from.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Where copy sources outside the service may be.
///
/// What is judged is the address that a name stands for, once, and then exactly that address is
/// connected to; a redirect is judged anew. Addresses at which clouds keep their machines'
/// credentials, link-local, multicast and unspecified ones are never read from, whatever is set.
///
/// ```
/// use blobferry_emulator::{Config, Outside};
/// let config = Config::new().outside(Outside::Hosts(vec!["files.example:8080".to_owned()]));
/// # let _ = config;
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Outside {
    /// Nowhere.
    None,
    /// On this machine.
    #[default]
    Loopback,
    /// On this machine and in private networks.
    Private,
    /// Anywhere.
    Any,
    /// At these hosts only, `HOST` or `HOST:PORT`, wherever they are.
    Hosts(Vec<String>),
}

impl Outside {
    /// Reads `none`, `loopback`, `private`, `any`, or hosts separated by commas.
    #[must_use]
    pub fn named(text: &str) -> Self {
        match text {
            "none" => Self::None,
            "loopback" => Self::Loopback,
            "private" => Self::Private,
            "any" => Self::Any,
            hosts => Self::Hosts(
                hosts
                    .split(',')
                    .map(|host| host.trim().to_owned())
                    .filter(|host| !host.is_empty())
                    .collect(),
            ),
        }
    }

    /// Whether a host may be looked up at all.
    pub(crate) fn may_ask(&self, host: &str, port: u16) -> bool {
        match self {
            Self::None => false,
            Self::Loopback | Self::Private | Self::Any => true,
            Self::Hosts(hosts) => {
                let full = format!("{host}:{port}");
                hosts.iter().any(|known| {
                    known.eq_ignore_ascii_case(host) || known.eq_ignore_ascii_case(&full)
                })
            }
        }
    }

    /// Whether the address that a host stands for may be connected to.
    pub(crate) fn admits(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        if is_never_asked(address) {
            return false;
        }
        match self {
            Self::None => false,
            Self::Loopback => address.is_loopback(),
            Self::Private => address.is_loopback() || is_private(address),
            Self::Any | Self::Hosts(_) => true,
        }
    }
}

fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let [first, second, ..] = address.octets();
            address.is_private() || (first == 100 && (64..128).contains(&second))
        }
        IpAddr::V6(address) => address.is_unique_local(),
    }
}

/// Beside what is no host's address: where machines of Amazon, Google, Azure (two), Alibaba and
/// Oracle are told their credentials. In IPv6 they are the networks of Amazon, Google and Oracle.
fn is_never_asked(address: IpAddr) -> bool {
    const METADATA_V4: [Ipv4Addr; 3] = [
        Ipv4Addr::new(168, 63, 129, 16),
        Ipv4Addr::new(100, 100, 100, 200),
        Ipv4Addr::new(192, 0, 0, 192),
    ];
    const METADATA_V6: [(u16, u16); 3] = [(0xfd00, 0xec2), (0xfd20, 0xce), (0xfd00, 0xc1)];
    match address {
        IpAddr::V4(address) => {
            address.is_link_local()
                || address.is_unspecified()
                || address.octets().first() == Some(&0)
                || address.is_multicast()
                || address.is_broadcast()
                || METADATA_V4.contains(&address)
        }
        IpAddr::V6(address) => {
            let [first, second, ..] = address.segments();
            address.is_unicast_link_local()
                || address.is_unspecified()
                || address.is_multicast()
                || METADATA_V6.contains(&(first, second))
                || (!address.is_loopback()
                    && embedded(address).is_some_and(|inner| is_never_asked(inner.into())))
        }
    }
}

/// The address of the older kind inside one that is translated (64:ff9b::/96), a relay's (6to4), or
/// compatible.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let v4 = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match (a, b, c, d, e, f) {
        (0x64, 0xff9b, 0, 0, 0, 0) | (0, 0, 0, 0, 0, 0) => Some(v4(g, h)),
        (0x2002, high, low, ..) => Some(v4(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_setting_admits_its_addresses_and_no_others() {
        let hosts = Outside::named("a.example");
        // Columns: loopback, private, any and hosts alike.
        let rows = [
            ("127.0.0.1", [true, true, true]),
            ("127.9.9.9", [true, true, true]),
            ("::1", [true, true, true]),
            ("::ffff:127.0.0.1", [true, true, true]),
            ("10.1.2.3", [false, true, true]),
            ("172.16.0.1", [false, true, true]),
            ("172.32.0.1", [false, false, true]),
            ("192.168.1.1", [false, true, true]),
            ("100.64.0.1", [false, true, true]),
            ("::ffff:10.0.0.1", [false, true, true]),
            ("fd12::1", [false, true, true]),
            ("8.8.8.8", [false, false, true]),
            ("2001:db8::1", [false, false, true]),
            ("169.254.169.254", [false, false, false]),
            ("::ffff:169.254.169.254", [false, false, false]),
            ("64:ff9b::a9fe:a9fe", [false, false, false]),
            ("2002:a9fe:a9fe::1", [false, false, false]),
            ("::169.254.169.254", [false, false, false]),
            ("fe80::1", [false, false, false]),
            ("fd00:ec2::254", [false, false, false]),
            ("fd00:ec2::23", [false, false, false]),
            ("fd20:ce::254", [false, false, false]),
            ("fd00:c1::a9fe:a9fe", [false, false, false]),
            ("168.63.129.16", [false, false, false]),
            ("100.100.100.200", [false, false, false]),
            ("0.0.0.0", [false, false, false]),
            ("::", [false, false, false]),
            ("224.0.0.1", [false, false, false]),
            ("255.255.255.255", [false, false, false]),
            ("ff02::1", [false, false, false]),
        ];
        for (address, [loopback, private, any]) in rows {
            let address: IpAddr = address.parse().unwrap();
            assert!(!Outside::None.admits(address), "{address}");
            assert_eq!(Outside::Loopback.admits(address), loopback, "{address}");
            assert_eq!(Outside::Private.admits(address), private, "{address}");
            assert_eq!(Outside::Any.admits(address), any, "{address}");
            assert_eq!(hosts.admits(address), any, "{address}");
        }
    }

    #[test]
    fn hosts_are_named_with_a_port_or_for_all_ports() {
        let hosts = Outside::named("a.example, B.example:8080");
        for (host, port, may) in [
            ("a.example", 1, true),
            ("A.EXAMPLE", 2, true),
            ("b.example", 8080, true),
            ("b.example", 80, false),
            ("x.a.example", 80, false),
        ] {
            assert_eq!(hosts.may_ask(host, port), may, "{host}:{port}");
        }
        assert!(!Outside::named("none").may_ask("127.0.0.1", 80));
        assert_eq!(Outside::default(), Outside::named("loopback"));
    }
}
