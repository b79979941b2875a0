"""Which text is a vector of? Its hash: a vector depends on the encoder and the text alone."""

from hashlib import sha256

UNKNOWN = -1
"""In place of a row: the text has no vector."""


def text_key(text: str) -> bytes:
    """Return the SHA-256 of a text, 32 bytes."""
    return sha256(text.encode("utf-8", "surrogatepass")).digest()
