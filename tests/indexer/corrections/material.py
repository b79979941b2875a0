"""Reader of the invented articles of the test set, as catalog entries."""

from dataclasses import dataclass, field
from pathlib import Path

from indexer.catalog.rows import CatalogEntry
from indexer.documents import doc_id_of
from tests.support.builders import entry

HERE = Path(__file__).parent
PARTS = ("first_half", "held_out", "second_held_out")


@dataclass
class Told:
    """An invented article: `corrects` names others, `old` and `new` are values it gives."""

    name: str
    day: str
    title: str
    outlet: str
    text: str = ""
    corrects: set[str] = field(default_factory=set)
    is_hard: bool = False
    old: str = ""
    new: str = ""

    @property
    def doc_id(self) -> str:
        return doc_id_of(f"{self.name}.txt")

    def entry(self) -> CatalogEntry:
        return entry(
            f"{self.name}.txt",
            self.text,
            source=self.outlet,
            published=self.day,
            title=self.title,
        )


def told(part: str) -> list[Told]:
    """Return the articles of a part of the set."""
    articles: list[Told] = []
    outlet = ""
    for line in (HERE / f"{part}.txt").read_text("utf-8").splitlines():
        if line.startswith("# "):
            outlet = line[2:]
        elif line.startswith("@ "):
            name, day, title, *marks = line[2:].split(" | ")
            articles.append(Told(name, day, title, outlet))
            for mark in marks:
                _mark(articles[-1], mark)
        elif articles and line:
            articles[-1].text += f"{line}\n"
    return articles


def _mark(article: Told, mark: str) -> None:
    if mark == "!":
        article.is_hard = True
    elif mark.startswith(">"):
        article.corrects = {name.strip() for name in mark.split(">") if name.strip()}
    else:
        article.old, article.new = mark.split(" => ")
