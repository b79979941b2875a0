"""What in a sentence speaks for or against its being the answer? Numbers for the baseline reader.

In: a question, a sentence, and the words around it. Out: named features; `settings` weighs them.
"""

import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from indexer.analyzer import content_terms, fold, terms
from retrieval.question_form import AnswerKind, answer_kind, asking_clause, names, typed_spans

Features = Mapping[str, float]

# Families of verbs that report speech; each row says one thing about what the speaker did.
_SPEECH_ACTS = (
    "ask asks asked asking request requests urge urges demand demands implore beg plead press"
    " call calls appeal encourage want wants seek insist",
    "say says said saying tell tells told state states stated announce declare claim add added"
    " explain note remark comment describe mention argue believe think",
    "deny denies denied reject dismiss refute dispute disavow rebut",
    "warn warns warned threaten caution vow pledge promise",
    "accuse accuses accused blame condemn criticize criticise denounce slam",
    "agree agrees agreed accept approve confirm acknowledge admit support back",
    "propose suggest recommend advise offer",
)
_PASSIVE = re.compile(r"\b(?:is|are|was|were|been|being|be)\s+\w+(?:ed|en|ld|ght|de)\s+by\b")
_WORDS = re.compile(r"\w+")
_SAME_STEM = 4
_CONTENT_WORD = "zzyzx"


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question taken apart once, for all sentences.

    `terms` are its distinct content terms in order; `aliases` maps some of them to the acronym of
    the name they belong to; `words` are all its words, lower-cased.
    """

    text: str
    kind: AnswerKind
    terms: tuple[str, ...]
    named: frozenset[str]
    aliases: Mapping[str, str]
    acts: frozenset[int]
    actors: tuple[frozenset[str], ...]
    passive: bool
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class ReadSentence:
    """A sentence with its terms in order.

    `places` maps each term, and the acronym of each name, to the term number where it first stands.
    """

    text: str
    terms: tuple[str, ...]
    places: Mapping[str, int]

    @property
    def has_capitals(self) -> bool:
        """Tell whether names can be told from other words at all."""
        return any(character.isupper() for character in self.text)


def take_apart(question: str) -> AskedQuestion:
    """Return what the features need to know of a question."""
    aliases = _acronyms(question)
    # With one content word added, the analyzer does not fall back on function words.
    found = tuple(content_terms(f"{question} {_CONTENT_WORD}"))[:-1]
    runs = [terms(span.slice(question)) for span in names(question)]
    clause = asking_clause(question)
    actors = [frozenset(terms(span.slice(clause))) for span in names(clause)]
    families = _speech_families()
    return AskedQuestion(
        text=question,
        kind=answer_kind(question),
        terms=found,
        named=frozenset(term for run in runs for term in run) & frozenset(found),
        aliases=aliases,
        acts=frozenset(families[term] for term in terms(clause) if term in families),
        actors=tuple(dict.fromkeys(actor for actor in actors if actor & set(found)))[:2],
        passive=bool(_PASSIVE.search(clause)),
        words=frozenset(word.lower() for word in _WORDS.findall(fold(question))),
    )


def read_sentence(text: str) -> ReadSentence:
    """Return a sentence with what the features need to know of it."""
    found = tuple(terms(text))
    places = {term: place for place, term in reversed(list(enumerate(found)))}
    for term, acronym in _acronyms(text).items():
        places.setdefault(acronym, places.get(term, 0))
    return ReadSentence(text, found, places)


def measure(
    question: AskedQuestion, sentence: ReadSentence, context: frozenset[str]
) -> dict[str, float]:
    """Return the features of a sentence as an answer, all of them finite.

    Args:
        question: the question.
        sentence: the sentence.
        context: terms of its passage and headline, which may complete it.
    """
    found = {term for term in question.terms if _occurs(question, term, sentence.places)}
    near = {term for term in question.terms if _occurs(question, term, context)} | found
    fresh = set(sentence.terms) - set(question.terms) - set(terms_without_content())
    return {
        "coverage": _share(found, question.terms),
        "name_coverage": _share(found & question.named, question.named),
        "names_missing": float(bool(question.named - found)),
        "context_coverage": _share(near, question.terms),
        "pairs": _pair_share(question.terms, sentence.terms),
        "fresh": math.log1p(len(fresh)),
        "length": math.log1p(len(sentence.terms)),
        "asks": float(sentence.text.rstrip("\"'”’ ").endswith("?")),
        **_kind_features(question, sentence),
        **_act_features(question, sentence),
        "roles": _role_agreement(question, sentence),
    }


def relevance_features(sentences: Sequence[Features]) -> dict[str, float]:
    """Return the features of a whole passage, from those of its sentences (at least one)."""
    return {
        "coverage": max(features["context_coverage"] for features in sentences),
        "best_coverage": max(features["coverage"] for features in sentences),
        "name_coverage": max(features["name_coverage"] for features in sentences),
        "pairs": max(features["pairs"] for features in sentences),
    }


def terms_without_content() -> frozenset[str]:
    """Return terms that say nothing new."""
    return frozenset(
        "a an the of to in on and is was were are it he she they that for with by".split()
    )


def _occurs(question: AskedQuestion, term: str, vocabulary: Collection[str]) -> bool:
    if term in vocabulary or question.aliases.get(term) in vocabulary:
        return True
    # "Iran" is in "Iranian" and "Israel" in "Israeli": names lengthen into adjectives.
    return (
        term in question.named
        and len(term) >= _SAME_STEM
        and any(other.startswith(term) for other in vocabulary)
    )


def _acronyms(text: str) -> dict[str, str]:
    """Map each term of a name of several words to the term of the name's initials."""
    found: dict[str, str] = {}
    for span in names(text):
        words = [word for word in span.slice(text).split() if word[0].isupper()]
        if len(words) > 1:
            initials = terms("".join(word[0] for word in words))
            found.update((term, initials[0]) for word in words for term in terms(word) if initials)
    return found


def _share(part: Iterable[str], whole: Iterable[str]) -> float:
    total = len(set(whole))
    return len(set(part)) / total if total else 0.0


def _pair_share(asked: tuple[str, ...], told: tuple[str, ...]) -> float:
    """Return how many neighbouring terms of the question are near neighbours in the sentence."""
    pairs = list(zip(asked, asked[1:], strict=False))
    places: dict[str, list[int]] = {}
    for place, term in enumerate(told):
        places.setdefault(term, []).append(place)
    close = [
        any(
            abs(right - left) <= 3
            for left in places.get(a, ())[:8]
            for right in places.get(b, ())[:8]
        )
        for a, b in pairs
    ]
    return sum(close) / len(pairs) if pairs else 0.0


def _kind_features(question: AskedQuestion, sentence: ReadSentence) -> dict[str, float]:
    kind = question.kind
    features = {
        f"{name}_{state}": 0.0
        for name in ("person", "time", "number", "place")
        for state in ("found", "missing")
    }
    if f"{kind}_found" not in features:
        return features
    if kind in ("person", "place") and not sentence.has_capitals:
        return features
    found = bool(typed_spans(kind, sentence.text, question.words))
    features[f"{kind}_{'found' if found else 'missing'}"] = 1.0
    return features


def _act_features(question: AskedQuestion, sentence: ReadSentence) -> dict[str, float]:
    """Compare what the question's verb reports with what the sentence's verbs report."""
    if not question.acts:
        return {"act_found": 0.0, "act_missing": 0.0}
    families = _speech_families()
    told = {families[term] for term in sentence.terms if term in families}
    return {
        "act_found": float(bool(question.acts & told)),
        "act_missing": float(not question.acts & told),
    }


def _role_agreement(question: AskedQuestion, sentence: ReadSentence) -> float:
    """Return 1 when the two names of the question come in its order, -1 in the other, 0 unknown."""
    if len(question.actors) < 2:
        return 0.0
    first, second = (_first_place(actor, sentence) for actor in question.actors)
    if first is None or second is None or first == second:
        return 0.0
    turned = question.passive != bool(_PASSIVE.search(sentence.text))
    return 1.0 if (first < second) != turned else -1.0


def _first_place(actor: frozenset[str], sentence: ReadSentence) -> int | None:
    found = [
        place
        for term, place in sentence.places.items()
        for name in actor
        if term == name or (len(name) >= _SAME_STEM and term.startswith(name))
    ]
    return min(found, default=None)


@cache
def _speech_families() -> dict[str, int]:
    """Map the term of each reporting verb to its family."""
    return {
        term: family
        for family, verbs in enumerate(_SPEECH_ACTS)
        for verb in verbs.split()
        for term in terms(verb)
    }
