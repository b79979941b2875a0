import hashlib
import itertools
import os
import random
import re
import subprocess
import sys
from pathlib import Path

import pytest

from training.synthetic import Example, generate
from training.synthetic.parties import draw_parties

_ASKED = re.compile(
    r"What did (?P<agent>.+) (?:ask|urge|tell|order|promise) (?P<patient>.+?)( to do)?\?$"
)


@pytest.fixture(scope="module")
def groups() -> list[tuple[Example, ...]]:
    return list(generate(7, 5000))


def _digest(groups: list[tuple[Example, ...]]) -> str:
    return hashlib.sha256(repr(groups).encode()).hexdigest()


def test_the_same_seed_gives_the_same_groups_and_another_seed_others() -> None:
    assert _digest(list(generate(3, 50))) == _digest(list(generate(3, 50)))
    assert _digest(list(generate(3, 50))) != _digest(list(generate(4, 50)))


def test_a_longer_run_begins_with_the_shorter_one() -> None:
    assert list(generate(3, 20))[:5] == list(generate(3, 5))


@pytest.mark.parametrize("hash_seed", ["0", "1234"])
def test_the_hash_seed_of_python_changes_nothing(hash_seed: str) -> None:
    code = (
        "import hashlib; from training.synthetic import generate;"
        "print(hashlib.sha256(repr(list(generate(3, 50))).encode()).hexdigest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == _digest(list(generate(3, 50)))


def test_an_answer_is_whole_words_of_its_passage(groups: list[tuple[Example, ...]]) -> None:
    for example in (example for group in groups for example in group):
        if example.start == -1:
            assert example.end == -1
            continue
        answer = example.passage[example.start : example.end]
        around = f" {example.passage} "[example.start], f" {example.passage} "[example.end + 1]
        assert answer == answer.strip()
        assert answer
        assert not any(character.isalnum() for character in around), (answer, example.passage)


def test_between_four_and_five_of_ten_questions_are_answered(
    groups: list[tuple[Example, ...]],
) -> None:
    answered = [example.start >= 0 for group in groups for example in group]
    assert 0.4 < sum(answered) / len(answered) < 0.5


@pytest.mark.parametrize("word", ["What", "Who", "When", "Why", "How"])
def test_no_question_word_gives_away_whether_there_is_an_answer(
    groups: list[tuple[Example, ...]], word: str
) -> None:
    answered = [
        example.start >= 0
        for group in groups
        for example in group
        if example.question.startswith(f"{word} ")
    ]
    assert 0.3 < sum(answered) / len(answered) < 0.6


def test_all_passages_differ_and_a_group_shares_one(groups: list[tuple[Example, ...]]) -> None:
    assert all(len({example.passage for example in group}) == 1 for group in groups)
    assert len({group[0].passage for group in groups}) == 5000


def test_the_english_has_no_gaps_doubles_or_open_slots(groups: list[tuple[Example, ...]]) -> None:
    faults = re.compile(
        r"  |\b(the|to|of|by|on|in) \1\b|[{}|_]|\s[,.?]|\.\.|(?-i:s's)\b", re.IGNORECASE
    )
    for example in (example for group in groups for example in group):
        for text in (example.question, example.title, example.passage):
            assert not faults.search(text), text
            assert text == text.strip()
        assert not re.search(r"[.!] [a-z]|^[a-z]", example.passage), example.passage


def _asked(example: Example) -> tuple[str, str, str] | None:
    found = _ASKED.match(example.question)
    if not found:
        return None
    act = example.question.replace(found["agent"], "A", 1).replace(found["patient"], "B", 1)
    return act, found["agent"], found["patient"]


def test_a_swapped_question_never_has_the_answer_of_the_other(
    groups: list[tuple[Example, ...]],
) -> None:
    unanswered = reverse = 0
    for group in groups:
        for example, other in itertools.permutations(group, 2):
            # The same words in another order: only the two names have changed places.
            words, swapped = example.question.lower().split(), other.question.lower().split()
            if words == swapped or _sorted(words) != _sorted(swapped) or example.start == -1:
                continue
            assert other.start != example.start
            unanswered += other.start == -1
            reverse += other.start >= 0
    assert unanswered >= 500
    assert reverse >= 50


def _sorted(words: list[str]) -> list[str]:
    return sorted(word.strip("?.") for word in words)


def test_a_state_never_meets_itself_under_another_name() -> None:
    for number in range(3000):
        parties = draw_parties(random.Random(number), "state", 4)  # noqa: S311 - a test

        names = [name for party in parties for name in party.aliases]
        assert len(names) == len(set(names))
        assert len({"Iran", "the US", "China"} & set(names)) < 2


def test_reverse_events_make_both_orders_of_the_names_answerable(
    groups: list[tuple[Example, ...]],
) -> None:
    """Neither the order of the names nor their presence can decide alone."""
    in_order = {True: [0, 0], False: [0, 0]}
    for example in (example for group in groups for example in group):
        found = _asked(example)
        if found is None or not all(name in example.passage for name in found[1:]):
            continue
        forward = example.passage.index(found[1]) < example.passage.index(found[2])
        in_order[forward][example.start >= 0] += 1
    for unanswered, answered in in_order.values():
        assert 0.2 < answered / (answered + unanswered) < 0.8, in_order
