"""Answers over HTTP, and what every server of Dateline has: limits, an engine, an address."""

__all__ = [
    "asking",
    "command",
    "desk",
    "guard",
    "listening",
    "live_engine",
    "options",
    "parameters",
    "results",
]
