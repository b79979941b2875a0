"""News-like articles of any number, drawn from tables: for measurements without real ones.

In: how many. Out: text files in a folder, the same each time. They have a headline, a line of
credit and date, sixteen paragraphs, and a line that the outlet prints below everything.
"""

import random
from pathlib import Path

_PEOPLE = "minister mayor engineer union court company council spokeswoman captain farmer".split()
_VERBS = "said denied announced warned expected promised rejected reported confirmed asked".split()
_THINGS = "bridge harbour budget railway hospital school vaccine treaty election storm".split()
_PLACES = "Northport Larne Tarn Vell Oster Kolm Sel Marsk Ronde Brenna Halden Ystad".split()
_TAILS = (
    "before the winter",
    "after weeks of talks",
    "although nobody had asked for it",
    "because the old one was closed in spring",
    "and that others would follow",
    "while hundreds waited outside",
)
_MONTHS = "January March May July September November".split()
_PARAGRAPHS, _SENTENCES = 16, 4


def write_articles(folder: Path, count: int, first: int = 0) -> None:
    """Write articles `first` to `first + count` as text files.

    Args:
        folder: made when missing.
        count: how many.
        first: the number of the first; an article depends on its number alone.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(first, first + count):
        (folder / f"{number:06}.txt").write_text(article(number), encoding="utf-8")


def article(number: int, version: int = 0) -> str:
    """Return an article; another version differs in one paragraph."""
    lots = random.Random(number)
    place, thing = lots.choice(_PLACES), lots.choice(_THINGS)
    paragraphs = [
        f"{place} votes on its {thing} after {lots.randrange(2, 90)} days",
        f"By Ann Other, {lots.randrange(1, 29)} {lots.choice(_MONTHS)} {2012 + number % 14}",
    ]
    paragraphs += [
        " ".join(_sentence(lots) for _ in range(lots.randrange(2, _SENTENCES)))
        for _ in range(_PARAGRAPHS)
    ]
    if version:
        paragraphs[-1] = " ".join(_sentence(random.Random(f"{number}-{version}")) for _ in range(3))
    paragraphs.append("The Northport Agency contributed to this report.")
    return "\n\n".join(paragraphs) + "\n"


def _sentence(lots: random.Random) -> str:
    person, verb, thing = (lots.choice(words) for words in (_PEOPLE, _VERBS, _THINGS))
    return (
        f"The {person} of {lots.choice(_PLACES)} {verb} on day {lots.randrange(1000)} that "
        f"{lots.randrange(2, 5000)} people had seen the {thing} of {lots.choice(_PLACES)} "
        f"{lots.choice(_TAILS)}."
    )
