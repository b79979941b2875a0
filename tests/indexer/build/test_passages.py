"""Passages are whole sentences of kept text: nothing lost, nothing doubled, nothing removed."""

from collections.abc import Sequence
from time import process_time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from indexer.build.passages import TARGET_TOKENS, sentences, split, trimmed
from indexer.cleaning.cleaner import Cleaning
from indexer.cleaning.header import ListItem
from indexer.documents import Passage, Region, Span
from tests.support.builders import cleaning_of, count_words

# What splitters stumble on: wide spaces, every kind of stop, quotes, abbreviations, emoji.
_STOPS = " .!?\n\t\"'()[]\u00a0\u2029\u3000\x1c\x85aB1。؟…\u200b\ufeff\r“”’—é中\U0001f600\u0301"
_FRAGMENTS = [
    "U.S.",
    "Mr.",
    "e.g.",
    "3.5",
    "p.m.",
    "B\u00a0.",
    " No. 5",
    "!?",
    "\r\n",
    "He said.",
    " ",
]
texts = st.one_of(
    st.text(max_size=200),
    st.text(alphabet=_STOPS, max_size=120),
    st.lists(st.sampled_from(_FRAGMENTS + list(_STOPS)), max_size=60).map("".join),
)


def sliced(text: str, spans: Sequence[Span]) -> list[str]:
    return [span.slice(text) for span in spans]


def split_words(text: str, cleaning: Cleaning | None = None) -> list[Passage]:
    return split("doc", text, cleaning or cleaning_of(text), count_words)


def tokens_of_code_points(texts: Sequence[str]) -> list[int]:
    """A tokenizer of the finest grain: every code point that is not white space is a token."""
    return [sum(not character.isspace() for character in text) for text in texts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He left. She stayed.", ["He left.", "She stayed."]),
        ("The U.S. asked Iran. Iran said no.", ["The U.S. asked Iran.", "Iran said no."]),
        ("It rose 3.5 percent. Mr. Smith left.", ["It rose 3.5 percent.", "Mr. Smith left."]),
        ("“Stop!” he said. They did.", ["“Stop!” he said.", "They did."]),
        ("  He left.\u00a0 ", ["He left."]),
        ("no stop at all", ["no stop at all"]),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: list[str]) -> None:
    assert sliced(text, sentences(text, Span(0, len(text)))) == expected


@pytest.mark.parametrize("space", ["\u00a0", "\u2029", "\u3000", "\x85", "\u202f"])
def test_a_wide_space_before_a_stop_does_not_break_the_splitter(space: str) -> None:
    text = f"Plan B{space}. Then plan C{space}!"
    assert "".join("".join(sliced(text, sentences(text, Span(0, len(text))))).split()) == (
        "PlanB.ThenplanC!"
    )


@pytest.mark.parametrize(
    "sentence", ["新闻。", "「今日は晴れ！」", "他来了？", "“He left.” ", "ኣሎ። "]
)
def test_a_long_paragraph_of_short_sentences_takes_time_that_grows_with_its_length(
    sentence: str,
) -> None:
    took: list[float] = []
    for count in (20_000, 80_000):
        text = sentence * (count // len(sentence))
        began = process_time()
        found = sentences(text, Span(0, len(text)))
        took.append(process_time() - began)
        assert max(span.end - span.start for span in found) <= 5_000
        assert "".join("".join(sliced(text, found)).split()) == "".join(text.split())
    assert took[1] <= 8 * took[0] + 0.5


@pytest.mark.parametrize("mark", list("。！？．｡"))
def test_chinese_sentences_end_at_their_marks_without_a_space(mark: str) -> None:
    text = f"港口委员会周二开会{mark}工程师们在地下发现了什么{mark}"
    found = sliced(text, sentences(text, Span(0, len(text))))
    assert found == [f"港口委员会周二开会{mark}", f"工程师们在地下发现了什么{mark}"]


def test_sentences_of_a_paragraph_are_spans_of_the_document() -> None:
    text = "Menu\nHe left. She stayed.\nFooter"
    assert sentences(text, Span(5, 25)) == [Span(5, 13), Span(14, 25)]


@settings(max_examples=300, deadline=None)
@example("B\u00a0.")
@given(texts)
def test_every_visible_code_point_lies_in_exactly_one_sentence(text: str) -> None:
    if not text:
        return
    found = sentences(text, Span(0, len(text)))
    covered = [i for sentence in found for i in range(sentence.start, sentence.end)]
    assert covered == sorted(set(covered))
    assert {i for i, character in enumerate(text) if not character.isspace()} <= set(covered)
    assert all(part == part.strip() for part in sliced(text, found))


@pytest.mark.parametrize(
    ("text", "expected"),
    [(" \n ", None), ("", None), (" a b ", (1, 4)), ("\u3000é\x85", (1, 2))],
)
def test_trimming_leaves_no_white_space_at_the_ends(
    text: str, expected: tuple[int, int] | None
) -> None:
    assert trimmed(text, 0, len(text)) == expected


@settings(max_examples=200, deadline=None)
@given(texts, st.data())
def test_passages_cover_what_is_kept_and_never_touch_what_is_removed(
    text: str, data: st.DataObject
) -> None:
    lines = cleaning_of(text).paragraphs
    removed = [line for line in lines if data.draw(st.booleans())] if len(lines) > 1 else []
    cleaning = cleaning_of(text, removed)
    passages = split_words(text, cleaning)
    position = 0
    covered: set[int] = set()
    for passage in passages:
        assert position <= passage.start
        position = passage.end
        assert passage.start == passage.sentences[0].start
        assert passage.end == passage.sentences[-1].end
        covered.update(range(passage.start, passage.end))
    kept = {i for span in cleaning.paragraphs for i in range(span.start, span.end)}
    left_out = {i for span in removed for i in range(span.start, span.end)}
    assert {i for i in kept if not text[i].isspace()} <= covered
    assert not covered & left_out


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(1, 300), min_size=1, max_size=40))
def test_no_passage_is_above_the_budget_and_no_sentence_that_fits_is_split(
    lengths: list[int],
) -> None:
    text = " ".join(" ".join(["word"] * (n - 1) + ["end."]).capitalize() for n in lengths)
    whole = sentences(text, Span(0, len(text)))
    fitting = [span for span in whole if len(span.slice(text).split()) <= TARGET_TOKENS]
    passages = split_words(text)
    assert all(len(text[p.start : p.end].split()) <= TARGET_TOKENS for p in passages)
    held = {span for passage in passages for span in passage.sentences}
    assert set(fitting) <= held


@settings(max_examples=100, deadline=None)
@given(texts.map(lambda text: text * 3))
def test_the_budget_holds_for_a_tokenizer_of_single_code_points(text: str) -> None:
    for passage in split("doc", text, cleaning_of(text), tokens_of_code_points):
        (tokens,) = tokens_of_code_points([text[passage.start : passage.end]])
        assert tokens <= TARGET_TOKENS


def test_a_word_longer_than_the_budget_is_cut_and_nothing_of_it_is_lost() -> None:
    text = "x" * 1000
    passages = split("doc", text, cleaning_of(text), tokens_of_code_points)
    assert [(p.start, p.end) for p in passages] == [
        (start, min(start + TARGET_TOKENS, 1000)) for start in range(0, 1000, TARGET_TOKENS)
    ]


def test_a_piece_that_cannot_be_split_stands_alone_above_the_budget() -> None:
    text = "He left. 😀 She stayed."

    def count(parts: Sequence[str]) -> list[int]:
        return [500 if "😀" in part else len(part.split()) for part in parts]

    passages = split("doc", text, cleaning_of(text), count)
    assert [text[p.start : p.end] for p in passages] == ["He left.", "😀", "She stayed."]


def test_an_overlong_sentence_is_cut_at_white_space() -> None:
    text = " ".join(f"w{i}" for i in range(300))
    parts = [text[p.start : p.end] for p in split_words(text)]
    assert [len(part.split()) for part in parts] == [128, 128, 44]
    assert " ".join(parts) == text


@pytest.mark.parametrize(
    ("count", "words"), [(12, [120]), (13, [70, 60]), (14, [70, 70]), (26, [90, 90, 80])]
)
def test_passages_are_filled_evenly_so_that_the_last_is_no_fragment(
    count: int, words: list[int]
) -> None:
    text = " ".join(["One two three four five six seven eight nine ten."] * count)
    assert [len(text[p.start : p.end].split()) for p in split_words(text)] == words


def test_short_paragraphs_share_a_passage_unless_something_removed_lies_between() -> None:
    text = "First line.\nSecond line.\nMenu\nThird line."
    menu = Span(text.index("Menu"), text.index("Menu") + 4)
    passages = split_words(text, cleaning_of(text, [menu]))
    assert [text[p.start : p.end] for p in passages] == [
        "First line.\nSecond line.",
        "Third line.",
    ]


def test_the_headline_is_a_passage_of_its_own() -> None:
    text = "The headline\nFirst line.\nSecond line."
    kept = cleaning_of(text)
    cleaning = Cleaning(kept.regions, kept.paragraphs, headline=kept.paragraphs[0])
    passages = split_words(text, cleaning)
    assert [(text[p.start : p.end], p.kind) for p in passages] == [
        ("The headline", "headline"),
        ("First line.\nSecond line.", "body"),
    ]


def list_page(text: str, removed: Sequence[Span] = ()) -> Cleaning:
    kept = cleaning_of(text, removed)
    lines = kept.paragraphs
    items = tuple(ListItem(*pair) for pair in zip(lines[1::2], lines[2::2], strict=True))
    return Cleaning(kept.regions, lines, items=items)


def test_a_headline_of_a_list_shares_a_passage_with_its_summary_and_with_nothing_else() -> None:
    text = "Stories\nHead one\nSummary one.\nHead two\nSummary two."
    passages = split_words(text, list_page(text))
    assert [(text[p.start : p.end], p.kind) for p in passages] == [
        ("Stories", "body"),
        ("Head one\nSummary one.", "list_item"),
        ("Head two\nSummary two.", "list_item"),
    ]


def test_a_headline_and_its_summary_are_apart_when_removed_text_lies_between() -> None:
    text = "Stories\nHead one\nShare\nSummary one."
    share = Span(text.index("Share"), text.index("Share") + 5)
    passages = split_words(text, list_page(text, [share]))
    assert [text[p.start : p.end] for p in passages] == ["Stories", "Head one", "Summary one."]


def test_the_offsets_of_a_passage_count_code_points() -> None:
    text = "😀😀\nÉté 👍🏽 fini."
    passages = split_words(text, cleaning_of(text, [Span(0, 2)]))
    assert [(p.start, p.end) for p in passages] == [(3, len(text))]
    assert passages[0].passage_id == "doc:3"


def test_a_document_of_which_nothing_is_kept_has_no_passages() -> None:
    text = "Menu"
    assert split_words(text, Cleaning((Region(0, 4, kept=False, reason="navigation"),))) == []
