//! Where events may go: an endpoint is an address that staff typed, and the server must not be led by it into the
//! network behind it (server-side request forgery, OWASP ASVS 1.3.6). What a name resolves to is looked at for every
//! connection, so that a name which moves there later is refused too.
use reqwest::{
    Url,
    dns::{Addrs, Name, Resolve, Resolving},
};
use shared::error::Reason;
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

/// The longest address that is taken, in characters.
pub const URL_MAX: usize = 500;

/// How long a name may take to be resolved.
const RESOLVE_TIMEOUT: Duration = Duration::from_secs(5);

/// Which addresses are open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Whether this machine and private networks are. Link-local ones, where clouds keep their secrets, never are.
    pub is_private_open: bool,
}

impl Reach {
    /// Reads what was typed.
    ///
    /// # Errors
    /// `TOO_LONG`; `NOT_A_WEB_ADDRESS` for anything but https, and http on this machine itself, for names and
    /// passwords in it, and for a fragment; `INNER_NETWORK` for an IP address that is closed.
    pub fn read(self, typed: &str) -> Result<Url, Reason> {
        let typed = typed.trim();
        if typed.chars().count() > URL_MAX {
            return Err(Reason::TooLong);
        }
        let url = Url::parse(typed).map_err(|_| Reason::NotAWebAddress)?;
        let host = url.host_str().ok_or(Reason::NotAWebAddress)?;
        let ip = ip_of(host);
        let is_this_machine = host == "localhost" || ip.is_some_and(|ip| ip.is_loopback());
        let is_encrypted_or_near = url.scheme() == "https" || (url.scheme() == "http" && is_this_machine);
        let has_credentials = !url.username().is_empty() || url.password().is_some();
        if !is_encrypted_or_near || has_credentials || url.fragment().is_some() {
            return Err(Reason::NotAWebAddress);
        }
        if ip.is_some_and(|ip| !self.is_open(ip)) || (is_this_machine && !self.is_private_open) {
            return Err(Reason::InnerNetwork);
        }
        Ok(url)
    }

    /// Whether a connection to this address may be made.
    pub fn is_open(self, ip: IpAddr) -> bool {
        match unwrapped(ip) {
            IpAddr::V4(ip) => {
                let is_private = ip.is_private() || ip.is_loopback() || is_shared(ip);
                (self.is_private_open || !is_private) && !is_never_open_v4(ip)
            }
            IpAddr::V6(ip) => {
                let is_private = ip.is_unique_local() || ip.is_loopback();
                (is_private && self.is_private_open) || is_global_v6(ip)
            }
        }
    }
}

/// The address of a host that is one, as it stands in a URL.
fn ip_of(host: &str) -> Option<IpAddr> {
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    bare.unwrap_or(host).parse().ok()
}

/// The IPv4 address that an IPv6 address leads to: mapped (RFC 4291 section 2.5.5.2), or translated (RFC 6052).
fn unwrapped(ip: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = ip else { return ip };
    let [a, b, c, d, e, f, high, low] = v6.segments();
    let is_wrapped = matches!([a, b, c, d, e, f], [0, 0, 0, 0, 0, 0xffff] | [0x64, 0xff9b, 0, 0, 0, 0]);
    if is_wrapped {
        IpAddr::V4(Ipv4Addr::from((u32::from(high) << 16) | u32::from(low)))
    } else {
        ip
    }
}

/// Shared address space (RFC 6598), 100.64.0.0/10.
fn is_shared(ip: Ipv4Addr) -> bool {
    let [a, b, ..] = ip.octets();
    a == 100 && b & 0xC0 == 64
}

/// What the IANA registry of special-purpose IPv4 addresses names as not globally reachable, private networks aside.
fn is_never_open_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    ip.is_link_local()
        || ip.is_documentation()
        || matches!(
            (a, b, c),
            (0, ..) | (192, 0, 0) | (192, 88, 99) | (198, 18..=19, _) | (224.., ..)
        )
}

/// Global unicast (2000::/3) without protocol assignments, tunnels to IPv4 (6to4, Teredo) and documentation.
fn is_global_v6(ip: Ipv6Addr) -> bool {
    let [a, b, ..] = ip.segments();
    let is_special = (a == 0x2001 && (b < 0x200 || b == 0xdb8)) || a == 0x2002 || (a == 0x3fff && b < 0x1000);
    a & 0xe000 == 0x2000 && !is_special
}

/// Resolves names by the system and leaves out what is closed.
impl Resolve for Reach {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = *self;
        Box::pin(async move {
            let found = tokio::time::timeout(RESOLVE_TIMEOUT, tokio::net::lookup_host((name.as_str(), 0))).await??;
            let open: Vec<SocketAddr> = found.filter(|address| reach.is_open(address.ip())).collect();
            if open.is_empty() {
                return Err(Closed.into());
            }
            Ok(Box::new(open.into_iter()) as Addrs)
        })
    }
}

/// A name leads to closed addresses only.
#[derive(Debug, thiserror::Error)]
#[error("the host lies in an inner network")]
pub struct Closed;

#[cfg(test)]
mod tests {
    use super::*;

    const PUBLIC: Reach = Reach { is_private_open: false };
    const PRIVATE: Reach = Reach { is_private_open: true };

    #[test]
    fn public_addresses_are_open() {
        for ip in [
            "9.9.9.9",
            "172.32.0.1",
            "100.128.0.1",
            "192.0.1.1",
            "2620:fe::fe",
            "2a00:1450::1",
            "64:ff9b::909:909",
        ] {
            assert!(PUBLIC.is_open(ip.parse().unwrap()), "{ip}");
        }
    }

    #[test]
    fn inner_addresses_are_closed_unless_a_setting_opens_private_ones() {
        for ip in [
            "127.0.0.1",
            "127.9.9.9",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "100.64.0.1",
            "::1",
            "fd00::1",
            "::ffff:10.0.0.1",
            "64:ff9b::c0a8:101",
        ] {
            let ip = ip.parse().unwrap();
            assert!(!PUBLIC.is_open(ip) && PRIVATE.is_open(ip), "{ip}");
        }
        for ip in [
            "0.0.0.0",
            "169.254.169.254",
            "192.0.0.8",
            "192.0.2.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "fe80::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "2002:a00:1::1",
            "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe",
            "::127.0.0.1",
        ] {
            let ip = ip.parse().unwrap();
            assert!(!PUBLIC.is_open(ip) && !PRIVATE.is_open(ip), "{ip}");
        }
    }

    #[test]
    fn an_endpoint_is_https_or_this_machine() {
        for url in ["https://erp.example/hooks?x=1", " https://9.9.9.9:8443/ "] {
            assert!(PUBLIC.read(url).is_ok(), "{url}");
        }
        for url in [
            "http://localhost:80/x",
            "http://127.0.0.1:1/",
            "http://[::1]:1/",
            "https://10.0.0.1/",
        ] {
            assert_eq!(PUBLIC.read(url), Err(Reason::InnerNetwork), "{url}");
            assert!(PRIVATE.read(url).is_ok(), "{url}");
        }
        for url in [
            "https://2130706433/",
            "https://0x7f.1/",
            "https://[::ffff:127.0.0.1]/",
            "https://169.254.169.254/",
        ] {
            assert_eq!(PUBLIC.read(url), Err(Reason::InnerNetwork), "{url}");
        }
        for url in [
            "",
            "erp.example",
            "http://erp.example/",
            "http://10.0.0.1/",
            "ftp://erp.example/",
            "file:///etc/passwd",
            "https://u:p@erp.example/",
            "https://u@erp.example/",
            "https://erp.example/#x",
            "https://",
            "javascript:alert(1)",
        ] {
            assert_eq!(PRIVATE.read(url), Err(Reason::NotAWebAddress), "{url}");
        }
        let long = format!("https://erp.example/{}", "x".repeat(URL_MAX));
        assert_eq!(PUBLIC.read(&long), Err(Reason::TooLong));
    }
}
