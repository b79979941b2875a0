"""Notices in which an outlet corrects, clarifies or retracts what it has published.

A sentence is one if it begins with an article of the outlet ("A report on Monday …", "Our story
of 3 May …", "we reported …") and says that this was wrong. Under a title such as "Correction" the
first is enough. Articles by others, and news about corrections, do not begin so.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from indexer.text.dates import MONTH_NAMES

# Raised whenever other articles could be found to be corrections: written into the manifest.
CORRECTIONS_VERSION = 1

Kind = Literal["notice", "resent"]

_FIRST_SENTENCES: Final = 4  # that may say it; a list of corrections goes on
# Longer text is none, and would cost time.
_LONGEST_LINE: Final = 600
_LONGEST_SENTENCE: Final = 1000
_LONGEST_TITLE: Final = 300
_LONGEST_OPENING: Final = 1500
_MOST_SENTENCES: Final = 200
_FOLLOWING: Final = 2  # sentences after a notice that give the right value

ARTICLE: Final = (
    r"(?:article|story|report|column|item|piece|headline|(?:photo |picture )?caption|editorial"
    r"|obituary|review|profile|interview|graphic|chart|table|map|photo(?:graph)?|picture|feature"
    r"|dispatch|newsletter|post)s?"
)
_WEEKDAY: Final = "(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_LEAD: Final = (
    r"^(?:[^\w\"“‘«]|\b(?:corrections?|clarifications?|retraction|editors?['’]s? note"
    r"|for the record)\b)*"
    r"(?:[A-Z][A-Z., ]+\(\w+\)\s*[—–-]+\s*)?"
    r"(?:(?:because of|owing to|due to) (?:an? |our )?(?:\w+ )?(?:error|mistake)s?\W+)?"
)
_DAY: Final = rf"(?:{_WEEKDAY}|yesterday|last (?:week|month)|{MONTH_NAMES}|earlier|previous)"
_OWN: Final = rf"(?:an?|our|the|one of our|(?:this|the) (?:news)?paper['’]s|{_DAY}['’]s)"
_NOT_OWN: Final = (
    r"(?!,? (?:by|from) (?:its|the|his|her|their|an?|[A-Z])\b(?! \d)"
    r"|,? of (?:its|his|her|their|(?:the|this) (?:law|treaty))\b"
    r"| in (?:the|a) (?:journal|magazine|law|constitution|treaty))"
)
_PUBLISHED: Final = rf"{_OWN} (?:(?!this\b)[\w.,’'&-]+ ){{0,4}}?{ARTICLE}\b{_NOT_OWN}"
_NAMED: Final = re.compile(rf"{_LEAD}(?:in )?{_PUBLISHED}", re.IGNORECASE)
_NAMED_ANYWHERE: Final = re.compile(
    rf"\b(?:{_PUBLISHED}|(?:as )?we (?:said|stated|reported|wrote|gave|published)\b)", re.IGNORECASE
)
_FAULTY: Final = re.compile(
    r"\b(?:mis(?:stated|identified|spel(?:led|t)|quoted|reported|attributed|characteri[sz]ed"
    r"|represented|named|labell?ed|translated|calculated|dated|placed)"
    r"|(?:in(?:correct|accurate)|wrong|erroneous|mistaken)ly|in error"
    r"|(?:gave|had|used|contained|included|carried) (?:the|an?) "
    r"(?:wrong|incorrect|inaccurate|error)"
    r"|should have (?:said|read|stated|made clear)|omitted|transposed|[;,] in fact)\b",
    re.IGNORECASE,
)
_TITLE: Final = re.compile(
    r"^[^\w\n]{0,20}(?:(?:corrections?|clarifications?|amplifications?|retractions?|errat(?:um|a)|apology"
    r"|corrigend(?:um|a)|for the record|setting (?:it|the record) straight)"
    r"(?: and (?:corrections|clarifications|apologies))?(?:\W*$|\s*[^\w\s'’]| (?:to|on|of) )"
    r"|an apology\b|apology to\b|editors?['’]s? note\b|a note to (?:our )?readers\b)"
    r"|\bwe (?:got it|were) wrong\b|\b(?:correction|retraction|clarification|apology)\W*$",
    re.IGNORECASE,
)
_RESENT_TITLE: Final = re.compile(
    r"^[^\w\n]{0,20}(?:(?:refile|update \d+|\d+(?:st|nd|rd|th) (?:ld|lead))\W+)*"
    r"(?:corrected|corrects|refile)\b"
    r"|\((?:corrected|corrects)\)\W*$",
    re.IGNORECASE,
)
_RESENT: Final = re.compile(
    rf"^[^\w\n]{{0,20}}(?:(?:this (?:version|{ARTICLE}) )?corrects\b"
    rf"|(?:this|the)(?: \w+\.? \d+)? (?:version|{ARTICLE}) "
    r"(?:has been|was|is) (?:(?:corrected|amended)\b"
    r"|(?:updated|edited|changed) to (?:correct|reflect|remove|fix)))"
    rf"|\b(?:earlier|previous|prior|original) versions? of th(?:is|e) {ARTICLE}\b"
    r"|^[^\w\n]{0,20}(?:an|the) (?:earlier|previous|prior|original) version "
    r"(?:mis|incorrect|wrong|gave|said|stated)",
    re.IGNORECASE,
)
_LIST: Final = re.compile(r"corrections\b|clarifications\b|errata\b|record\b", re.IGNORECASE)
_RETRACTS: Final = re.compile(r"\b(?:retract|withdr[ae]w)", re.IGNORECASE)
_ANYWHERE: Final = re.compile(
    rf"{_RESENT.pattern}|{_FAULTY.pattern}|{_RETRACTS.pattern}", re.IGNORECASE | re.MULTILINE
)
_MAY_BE_AMENDED: Final = re.compile(
    "[Cc]orrect(?:s|ed)|CORRECTS|amended|versions? of th|to (?:correct|reflect)"
)
_SORRY: Final = re.compile(
    r"\b(?:regret|sorry|apologi[sz]e|(?:error|mistake) was)\b", re.IGNORECASE
)
# Any of these stands in every text that has a notice; looking them up is quick.
_CUES: Final = (
    *(
        "correct",
        "clarif",
        "amplif",
        "retract",
        "withdr",
        "errat",
        "corrigend",
        "refile",
        "amended",
    ),
    *("misst", "misid", "misspel", "misquo", "misrep", "misattr", "mischar", "misna", "mislab"),
    *("mistransl", "miscalc", "misdat", "misplac", "mistaken", "wrong", "erron", "in error"),
    *("in fact", "should have", "omitted", "unclear", "inaccurate", "transposed", "failed to"),
    *("straight", "apolog", "for the record", "note to", "s note", "earlier version"),
)


@dataclass(frozen=True, slots=True)
class Notice:
    """What an article says about another one, or about an earlier version of itself.

    Attributes:
        kind: a `notice` names the other article in a few sentences; an article that was `resent`
            is the other one once more, corrected.
        sentences: those of the notice, the first of which names the article.
        in_list: whether the article has others.
    """

    kind: Kind
    sentences: tuple[str, ...]
    in_list: bool = False


def may_have_notice(title: str, opening: str) -> bool:
    """Tell quickly whether an article may have a notice, by its title and its first passages."""
    opening = opening[:_LONGEST_OPENING]
    lowered = f"{title}\n{opening}".lower()
    if not any(map(lowered.__contains__, _CUES)):
        return False
    is_named = is_titled(title) or bool(_RESENT_TITLE.search(title[:_LONGEST_TITLE]))
    return is_named or bool(_ANYWHERE.search(opening))


def find_notices(title: str, outlet: str, sentences: Sequence[str]) -> list[Notice]:
    """Return the notices of an article, in order.

    Args:
        title: its title, or nothing.
        outlet: the name of its outlet, or nothing.
        sentences: its own, without the title.

    >>> notice = "Our report on Monday gave the wrong place."
    >>> [each.kind for each in find_notices("The choir of Skell", "", [notice, "It was Brill."])]
    ['notice']
    >>> find_notices("Correction of 10 percent likely", "", ["A report by the bank was wrong."])
    []
    """
    titled = is_titled(title)
    last = _MOST_SENTENCES if titled and _LIST.search(title) else _FIRST_SENTENCES
    first = sentences[:last]
    is_resent = bool(_RESENT_TITLE.search(title[:_LONGEST_TITLE]))
    if is_resent or any(map(is_about_itself, first[:_FIRST_SENTENCES])):
        return [Notice("resent", tuple(filter(is_about_itself, first)))]
    places = [
        place
        for place, sentence in enumerate(first)
        if is_notice(sentence, outlet, titled=titled) and not is_about_itself(sentence)
    ]
    return [
        Notice("notice", _with_following(sentences, place, outlet, titled=titled), len(places) > 1)
        for place in places
    ]


def is_titled(title: str) -> bool:
    """Tell whether a title says that the article is a correction."""
    return bool(_TITLE.search(title[:_LONGEST_TITLE]))


def title_subject(title: str) -> str:
    """Return the title of a correction without the words that say so."""
    return _RESENT_TITLE.sub(" ", _TITLE.sub(" ", title[:_LONGEST_TITLE]))


def names_article(sentence: str, outlet: str = "", *, titled: bool = False) -> bool:
    """Tell whether a sentence begins with what its outlet has published.

    In an article that is `titled` as a correction it may also say so further on.
    """
    if titled and _NAMED_ANYWHERE.search(sentence):
        return True
    return bool(_NAMED.match(sentence) or _first_person(outlet).match(sentence))


def is_notice(sentence: str, outlet: str = "", *, titled: bool = False) -> bool:
    """Tell whether a sentence says that something its outlet has published was wrong."""
    if len(sentence) > _LONGEST_SENTENCE:
        return False
    if is_about_itself(sentence):
        return True
    if _first_person(outlet).match(sentence) and _RETRACTS.search(sentence):
        return True
    is_named = names_article(sentence, outlet, titled=titled)
    return is_named and (titled or bool(_FAULTY.search(sentence)))


def is_about_itself(sentence: str) -> bool:
    """Tell whether a sentence says that the article with it has been corrected."""
    return bool(_RESENT.search(sentence[:_LONGEST_SENTENCE]))


def own_notice(text: str) -> str | None:
    r"""Return the line in which an article says that it has been corrected; None without one.

    >>> own_notice("A ship sank.\nThis article was amended on 3 May to correct its name.")
    'This article was amended on 3 May to correct its name.'
    """
    if not _MAY_BE_AMENDED.search(text):
        return None
    lines = (line.strip() for line in text.splitlines() if len(line) <= _LONGEST_LINE)
    return next(filter(is_about_itself, lines), None)


def is_apology(sentence: str) -> bool:
    """Tell whether a sentence only says that the outlet is sorry."""
    return bool(_SORRY.search(sentence))


def _with_following(
    sentences: Sequence[str], place: int, outlet: str, *, titled: bool
) -> tuple[str, ...]:
    found = [sentences[place]]
    for sentence in sentences[place + 1 : place + 1 + _FOLLOWING]:
        if len(sentence) > _LONGEST_SENTENCE or names_article(sentence, outlet, titled=titled):
            break
        found.append(sentence)
    return tuple(found)


@lru_cache(maxsize=256)
def _first_person(outlet: str) -> re.Pattern[str]:
    names = "|".join(["we", "this (?:news)?paper", *([re.escape(outlet)] if outlet else [])])
    return re.compile(
        rf"{_LEAD}(?:(?:on |in |yesterday|last |earlier)[\w ,.’'-]{{0,40}}?)?(?:the )?(?:{names}) "
        r"(?:(?:has|have|had|incorrectly|wrongly|erroneously|mistakenly|today|hereby) )*"
        r"(?:reported|published|said|wrote|stated|printed|retract(?:s|ed)?|withdr[ae]wn?s?"
        r"|mis(?:stated|identified|reported|quoted|spelled|spelt))\b",
        re.IGNORECASE,
    )
