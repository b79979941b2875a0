"""Hashes that tell whether content is unchanged, whatever its file is called."""

from hashlib import blake2b, sha256

_CONTENT_KEY_BYTES = 16


def content_key(*parts: str | bytes) -> bytes:
    """Return a 16-byte hash over parts, which differs whenever one of them does."""
    found = blake2b(digest_size=_CONTENT_KEY_BYTES)
    for part in parts:
        packed = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        found.update(len(packed).to_bytes(8, "big"))
        found.update(packed)
    return found.digest()


def text_key(text: str) -> bytes:
    """Return the SHA-256 of a text, 32 bytes, by which its vector is found again."""
    return sha256(text.encode("utf-8", "surrogatepass")).digest()
