"""Question files, well and badly formed, and the committed questions on the seeds."""

import json
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest

from evaluation.questions import (
    Gold,
    QuestionFileError,
    SeedQuestion,
    load_questions,
)
from indexer.cleaning.cleaner import clean

ROOT = Path(__file__).parents[2]
QUESTIONS = ROOT / "tests" / "quality" / "seed_questions.jsonl"
SEEDS = ROOT / "seeds"


def line(**changes: object) -> str:
    record: dict[str, object] = {
        "id": "s1",
        "question": "When did the ferry sink?",
        "kind": "when",
        "unanswerable_kind": None,
        "answerable": True,
        "split": "dev",
        "gold": [{"doc": "ferry.txt", "words": "on Monday"}],
    }
    kept = {name: value for name, value in (record | changes).items() if value is not ...}
    return json.dumps(kept)


NO_ANSWER: dict[str, object] = {"kind": "unanswerable", "answerable": False, "gold": []}


def test_questions_are_read_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    second = line(id="s2", question="Où ?\u2028", **NO_ANSWER, unanswerable_kind="off_topic")
    path.write_text(f"{line()}\n\n{second}\n", encoding="utf-8")
    first, other = load_questions(path)
    gold = (Gold("ferry.txt", "on Monday"),)
    assert first == SeedQuestion("s1", "When did the ferry sink?", "when", None, True, "dev", gold)
    assert other == SeedQuestion("s2", "Où ?\u2028", "unanswerable", "off_topic", False, "dev", ())


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ('{"id": ', r"not valid JSON \(Expecting value"),
        ("[1]", "a question must be a JSON object, got list"),
        (line(kind=..., gold=...), "a question lacks kind, gold"),
        (line(answer="Monday"), "unknown fields: answer"),
        (line(answerable="yes"), "answerable must be bool, got 'yes'"),
        (line(unanswerable_kind=3), "unanswerable_kind must be str or NoneType, got 3"),
        (line(question="  "), "id and question must not be empty"),
        (line(kind="why"), "kind must be one of who, what, .*, got 'why'"),
        (line(split="train"), "split must be one of dev, test, got 'train'"),
        (line(gold=[]), "answerable is True with 0 gold words"),
        (line(gold=["on Monday"]), "gold must be a JSON object, got str"),
        (line(gold=[{"doc": "ferry.txt"}]), "gold lacks words"),
        (line(gold=[{"doc": "ferry.txt", "words": " "}]), "gold needs a document and words"),
        (line(answerable=False), "answerable is False but kind is 'when'"),
        (line(kind="unanswerable"), "answerable is True but kind is 'unanswerable'"),
        (line(**NO_ANSWER), "unanswerable_kind must be one of same_people, .*, got None"),
        (line(unanswerable_kind="off_topic"), "unanswerable_kind must be null .*'off_topic'"),
        (line(all_documents=True), "all_documents needs gold in two documents, got 1"),
        (line(), "duplicate id 's1'"),
    ],
)
def test_a_malformed_line_is_named_with_its_file(tmp_path: Path, bad: str, message: str) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text(f"{line()}\n{bad}\n", encoding="utf-8")
    with pytest.raises(QuestionFileError, match=f"questions.jsonl, line 2: .*{message}"):
        load_questions(path)


def test_a_file_without_questions_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text("\n\n", encoding="utf-8")
    with pytest.raises(QuestionFileError, match=r"questions.jsonl holds no question"):
        load_questions(path)


def test_a_missing_or_undecodable_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QuestionFileError, match=r"cannot read the questions in .*none\.jsonl"):
        load_questions(tmp_path / "none.jsonl")
    (tmp_path / "latin.jsonl").write_bytes(b"\xe9")
    with pytest.raises(QuestionFileError, match=r"cannot read the questions in .*latin\.jsonl"):
        load_questions(tmp_path / "latin.jsonl")


@pytest.fixture(scope="module")
def seed_questions() -> tuple[SeedQuestion, ...]:
    return load_questions(QUESTIONS)


def test_the_seed_questions_cover_every_kind(seed_questions: tuple[SeedQuestion, ...]) -> None:
    kinds = Counter(question.kind for question in seed_questions)
    refused = Counter(question.unanswerable_kind for question in seed_questions)
    assert len(seed_questions) >= 66
    assert kinds["unanswerable"] >= 26
    assert refused["same_people"] >= 8
    assert min(refused["boilerplate"], refused["swapped_roles"], refused["off_topic"]) >= 4
    for kind in ("who", "what", "when", "where", "how_many", "yes_no", "headline", "comparison"):
        assert kinds[kind] >= 5, kind


def test_no_seed_question_is_asked_twice(seed_questions: tuple[SeedQuestion, ...]) -> None:
    asked_before = Counter(question.question.casefold().strip(" ?") for question in seed_questions)
    assert [text for text, count in asked_before.items() if count > 1] == []


def test_the_split_of_the_seed_questions_is_drawn_from_their_ids(
    seed_questions: tuple[SeedQuestion, ...],
) -> None:
    for question in seed_questions:
        even = int(sha256(question.id.encode()).hexdigest(), 16) % 2 == 0
        assert question.split == ("dev" if even else "test"), question.id


def test_gold_words_stand_once_in_the_article_and_never_in_what_cleaning_removes(
    seed_questions: tuple[SeedQuestion, ...],
) -> None:
    for path in sorted({gold.doc for question in seed_questions for gold in question.gold}):
        text = (SEEDS / path).read_bytes().decode("utf-8")
        kept = [text[region.start : region.end] for region in clean(text).regions if region.kept]
        words = {g.words for question in seed_questions for g in question.gold if g.doc == path}
        counts = {each: sum(region.count(each) for region in kept) for each in words}
        assert {each: count for each, count in counts.items() if count != 1} == {}, path


def test_comparisons_need_two_articles(seed_questions: tuple[SeedQuestion, ...]) -> None:
    for question in seed_questions:
        assert question.all_documents is (question.kind == "comparison"), question.id


def test_headline_questions_are_answered_by_a_headline_of_the_list_page(
    seed_questions: tuple[SeedQuestion, ...],
) -> None:
    """A headline there is a line followed by an empty one and a summary that ends in a stop."""
    (page,) = SEEDS.glob("003_*.txt")
    lines = [text.strip() for text in page.read_text("utf-8").split("\n")]
    headlines = [text for text in lines if text and text[-1] != "."]
    for question in seed_questions:
        if question.kind == "headline":
            assert len(question.gold) == 1
            assert question.gold[0].doc == page.name
            assert any(question.gold[0].words in text for text in headlines), question.id
