"""Where do the articles of a corpus lie? In one folder or file, or in several, each with a label.

In: the paths that the user named. Out: the path of each file as the index knows it, and back.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from indexer.errors import CorpusError


@dataclass(frozen=True, slots=True)
class CorpusRoot:
    """A folder or a file, as the user named it.

    `label` begins the path of every file in it: empty for the only folder, else the folder's name;
    for a file, its own name, which is then the whole path.
    """

    path: str
    label: str = ""
    is_file: bool = False

    def path_of(self, relative: str) -> str:
        """Return what the index calls the file at a path relative to this folder."""
        return f"{self.label}/{relative}" if self.label else relative

    def locate(self, path: str) -> Path | None:
        """Return where the file lies that the index calls `path`; None when it is of another."""
        if self.is_file:
            # The user named this file: a link is followed here, as it is nowhere in a folder.
            return Path(self.path).resolve() if path == self.label else None
        if not self.label:
            return Path(self.path) / path
        head, _, rest = path.partition("/")
        return Path(self.path) / rest if head == self.label and rest else None


@dataclass(frozen=True, slots=True)
class CorpusRoots:
    """The folders and files of one corpus, in the order in which the user named them."""

    roots: tuple[CorpusRoot, ...]

    @classmethod
    def of(cls, paths: Path | Sequence[Path]) -> "CorpusRoots":
        """Return the roots at some paths, each with its label.

        Names that several roots share are numbered: `news`, `news-2`.

        Raises:
            CorpusError: when none is named, or one lies in another.
        """
        named = [paths] if isinstance(paths, Path) else list(paths)
        if not named:
            raise CorpusError("no corpus was named. Name a folder or a file of articles")
        _check_apart(named)
        alone = len(named) == 1
        seen: Counter[str] = Counter()
        roots = []
        for path in named:
            is_file = _is_file(path)
            label = "" if alone and not is_file else _label(path, seen)
            roots.append(CorpusRoot(str(path), label, is_file))
        return cls(tuple(roots))

    @property
    def paths(self) -> tuple[str, ...]:
        """The folders and files as the user named them."""
        return tuple(root.path for root in self.roots)

    def __str__(self) -> str:
        return ", ".join(self.paths)

    def moved(self, paths: Sequence[Path]) -> "CorpusRoots":
        """Return the same corpus at other places, named in the same order.

        Raises:
            CorpusError: when there are more or fewer places than roots, or one lies in another.
        """
        if len(paths) != len(self.roots):
            raise CorpusError(
                f"the index was built from {len(self.roots)} places ({self}), but {len(paths)} "
                "were named. Name as many with --corpus, in the same order"
            )
        _check_apart(paths)
        places = zip(self.roots, paths, strict=True)
        return CorpusRoots(tuple(replace(root, path=str(path)) for root, path in places))

    def locate(self, path: str) -> Path | None:
        """Return where the file lies that the index calls `path`; None when no root has it."""
        found = (root.locate(path) for root in self.roots)
        return next((place for place in found if place is not None), None)

    def known_as(self, place: Path) -> str | None:
        """Return what the index calls a file, or an article of one; None outside every root."""
        sought = place.absolute()
        for root in self.roots:
            base = Path(root.path).absolute()
            if not root.is_file and sought.is_relative_to(base):
                return root.path_of(sought.relative_to(base).as_posix())
            # Behind a `#` stands the key of an article in the file.
            name, cut, key = str(sought).removeprefix(str(base)).partition("#")
            if root.is_file and str(sought).startswith(str(base)) and not name:
                return root.label + cut + key
        return None


def _is_file(path: Path) -> bool:
    """Tell whether a path leads to a file; what cannot be asked is told when it is listed."""
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


def _check_apart(paths: Sequence[Path]) -> None:
    """Refuse roots that share files: each article would be there twice."""
    places = [path.resolve() for path in paths]
    for i, place in enumerate(places):
        for j, other in enumerate(places):
            if i != j and place.is_relative_to(other):
                raise CorpusError(
                    f"{paths[i]} lies in {paths[j]}, so its articles would be there twice. "
                    "Name only one of them"
                )
