"""Secrets and codes of the second step, as RFC 6238 and common apps have them.

Like the secrets of webhooks, a secret is derived from the installation's SECRET_KEY and a random
salt, and is not stored: whoever reads the database, or a copy of it, cannot make a code. Recovery
codes are kept as hashes that take SECRET_KEY to try.
"""

import base64
import re
import secrets
import unicodedata
from datetime import datetime
from urllib.parse import quote, urlencode, urlsplit

import segno
from django.conf import settings
from django.utils.crypto import salted_hmac
from django.utils.safestring import SafeString, mark_safe
from django_otp.oath import TOTP

_SECRET, _RECOVERY = "staff.second_step.secret", "staff.second_step.recovery"
_SECRET_BYTES = 20  # what RFC 4226 recommends, and 32 letters to type
# Clocks may differ by one step of half a minute, either way.
_TOLERANCE = 1
CODE_DIGITS, RECOVERY_DIGITS = 6, 12
RECOVERY_CODES = 10
# Between the digits people type what they see: spaces, hyphens, dashes.
_BETWEEN = re.compile(r"[\s\-‐-―]+")


def new_salt() -> str:
    """What a new secret is derived from."""
    return secrets.token_urlsafe(32)


def key(salt: str) -> str:
    """The secret as it is typed into an app: 32 letters and digits in groups of four."""
    text = base64.b32encode(_secret(salt)).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def qr_code(salt: str, username: str) -> SafeString:
    """The secret as a picture for the camera of an app, as SVG without any style."""
    code = segno.make(_address(salt, username), error="m", micro=False)
    # Dark on light in every theme: many cameras do not read it the other way round.
    drawn = code.svg_inline(dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None)
    return mark_safe(drawn)  # noqa: S308 - only numbers and our own names are in it


def _address(salt: str, username: str) -> str:
    host = urlsplit(settings.SITE_URL).hostname or ""
    issuer = f"Ordergate {host}".strip()
    query = urlencode({"secret": key(salt).replace(" ", ""), "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{quote(issuer)}:{quote(username)}?{query}"


def digits(text: str) -> str:
    """The digits of a typed code, full-width ones as others; nothing if anything else is in it."""
    bare = _BETWEEN.sub("", unicodedata.normalize("NFKC", text))
    return bare if bare.isascii() and bare.isdigit() else ""


def counter_of(salt: str, code: str, *, at: datetime, after: int) -> int | None:
    """The half minute whose code this is, if it is near `at` and later than `after`; else None."""
    totp = TOTP(_secret(salt), digits=CODE_DIGITS)
    totp.time = at.timestamp()
    fits = len(code) == CODE_DIGITS and totp.verify(int(code), _TOLERANCE, min_t=after + 1)
    return totp.t() if fits else None


def new_recovery_codes() -> list[str]:
    """Ten codes, all different, as digits."""
    made: set[str] = set()
    while len(made) < RECOVERY_CODES:
        made.add(f"{secrets.randbelow(10**RECOVERY_DIGITS):0{RECOVERY_DIGITS}d}")
    return sorted(made)


def grouped(code: str) -> str:
    """A recovery code as it is shown: 1234-5678-9012."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def recovery_hash(salt: str, code: str) -> str:
    """What is kept of a recovery code."""
    return salted_hmac(_RECOVERY, f"{salt} {code}", algorithm="sha256").hexdigest()


def _secret(salt: str) -> bytes:
    return salted_hmac(_SECRET, salt, algorithm="sha256").digest()[:_SECRET_BYTES]
