"""Copies and corrections among all articles of a catalog.

They are found anew in each build, from nothing but the articles, so that updates give what a fresh
build does.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from indexer.catalog.corrections import openings, same_outlet
from indexer.catalog.reader import Catalog
from indexer.corrections.links import (
    MOST_PROPOSED,
    Article,
    days_of,
    find_corrected,
    subject_of,
)
from indexer.corrections.notices import Notice, find_notices, may_have_notice
from indexer.dedup.copies import CopyRank, Signature, copy_rank, find_copies
from indexer.lexical.index import TantivyIndex
from indexer.lexical.reference import RankBm25Index
from indexer.lexical.schema import ARTICLES_FOLDER, Bm25Engine
from indexer.progress import Progress

_MAX_CACHED_ARTICLES = 256
_QUERY_TERMS = 40
_MOST_SENTENCES = 1000


def copies_in(folder: Path, progress: Progress) -> dict[str, str]:
    """Map each article that has copies to its representative, which is among them."""
    with Catalog(folder) as catalog:
        progress.stage("copies", catalog.documents)

        def articles() -> Iterator[tuple[CopyRank, Signature]]:
            for doc_id, published, signature in catalog.signatures():
                yield copy_rank(doc_id, published), signature
                progress.advance()

        return find_copies(articles(), catalog.sentences)


def corrections_in(folder: Path, engine: Bm25Engine) -> list[tuple[str, str]]:
    """Return each article that corrects another one with that one, sorted.

    Copies of a corrected article are corrected too where they are of the same outlet.

    Args:
        folder: of a generation with its catalog, copies included, and its BM25 indexes.
        engine: of these.

    Raises:
        IndexFormatError: when a file is damaged.
    """
    with Catalog(folder) as catalog:
        notices = _notices(catalog)
        if not notices:
            return []
        linker = _Linker(folder, engine, catalog, notices)
        return sorted(
            (doc_id, corrected) for doc_id in notices for corrected in linker.corrected(doc_id)
        )


class _Linker:
    """Finder of the articles that notices correct."""

    def __init__(
        self, folder: Path, engine: Bm25Engine, catalog: Catalog, notices: dict[str, list[Notice]]
    ) -> None:
        self._catalog = catalog
        self._notices = notices
        self._doc_ids = catalog.doc_ids()
        self._articles: TantivyIndex | RankBm25Index
        if engine == "rank-bm25":
            self._articles = RankBm25Index(list(catalog.article_texts()))
        else:
            self._articles = TantivyIndex(folder, ARTICLES_FOLDER)
        self._article = lru_cache(_MAX_CACHED_ARTICLES)(lambda doc_id: _article(catalog, doc_id))

    def corrected(self, doc_id: str) -> set[str]:
        """Return the articles that one corrects."""
        article = self._article(doc_id)
        found: set[str] = set()
        for notice in self._notices[doc_id]:
            subject = subject_of(notice, article)
            if subject is None:
                continue
            days = days_of(notice, subject, article)
            proposed = self._proposed(doc_id, subject.terms, days)
            if corrected := find_corrected(notice, subject, article, proposed):
                copies = self._catalog.copies_of([corrected.doc_id]).get(corrected.doc_id, ())
                same = {copy.doc_id for copy in copies if copy.source == article.outlet}
                found |= {corrected.doc_id, *same}
        return found - {doc_id}

    def _proposed(self, doc_id: str, terms: Sequence[str], days: tuple[str, str]) -> list[Article]:
        """Return the articles of the same outlet and some days that have most of some terms."""
        allowed = same_outlet(self._catalog, doc_id, days)
        hits = self._articles.search(terms[:_QUERY_TERMS], MOST_PROPOSED, allowed)
        found = [self._doc_ids[number] for number, _ in hits]
        return [
            self._article(each) for each in found if each != doc_id and not self._is_notice(each)
        ]

    def _is_notice(self, doc_id: str) -> bool:
        """Tell whether an article only corrects others."""
        return any(notice.kind == "notice" for notice in self._notices.get(doc_id, ()))


def _notices(catalog: Catalog) -> dict[str, list[Notice]]:
    """Return the notices of the articles that have any, by doc_id."""
    found = {}
    for doc_id, title, opening in openings(catalog):
        if opening and may_have_notice(title, opening):
            article = _article(catalog, doc_id)
            if notices := find_notices(article.title, article.outlet, article.sentences):
                found[doc_id] = notices
    return found


def _article(catalog: Catalog, doc_id: str) -> Article:
    passages = catalog.passages_of(doc_id)
    sentences = tuple(
        each.slice(span)
        for each in passages
        if each.passage.kind != "headline"
        for span in each.passage.sentences
    )[:_MOST_SENTENCES]
    first = passages[0]
    return Article(doc_id, first.title or "", first.source or "", first.published, sentences)
