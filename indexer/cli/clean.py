"""The articles of one file, cleaned as a build would.

The lines that an outlet prints under every article cannot be seen in one file: they come from an
index that has learned them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
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
    """Recurring lines of an index, and the roots of its corpus."""

    lines: RecurringLines
    roots: CorpusRoots | None = None

    @classmethod
    def of(cls, index: Path) -> "Learned":
        """Read what an index has learned.

        Raises:
            IndexNotFoundError: when there is no index.
            IndexFormatError: when it is damaged.
        """
        manifest = read_manifest(index)
        with Catalog(generation_folder(index, manifest.generation)) as catalog:
            return cls(catalog.recurring_lines(), manifest.roots)

    def outlet(self, place: Path, article: LoadedArticle) -> str:
        """Return the outlet under which the index counts the lines of an article."""
        file = (self.roots.index_path(place) if self.roots else None) or place.name
        path = f"{file}#{article.key}" if article.key else file
        return outlet_key(path, file, article.given)


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
        learned: recurring lines to remove.
        on_skip: called with each row, page or member that is not an article, and why.

    Raises:
        CorpusError: when the file cannot be read, or has no such article or none at all.
    """
    skipped: SkippedFileError | None = None
    count = 0
    with load_named(path, columns) as (place, loaded):
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
        metadata = find_metadata(article.text, cleaning, article.given)
    return CleanedArticle(name, article.text, cleaning.regions, metadata, bool(article.key))
