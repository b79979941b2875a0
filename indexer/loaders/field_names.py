"""Field names of tables and JSON objects: those of news exports and APIs, or given by `--map`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

# The first name present counts; compared without case, spaces, `_`, `-`, `.` and `:`.
CONVENTIONS: dict[str, tuple[str, ...]] = {
    "text": (
        *("text", "body", "content", "article", "fulltext", "articlebody", "articletext"),
        *("bodytext", "maintext", "plaintext", "rawtext", "storytext", "story"),
        *("contenttext", "contentencoded", "contenthtml", "html"),
    ),
    "title": ("title", "headline", "heading", "articletitle", "webtitle"),
    "authors": ("authors", "author", "byline", "creator", "dccreator", "writer"),
    "source": (
        *("source", "outlet", "publisher", "publication", "sourcename", "sitename", "newspaper"),
        *("provider", "site", "sourcedomain", "domain", "feedtitle"),
    ),
    "url": ("url", "link", "uri", "href", "weburl", "articleurl", "sourceurl", "canonicalurl"),
    "published": (
        *("published", "date", "publishedat", "publisheddate", "publishdate", "publicationdate"),
        *("datepublished", "datepublish", "pubdate", "webpublicationdate", "publishedon"),
        *("datetime", "dcdate", "seendate", "timestamp", "time", "day"),
    ),
    "modified": (
        *("modified", "updated", "updatedat", "datemodified", "datemodify", "lastmodified"),
        *("modifiedat", "modifieddate", "lastupdated"),
    ),
    "language": ("language", "lang", "locale"),
    "id": ("id", "guid", "uuid", "uid", "docid", "articleid", "key", "docno"),
}
FIELDS = tuple(CONVENTIONS)

# The text of a row that has a title and nothing longer, as several news APIs give no more.
_TEASERS = ("leadparagraph", "abstract", "description", "summary", "snippet", "excerpt")
_IGNORED = re.compile(r"[\s_.:-]+")


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns that the user named, as pairs of field and column; others go by convention."""

    named: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Columns":
        """Parse the value of `--map`.

        >>> Columns.parse("text=body, published=date").named
        (('text', 'body'), ('published', 'date'))

        Raises:
            ValueError: when it is not a list of FIELD=COLUMN, or a field is unknown or repeated.
        """
        pairs: dict[str, str] = {}
        for part in text.split(","):
            name, equals, column = (word.strip() for word in part.partition("="))
            if not equals or not column or name not in CONVENTIONS or name in pairs:
                raise ValueError(
                    f"expected FIELD=COLUMN, each field once, of {', '.join(FIELDS)}; got {part!r}"
                )
            pairs[name] = column
        return cls(tuple(pairs.items()))

    def find(self, names: Iterable[str]) -> dict[str, str]:
        """Return the name in a row of each field that it has.

        >>> Columns().find(["ID", "Headline", "Body", "pub_date"])
        {'text': 'Body', 'title': 'Headline', 'published': 'pub_date', 'id': 'ID'}
        """
        return dict(_found(self.named, tuple(names)))


BY_CONVENTION = Columns()


@lru_cache(maxsize=64)  # the rows of an export have few shapes
def _found(named: tuple[tuple[str, str], ...], names: tuple[str, ...]) -> dict[str, str]:
    there = {_folded(name): name for name in reversed(names)}
    by_user = dict(named)
    found: dict[str, str] = {}
    for name, conventions in CONVENTIONS.items():
        wanted = (_folded(by_user[name]),) if name in by_user else conventions
        column = next((there[each] for each in wanted if each in there), None)
        if column is not None:
            found[name] = column
    teaser = next((there[each] for each in _TEASERS if each in there), None)
    if teaser and "title" in found and "text" not in {*found, *by_user}:
        found["text"] = teaser
    return found


def _folded(name: str) -> str:
    return _IGNORED.sub("", name).casefold()
