"""What of a file is indexed? Its articles, cleaned as a build would.

One file does not show what its outlet prints under everything: those lines come from an index that
has learned them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from indexer.build.articles import located
from indexer.catalog.reader import Catalog
from indexer.cleaning.cleaner import clean
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
    """An article of a file: its name, its text, what is known of it, and what cleaning keeps."""

    name: str
    text: str = field(repr=False)
    regions: tuple[Region, ...]
    metadata: Metadata = NO_METADATA
    of_many: bool = False


@dataclass(frozen=True, slots=True)
class Learned:
    """The lines that an index knows to recur, and where its corpus lies."""

    lines: RecurringLines
    roots: CorpusRoots | None = None

    @classmethod
    def of(cls, index: Path) -> "Learned":
        """Return what an index has learned.

        Raises:
            IndexNotFoundError: when there is no index.
            IndexFormatError: when it is damaged.
        """
        manifest = read_manifest(index)
        with Catalog(generation_folder(index, manifest.generation)) as catalog:
            return cls(catalog.recurring_lines(), manifest.roots)

    def outlet(self, place: Path, article: LoadedArticle) -> str:
        """Return under which name the index counts the lines of an article."""
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
        path: a file; for one article of a file of many, its path as a citation shows it:
            `export.jsonl#17`.
        columns: which column is which field, in a table.
        learned: lines that recur.
        on_skip: is told of each row, page or member that is no article, and why.

    Raises:
        CorpusError: when the file cannot be read, or has no such article or none at all.
    """
    skipped: SkippedFileError | None = None
    count = 0
    with load_named(path, columns) as (place, loaded):
        for each in loaded:
            name = f"{place.name}#{each.key}" if each.key else place.name
            try:
                article = _checked(each)
            except SkippedFileError as skip:
                skipped = skipped or skip
                if each.key:
                    on_skip(f"{name}: {skip}")
                continue
            yield _cleaned(place, name, article, learned)
            count += 1
        if not count:
            raise skipped or SkippedFileError("not one article", "it holds none")


def _checked(loaded: Loaded) -> LoadedArticle:
    """Return an article that a build would take; whatever else is a SkippedFileError."""
    if not isinstance(loaded, LoadedArticle):
        raise SkippedFileError(loaded.reason, loaded.detail)
    check_text(loaded.text)
    return loaded


def _cleaned(place: Path, name: str, article: LoadedArticle, learned: Learned) -> CleanedArticle:
    lines = learned.lines.of(learned.outlet(place, article))
    cleaning = clean(article.text, lines, located(article.given.title))
    metadata = find_metadata(article.text, cleaning, article.given)
    return CleanedArticle(name, article.text, cleaning.regions, metadata, bool(article.key))
