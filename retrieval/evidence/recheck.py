"""Quotes of an evidence pack, compared again with an index or with the files themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from indexer.corpus.roots import CorpusRoots
from indexer.corpus.scan import scan
from indexer.documents import Document
from indexer.errors import CorpusError
from indexer.loaders.field_names import BY_CONVENTION
from indexer.loaders.formats.registry import SUFFIXES
from indexer.loaders.named_file import load_named
from indexer.loaders.protocol import LoadedArticle
from indexer.progress import NoProgress, Progress
from indexer.storage.local_store import LocalStore
from indexer.storage.manifest import sha256_of
from indexer.storage.staleness import check_source
from indexer.store import Restriction, doc_id_text
from indexer.text.analyzer import content_terms, words
from retrieval.evidence.pack import Pack, PackedQuote

Verdict = Literal["holds", "moved", "changed", "gone"]

_PHRASE_WORDS = 8  # shorter than any passage that holds the quote
_CANDIDATES = 100  # passages that share these words


@dataclass(frozen=True, slots=True)
class Place:
    """Where a quote stands verbatim: the article's path, and the offset in its text."""

    path: str
    start: int


@dataclass(frozen=True, slots=True)
class Checked:
    """A quote and what became of it.

    It `holds` at its path and offsets; it has `moved` within its article, or with it to another
    path; its article is there but `changed`, and no longer has it; or both are `gone`. `place` is
    where it stands now, None if nowhere. `notes` tell what else differs from the pack.
    """

    quote: PackedQuote
    verdict: Verdict
    place: Place | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """The text at a cited path, the SHA-256 of its file, and its metadata where an index has it."""

    text: str
    sha256: str
    document: Document | None = None
    note: str = ""


class Archive(Protocol):
    """Articles in which quotes are looked up."""

    def article(self, quote: PackedQuote) -> Article | None:
        """Return the article at a quote's path; None without one."""

    def places(self, quotes: Sequence[PackedQuote]) -> list[Place | None]:
        """Return where each quote stands verbatim in any article."""


class IndexArchive:
    """The articles of an index."""

    def __init__(self, store: LocalStore, roots: CorpusRoots) -> None:
        """Use an open store; the roots locate its files."""
        self._store = store
        self._roots = roots

    def article(self, quote: PackedQuote) -> Article | None:
        """Return the article as it was indexed, with a note if its file differs by now."""
        found = [
            doc_id
            for doc_id in self._store.catalog.doc_ids_of(quote.path)
            if self._store.document(doc_id).path == quote.path
        ]
        if not found:
            return None
        document = self._store.document(found[0])
        notes = {
            "same": "",
            "changed": "its file has changed since it was indexed; update the index",
            "missing": "its file is missing, so only the indexed text was compared",
        }
        note = notes[check_source(self._roots, document)]
        return Article(document.text, document.sha256, document, note)

    def places(self, quotes: Sequence[PackedQuote]) -> list[Place | None]:
        """Return the first article with each quote, by its words."""
        return [self._place(quote.quote) for quote in quotes]

    def _place(self, text: str) -> Place | None:
        phrase = tuple(words(text)[:_PHRASE_WORDS])
        if not phrase:
            return None
        found = self._store.match_terms(
            content_terms(text) or phrase, _CANDIDATES, Restriction(phrases=(phrase,))
        )
        for name in sorted(set(found.doc_ids.tolist())):
            document = self._store.document(doc_id_text(name))
            start = document.text.find(text)
            if start >= 0:
                return Place(document.path, start)
        return None


class FolderArchive:
    """The articles in the files of a corpus, without an index."""

    def __init__(self, roots: CorpusRoots, progress: Progress | None = None) -> None:
        """List the files below some roots, whose index paths are those of the pack.

        Raises:
            CorpusError: when a root cannot be listed.
        """
        listed = {file.path: roots.locate(file.path) for file in scan(roots, SUFFIXES).files}
        self._files = {path: place for path, place in listed.items() if place is not None}
        self._progress = progress or NoProgress()

    def article(self, quote: PackedQuote) -> Article | None:
        """Read the article at a quote's path."""
        cuts = [place for place, character in enumerate(quote.path) if character == "#"]
        for cut in (len(quote.path), *reversed(cuts)):
            place = self._files.get(quote.path[:cut])
            if place is None:
                continue
            try:
                with load_named(Path(f"{place}{quote.path[cut:]}"), BY_CONVENTION) as (_, loaded):
                    texts = (each.text for each in loaded if isinstance(each, LoadedArticle))
                    return Article(next(texts), sha256_of(place))
            except (CorpusError, StopIteration):
                return None
        return None

    def places(self, quotes: Sequence[PackedQuote]) -> list[Place | None]:
        """Read every article, and return the first one with each quote."""
        found: list[Place | None] = [None] * len(quotes)
        self._progress.stage("read", len(self._files))
        for path, place in self._files.items():
            if not all(found):
                self._search(path, place, quotes, found)
            self._progress.advance()
        return found

    def _search(
        self, name: str, location: Path, quotes: Sequence[PackedQuote], found: list[Place | None]
    ) -> None:
        try:
            with load_named(location, BY_CONVENTION) as (_, loaded):
                for each in loaded:
                    if not isinstance(each, LoadedArticle):
                        continue
                    path = f"{name}#{each.key}" if each.key else name
                    for number, quote in enumerate(quotes):
                        start = -1 if found[number] else each.text.find(quote.quote)
                        if start >= 0:
                            found[number] = Place(path, start)
        except CorpusError:
            return  # what a build would skip holds no quote


def check_pack(pack: Pack, archive: Archive) -> list[Checked]:
    """Compare every quote of a pack with an archive, in the pack's order."""
    checked: list[Checked | None] = []
    lost: list[tuple[int, PackedQuote, Article | None]] = []
    for number, quote in enumerate(pack.quotes):
        article = archive.article(quote)
        place = None if article is None else _place_in(article.text, quote)
        if article is None or place is None:
            checked.append(None)
            lost.append((number, quote, article))
        else:
            verdict: Verdict = "holds" if place.start == quote.start else "moved"
            checked.append(Checked(quote, verdict, place, _notes(quote, article)))
    places = archive.places([quote for _, quote, _ in lost]) if lost else []
    for (number, quote, article), place in zip(lost, places, strict=True):
        checked[number] = _lost(quote, article, place)
    return [each for each in checked if each is not None]


def _place_in(text: str, quote: PackedQuote) -> Place | None:
    """Return the place of a quote in its article, that nearest to its offset."""
    if text[quote.start : quote.end] == quote.quote:
        return Place(quote.path, quote.start)
    before = text.rfind(quote.quote, 0, quote.start + len(quote.quote))
    after = text.find(quote.quote, quote.start)
    found = [start for start in (before, after) if start >= 0]
    if not found:
        return None
    return Place(quote.path, min(found, key=lambda start: abs(start - quote.start)))


def _lost(quote: PackedQuote, article: Article | None, place: Place | None) -> Checked:
    if article is None:
        return Checked(quote, "moved" if place else "gone", place)
    elsewhere = (f"it stands in {place.path}",) if place else ()
    return Checked(quote, "changed", place, (*elsewhere, *_notes(quote, article)))


def _notes(quote: PackedQuote, article: Article) -> tuple[str, ...]:
    notes = [article.note] if article.note else []
    if article.sha256 != quote.sha256:
        notes.append("its file is not the one cited (another SHA-256)")
    if article.document is not None:
        notes += [
            f"the pack says {name} {told!r}, the article {value!r}"
            for name, told, value in (
                ("title", quote.title, article.document.title),
                ("outlet", quote.source, article.document.source),
                ("date", quote.published, article.document.published),
            )
            if told != value
        ]
    return tuple(notes)
