"""How does chosen evidence become a quote?

Text, span and file are compared again at this moment: it is the last one before a user sees them.
"""

from indexer.documents import Document
from indexer.errors import IndexFormatError, build_command
from indexer.roots import CorpusRoots
from indexer.staleness import check_source
from indexer.store import PassageStore, StoredPassage
from retrieval.answers import ChosenQuote, Context, Copy, Quote
from retrieval.citations import cite


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
            copies=tuple(Copy(doc_id, self._document(doc_id).source) for doc_id in chosen.copies),
        )

    def _document(self, doc_id: str) -> Document:
        try:
            return self._store.document(doc_id)
        except KeyError as error:
            raise IndexFormatError(
                f"the index is damaged: it names document {doc_id} but does not hold it. "
                f"Rebuild it: {build_command()}"
            ) from error
