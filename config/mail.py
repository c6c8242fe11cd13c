"""Where mail leaves the product: one address says all of it.

smtp://host:25                      in clear, for a server on the same machine or network
smtp+tls://user:password@host:587   encrypted after the greeting (STARTTLS)
smtps://user:password@host:465      encrypted from the beginning
"""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


@dataclass(frozen=True)
class MailServer:
    """How to reach the server; `ssl` encrypts from the beginning, `tls` after the greeting."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    tls: bool = False
    ssl: bool = False

    @property
    def exists(self) -> bool:
        """Whether there is one. Without, no mail is sent, and none is posted to be sent."""
        return bool(self.host)


def server(url: str) -> MailServer:
    """The server that EMAIL_URL names; special characters of user and password percent-encoded.

    Raises ImproperlyConfigured, never showing the password, for an address of another kind.
    """
    if not url:
        return MailServer()
    parts = urlsplit(url)
    try:
        port = parts.port or _PORTS[parts.scheme]
    except (ValueError, KeyError):
        port = 0
    if not parts.hostname or not port:
        raise ImproperlyConfigured(
            "EMAIL_URL must be smtp://, smtp+tls:// or smtps:// with a host and perhaps a port."
        )
    return MailServer(
        host=parts.hostname,
        port=port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=parts.scheme == "smtp+tls",
        ssl=parts.scheme == "smtps",
    )


def sender(site_url: str) -> str:
    """Who mail comes from where nobody said."""
    return f"Ordergate <ordergate@{urlsplit(site_url).hostname or 'localhost'}>"
