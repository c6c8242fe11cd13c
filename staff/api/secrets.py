"""The text of a key, `og_<id>_<secret>`: made, hashed, and taken apart again."""

import secrets
from dataclasses import dataclass
from hashlib import sha256

_MARK = "og"
_ID_BYTES, _SECRET_BYTES = 6, 32


@dataclass(frozen=True)
class Secret:
    """A key's public id, and the secret that only its holder has."""

    key_id: str
    secret: str

    def __str__(self) -> str:
        return f"{_MARK}_{self.key_id}_{self.secret}"

    @property
    def hash(self) -> str:
        """What is kept of the secret: 256 random bits need no slow hash."""
        return sha256(self.secret.encode()).hexdigest()

    def opens(self, kept_hash: str) -> bool:
        """Whether the secret is the one of the hash, in the same time either way."""
        return secrets.compare_digest(self.hash, kept_hash)


def new(key_id: str = "") -> Secret:
    """A new secret, for a new key or for the one with this id."""
    return Secret(key_id or secrets.token_hex(_ID_BYTES), secrets.token_urlsafe(_SECRET_BYTES))


def parse(text: str) -> Secret | None:
    """The key in a text, or None if it has not the shape of one."""
    parts = text.strip().split("_", 2)
    if len(parts) != 3 or parts[0] != _MARK or not text.isascii() or len(text) > 100:
        return None
    return Secret(parts[1], parts[2])
