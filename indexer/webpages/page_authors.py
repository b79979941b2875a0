"""Authors of a page, their names as written: initials with points, names in quotation marks."""

import re
from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement

from indexer.text.bylines import credited_names, names_staff
from indexer.webpages.json_ld import Thing, is_article, json_ld, types_of
from indexer.webpages.written_dates import visible_text

_MAX_CHARS, _MAX_NAMES = 80, 50
_BY = re.compile(r"^(?:by|von|par|por|di|door|av)\s+", re.IGNORECASE)
_BETWEEN = re.compile(
    r"\s*;\s*|\s*,(?!\s*(?:jr|sr|ii|iii|iv|ph\.?d|m\.?d)\b)\s*|\s(?:and|und|et|y|&)\s",
    re.IGNORECASE,
)
_NO_NAME = re.compile(r"[@/\d<>{}\[\]|]|^https?:")
_QUOTED = "(?:[\"“”„«'‘(][^\"“”»'’()]{1,30}[\"”“»'’)]\\s*)?"
_SHOUTED_MIN = 2


def page_authors(root: HtmlElement, given: Sequence[str], site_name: str | None) -> tuple[str, ...]:
    """Return the persons that the JSON-LD declares, then the given ones that it lacks, as written.

    Args:
        root: the element tree of the page.
        given: names that were found by the page's markup, perhaps without their signs.
        site_name: the outlet, if known.
    """
    sites = {_key(site_name or ""), *_site_keys(root)}
    names = dict.fromkeys(name for name in _declared(root) if _key(name) not in sites)
    known = [_words(name) for name in names]
    others = [name for name in given if not any(_words(name) <= words for words in known)]
    if others:
        texts = [*(meta.get("content") or "" for meta in root.iter("meta")), visible_text(root)]
        names.update(dict.fromkeys(_as_written(name, texts) for name in others))
    return tuple(names)


def _declared(root: HtmlElement) -> Iterator[str]:
    """Yield the names of the persons who wrote the outermost article."""
    things = list(json_ld(root))
    by_id = {
        thing["@id"]: thing
        for thing in things
        if isinstance(thing.get("@id"), str) and "name" in thing
    }
    article = next((each for each in things if is_article(each) and each.get("author")), None)
    author = article.get("author") if article else None
    for each in (author if isinstance(author, list) else [author])[:_MAX_NAMES]:
        person = each if isinstance(each, dict) else {"name": each}
        person = person if "name" in person else by_id.get(person.get("@id"), person)
        if types_of(person) and "Person" not in types_of(person):
            continue
        for name in _names(person):
            if _is_person(name, declared=bool(types_of(person))):
                yield name


def _names(person: Thing) -> Iterator[str]:
    name = person.get("name")
    if not name and person.get("givenName") and person.get("familyName"):
        name = f"{person['givenName']} {person['familyName']}"
    for each in name if isinstance(name, list) else [name]:
        if isinstance(each, str) and len(each) <= _MAX_CHARS * _MAX_NAMES:
            folded = _BY.sub("", " ".join(each.split()))
            yield from (part.strip(" ,") for part in _BETWEEN.split(folded) if part.strip(" ,"))


def _is_person(name: str, *, declared: bool) -> bool:
    """Tell whether a name is one of a person: declared to be, or in the form of one."""
    if len(name) > _MAX_CHARS or _NO_NAME.search(name) or names_staff(name):
        return False
    if not declared:
        credited = credited_names(f"By {name}")
        return bool(credited) and credited[0].name == name
    shouted = " " not in name and len(name) > _SHOUTED_MIN and name.isupper()
    return name[0].upper() == name[0] and not shouted


def _site_keys(root: HtmlElement) -> Iterator[str]:
    for thing in json_ld(root):
        publisher = thing.get("publisher")
        for each in (thing if "Organization" in str(thing.get("@type")) else None, publisher):
            if isinstance(each, dict) and isinstance(each.get("name"), str):
                yield _key(each["name"])


def _key(name: str) -> str:
    return "".join(re.findall(r"\w+", name.casefold()))


def _words(name: str) -> set[str]:
    return set(re.findall(r"\w+", name.casefold()))


def _as_written(name: str, texts: Sequence[str]) -> str:
    """Return a name with the points and quotation marks that a text has in it."""
    parts = rf"[\s.]{{1,3}}{_QUOTED}".join(map(re.escape, name.split()))
    pattern = re.compile(rf"(?<!\w){parts}(?!\w)")
    found = next((match.group() for text in texts if (match := pattern.search(text))), name)
    return " ".join(found.split())
