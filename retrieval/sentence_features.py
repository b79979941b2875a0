"""What in a sentence speaks for or against its being the answer? Numbers for the baseline reader.

In: a question and a sentence, taken apart, and the words around it. Out: named features, all
finite; `settings` weighs them.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from retrieval.asked_question import AskedQuestion, ReadSentence
from retrieval.question_form import typed_spans

Features = Mapping[str, float]

_TYPED = ("person", "time", "number", "place")
# Names lengthen into adjectives: "Iran" is in "Iranian". Shorter ones would begin too much.
_SHORTEST_STEM = 4
# Two terms this far apart still belong together; "the" and "of" often stand between.
_NEAR = 3
# A term repeated oftener than this (only in odd texts) is not compared at every place.
_OCCURRENCES = 8


def measure(
    question: AskedQuestion, sentence: ReadSentence, context: frozenset[str]
) -> dict[str, float]:
    """Return the features of a sentence as an answer.

    Args:
        question: the question.
        sentence: the sentence.
        context: terms of its passage and headline, which may hold the names it leaves out.
    """
    found = {term for term in question.terms if _occurs(question, term, sentence.places)}
    far = any(term not in found and not _occurs(question, term, context) for term in question.named)
    return {
        "coverage": _share(found, question.terms),
        "names_far": float(far),
        "pairs": _pair_share(question.terms, sentence.terms),
        "length": math.log1p(len(sentence.terms)),
        "asks": float(sentence.text.rstrip("\"'”’ ").endswith("?")),
        "act_found": float(bool(question.acts & sentence.acts)),
        "roles": _role_agreement(question, sentence),
        **_kind_missing(question, sentence),
    }


def relevance_features(sentences: Sequence[Features]) -> dict[str, float]:
    """Return the features of a whole passage, from those of its sentences (at least one)."""
    return {
        "best_coverage": max(features["coverage"] for features in sentences),
        "names_far": max(features["names_far"] for features in sentences),
        "pairs": max(features["pairs"] for features in sentences),
    }


def _occurs(question: AskedQuestion, term: str, vocabulary: Collection[str]) -> bool:
    if term in vocabulary or question.aliases.get(term) in vocabulary:
        return True
    return (
        term in question.named
        and len(term) >= _SHORTEST_STEM
        and any(other.startswith(term) for other in vocabulary)
    )


def _share(part: Collection[str], whole: Collection[str]) -> float:
    return len(part) / len(whole) if whole else 0.0


def _pair_share(asked: Sequence[str], told: Sequence[str]) -> float:
    """Return the share of the question's neighbouring terms that are near in the sentence too."""
    places: dict[str, list[int]] = {}
    for place, term in enumerate(told):
        if len(seen := places.setdefault(term, [])) < _OCCURRENCES:
            seen.append(place)
    close = [
        any(abs(right - left) <= _NEAR for left in places.get(a, ()) for right in places.get(b, ()))
        for a, b in pairwise(asked)
    ]
    return sum(close) / len(close) if close else 0.0


def _kind_missing(question: AskedQuestion, sentence: ReadSentence) -> dict[str, float]:
    """Tell whether the sentence lacks what the question expects, by the kind expected."""
    missing = {f"{kind}_missing": 0.0 for kind in _TYPED}
    kind = question.kind
    tellable = kind in _TYPED and (sentence.cased or kind in ("time", "number"))
    if tellable and not typed_spans(kind, sentence.text, question.words):
        missing[f"{kind}_missing"] = 1.0
    return missing


def _role_agreement(question: AskedQuestion, sentence: ReadSentence) -> float:
    """Return 1 when the question's two names come in its order, -1 in the other, 0 unknown."""
    if question.actors is None:
        return 0.0
    first, second = (_first_place(question, actor, sentence) for actor in question.actors)
    if first is None or second is None or first == second:
        return 0.0
    turned = question.passive != sentence.passive
    return 1.0 if (first < second) != turned else -1.0


def _first_place(
    question: AskedQuestion, actor: frozenset[str], sentence: ReadSentence
) -> int | None:
    accepted = actor | {question.aliases[term] for term in actor if term in question.aliases}
    stems = tuple(name for name in actor if len(name) >= _SHORTEST_STEM)
    found = [
        place
        for term, place in sentence.places.items()
        if term in accepted or (stems and term.startswith(stems))
    ]
    return min(found, default=None)
