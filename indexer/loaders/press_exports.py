"""Articles of text that a press database exported: Nexis and Factiva, many articles in one file."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise

from indexer.documents import Finding, Metadata
from indexer.loaders.protocol import LoadedArticle
from indexer.loaders.rows import headed
from indexer.metadata.values import finding, language_finding, name_findings, url_finding
from indexer.text.bylines import credited_names
from indexer.text.dates import stated_dates

_WORDS = r"\d[\d,.]*[ \t]+(?:words?|wörter|mots|palabras|parole|woorden|palavras)"
_IS_EXPORT = re.compile(
    rf"^[ \t]*(?:(?:LENGTH|LÄNGE|LONGUEUR):[ \t]*)?{_WORDS}[ \t\r]*$|^HD(?:[ \t]{{2,}}|[ \t]*\r?$)",
    re.IGNORECASE | re.MULTILINE,
)
_BEGINNING = re.compile(
    r"^[ \t\f]*(?:(?:document|dokument|documento)[ \t]+)?(?P<number>\d{1,6})[ \t]+"
    r"(?:of|von|de|di|van)[ \t]+(?P<total>\d{1,6})(?:[ \t]+do[ck]ument\w*)?[ \t\r]*$",
    re.IGNORECASE | re.MULTILINE,
)
_END = re.compile(
    r"^[ \t]*(?:end of document|(?:AN[ \t]+)?do[ck]umento?[ \t]+(?=[a-z]*\d)[a-z0-9]{12,50})"
    r"[ \t\r]*$",
    re.IGNORECASE | re.MULTILINE,
)
_COPYRIGHT = re.compile(r"(?:copyright\b|©|\(c\)|all rights reserved)", re.IGNORECASE)
_EDITION = re.compile(r"[^.]{0,40}\b(?:edition|correction appended)\b[^.]{0,40}|final|late", re.I)
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}(?:\s?[ap]m)?(?:\s\w{2,5})?", re.IGNORECASE)
_WHOLE_DAY = len("2023-05-04")
_LONGEST_NAME = 25
_MOST_HEADER_LINES = 14

# Fields of Nexis, and what each is.
_HEADER_FIELDS = {
    **dict.fromkeys(("byline", "autor", "auteur", "author"), "byline"),
    **dict.fromkeys(("headline", "titel", "titre"), "headline"),
    **dict.fromkeys(("length", "länge", "longueur"), "length"),
    **dict.fromkeys(("highlight", "chapeau"), "highlight"),
    **dict.fromkeys(("section", "rubrik", "rubrique", "dateline", "series", "source"), "other"),
    "body": "body",
}
_WRAPPED = frozenset({"byline", "headline", "highlight", "other"})
_TAIL_FIELDS = frozenset(
    "load-date language publication-type subject graphic journal-code document-type acc-no "
    "classification notes company ticker industry person geographic country state city "
    "organization correction-date url update sprache publikationstyp langue".split()
)
_TAIL_ALONE = frozenset({"classification", "graphic", "notes", "end of document", "load-date"})
_FIELD = re.compile(r"(?P<name>[A-ZÄÖÜ][A-Za-zÄÖÜäöü-]{2,20})(?::[ \t]*|[ \t]*$)(?P<value>.*)")

# Factiva's codes: HD headline, BY byline, PD day, SN outlet, LA language, LP and TD text.
_CODE = re.compile(
    r"(?P<name>SE|CLM|HD|BY|CR|WC|PD|ET|SN|SC|ED|PG|VOL|LA|CY|LP|TD|CT|RF|CO|IN|NS|RE|IPD|IPC|PUB"
    r"|ART|AN)(?:[ \t]{2,}|\t|[ \t]*$)(?P<value>.*)"
)


def exported_articles(text: str, encoding: str) -> list[LoadedArticle]:
    """Return the articles of an export, each under its number; none for any other text.

    Their text is the headline, an empty line and the body as it was written.
    """
    if not _IS_EXPORT.search(text):
        return []
    documents = [part for part in _documents(text) if part.strip()]
    found = [_article(document, encoding) for document in documents]
    first = next((i for i, article in enumerate(found) if article), None)
    if first is None:
        return []
    # What stands before the first article is a cover page; later parts are not lost.
    articles = [
        article or LoadedArticle(document.strip(), encoding)
        for document, article in zip(documents[first:], found[first:], strict=True)
    ]
    if len(articles) == 1:
        return articles
    return [
        LoadedArticle(article.text, encoding, str(number), article.given)
        for number, article in enumerate(articles, start=1)
    ]


def _documents(text: str) -> Iterator[str]:
    """Yield the documents; each begins "3 of 25", or the one before it has an end."""
    begins = list(_BEGINNING.finditer(text))
    starts = (found.start() for found in begins if found["total"] == begins[0]["total"])
    cuts = sorted({0, *starts, *(found.end() for found in _END.finditer(text)), len(text)})
    return (text[start:end] for start, end in pairwise(cuts))


def _article(document: str, encoding: str) -> LoadedArticle | None:
    body = _END.sub("", _BEGINNING.sub("", document, count=1))
    lines = body.split("\n")
    readers: tuple[Callable[[list[str]], tuple[str, Metadata] | None], ...]
    readers = (_nexis, _factiva_fields, _factiva)
    for read in readers:
        if (found := read(lines)) and found[0].strip():
            return headed(found[0].strip(), encoding, "", found[1])
    return None


def _nexis(lines: list[str]) -> tuple[str, Metadata] | None:
    """Read outlet, day and headline, then fields, the text, and more fields."""
    first = next((i for i, line in enumerate(lines) if _header_field(line)), len(lines))
    fields: dict[str, list[str]] = {}
    at, open_field = first, ""
    while at < len(lines):
        line = lines[at].strip()
        if found := _header_field(line):
            open_field, value = found
            fields.setdefault(open_field, []).append(value)
        elif not line:
            open_field = ""
        elif open_field in _WRAPPED:
            fields[open_field].append(line)
        else:
            break
        at += 1
        if open_field == "body":
            break
    tail = _tail(lines, at)
    is_counted = any(
        re.fullmatch(_WORDS, value, re.IGNORECASE) for value in fields.get("length", [])
    )
    if not is_counted or (len(fields) == 1 and tail == len(lines)):
        return None
    said = {name: " ".join(value).strip() for name, value in fields.items()}
    below = dict(map(_field, lines[tail:]))
    language = below.get("language", "").partition(";")[0]
    title, source, published = _heading(lines[:first])
    given = Metadata(
        title=finding(said.get("headline") or title, "headline of the export"),
        source=finding(source, "header of the export"),
        published=published,
        authors=_authors(said.get("byline", "")),
        url=url_finding(below.get("url"), "field of the export"),
        language=language_finding(language.capitalize(), "field of the export"),
    )
    body = [said.get("body", ""), "\n".join(lines[at:tail])]
    parts = [part.strip() for part in (said.get("highlight", ""), *body)]
    return "\n\n".join(filter(None, parts)), given


def _field(line: str) -> tuple[str, str]:
    found = _FIELD.match(line.strip())
    return (found["name"].casefold(), found["value"].strip()) if found else ("", "")


def _header_field(line: str) -> tuple[str, str] | None:
    name, value = _field(line)
    known = _HEADER_FIELDS.get(name)
    is_label = ":" in line or name == "body"
    return (known, value) if known and is_label else None


def _tail(lines: Sequence[str], at: int) -> int:
    """Return where the fields, or the copyright, below the text begin."""
    filled = [i for i in range(at, len(lines)) if lines[i].strip()]
    for i in filled:
        line = lines[i].strip()
        if line.casefold() in _TAIL_ALONE:
            return i
        if ":" in line[:_LONGEST_NAME] and _field(line)[0] in _TAIL_FIELDS:
            return i
    # "Copyright 2023 …", "All Rights Reserved"
    return next((i for i in filled[-2:] if _COPYRIGHT.match(lines[i].strip())), len(lines))


def _heading(lines: Sequence[str]) -> tuple[str, str, Finding | None]:
    """Return headline, outlet and day; the outlet stands above the day.

    Nexis writes outlet, day, edition, headline; Nexis Uni headline, outlet, day, copyright.
    """
    stripped = [line.strip() for line in lines]
    stripped = ["" if _COPYRIGHT.match(line) else line for line in stripped]
    dated = next((i for i, line in enumerate(stripped) if _day(line)), None)
    if dated is None:
        groups = _groups(stripped)
        return (
            (groups[-1], groups[0] if len(groups) > 1 else "", None) if groups else ("", "", None)
        )
    above = [line for line in stripped[:dated] if line]
    below = _groups(["" if _EDITION.fullmatch(line) else line for line in stripped[dated + 1 :]])
    title = below[-1] if below else " ".join(above[:-1])
    published = Finding(_day(stripped[dated]), "date of the export")
    return title, above[-1] if above else "", published


def _groups(lines: Sequence[str]) -> list[str]:
    return [" ".join(group) for filled, group in groupby(lines, key=bool) if filled]


def _day(line: str) -> str:
    days = [found.iso for found in stated_dates(line) if len(found.iso) >= _WHOLE_DAY]
    return days[0] if days else ""


def _authors(byline: str) -> tuple[Finding, ...]:
    parts = [re.sub(r"^\s*by:?\s+", "", part, flags=re.IGNORECASE) for part in byline.split(";")]
    names = [credit.name for part in parts for credit in credited_names(f"By {part.strip()}")]
    return name_findings(names or parts, "byline of the export")


def _factiva_fields(lines: list[str]) -> tuple[str, Metadata] | None:
    """Read fields with codes, each of one line or several."""
    fields: dict[str, list[str]] = {}
    name = ""
    for line in lines:
        if found := _CODE.match(line.rstrip()):
            name = found["name"]
            fields[name] = [found["value"].strip()]
        elif name:
            fields[name].append(line.strip())
    text = [_joined(fields, code, "\n") for code in ("LP", "TD")]
    if "HD" not in fields or "PD" not in fields or not any(text):
        return None
    return "\n\n".join(filter(None, text)), _factiva_metadata(
        {code: _joined(fields, code, " ") for code in fields}
    )


def _joined(fields: Mapping[str, list[str]], code: str, mark: str) -> str:
    return mark.join(fields.get(code, [])).strip()


def _factiva(lines: list[str]) -> tuple[str, Metadata] | None:
    """Read headline, byline, number of words, day, outlet, …, copyright, and the text."""
    stripped = [line.strip() for line in lines]
    filled = [i for i, line in enumerate(stripped) if line][:_MOST_HEADER_LINES]
    words = next((i for i in filled if re.fullmatch(_WORDS, stripped[i], re.IGNORECASE)), None)
    below = [i for i in filled if words is not None and i > words]
    if not below or not _day(stripped[below[0]]):
        return None
    ends = [i for i in below if _COPYRIGHT.match(stripped[i])]
    ends = ends or [i for i in below if language_finding(stripped[i], "")]
    named = [i for i in below[1:] if not _CLOCK.fullmatch(stripped[i])]
    above = [stripped[i] for i in filled if words is not None and i < words]
    if not ends or not named or not above:
        return None
    bylines = [line for line in above[1:] if re.match(r"(?:by|von|par|por|di)\b", line, re.I)]
    title = max((line for line in above if line not in bylines), key=len)
    said = {"HD": title, "BY": " ".join(bylines), "PD": stripped[below[0]]}
    said["SN"] = stripped[named[0]]
    said["LA"] = next((stripped[i] for i in named[1:] if language_finding(stripped[i], "")), "")
    return "\n".join(lines[ends[0] + 1 :]), _factiva_metadata(said)


def _factiva_metadata(said: Mapping[str, str]) -> Metadata:
    day = _day(said["PD"])
    return Metadata(
        title=finding(said["HD"], "headline of the export"),
        source=finding(said.get("SN"), "header of the export"),
        published=Finding(day, "date of the export") if day else None,
        authors=_authors(said.get("BY", "")),
        language=language_finding(said.get("LA"), "field of the export"),
    )
