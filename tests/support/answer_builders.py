"""Answers made by hand over three tiny articles, for the tests of the measures."""

from hashlib import sha256

from evaluation.questions import Gold, SeedQuestion
from indexer.documents import Document, Passage, SourceFile, Span, doc_id_of
from indexer.store import Copy, StoredPassage
from retrieval.answering.answers import Answer, CitedHit, Context, IndexInfo, Quote, State
from retrieval.answering.citations import cite
from retrieval.clock import Timings
from retrieval.ranking.hits import Explanation

ARTICLES = {
    "ferry.txt": "The ferry sank on Monday. Nobody was hurt.",
    "port.txt": "The port was shut. Two ships waited outside.",
    "copy.txt": "The ferry sank on Monday. Divers are at work.",
}


def document(path: str, text: str) -> Document:
    content = text.encode()
    file = SourceFile(path, len(content), 1, sha256(content).hexdigest())
    return Document(doc_id_of(path), path, file, "utf-8", text)


DOCUMENTS = {path: document(path, text) for path, text in ARTICLES.items()}


def hit(path: str, rank: int) -> CitedHit:
    text = ARTICLES[path]
    passage = Passage(doc_id_of(path), 0, len(text), "body", (Span(0, len(text)),))
    return CitedHit(
        found=StoredPassage(passage, text),
        score=1 / rank,
        rank=rank,
        explanation=Explanation(None, None, "1/rank"),
        citation=cite(DOCUMENTS[path], passage.span, passage.span, "same"),
    )


def quote(path: str, words: str, copies: tuple[str, ...] = (), *, confirmed: bool = True) -> Quote:
    start = ARTICLES[path].index(words)
    span = Span(start, start + len(words))
    citation = cite(DOCUMENTS[path], span, span, "same")
    listed = tuple(Copy(doc_id_of(copy), None) for copy in copies)
    return Quote(citation, 0.9, Context("", ""), listed, confirmed=confirmed)


def answer_with(
    hits: tuple[str, ...] = (), quotes: tuple[Quote, ...] = (), state: State = "related"
) -> Answer:
    if quotes:
        state = "answered" if quotes[0].confirmed else "possible"
    return Answer(
        question="?",
        state=state,
        quotes=quotes,
        hits=tuple(hit(path, rank) for rank, path in enumerate(hits, start=1)),
        index=IndexInfo("index", 1, 3, 3, None, ("articles",)),
        warnings=(),
        timings=Timings(0, 0, 0, 0),
    )


def asked(
    *gold: tuple[str, str], name: str = "q", kind: str = "when", both: bool = False
) -> SeedQuestion:
    golds = tuple(Gold(*pair) for pair in gold)
    return SeedQuestion(name, name, kind, None, True, "dev", golds, both)


def unanswerable(name: str = "u", kind: str = "off_topic") -> SeedQuestion:
    return SeedQuestion(name, name, "unanswerable", kind, False, "test", ())


SANK = ("ferry.txt", "sank on Monday")
SHUT = ("port.txt", "port was shut")
