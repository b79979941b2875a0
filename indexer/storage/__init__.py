"""An index on disk: its manifest, lock, checks and opening."""
