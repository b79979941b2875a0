"""Evidence that leaves the house: answers in files, and their quotes checked again."""

__all__ = ["batch", "export", "pack", "recheck"]
