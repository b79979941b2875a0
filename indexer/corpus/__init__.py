"""The files of a corpus: where they are and how they are opened."""

__all__ = ["budget", "files", "roots", "scan"]
