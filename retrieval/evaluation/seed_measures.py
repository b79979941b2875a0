"""How well did an answer do against the words it should have found?

In: a question with its gold words, and its `Answer`. Out: an `Outcome`, and ratios over many.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from retrieval.answering.answers import Answer, Quote, State
from retrieval.evaluation.asking import FIRST
from retrieval.evaluation.seed_questions import Gold, SeedQuestion


@dataclass(frozen=True, slots=True)
class Ratio:
    """A share with its denominator.

    >>> str(Ratio(31, 38)), str(Ratio(0, 0))
    ('31/38 = 0.82', '-')
    """

    count: int
    total: int

    @property
    def value(self) -> float | None:
        """The share, 0 to 1; None over nothing."""
        return self.count / self.total if self.total else None

    def __str__(self) -> str:
        return f"{self.count}/{self.total} = {self.count / self.total:.2f}" if self.total else "-"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question; None where a measure does not apply to it.

    `recalled` and `quoted` apply to answerable questions, answered or not; `first_right` to
    answerable questions that were answered.
    """

    question: SeedQuestion
    state: State
    recalled: bool | None
    quoted: bool | None
    first_right: bool | None
    first_quote: str | None
    first_hit: str | None

    @property
    def is_answered(self) -> bool:
        """Tell whether quotes were shown."""
        return self.state == "answered"

    @property
    def problems(self) -> tuple[str, ...]:
        """What went wrong, in words; empty when nothing did."""
        if not self.question.answerable:
            return ("answered, though no article says so",) if self.is_answered else ()
        checks = (
            (self.recalled, f"gold not in the first {FIRST} hits"),
            (self.is_answered, f"not answered ({self.state})"),
            (self.first_right, "first quote without gold words"),
            (self.quoted or not self.is_answered, f"gold not in the first {FIRST} quotes"),
        )
        return tuple(problem for passed, problem in checks if passed is False)


@dataclass(frozen=True, slots=True)
class Summary:
    """The measures over a group of questions, each over those it applies to."""

    name: str
    questions: int
    recall: Ratio
    first_quote: Ratio
    quotes: Ratio
    answered: Ratio
    not_answered: Ratio


def judge(question: SeedQuestion, answer: Answer) -> Outcome:
    """Compare an answer with the gold words.

    Gold words are found in a hit when its passage is of their document and contains them, code
    point for code point; in a quote when it, or an article listed as its copy, is of their
    document and the quote contains them. Words quoted from elsewhere do not count. For a first
    quote any gold words will do, also where `all_documents` asks more of the first five.
    """
    hits = [((hit.found.passage.doc_id,), hit.found.text) for hit in answer.hits[:FIRST]]
    quotes = [(_documents_of(quote), quote.citation.quote) for quote in answer.quotes[:FIRST]]
    recalled = question.is_met_by(_found(question, hits))
    quoted = question.is_met_by(_found(question, quotes))
    first_right = bool(_found(question, quotes[:1]))
    return Outcome(
        question=question,
        state=answer.state,
        recalled=recalled if question.answerable else None,
        quoted=quoted if question.answerable else None,
        first_right=first_right if question.answerable and quotes else None,
        first_quote=quotes[0][1] if quotes else None,
        first_hit=hits[0][1] if hits else None,
    )


def summarise(name: str, outcomes: Iterable[Outcome]) -> Summary:
    """Count the measures over a group of outcomes."""
    group = tuple(outcomes)
    answered = [outcome.is_answered for outcome in group if outcome.question.answerable]
    refused = [not outcome.is_answered for outcome in group if not outcome.question.answerable]
    return Summary(
        name=name,
        questions=len(group),
        recall=_ratio(outcome.recalled for outcome in group),
        first_quote=_ratio(outcome.first_right for outcome in group),
        quotes=_ratio(outcome.quoted for outcome in group),
        answered=_ratio(answered),
        not_answered=_ratio(refused),
    )


def _documents_of(quote: Quote) -> tuple[str, ...]:
    return quote.citation.doc_id, *(copy.doc_id for copy in quote.copies)


def _found(question: SeedQuestion, texts: Sequence[tuple[tuple[str, ...], str]]) -> list[Gold]:
    return [
        gold for gold in question.gold if any(gold.is_in(doc_ids, text) for doc_ids, text in texts)
    ]


def _ratio(flags: Iterable[bool | None]) -> Ratio:
    applicable = [flag for flag in flags if flag is not None]
    return Ratio(sum(applicable), len(applicable))
