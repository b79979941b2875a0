"""The files of a corpus: where they are and how they are opened."""

__all__ = ["files", "roots", "scan"]
