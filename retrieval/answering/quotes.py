"""How does chosen evidence become a quote?

Text, span and file are compared again at this moment: it is the last one before a user sees them.
"""

from indexer.corpus.roots import CorpusRoots
from indexer.dedup.facts import statements_of
from indexer.documents import Document
from indexer.errors import IndexFormatError, build_command
from indexer.storage.staleness import check_source
from indexer.store import Copy, PassageStore, StoredPassage, doc_id_array, doc_id_text
from retrieval.answering.answers import ChosenQuote, Context, Quote
from retrieval.answering.citations import cite


class Quoter:
    """Cites evidence in the documents of one store. Safe between threads.

    Args:
        store: where the documents are.
        roots: where the corpus lies, whose files are compared again for each quote.
    """

    def __init__(self, store: PassageStore, roots: CorpusRoots) -> None:
        self._store = store
        self._roots = roots

    def quote(self, chosen: ChosenQuote, stored: StoredPassage) -> Quote:
        """Return the quote of evidence that the reader found in a passage.

        Raises:
            CitationError: when the article does not hold what was read, at its place.
            IndexFormatError: when the store does not hold the article.
        """
        document = self._document(chosen.doc_id)
        span, passage = chosen.evidence.quote, stored.passage
        return Quote(
            citation=cite(
                document,
                span,
                chosen.evidence.highlight,
                check_source(self._roots, document),
                read=stored.text[span.start - passage.start : span.end - passage.start],
            ),
            score=chosen.evidence.score,
            context=Context(
                before=document.text[passage.start : span.start],
                after=document.text[span.end : passage.end],
            ),
            copies=self._copies(chosen, span.slice(document.text)),
            report=self._report(chosen.doc_id),
        )

    def _report(self, doc_id: str) -> str:
        (report,) = self._store.representatives(doc_id_array([doc_id]))
        return doc_id_text(report)

    def _copies(self, chosen: ChosenQuote, quote: str) -> tuple[Copy, ...]:
        """Return the articles with the quote: those that were read, then copies of the report."""
        read = tuple(_as_copy(self._document(doc_id)) for doc_id in chosen.copies)
        known = {chosen.doc_id, *chosen.copies}
        return read + tuple(
            copy
            for copy in self._store.copies_of([chosen.doc_id]).get(chosen.doc_id, ())
            if copy.doc_id not in known and _says(self._document(copy.doc_id).text, quote)
        )

    def _document(self, doc_id: str) -> Document:
        try:
            return self._store.document(doc_id)
        except KeyError as error:
            raise IndexFormatError(
                f"the index is damaged: it names document {doc_id} but does not hold it. "
                f"Rebuild it: {build_command()}"
            ) from error


def _as_copy(document: Document) -> Copy:
    return Copy(document.doc_id, document.source, document.published, document.path)


def _says(text: str, quote: str) -> bool:
    """Tell whether a text has the words of a quote, with their numbers, signs and units."""
    return quote in text or _words(quote) in _words(text)


def _words(text: str) -> str:
    return (
        f" {' '.join(word for found in statements_of([text]).sentences for word in found.words)} "
    )
