"""An index on disk: its manifest, lock, checks and opening."""

__all__ = [
    "folder",
    "language_note",
    "local_store",
    "lock",
    "manifest",
    "read_settings",
    "staleness",
    "verify",
]
