"""What should the user know of what filters leave out?"""

from indexer.catalog.reader import Catalog
from indexer.store import Restriction


def unknown_notes(catalog: Catalog, restriction: Restriction) -> list[str]:
    """Say how many articles are left out because what a filter asks for is unknown of them."""
    unknown = catalog.count_unknown(restriction)
    dates = _left_out(unknown.dates, "date", "date limit")
    authors = _left_out(unknown.authors, "author", "filter by author")
    languages = _left_out(unknown.languages, "language", "filter by language")
    return [
        *(f"{note}; ask for undated articles too to keep them" for note in dates),
        *authors,
        *languages,
    ]


def nobody_notes(catalog: Catalog, restriction: Restriction) -> list[str]:
    """Say that an outlet or author is unknown: no hit there is no answer about the articles."""
    notes = []
    if _is_unknown(catalog, Restriction(sources=restriction.sources)):
        notes.append(
            f"no article is known to be from {_any_of(restriction.sources)}: an outlet is known "
            "only where the text of an article, its format or its address names it"
        )
    if _is_unknown(catalog, Restriction(authors=restriction.authors)):
        notes.append(
            f"no article is known to be by {_any_of(restriction.authors)}: an author is known only "
            "where a byline or the format names one"
        )
    return notes


def _left_out(count: int, what: str, by: str) -> list[str]:
    if not count:
        return []
    articles = "1 article has" if count == 1 else f"{count:,} articles have"
    return [f"{articles} no known {what} and {'is' if count == 1 else 'are'} left out by the {by}"]


def _is_unknown(catalog: Catalog, alone: Restriction) -> bool:
    allowed = catalog.documents_allowed(alone)
    return allowed is not None and not allowed.any()


def _any_of(names: tuple[str, ...]) -> str:
    return " or ".join(map(repr, names))
