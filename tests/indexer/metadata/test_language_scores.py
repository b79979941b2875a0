"""Languages rank as the library ranks them, score by score."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from indexer.metadata.language_scores import LONGEST_FEATURE, text_languages
from tests.indexer.metadata.test_language_detection import SENTENCES

ours = text_languages()
library = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@pytest.mark.parametrize("code", SENTENCES)
def test_a_sentence_has_the_scores_of_the_library(code: str) -> None:
    assert ours.rank(SENTENCES[code]) == library.rank(SENTENCES[code])


@given(st.text(max_size=40) | st.sampled_from(sorted(SENTENCES.values())), st.integers(0, 90))
@settings(max_examples=200, deadline=None)
def test_any_beginning_of_any_text_has_the_scores_of_the_library(text: str, length: int) -> None:
    assert ours.rank(text[:length]) == library.rank(text[:length])


def test_no_sequence_of_the_model_is_longer_than_is_walked() -> None:
    nearest, reached, steps = {0}, {0}, 0
    while (
        nearest := {
            library.tk_nextmove[library._rowbase[state] + letter]
            for state in nearest
            for letter in range(256)
        }
        - reached
    ):
        reached |= nearest
        steps += 1
    assert steps == LONGEST_FEATURE
