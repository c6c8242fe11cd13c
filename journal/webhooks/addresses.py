"""Where webhooks may lead: out into the Internet, or to what the setting names.

An address is looked up once, every answer is judged, and the connection is made to the very
answer that was judged. A name that means something else a moment later changes nothing.
"""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

# Looks up a host and port: the addresses as text. The system's own, unless a test says otherwise.
Resolve = Callable[[str, int], list[str]]

# Of IPv4 everything but these is somebody's in the Internet (IANA's special-purpose registry).
_NOT_PUBLIC_4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
)
# Of IPv6 nothing is, outside of this network. So what wraps an IPv4 address (::ffff:0:0/96,
# 64:ff9b::/96), loopback, link-local, unique local and multicast addresses are out.
_PUBLIC_6 = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # Teredo and other protocols
        "2001:db8::/32",
        "2002::/16",  # 6to4 wraps IPv4
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)
_WEB_PORTS = (80, 443)
_FIRST_UNPRIVILEGED_PORT = 1024


class AddressRefused(ValueError):
    """An address that webhooks may not be sent to; reads well to whoever entered it."""


@dataclass(frozen=True)
class Target:
    """Where a connection goes: `address` was judged, `host` is whom the certificate must name."""

    secure: bool
    host: str
    port: int
    address: str
    path: str

    @property
    def authority(self) -> str:
        """Host and port as the Host header says them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.secure else 80) else f"{host}:{self.port}"


def system_resolve(host: str, port: int) -> list[str]:
    """What the system's resolver says. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    return list(dict.fromkeys(str(sockaddr[0]) for *_rest, sockaddr in found))


def check(url: str) -> SplitResult:
    """The parts of an address that may be entered. Raises AddressRefused, in words.

    It does not look the host up: what its name means is judged each time something is sent.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise AddressRefused(_("This is not a complete address.")) from error
    if not host or any(ord(letter) <= 32 or ord(letter) == 127 for letter in url):
        raise AddressRefused(_("This is not a complete address."))
    if not url.isascii():
        raise AddressRefused(
            _("Write other than plain letters with percent signs, and those of a name as xn--.")
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and settings.WEBHOOK_HTTP):
        raise AddressRefused(_("The address must begin with https://."))
    if parts.username is not None or parts.password is not None:
        raise AddressRefused(_("The address must not hold a user name or password."))
    if parts.fragment:
        raise AddressRefused(_("The address must not hold a part after #."))
    if not _may_use(port, host):
        raise AddressRefused(_("Use port 443, or one above 1023."))
    literal = _literal(host)
    if literal and not _allowed(host, literal):
        raise AddressRefused(_inside(host))
    return parts


def resolve(url: str, look_up: Resolve = system_resolve) -> list[Target]:
    """Where to connect for `url`, any one of these. Every address it means must be allowed.

    Raises AddressRefused, or OSError where nobody knows the host.
    """
    parts = check(url)
    host = parts.hostname or ""
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    found = look_up(host, port)
    if not found:
        raise OSError(f"no address for {host}")
    for address in found:
        if not _allowed(host, ip_address(address)):
            raise AddressRefused(_inside(host))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return [Target(secure, host, port, address, path) for address in found]


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is somebody's in the Internet, and nothing inside or special."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    if address.scope_id is not None or address not in _PUBLIC_6:
        return False
    return not any(address in network for network in _NOT_PUBLIC_6)


def _allowed(host: str, address: IPv4Address | IPv6Address) -> bool:
    return is_public(address) or host.lower() in _hosts() or _in_networks(address)


def _in_networks(address: IPv4Address | IPv6Address) -> bool:
    networks = (_network(entry) for entry in settings.WEBHOOK_INSIDE)
    return any(network is not None and address in network for network in networks)


def _hosts() -> set[str]:
    return {entry.lower() for entry in settings.WEBHOOK_INSIDE if _network(entry) is None}


def _network(entry: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(entry, strict=False)
    except ValueError:
        return None


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _may_use(port: int | None, host: str) -> bool:
    if port is None or port in _WEB_PORTS or port >= _FIRST_UNPRIVILEGED_PORT:
        return True
    return host.lower() in _hosts()


def _inside(host: str) -> str:
    return _(
        "%(host)s leads into a private or special network, where webhooks are not sent unless the"
        " setting WEBHOOK_INSIDE names it."
    ) % {"host": host}
