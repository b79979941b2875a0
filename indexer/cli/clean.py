"""The articles of one file, cleaned as a build would.

The lines that an outlet prints under every article cannot be seen in one file: they come from an
index that has learned them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from indexer.build.articles import located
from indexer.catalog.reader import Catalog
from indexer.cleaning.cleaner import clean
from indexer.corpus.budget import within_budget
from indexer.corpus.roots import CorpusRoots
from indexer.corpus.scan import SkippedFileError
from indexer.documents import NO_METADATA, Metadata, Region
from indexer.loaders.decoding import check_text
from indexer.loaders.field_names import BY_CONVENTION, Columns
from indexer.loaders.named_file import load_named
from indexer.loaders.protocol import Loaded, LoadedArticle
from indexer.metadata.extract import find_metadata
from indexer.metadata.told import NOTHING_TOLD, Rule, Told, ToldReader, ToldValues
from indexer.recurring.lines import RecurringLines
from indexer.recurring.outlet_keys import outlet_key
from indexer.storage.manifest import generation_folder, read_manifest


@dataclass(frozen=True, slots=True)
class CleanedArticle:
    """An article with its metadata and the regions that cleaning kept and removed."""

    name: str
    text: str = field(repr=False)
    regions: tuple[Region, ...]
    metadata: Metadata = NO_METADATA
    of_many: bool = False


@dataclass(frozen=True, slots=True)
class Learned:
    """Recurring lines of an index, the roots of its corpus, and what the user told it."""

    lines: RecurringLines
    roots: CorpusRoots | None = None
    encoding: str = ""
    told: Told = NOTHING_TOLD

    @classmethod
    def of(cls, index: Path) -> "Learned":
        """Read what an index has learned.

        Raises:
            IndexNotFoundError: when there is no index.
            IndexFormatError: when it is damaged.
        """
        manifest = read_manifest(index)
        with Catalog(generation_folder(index, manifest.generation)) as catalog:
            lines = catalog.recurring_lines()
        settings = manifest.settings
        return cls(lines, manifest.roots, settings.encoding, settings.told)

    def changed(
        self, encoding: str | None, outlet_from: str | None, rules: tuple[Rule, ...]
    ) -> "Learned":
        """Return the same with what the options of a command tell."""
        return replace(
            self,
            encoding=self.encoding if encoding is None else encoding,
            told=self.told.changed(outlet_from, rules),
        )

    def outlet(self, place: Path, article: LoadedArticle) -> str:
        """Return the outlet under which the index counts the lines of an article."""
        file = self._index_path(place) or place.name
        return outlet_key(_path_of(file, article), file, article.given)

    def values(self, place: Path, article: LoadedArticle) -> ToldValues:
        """Return what the user tells about an article.

        Outside the corpus of an index, patterns are relative to any folder above the file, and a
        line under the title need not recur.
        """
        file = self._index_path(place)
        told = self.told if file else self.told.anywhere()
        reader = ToldReader(told, self.roots if file else None, least_articles=1)
        file = file or place.absolute().as_posix()
        reader.count_lines(_path_of(file, article), file, article.text)
        return reader.values(_path_of(file, article), file, article.text)

    def _index_path(self, place: Path) -> str | None:
        return self.roots.index_path(place) if self.roots else None


NOTHING_LEARNED = Learned(RecurringLines())


def clean_file(
    path: Path,
    columns: Columns = BY_CONVENTION,
    learned: Learned = NOTHING_LEARNED,
    on_skip: Callable[[str], None] = lambda _: None,
) -> Iterator[CleanedArticle]:
    """Yield the articles of a file, cleaned.

    Args:
        path: a file, or one article in a file of many as citations name it: `export.jsonl#17`.
        columns: columns of a table by field.
        learned: recurring lines to remove, and what the user tells.
        on_skip: called with each row, page or member that is not an article, and why.

    Raises:
        CorpusError: when the file cannot be read, or has no such article or none at all.
    """
    skipped: SkippedFileError | None = None
    count = 0
    with load_named(path, columns, learned.encoding) as (place, loaded):
        for each in loaded:
            name = f"{place.name}#{each.key}" if each.key else place.name
            try:
                cleaned = _cleaned(place, name, _checked(each), learned)
            except SkippedFileError as skip:
                skipped = skipped or skip
                if each.key:
                    on_skip(f"{name}: {skip}")
                continue
            yield cleaned
            count += 1
        if not count:
            raise skipped or SkippedFileError("not one article", "it holds none")


def _path_of(file: str, article: LoadedArticle) -> str:
    return f"{file}#{article.key}" if article.key else file


def _checked(loaded: Loaded) -> LoadedArticle:
    """Return an article that a build would accept; raise SkippedFileError for anything else."""
    if not isinstance(loaded, LoadedArticle):
        raise SkippedFileError(loaded.reason, loaded.detail)
    check_text(loaded.text)
    return loaded


def _cleaned(place: Path, name: str, article: LoadedArticle, learned: Learned) -> CleanedArticle:
    with within_budget(len(article.text)):
        lines = learned.lines.of(learned.outlet(place, article))
        cleaning = clean(article.text, lines, located(article.given.title))
        metadata = find_metadata(
            article.text, cleaning, article.given, learned.values(place, article)
        )
    return CleanedArticle(name, article.text, cleaning.regions, metadata, bool(article.key))
