"""Measures of one query: rankings (by ir-measures), answers (as SQuAD) and citations.

nDCG has linear gains (Järvelin & Kekäläinen, TOIS 2002), as in BEIR and trec_eval; a document is
relevant from grade 1; AP covers at most 100 documents. Exact match and F1 follow the official
script of Rajpurkar et al., EMNLP 2016: lower case, no ASCII punctuation, no articles.
"""

import re
import string
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from evaluation.collection import CollectionQuery
from indexer.errors import CorpusError
from indexer.loaders.named_file import read_article
from retrieval.answering.citations import Citation

NDCG, RECIPROCAL_RANK, RECALL, PRECISION = "nDCG@10", "RR@10", "R@100", "AP"
MEASURES = (NDCG, RECIPROCAL_RANK, RECALL, PRECISION)

_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_SHOWN = 160


def measure_rankings(
    queries: Sequence[CollectionQuery], rankings: Sequence[Sequence[str]]
) -> dict[str, tuple[float, ...]]:
    """Return, for each of `MEASURES`, one value per query in the order of the queries.

    Raises:
        ValueError: if the numbers of rankings and queries differ.
    """
    # Loads pytrec_eval, which only collections need.
    import ir_measures  # noqa: PLC0415 - see above

    if len(rankings) != len(queries):
        raise ValueError(f"rankings must be one per query, got {len(rankings)} for {len(queries)}")
    qrels = {query.id: dict(query.grades) for query in queries}
    # Falling integers: trec_eval sorts by score and breaks ties by document id.
    run = {
        query.id: {document: float(-rank) for rank, document in enumerate(ranking)}
        for query, ranking in zip(queries, rankings, strict=True)
    }
    measures = [ir_measures.parse_measure(name) for name in MEASURES]
    found: dict[str, dict[str, float]] = {name: {} for name in MEASURES}
    for metric in ir_measures.iter_calc(measures, qrels, run):
        found[str(metric.measure)][metric.query_id] = metric.value
    return {
        name: tuple(values.get(query.id, 0.0) for query in queries)
        for name, values in found.items()
    }


def normalised(text: str) -> str:
    """Return text in the form in which answers are compared.

    >>> normalised("The  U.S. Senate, again")
    'us senate again'
    """
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


def exact_match(given: str, answers: Sequence[str]) -> float:
    """Return 1.0 if the given words equal one of the answers, else 0.0.

    >>> exact_match("the Senate.", ["Congress", "Senate"])
    1.0
    """
    return float(any(normalised(given) == normalised(answer) for answer in answers))


def token_f1(given: str, answers: Sequence[str]) -> float:
    """Return the highest token F1 over the answers; 0.0 if there are none.

    >>> token_f1("in the Senate", ["Senate"])
    0.6666666666666666
    """
    return max(
        (_f1(normalised(given).split(), normalised(each).split()) for each in answers), default=0.0
    )


def holds_answer(text: str, answers: Sequence[str]) -> bool:
    """Return whether a text contains one of the answers as consecutive words.

    >>> holds_answer("It was sent to the Senate.", ["the senate"])
    True
    >>> holds_answer("Twelve senators", ["senator"])
    False
    """
    padded = f" {normalised(text)} "
    wanted = (normalised(answer) for answer in answers)
    return any(f" {answer} " in padded for answer in wanted if answer)


def problem_of(citation: Citation, corpus: Path) -> str | None:
    """Compare a quote with its file, not with the index; return None if it is there."""
    place = (corpus.parent if corpus.is_file() else corpus) / citation.path
    try:
        if place.is_file():
            content = place.read_bytes().decode(citation.encoding)
        else:
            content = read_article(place).text
    except (OSError, UnicodeDecodeError, LookupError, CorpusError) as error:
        return f"{citation.path} cannot be read: {error}"
    found = content.removeprefix("\ufeff")[citation.start : citation.end]
    if found == citation.quote:
        return None
    where = f"{citation.path} {citation.start}-{citation.end}"
    return f"{where} holds {shown(found)}, not {shown(citation.quote)}"


def shown(text: str | None) -> str:
    """Return text on one line, shortened and quoted, without control characters."""
    if text is None:
        return "none"
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    line = " ".join(printable.split())
    return f'"{line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"}"'


def _f1(given: Sequence[str], answer: Sequence[str]) -> float:
    if not given or not answer:
        return float(given == answer)
    common = sum((Counter(given) & Counter(answer)).values())
    if not common:
        return 0.0
    precision, recall = common / len(given), common / len(answer)
    return 2 * precision * recall / (precision + recall)
