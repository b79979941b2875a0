"""Names that the words beside a quotation give."""

import pytest

from retrieval.drafts.speakers import compare_speakers, find_speaker


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("“We go,” said Jane Doe.", "Jane Doe"),
        ("“We go,” Jane Doe said on Monday. Tom Roe left.", "Jane Doe"),
        ("“We go,” said the foreign minister, Jane Doe, in Larne.", "Jane Doe"),
        ("“We go,” Jane Doe, the minister, told reporters.", "Jane Doe"),
        ("Jane van der Doe said: “We go.”", "Jane van der Doe"),
        ("Dr. Jane Doe told the Gazette that they “We go” soon.", "Dr. Jane Doe"),
        ("According to Sen. Tom Roe, “We go.”", None),
        ("“Yes,” said Jane Doe. “We go.”", "Jane Doe"),
        ("“Yes,” Jane Doe said. “We go.”", "Jane Doe"),
        ("“We go,” she said.", None),
        ("“We go.” The minister said no more.", None),
        ("“We go.”\n\nTom Roe said nothing.", None),
        ("“We go”", None),
    ],
)
def test_a_speaker_is_named_by_a_verb_of_speech(text: str, speaker: str | None) -> None:
    start = text.index("We go")
    assert find_speaker(text, start, start + 5) == speaker


def test_the_whole_quotation_counts_where_a_part_is_cited() -> None:
    text = "“They come, we go, you stay,” said Jane Doe."
    assert find_speaker(text, text.index("we"), text.index("we") + 5) == "Jane Doe"


@pytest.mark.parametrize(
    ("draft", "archive", "around", "state"),
    [
        ("Jane Doe", "Minister Doe", "", "same"),
        ("Prime Minister Jane Doe", "Prime Minister Tom Roe", "", "other"),
        ("Erdoğan", "President Erdogan", "", "same"),
        ("Jane Doe", None, "as Doe left", "nearby"),
        ("Jane Doe", None, "as she left", "unknown"),
        ("Jane Doe", "The", "as Doe left", "nearby"),
        (None, "Jane Doe", "", "unknown"),
    ],
)
def test_speakers_are_compared_by_their_names_without_titles(
    draft: str | None, archive: str | None, around: str, state: str
) -> None:
    assert compare_speakers(draft, archive, around) == state
