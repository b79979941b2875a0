"""Corpus that changes like an archive, reproducibly.

Every paragraph names its town and edition, so that mixed editions in one index are detected.
"""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final

_EVENTS: Final = (
    ("The council of {town} voted to repair {count} bridges", "The work will cost {sum} crowns"),
    (
        "The harbour of {town} was closed after a storm sank {count} boats",
        "Repairs take {sum} days",
    ),
    ("{count} teachers in {town} went on strike", "They ask for {sum} crowns more a month"),
    ("The clinic of {town} hired {count} nurses", "It had {sum} patients last year"),
    ("{town} opened a school for {count} pupils", "The building has {sum} windows"),
)
_SYLLABLES: Final = "bel dor fen gar hol kir lum mar nor pel ros sil tam ul vor wen".split()


class ChangingCorpus:
    """Folder of articles, changed step by step; a seed determines the steps."""

    def __init__(self, folder: Path, articles: int, seed: int) -> None:
        """Write the first articles."""
        self.folder = folder
        self._random = random.Random(seed)
        self._next = 0
        self._editions: dict[int, int] = {}
        folder.mkdir(parents=True)
        for _ in range(articles):
            self._add()

    def change(self, share: float = 0.02) -> None:
        """Add, edit, rename and delete a share of the articles."""
        count = max(1, round(share * len(self._editions)))
        for number in self._random.sample(sorted(self._editions), 3 * count)[: 2 * count]:
            if self._random.random() < 0.5:
                self._editions[number] += 1
                self._write(number)
            else:
                self._path(number).unlink()
                del self._editions[number]
        for _ in range(count):
            self._add()
        chosen = self._random.choice(sorted(self._editions))
        moved = self._path(chosen)
        moved.rename(moved.with_name(f"moved-{moved.name}"))
        del self._editions[chosen]

    def _add(self) -> None:
        self._editions[self._next] = 1
        self._write(self._next)
        self._next += 1

    def _path(self, number: int) -> Path:
        return self.folder / f"{number:05}.txt"

    def _write(self, number: int) -> None:
        text = "\n\n".join(paragraphs(number, self._editions[number])) + "\n"
        self._path(number).write_text(text, encoding="utf-8")


def paragraphs(number: int, edition: int) -> Iterator[str]:
    """Yield the headline and paragraphs of an article.

    >>> next(paragraphs(0, 3))
    'Belbel, edition 3: repair of bridges'
    """
    town = town_of(number)
    chosen = random.Random(1000 * number + edition)
    kinds = ("repair of bridges", "a harbour closed", "a strike", "a clinic", "a school")
    first = number % len(_EVENTS)
    yield f"{town}, edition {edition}: {kinds[first]}"
    for sentences in (_EVENTS[first], chosen.choice(_EVENTS)):
        facts = {"town": town, "count": chosen.randint(2, 900), "sum": chosen.randint(1000, 99999)}
        said = ". ".join(sentence.format(**facts) for sentence in sentences)
        yield f"{said}, edition {edition} of the {town} news says."


def town_of(number: int) -> str:
    """Return the unique town of an article.

    >>> town_of(17), town_of(300)
    ('Dordor', 'Dorfentam')
    """
    syllables: list[str] = []
    rest = number
    while rest or len(syllables) < 2:
        rest, place = divmod(rest, len(_SYLLABLES))
        syllables.append(_SYLLABLES[place])
    return "".join(reversed(syllables)).capitalize()
