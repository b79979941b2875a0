"""Notes on the outlets and authors of a filter that no article has, with the nearest ones."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from indexer.catalog.reader import Catalog
from indexer.catalog.statistics import NameCount, Named, count_names, name_as_written
from indexer.store import Restriction
from indexer.text.analyzer import words

_MAX_NOTES = 4
_SHOWN_NAMES = 3
_SHOWN = 40  # characters of a name in a note
_SIMILAR = 0.7  # of difflib's ratio: "Reuter" and "Reuters" have 0.92


def unmatched_notes(catalog: Catalog, restriction: Restriction, *, found: bool) -> list[str]:
    """Name each outlet and author that no article has, and those that are nearest.

    Args:
        catalog: of the index that was searched.
        restriction: the filters.
        found: whether anything was found, so that a single name is known.
    """
    notes = []
    for name in _asked(restriction.sources, found=found):
        if _matches_nothing(catalog, Restriction(sources=(name,))):
            near = _nearest_note(catalog, "source", name)
            notes.append(f"No article is attributed to {name[:_SHOWN]!r}. {near}")
    for name in _asked(restriction.authors, found=found):
        if _matches_nothing(catalog, Restriction(authors=(name,))):
            near = _nearest_note(catalog, "author", name)
            notes.append(f"No article is by {name[:_SHOWN]!r}. {near}")
    return notes[:_MAX_NOTES]


def _asked(names: Sequence[str], *, found: bool) -> Sequence[str]:
    return () if found and len(names) == 1 else names[:_MAX_NOTES]


def _matches_nothing(catalog: Catalog, restriction: Restriction) -> bool:
    allowed = catalog.documents_allowed(restriction)
    return allowed is not None and not allowed.any()


def _nearest_note(catalog: Catalog, named: Named, asked: str) -> str:
    word = "outlet" if named == "source" else "author"
    known = count_names(catalog, named)
    if not known:
        return f"No article here names its {word}."
    near = _nearest(asked, known)
    shown = ", ".join(
        f"{name_as_written(catalog, named, each)} ({each.articles:,})"
        for each in (near or known)[:_SHOWN_NAMES]
    )
    if near:
        return f"Nearest {word}{'s' if len(near) > 1 else ''}: {shown}."
    others = len(known) - _SHOWN_NAMES
    more = f" and {others:,} more" if others > 0 else ""
    return f"{word.capitalize()}s here: {shown}{more}. Not every article names its {word}."


def _nearest(asked: str, known: Sequence[NameCount]) -> list[NameCount]:
    """Return the names with a part like the one asked for, in any order of words, nearest first."""
    wanted = words(asked)
    whole = f" {' '.join(wanted)} "
    near = [each for each in known if each.key in whole]
    by_part: dict[str, dict[NameCount, None]] = {}
    for each in known:
        for part in _parts(each.key.split(), len(wanted)):
            by_part.setdefault(part, {})[each] = None
    close = get_close_matches(" ".join(sorted(wanted)), by_part, n=_SHOWN_NAMES, cutoff=_SIMILAR)
    near += [each for part in close for each in by_part[part]]
    return list(dict.fromkeys(near))[:_SHOWN_NAMES]


def _parts(name: Sequence[str], size: int) -> Iterator[str]:
    """Yield each run of `size` words, sorted, all of them if there are fewer; and the initials."""
    for start in range(max(1, len(name) - size + 1)):
        yield " ".join(sorted(name[start : start + size]))
    if size == 1 < len(name):
        yield "".join(word[0] for word in name)
