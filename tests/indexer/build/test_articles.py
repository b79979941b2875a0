"""Every staged article becomes one catalog entry, in the order of doc_id."""

from pathlib import Path

from indexer.build.articles import EntryMaker, learn_lines, make_entry
from indexer.build.reading import ReadingLog
from indexer.build.workers import Workers
from indexer.catalog.rows import CatalogEntry
from indexer.catalog.staging import StagedArticle, Staging
from indexer.catalog.statistics import removed_characters
from indexer.corpus import budget
from indexer.corpus.budget import TOO_LONG
from indexer.documents import Finding, Metadata, SourceFile, doc_id_of
from indexer.encoding.encoder import tokenizer_file
from indexer.recurring.lines import NO_LINES
from tests.support.builders import count_words, open_catalog, staged

FILES = {name: SourceFile(name, 90, 7, "f" * 64) for name in ("a.txt", "b.txt", "export.jsonl")}
PARAGRAPH = (
    "The ferry sank on Monday in the harbour of the old town, and nobody was hurt when it went."
)


def entries(folder: Path, *articles: StagedArticle) -> list[CatalogEntry]:
    with Staging(folder) as staging:
        for article in articles:
            assert staging.add(article)
        return [
            make_entry(article, FILES[article.file], count_words, NO_LINES)
            for article in staged(staging)
        ]


def test_entries_come_in_the_order_of_doc_id_each_with_its_file_and_passages(
    tmp_path: Path,
) -> None:
    found = entries(
        tmp_path,
        StagedArticle("a.txt", "a.txt", "utf-16-le", "The ferry sank. Nobody was hurt."),
        StagedArticle("export.jsonl#7", "export.jsonl", "utf-8", "The port was shut."),
    )
    documents = {entry.document.path: entry.document for entry in found}
    doc_ids = [entry.document.doc_id for entry in found]
    assert doc_ids == sorted(doc_ids)
    assert documents["export.jsonl#7"].file == FILES["export.jsonl"]
    assert documents["a.txt"].encoding == "utf-16-le"
    spans = {entry.document.path: [(p.start, p.end) for p in entry.passages] for entry in found}
    assert spans == {"a.txt": [(0, 32)], "export.jsonl#7": [(0, 18)]}


def test_what_the_format_says_goes_before_what_the_text_says(tmp_path: Path) -> None:
    text = f"Ferry sinks\n\nPublished: 3 March 2021\nBy Ann Other\n\n{PARAGRAPH}"
    given = Metadata(published=Finding("2021-03-04", "column date"))
    (told,) = entries(tmp_path, StagedArticle("a.txt", "a.txt", "utf-8", text, given))
    (untold,) = entries(tmp_path, StagedArticle("a.txt", "a.txt", "utf-8", text))
    assert untold.document.published == "2021-03-03"
    assert told.document.published == "2021-03-04"
    assert told.document.title == untold.document.title == "Ferry sinks"


def test_an_article_that_takes_too_long_is_skipped_and_the_others_become_entries(
    tmp_path: Path,
) -> None:
    log = ReadingLog(files=FILES.copy(), whole_files=["a.txt", "b.txt"])
    with Staging(tmp_path) as staging, Workers(1) as workers:
        assert staging.add(StagedArticle("a.txt", "a.txt", "utf-8", "The ferry sank."))
        assert staging.add(StagedArticle("b.txt", "b.txt", "utf-8", PARAGRAPH * 20_000))
        workers.submit(shorten_budgets).result()
        maker = EntryMaker(tokenizer_file(), workers, learn_lines(staging, workers))
        (entry,) = maker.entries(staging, log)
    assert entry.doc_id == doc_id_of("a.txt")
    assert [(skip.path, skip.reason) for skip in log.skips] == [("b.txt", TOO_LONG)]
    assert log.whole_files == ["a.txt"]


def shorten_budgets() -> None:
    """Leave a worker less time for a megabyte than that takes."""
    budget._SECONDS_PER_MEGABYTE, budget._SECONDS = 0.0, 1.0


def test_removed_characters_are_counted_by_reason(tmp_path: Path) -> None:
    ending = "Divers are at work, the mayor said on the day after, and the port will open again."
    text = f"{PARAGRAPH}\n\n{ending}\n\n{PARAGRAPH}\n\nThe end."
    staged = (StagedArticle(name, name, "utf-8", text) for name in ("a.txt", "b.txt"))
    found = entries(tmp_path, *staged, StagedArticle("c.txt", "b.txt", "utf-8", PARAGRAPH))
    left_out = [region for region in found[0].regions if not region.kept]
    assert [region.end - region.start for region in left_out] == [len(PARAGRAPH)]
    with open_catalog(tmp_path, found) as catalog:
        assert removed_characters(catalog) == {"repeated paragraph": 2 * len(PARAGRAPH)}
