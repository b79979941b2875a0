"""Order of the quotes of corrected articles and of those that correct them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from indexer.dedup.facts import statements_of
from indexer.text.analyzer import is_function_word
from retrieval.answering.candidates import Candidate
from retrieval.answering.withdrawn import values_of
from retrieval.readers.protocol import Evidence

CorrectedBy: TypeAlias = Mapping[str, Collection[str]]
"""The doc_ids of the articles that correct one, by its doc_id."""


@dataclass(frozen=True, slots=True)
class ChosenQuote:
    """Evidence to quote, whether it is confirmed, and the other documents in which it was found."""

    doc_id: str
    passage_id: str
    evidence: Evidence
    confirmed: bool = True
    copies: tuple[str, ...] = ()


def with_scores_of_corrected(
    found: Sequence[Candidate], corrected_by: CorrectedBy
) -> list[Candidate]:
    """Return candidates, those that withdraw the answer of a corrected article with its score."""
    if not corrected_by:
        return list(found)
    changed = []
    for each in found:
        scores = [other.evidence.score for other in found if _withdraws(each, other, corrected_by)]
        score = max([each.evidence.score, *scores])
        changed.append(replace(each, evidence=replace(each.evidence, score=score)))
    return changed


def corrections_first(
    chosen: Sequence[ChosenQuote], corrected_by: CorrectedBy
) -> list[ChosenQuote]:
    """Return quotes with those of corrected articles below those of their corrections."""

    def place(number: int) -> tuple[int, bool, int]:
        quote = chosen[number]
        corrections = [
            other
            for other, each in enumerate(chosen)
            if each.doc_id in corrected_by.get(quote.doc_id, ())
            and each.confirmed == quote.confirmed
        ]
        behind = max(corrections, default=number)
        return max(number, behind), behind > number, number

    return [chosen[number] for number in sorted(range(len(chosen)), key=place)]


def _withdraws(each: Candidate, other: Candidate, corrected_by: CorrectedBy) -> bool:
    """Tell whether a candidate withdraws what another one, of an article it corrects, marks."""
    if each.stored.passage.doc_id not in corrected_by.get(other.stored.passage.doc_id, ()):
        return False
    marked = _words(other.stored.slice(other.evidence.highlight))
    figures = {word for word in marked if any(map(str.isdigit, word))}
    for span in values_of(each.stored).withdrawn:
        withdrawn = _words(each.stored.slice(span))
        if withdrawn and ((figures or marked) <= withdrawn or withdrawn <= marked):
            return True
    return False


def _words(text: str) -> set[str]:
    """Return the words of a text but function words, numbers as digits."""
    words = (word for each in statements_of([text]).sentences for word in each.words)
    return {word for word in words if not is_function_word(word)}
