import pytest
from tokenizers import Tokenizer

from retrieval.readers.trained_files import open_tokenizer
from retrieval.readers.windows import CLS_ID, SEP_ID, token_ids, truncation_warning, windows
from retrieval.settings import QUESTION_TOKENS, TITLE_TOKENS, WINDOW_OVERLAP, WINDOW_TOKENS


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return open_tokenizer()


def as_read(tokenizer: Tokenizer, text: str) -> str:
    """Return a text as the model reads it."""
    encoding = tokenizer.encode(text, add_special_tokens=False)
    return " ".join(str(tokenizer.id_to_token(number)) for number in token_ids(text, encoding))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("US asks Iran", "usa asks iran"),
        ("He told us that the US knows us.", "he told us that the usa knows us ."),
        ("what did the us ask iran", "what did the usa ask iran"),
        ("The US-led talks, the US’s aim", "the usa - led talks , the usa ’ s aim"),
        ("Us and them. Let us go.", "us and them . let us go ."),
        ("A USB stick; the bus", "a usb stick ; the bus"),
        ("", ""),
    ],
)
def test_the_country_is_not_the_pronoun(tokenizer: Tokenizer, text: str, read: str) -> None:
    assert as_read(tokenizer, text) == read


def test_a_sequence_is_question_title_and_passage_between_marks() -> None:
    (window,) = windows([11, 12], [21], [31, 32, 33])
    assert window.ids == (CLS_ID, 11, 12, SEP_ID, 21, SEP_ID, 31, 32, 33, SEP_ID)
    assert window.token_types == [0, 0, 0, 0, 1, 1, 1, 1, 1, 1]
    assert window.ids[window.begin : window.begin + window.count] == (31, 32, 33)


def test_without_a_title_its_mark_is_left_out() -> None:
    (window,) = windows([11], [], [31])
    assert window.ids == (CLS_ID, 11, SEP_ID, 31, SEP_ID)
    assert window.token_types == [0, 0, 0, 1, 1]


def test_a_long_question_and_a_long_title_are_cut() -> None:
    (window,) = windows(range(1000, 1100), range(2000, 2100), [31])
    assert window.ids == (
        CLS_ID,
        *range(1000, 1000 + QUESTION_TOKENS),
        SEP_ID,
        *range(2000, 2000 + TITLE_TOKENS),
        SEP_ID,
        31,
        SEP_ID,
    )


@pytest.mark.parametrize("length", [0, 1, 250, 251, 252, 253, 400, 441, 442, 2000])
def test_windows_hold_every_token_and_share_the_overlap(length: int) -> None:
    passage = list(range(5000, 5000 + length))
    found = windows([11], [21], passage)  # marks, question and title leave 256 - 6 tokens
    assert all(len(window.ids) <= WINDOW_TOKENS for window in found)
    together: list[int] = []
    for window in found:
        part = window.ids[window.begin : window.begin + window.count]
        assert list(part) == passage[window.first : window.first + window.count]
        assert len(together) - window.first == (WINDOW_OVERLAP if window.first else 0)
        together[window.first :] = part
    assert together == passage


def test_as_few_windows_as_hold_the_passage() -> None:
    # [CLS] question [SEP] title [SEP] … [SEP] leave 250 tokens; each further window adds 186.
    counts = {length: len(windows([11], [21], [31] * length)) for length in (250, 251, 436, 437)}
    assert counts == {250: 1, 251: 2, 436: 2, 437: 3}


def test_a_question_of_64_tokens_is_not_cut() -> None:
    assert truncation_warning(64) == ()
    assert truncation_warning(65) == (
        "Your question is long: the reader saw only the first 64 of 65 tokens.",
    )
