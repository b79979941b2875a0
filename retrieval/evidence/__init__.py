"""Evidence that leaves the house: answers in files, and their quotes checked again."""

from retrieval.evidence.export import FORMATS, export
from retrieval.evidence.pack import Pack, PackedQuote, read_pack
from retrieval.evidence.recheck import Checked, check_pack

__all__ = ["FORMATS", "Checked", "Pack", "PackedQuote", "check_pack", "export", "read_pack"]
