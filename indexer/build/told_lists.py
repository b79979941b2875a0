"""Reading of the `sources.csv` at the top of each folder of a corpus."""

from dataclasses import replace

from indexer.corpus.files import FILE_SECONDS, FileReader
from indexer.corpus.roots import CorpusRoot
from indexer.corpus.scan import Corpus, SkippedFileError
from indexer.errors import CorpusError
from indexer.metadata.sources_list import SOURCES_FILE, column_names, parse_sources
from indexer.metadata.told import Rule
from indexer.storage.read_settings import ReadSettings


def with_lists(
    corpus: Corpus, settings: ReadSettings, seconds: float = FILE_SECONDS
) -> ReadSettings:
    """Return settings with what the lists in the corpus tell now; a table of articles is none.

    Raises:
        CorpusError: when a list cannot be read; names the line.
    """
    rules: list[Rule] = []
    lists: list[str] = []
    files = {file.path: file for file in corpus.files}
    with FileReader(seconds) as reader:
        for root in corpus.roots.roots:
            path = root.path_of(SOURCES_FILE)
            if root.is_file or path not in files:
                continue
            location = root.locate(path)
            try:
                with reader.open(location, files[path], root.path) as stream:
                    content = stream.read(settings.max_bytes)
            except SkippedFileError as skip:
                raise CorpusError(
                    f"Cannot read {location}, which names the outlets: {skip}. Nothing was changed"
                ) from skip
            if "text" not in settings.columns.find(column_names(content)):
                rules += (_in_root(rule, root) for rule in parse_sources(content, str(location)))
                lists.append(path)
    told = replace(settings.told, listed=tuple(rules), lists=tuple(lists))
    return replace(settings, told=told)


def _in_root(rule: Rule, root: CorpusRoot) -> Rule:
    """Return a rule whose pattern is relative to the corpus rather than to one of its folders."""
    if not root.label:
        return rule
    anchored = "/" in rule.pattern.rstrip("/")
    pattern = rule.pattern.lstrip("/") if anchored else f"**/{rule.pattern}"
    return replace(rule, pattern=f"{root.label}/{pattern}")
