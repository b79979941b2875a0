"""An index on disk: its manifest, lock, checks and opening."""

__all__ = [
    "folder",
    "local_store",
    "lock",
    "manifest",
    "notes",
    "read_settings",
    "staleness",
    "verify",
]
