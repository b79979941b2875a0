"""Check of the headers Host and Origin, against websites that rebind their name to this machine."""

from collections.abc import Collection
from urllib.parse import urlsplit


def is_served(host: str | None, origin: str | None, allowed: Collection[str]) -> bool:
    """Return whether a request was addressed to an allowed name, and not by another website.

    Args:
        host: its header Host; ports do not matter.
        origin: its header Origin, which only browsers send.
        allowed: names of this server, without ports.

    >>> is_served("localhost:8501", "http://localhost:8501", ["localhost"])
    True
    >>> is_served("localhost:8501", "http://localhost:9999", ["localhost"])
    False
    """
    try:
        name = urlsplit(f"//{host or ''}").hostname
        return name in allowed and (origin is None or urlsplit(origin).netloc == host)
    except ValueError:
        return False
