"""When does a mark grow to its sentence, and when does it stay the answer?"""

import pytest

from indexer.documents import Passage, Span
from indexer.store import StoredPassage
from retrieval.answering.marks import cues, marked

START = 40


def passage(*sentences: str) -> StoredPassage:
    """Return a passage that begins at offset 40 of its document."""
    spans = []
    at = START
    for sentence in sentences:
        spans.append(Span(at, at + len(sentence)))
        at += len(sentence) + 1
    text = " ".join(sentences)
    return StoredPassage(Passage("d", START, START + len(text), "body", tuple(spans)), text)


def shown(question: str, answer: str, *sentences: str) -> str:
    """Return the words that are marked when a reader marks `answer`."""
    stored = passage(*sentences)
    assert stored.text.count(answer) == 1
    start = START + stored.text.index(answer)
    return stored.slice(marked(question, stored, Span(start, start + len(answer))))


@pytest.mark.parametrize(
    "question", ["Did the navy sink a boat?", "has the navy sunk a boat", "Didn't Rusk see a boat?"]
)
def test_a_question_for_yes_or_no_marks_the_whole_sentence(question: str) -> None:
    told = ("It rained.", "The navy sank a boat off Torp, Rusk told reporters.")
    assert shown(question, "a boat", *told) == told[1]


def test_a_polite_question_marks_the_answer() -> None:
    asked = "Can you tell me what the navy sank?"
    assert shown(asked, "a boat", "The navy sank a boat off Torp.") == "a boat"


@pytest.mark.parametrize(
    ("question", "answer", "sentence"),
    [
        ("What did the navy sink?", "a boat", "Rusk denied that the navy had sunk a boat."),
        ("What did the navy sink?", "a boat", "Rusk Denies Navy Sank a boat"),
        ("Where did it land?", "in Torp", "It didn't land in Torp."),
        ("Where did it land?", "in Torp", "It didn’t land in Torp."),
        ("Where did it land?", "in Torp", "IT DIDN’T LAND in Torp."),
        ("What was poured away?", "mercury", "Claims that it poured mercury were untrue."),
        ("What did they close?", "the port", "They were threatening to close the port."),
        ("What did they close?", "the port", "They sought to close the port."),
        ("What did they accept?", "the draw", "They turned the draw down."),
        ("What did they accept?", "the draw", "They turned down, as ever, the draw."),
        ("Who was saved?", "14 miners", "Had the alarm worked, 14 miners lived."),
        ("Who poisoned it?", "her brother", "Her brother allegedly did, or her brother knew."),
        ("When does it open?", "on Friday", "It may open on Friday."),
        ("What was shown?", "an exhibition", "The museum cancelled an exhibition."),
        ("What was found?", "a mine", "Investigators found no evidence of a mine."),
        ("Who came?", "the council", "No-one of the council came."),
    ],
)
def test_a_cue_outside_the_mark_widens_it_to_the_sentence(
    question: str, answer: str, sentence: str
) -> None:
    assert shown(question, answer, sentence) == sentence


@pytest.mark.parametrize(
    ("question", "answer", "sentence"),
    [
        ("What did the navy sink?", "a boat", "The navy sank a boat off Skerry."),
        ("What did it sell?", "wheat", "It sold not only wheat to Torp."),
        ("Who won?", "Brekka", "There is no doubt that Brekka won."),
        ("What did he eat?", "bread", "He ate nothing but bread for a week."),
        ("How did prices move?", "rose", "Prices, if anything, rose in May."),
        ("When was it?", "last May", "The vote in Torp was last May, on May 3."),
        ("Where does he live?", "Downing Street", "He lives at No. 10 Downing Street."),
        ("Who had won?", "Brekka", "Brekka had won before, and all were there."),
        ("Who taught it?", "Denis Marn", "The author and professor Denis Marn taught it."),
        ("How long?", "a few days", "It stood for a few days in a hard winter."),
        ("What was it made of?", "pine", "The crew, made up of Danes, used pine."),
        ("Who played?", "Miss Fabric", "Miss Fabric played at the commander's house."),
    ],
)
def test_a_mark_stays_exact_where_nothing_takes_it_back(
    question: str, answer: str, sentence: str
) -> None:
    assert shown(question, answer, sentence) == answer


@pytest.mark.parametrize(
    ("question", "answer", "sentence"),
    [
        ("What did Rusk deny?", "that it sank", "Rusk denied that it sank."),
        ("What did the US ask Iran?", "to leave", "The US asked Iran to leave."),
        ("What does the US demand?", "a pause", "The US is asking Iran for a pause."),
        ("Who didn’t come?", "The council", "The council did not come."),
    ],
)
def test_a_cue_that_the_question_asks_about_keeps_the_mark(
    question: str, answer: str, sentence: str
) -> None:
    assert shown(question, answer, sentence) == answer


def test_a_cue_of_another_kind_than_the_question_asks_about_widens() -> None:
    sentence = "The US has never asked Iran to leave."
    assert shown("What did the US ask Iran?", "to leave", sentence) == sentence


def test_a_mark_that_contains_the_cue_stays() -> None:
    answer = "denied that the navy had sunk a boat"
    assert shown("What did Rusk say?", answer, f"On Monday Rusk {answer}.") == answer


def test_a_second_cue_outside_the_mark_still_widens() -> None:
    sentence = "Rusk allegedly denied the deal."
    assert shown("What did Rusk do?", "denied the deal", sentence) == sentence


def test_only_the_sentence_of_the_mark_counts_and_is_marked() -> None:
    before, after = "Rusk denied it.", "Nobody knows why."
    exact = shown("What sank?", "a boat", before, "The navy sank a boat.", after)
    assert exact == "a boat"
    widened = shown("What sank?", "a boat", before, "It did not sink a boat.", after)
    assert widened == "It did not sink a boat."


def test_a_mark_across_two_sentences_grows_to_both() -> None:
    stored = passage("It did not sink a boat.", "A tug sank.", "All lived.")
    mark = Span(START + 16, START + 30)
    assert stored.slice(marked("What sank?", stored, mark)) == "It did not sink a boat. A tug sank."


def test_a_mark_outside_all_sentences_is_left_alone() -> None:
    stored = passage("It did not sink.")
    assert marked("What sank?", stored, Span(0, 5)) == Span(0, 5)


def test_cues_are_at_their_words_in_any_script() -> None:
    text = "Ünï — हिन्दी no, “never‘s” 中文 isn’t ﬁne; turned it all down…"
    assert [(kind, span.slice(text)) for kind, span in cues(text)] == [
        ("negation", "no"),
        ("negation", "never‘s"),
        ("negation", "isn’t"),
        ("undone", "turned it all down"),
    ]


@pytest.mark.parametrize(
    "written", ["de\u00adnied", "de-\nnied", "de\u200bnied", "de\u00ad\n  nied"]
)
def test_a_cue_counts_with_what_is_invisible_in_it_and_over_a_line_end(written: str) -> None:
    text = f"Rusk {written} it."
    assert list(cues(text)) == [("denial", Span(5, 5 + len(written)))]
