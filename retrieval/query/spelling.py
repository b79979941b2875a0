"""Words of a question that no article has, and similar words that the articles have."""

import re
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from indexer.store import PassageStore, Restriction, passage_id_of
from indexer.text.analyzer import is_function_word, terms, words

_WORD = re.compile(r"\w[\w'’.-]*\w|\w")
_SHORTEST = 4  # a shorter word is close to too many others
_LONG = 6  # from this length on two letters may be wrong
_SIMILAR = 3
_MOST_WORDS = 8  # of a question that is a text, the first are enough


@dataclass(frozen=True, slots=True)
class UnknownWord:
    """A word of the question that no article has, and up to three that are spelt like it."""

    word: str
    similar: tuple[str, ...] = ()


def unknown_words(text: str, store: PassageStore) -> tuple[UnknownWord, ...]:
    """Return the words of a question's text that no passage has, in its order."""
    found: dict[str, UnknownWord] = {}
    for match in _WORD.finditer(text):
        word = match.group()
        analysed = terms(word)
        if len(analysed) != 1 or is_function_word(word.lower()) or store.has_term(analysed[0]):
            continue
        if word.lower() not in found:
            found[word.lower()] = UnknownWord(word, _similar(word, store))
        if len(found) == _MOST_WORDS:
            break
    return tuple(found.values())


def _similar(word: str, store: PassageStore) -> tuple[str, ...]:
    """Return words with the same first letter and a letter or two wrong, the nearest first."""
    (folded,) = words(word) or ("",)
    if len(folded) < _SHORTEST or not folded.isalpha():
        return ()
    most = 2 if len(folded) >= _LONG else 1
    near = []
    for other, count in store.words_with_prefix(folded[0]):
        distance = OSA.distance(folded, other, score_cutoff=most)
        if distance <= most and len(other) >= _SHORTEST and other.isalpha():
            near.append((distance, -count, other))
    return tuple(_as_written(other, store) for _, _, other in sorted(near)[:_SIMILAR])


def _as_written(word: str, store: PassageStore) -> str:
    """Return a folded word as the first passage with it writes it."""
    found = store.match_terms(terms(word), 1, Restriction(phrases=((word,),)))
    for doc_id, start in zip(found.doc_ids.tolist(), found.starts.tolist(), strict=True):
        (stored,) = store.passages([passage_id_of(doc_id, start)])
        for match in _WORD.finditer(stored.text):
            if words(match.group()) == [word]:
                return match.group()
    return word
