"""Corpus roots: the folders and files that a user gave, and the index paths of their files."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from pathlib import Path

from indexer.errors import CorpusError


@dataclass(frozen=True, slots=True)
class CorpusRoot:
    """Folder or file as the user gave it.

    `label` begins the index path of every file in it: empty for the only folder, else the folder's
    name; for a file, its own name, which is then the whole path.
    """

    path: str
    label: str = ""
    is_file: bool = False

    def path_of(self, relative: str) -> str:
        """Return the index path of the file at a path relative to this folder."""
        return f"{self.label}/{relative}" if self.label else relative

    def locate(self, path: str) -> Path | None:
        """Return the location of the file at an index path; None when another root has it."""
        if self.is_file:
            # The user gave this file, so a link is followed, unlike in a folder.
            return Path(self.path).resolve() if path == self.label else None
        if not self.label:
            return Path(self.path) / path
        head, _, rest = path.partition("/")
        return Path(self.path) / rest if head == self.label and rest else None


@dataclass(frozen=True, slots=True)
class CorpusRoots:
    """Folders and files of one corpus, in the order in which the user gave them."""

    roots: tuple[CorpusRoot, ...]

    @classmethod
    def of(cls, paths: Path | Sequence[Path]) -> "CorpusRoots":
        """Return the labelled roots at some paths; equal names are numbered: `news`, `news-2`.

        Raises:
            CorpusError: when there is none, or one is inside another.
        """
        given = [paths] if isinstance(paths, Path) else list(paths)
        if not given:
            raise CorpusError("No articles given. Give a folder or a file of articles.")
        _check_disjoint(given)
        seen: Counter[str] = Counter()
        roots = []
        for path in given:
            is_file = _is_file(path)
            label = "" if len(given) == 1 and not is_file else _label(path, seen)
            roots.append(CorpusRoot(str(path), label, is_file))
        return cls(tuple(roots))

    @property
    def paths(self) -> tuple[str, ...]:
        """Folders and files as the user gave them."""
        return tuple(root.path for root in self.roots)

    def __str__(self) -> str:
        return ", ".join(self.paths)

    def moved(self, paths: Sequence[Path]) -> "CorpusRoots":
        """Return the same corpus at other paths, given in the same order.

        Raises:
            CorpusError: when there are more or fewer paths than roots, or one is inside another.
        """
        if len(paths) != len(self.roots):
            raise CorpusError(
                f"The index was built from {len(self.roots)} paths ({self}), but --corpus gives "
                f"{len(paths)}. Give as many, in the same order."
            )
        _check_disjoint(paths)
        pairs = zip(self.roots, paths, strict=True)
        return CorpusRoots(tuple(replace(root, path=str(path)) for root, path in pairs))

    def locate(self, path: str) -> Path | None:
        """Return the location of the file at an index path; None when no root has it."""
        found = (root.locate(path) for root in self.roots)
        return next((location for location in found if location is not None), None)

    def index_path(self, location: Path) -> str | None:
        """Return the index path of a file or of an article in it; None outside every root."""
        sought = location.absolute()
        for root in self.roots:
            base = Path(root.path).absolute()
            if not root.is_file and sought.is_relative_to(base):
                return root.path_of(sought.relative_to(base).as_posix())
            # The key of an article in the file follows a `#`.
            name, cut, key = str(sought).removeprefix(str(base)).partition("#")
            if root.is_file and str(sought).startswith(str(base)) and not name:
                return root.label + cut + key
        return None


def _is_file(path: Path) -> bool:
    """Tell whether a path leads to a file; the scan reports a path that cannot be read."""
    try:
        return path.is_file()
    except OSError:
        return False


def _label(path: Path, seen: Counter[str]) -> str:
    name = path.resolve().name if path.name in {"", ".."} else path.name
    seen[name] += 1
    label = name if seen[name] == 1 else f"{name}-{seen[name]}"
    if label != name:
        seen[label] += 1
    return label


def _check_disjoint(paths: Sequence[Path]) -> None:
    """Refuse roots that share files."""
    for path, other in permutations(paths, 2):
        if path.resolve().is_relative_to(other.resolve()):
            raise CorpusError(
                f"{path} is inside {other}, so its articles would be indexed twice. "
                "Give only one of them."
            )
