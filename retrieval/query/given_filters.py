"""Which articles may be found? Filters given as arguments, joined with a question's own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from retrieval.query.filters import day_limit, language, named
from retrieval.query.parse import MAX_LIMITS, Query

Names: TypeAlias = str | Sequence[str] | None
"""One, or several of which any one will do."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Filters as a caller gives them; see `SearchEngine.search`."""

    source: Names = None
    author: Names = None
    lang: Names = None
    after: str | None = None
    before: str | None = None
    undated: bool = False

    def applied_to(self, query: Query) -> Query:
        """Return the question with these filters; each goes before the same one written in it.

        Raises:
            ValueError: when a name has no letters, or a language or a date is none.
        """
        asked = query.restriction
        restriction = replace(
            asked,
            sources=_each("source", self.source, named) or asked.sources,
            authors=_each("author", self.author, named) or asked.authors,
            languages=_each("lang", self.lang, language) or asked.languages,
            after=day_limit(self.after, last=False) if self.after else asked.after,
            before=day_limit(self.before, last=True) if self.before else asked.before,
            undated=self.undated,
        )
        return replace(query, restriction=restriction)


def _each(name: str, given: Names, meaning: Callable[[str], str]) -> tuple[str, ...]:
    values = [given] if isinstance(given, str) else list(given or ())
    if len(values) > MAX_LIMITS:
        raise ValueError(f"{name} must be at most {MAX_LIMITS} values, got {len(values):,}")
    return tuple(dict.fromkeys(meaning(value) for value in values if value))
