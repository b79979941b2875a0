"""What happened while a corpus was read? Its files, what was left out, and a hash over them."""

from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256

from indexer.corpus.scan import CorpusFile, Skip
from indexer.documents import SourceFile

LISTED_SKIPS = 1000
"""So many skips of one reason are kept to be shown; the others are only counted."""


@dataclass(slots=True)
class ReadingLog:
    """What happened while a corpus was read: filled file by file, complete when it is over.

    `whole_files` are the paths of files of which everything was taken.
    """

    skips: list[Skip] = field(default_factory=list)
    reasons: Counter[str] = field(default_factory=Counter)
    files: dict[str, SourceFile] = field(default_factory=dict)
    states: list[str] = field(default_factory=list)
    whole_files: list[str] = field(default_factory=list)

    @property
    def fingerprint(self) -> str:
        """SHA-256 over every file's path and content: equal when the corpus is unchanged."""
        return sha256("\n".join(sorted(self.states)).encode()).hexdigest()

    def skip(self, path: str, reason: str, detail: str = "") -> None:
        """Count something that is no document; the first of each reason are listed too."""
        self.reasons[reason] += 1
        if self.reasons[reason] <= LISTED_SKIPS:
            self.skips.append(Skip(path, reason, detail))

    def pass_over(self, file: CorpusFile) -> None:
        """Record a file that was not read because there were enough articles before it."""
        self.files[file.path] = SourceFile(file.path, file.size, file.mtime_ns)

    def note(self, file: CorpusFile, digest: str, reason: str = "") -> None:
        """Record a file and the hash of its content, or why it has none."""
        self.files[file.path] = SourceFile(file.path, file.size, file.mtime_ns, digest)
        self.states.append(f"{sha256(file.path.encode()).hexdigest()} {digest or reason}")
