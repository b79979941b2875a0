"""The page's address as a question, filters and the open quote, read and written.

Anyone can have written an address: what it asks for is kept within limits.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Self

from indexer.documents import Span
from retrieval.answering.answers import Quote
from retrieval.query.filters import FILTERS
from retrieval.query.parse import MAX_LIMITS
from retrieval.ranking.hits import Hit

LONGEST_QUESTION = 2000  # characters; about what browsers and servers accept in an address
MOST_HITS = 50
MOST_QUOTES = 20
_PLACE = re.compile(r"(?P<doc_id>[0-9a-f]{16}):(?P<start>[0-9]{1,9})-(?P<end>[0-9]{1,9})")
SEPARATOR = ";"  # names hold commas: "Doe, Jane"


@dataclass(frozen=True, slots=True)
class Link:
    """Content of an address; the fields are its parameters.

    Of several outlets, authors or languages, with `;` between them, any one will do. Dates are ISO
    days. `open` names the quote or passage that is open, see `Place`; `index` another index than
    that of the server, in the same folder. `view` is empty, or `draft` for the check of a draft.
    """

    q: str = ""
    source: str = ""
    author: str = ""
    lang: str = ""
    after: str = ""
    before: str = ""
    k: int = 10
    quotes: int = 5
    undated: bool = False
    open: str = ""
    index: str = ""
    view: str = ""

    def parameters(self) -> dict[str, str]:
        """Return the parameters of the address: only what differs from the defaults.

        >>> Link(q="who?", undated=True).parameters()
        {'q': 'who?', 'undated': '1'}
        """
        defaults = asdict(_NOTHING)
        return {
            name: "1" if value is True else str(value)
            for name, value in asdict(self).items()
            if value != defaults[name]
        }

    @property
    def filters(self) -> dict[str, str]:
        """The filters that are set, by name of the parameter."""
        return {name: value for name in _FILTERS if (value := getattr(self, name))}

    def without(self, *filters: str) -> "Link":
        """Return the same question without some filters, or without any; nothing is open."""
        left_out = {*(filters or (*_FILTERS, "undated")), "open"}
        kept = {name: told for name, told in self.parameters().items() if name not in left_out}
        return read_link(kept)[0]


_FILTERS = ("source", "author", "lang", "after", "before")
_NOTHING = Link()


@dataclass(frozen=True, slots=True)
class Place:
    """A quote or passage that can be opened in its article; `confirmed` is False of some quotes."""

    doc_id: str
    span: Span
    highlight: Span | None = None
    confirmed: bool = True

    @classmethod
    def of_quote(cls, quote: Quote) -> Self:
        """Return the place of a quote."""
        cited = quote.citation
        return cls(
            cited.doc_id,
            Span(cited.start, cited.end),
            Span(cited.highlight_start, cited.highlight_end),
            quote.confirmed,
        )

    @classmethod
    def of_hit(cls, hit: Hit) -> Self:
        """Return the place of a passage."""
        return cls(hit.found.passage.doc_id, hit.found.passage.span)

    @classmethod
    def named(cls, name: str) -> Self | None:
        """Return the place with a name; None if it is no name of a place."""
        match = _PLACE.fullmatch(name)
        if match is None or int(match["start"]) >= int(match["end"]):
            return None
        return cls(match["doc_id"], Span(int(match["start"]), int(match["end"])))

    @property
    def name(self) -> str:
        """The name of this place in an address: article and offsets, the same in every answer."""
        return f"{self.doc_id}:{self.span.start}-{self.span.end}"


def read_link(parameters: Mapping[str, str]) -> tuple[Link, list[str]]:
    """Return what an address asks for, and a message for each part that was ignored.

    >>> read_link({"q": " who? ", "k": "many"})[1][0]
    "'k=many' in the link is out of range (1–50); using 10."
    """
    known = asdict(_NOTHING)
    problems = [
        f"Ignored {_short(name)} in the link: there is nothing of that name."
        for name in parameters
        if name not in known
    ]
    link = Link(
        q=parameters.get("q", "").strip(),
        source=_any_of("source", parameters, problems),
        author=_any_of("author", parameters, problems),
        lang=_any_of("lang", parameters, problems),
        after=_day("after", parameters, problems),
        before=_day("before", parameters, problems),
        k=_number("k", parameters, _NOTHING.k, MOST_HITS, problems),
        quotes=_number("quotes", parameters, _NOTHING.quotes, MOST_QUOTES, problems),
        undated=parameters.get("undated") == "1",
        open=parameters.get("open", ""),
        index=parameters.get("index", ""),
        view="draft" if parameters.get("view") == "draft" else "",
    )
    if len(link.q) > LONGEST_QUESTION:
        problems.append(
            f"Your question is {len(link.q):,} characters long; the limit is "
            f"{LONGEST_QUESTION:,}. Please shorten it."
        )
        link = replace(link, q="")
    return link, problems


def each_of(names: str) -> list[str]:
    """Return the single names of a filter by outlet, author or language.

    >>> each_of("The Post; The Mail;")
    ['The Post', 'The Mail']
    """
    return [name.strip() for name in names.split(SEPARATOR) if name.strip()]


def _any_of(name: str, parameters: Mapping[str, str], problems: list[str]) -> str:
    kept = []
    for each in each_of(parameters.get(name, "")):
        try:
            FILTERS[name](each)
        except ValueError as error:
            problems.append(f"Ignored the filter {name}={_short(each)}: {error}.")
        else:
            kept.append(each)
    if len(kept) > MAX_LIMITS:
        problems.append(f"The link has {len(kept):,} names for {name}; using {MAX_LIMITS}.")
    return f"{SEPARATOR} ".join(kept[:MAX_LIMITS])


def _day(name: str, parameters: Mapping[str, str], problems: list[str]) -> str:
    found = parameters.get(name, "")
    if not found:
        return ""
    try:
        return FILTERS[name](found)
    except ValueError:
        problems.append(
            f"Ignored the date filter {name}={_short(found)}: use a date such as 2023-10-26 or "
            "26 Oct 2023."
        )
        return ""


def _number(
    name: str, parameters: Mapping[str, str], default: int, most: int, problems: list[str]
) -> int:
    found = parameters.get(name, "")
    if not found:
        return default
    # isdecimal accepts the digits of every script, as int does; the length bounds what int reads.
    if found.isdecimal() and len(found) <= len(str(most)) and 1 <= int(found) <= most:
        return int(found)
    problems.append(
        f"{_short(f'{name}={found}')} in the link is out of range (1–{most}); using {default}."
    )
    return default


def _short(text: str) -> str:
    return repr(text if len(text) <= 30 else f"{text[:30]}…")  # noqa: PLR2004 - fits into a line
