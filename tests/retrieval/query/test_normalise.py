"""Forms that ask the same become one; names that only look like a country stay."""

from pathlib import Path

import pytest

from indexer.lexical.index import TantivyIndex
from retrieval.query.normalise import normalise, with_abbreviations
from retrieval.query.parse import MAX_TEXT_CHARACTERS, parse
from tests.support.index_files import write_lexical


def text_of(question: str) -> str:
    return parse(question).text


@pytest.mark.parametrize("end", ["", "?", "??", ".", " ?", "?!", "…", " . "])
def test_every_question_ends_in_one_mark(end: str) -> None:
    assert text_of(f"Who won the vote{end}") == "Who won the vote?"


@pytest.mark.parametrize("question", ["", "?!…", "-Yemen", "..."])
def test_without_words_there_is_no_mark_to_add(question: str) -> None:
    assert text_of(question) == ("" if question == "-Yemen" else question)


@pytest.mark.parametrize(
    "name",
    [
        "the US",
        "the us",
        "the U.S.",
        "the u.s.",
        "the USA",
        "the United States",
        "the united states",
        "the United States of America",
        "America",
        "america",
        "Washington",
        "washington",
    ],
)
@pytest.mark.parametrize(
    ("before", "after", "canonical"),
    [
        ("What did ", " ask Verland?", "What did the United States ask Verland?"),
        ("Who warned ", " about the ship?", "Who warned the United States about the ship?"),
        ("What was demanded by ", "?", "What was demanded by the United States?"),
        (
            "What has Verland demanded from ",
            "?",
            "What has Verland demanded from the United States?",
        ),
        ("What ", " wants from Verland", "What the United States wants from Verland?"),
    ],
)
def test_a_country_has_one_name(name: str, before: str, after: str, canonical: str) -> None:
    query = parse(f"{before}{name}{after}")
    expected = parse(canonical)
    assert query.text.lower() == canonical.lower()  # the models read no capitals
    assert query.terms == expected.terms
    assert "usa|america|american|united states" in query.terms


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Why did an American warship turn?", "Why did a United States warship turn?"),
        ("Why did U.S. warships turn?", "Why did United States warships turn?"),
        ("What did the U.K. sell?", "What did the United Kingdom sell?"),
        ("What did Britain sell?", "What did the United Kingdom sell?"),
        ("What did London announce?", "What did the United Kingdom announce?"),
        ("Who leads Burma?", "Who leads Myanmar?"),
        ("Who leads Türkiye and what did he say?", "Who leads Turkey and what did he say?"),
        (
            "Who leads Côte d’Ivoire and the UAE?",
            "Who leads Ivory Coast and the United Arab Emirates?",
        ),
        ("Who leads the DRC?", "Who leads the Democratic Republic of Congo?"),
        ("Who leads DR Congo?", "Who leads the Democratic Republic of Congo?"),
        ("Did the Islamic Republic of Iran reply?", "Did Iran reply?"),
        ("Did Tehran and Moscow sign?", "Did Iran and Russia sign?"),
        ("What is Tehran's response to the EU?", "What is Iran's response to the European Union?"),
        (
            "What was the request from Oslo to Berlin?",
            "What was the request from Norway to Germany?",
        ),
        ("the U.S.-led talks", "the United States-led talks?"),
    ],
)
def test_names_abbreviations_and_acting_capitals_are_canonical(
    question: str, expected: str
) -> None:
    assert text_of(question) == expected
    assert text_of(question.lower()).lower() == expected.lower()


@pytest.mark.parametrize(
    "question",
    [
        "What did George Washington say to the army?",
        "When did Denzel Washington say that?",
        "Who lives in Washington?",
        "What did the Washington Post say?",
        "What did Washington Post reporters ask?",
        "What did Washington state want from the court?",
        "Who was asked by Washington Wizards fans?",
        "What did Washington say in his farewell address?",
        "Which airline will return to Washington?",
        "What did the police tell us?",
        "Which of us can vote?",
        "What did he ask us about the fire?",
        "Who governs Georgia, and who is Jordan Peele?",
        "What did Michael Jordan want?",
        "How long do you roast the turkey?",
        "Who won the America's Cup?",
        "Which countries of Latin America voted?",
        "Which South American president resigned?",
        "What did the Bank of America announce?",
        "Which American won the race?",
        "When did American Airlines fly there?",
        "Which African American senator spoke?",
        "What did Kim Jong Un say?",
        "Did London Breed win?",
        "What did Tom Holland say?",
    ],
)
def test_what_only_looks_like_a_country_stays(question: str) -> None:
    assert text_of(question) == question
    assert text_of(question.lower()) == question.lower()


@pytest.mark.parametrize(
    "question",
    [
        "Was haben die USA von Iran verlangt",
        "¿Qué pidió la UE a EE. UU.?",
        "Qu'est-ce que les USA ont demandé",
        "Quelle est la demande des USA",
        "Cosa ha chiesto l'UE? Perché",
        "誰がハニヤを殺したか？",
        "Что США потребовали от Ирана",
    ],
)
def test_questions_in_other_languages_stay(question: str) -> None:
    assert text_of(question) == question


def test_phrases_exclusions_and_filters_stay_exact() -> None:
    query = parse('What did "the U.S. Navy" ask Britain? -UK source:"UK Times"')
    assert query.text == "What did the U.S. Navy ask the United Kingdom?"
    assert query.restriction.phrases == (("the", "usa", "navy"),)
    assert query.restriction.excluded == (("uk",),)
    assert query.restriction.sources == ("UK Times",)


def test_a_long_question_is_normalised_to_its_end_and_cut() -> None:
    question = "Who told Britain that " + "Tehran asked London for it and " * 65
    asked = text_of(question)
    assert len(question) > 2000
    assert "Tehran" not in asked
    assert asked.count("Iran asked the United Kingdom") == 65
    assert len(text_of(question * 2)) == MAX_TEXT_CHARACTERS


def test_a_country_is_searched_once_by_any_of_its_names() -> None:
    assert parse("Burma Myanmar army").terms == ("myanmar|burma", "armi")


def test_passages_with_any_name_of_a_country_are_found_before_others(tmp_path: Path) -> None:
    texts = [f"{name} asked for gas" for name in ("The US", "America", "The United States")]
    write_lexical(tmp_path, [*texts, "The state united asked for gas", "Oslo asked for gas"])
    index = TantivyIndex(tmp_path)
    for name in ("the US", "America", "Washington"):
        found = index.search(parse(f"What did {name} ask for?").terms, 5)
        assert {row for row, _ in found[:3]} == {0, 1, 2}
        assert found[2][1] > found[3][1]


INTRODUCED = [
    "Reported on Friday. The Verland Coast Guard (VCG) met the World Ships Office (WHO).",
    "A rival, the Valley Cattle Growers (VCG), did not.",
]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Whom did the VCG rescue?", "Whom did the Verland Coast Guard (VCG) rescue?"),
        ("Whom did the V.C.G rescue?", "Whom did the Verland Coast Guard (VCG) rescue?"),
        ("whom did the vcg rescue?", "whom did the Verland Coast Guard (VCG) rescue?"),
        (
            "Did the Verland Coast Guard's boat sink?",
            "Did the Verland Coast Guard (VCG)'s boat sink?",
        ),
        ("Is the Verland Coast Guard the VCG?", "Is the Verland Coast Guard the VCG?"),
        ("What is the VCGX?", "What is the VCGX?"),
        ("Who met the crew?", "Who met the crew?"),
    ],
)
def test_an_abbreviation_stands_beside_what_a_passage_says_it_is(
    question: str, expected: str
) -> None:
    assert with_abbreviations(question, INTRODUCED) == expected


def test_brackets_that_introduce_nothing_do_not_count() -> None:
    texts = ["The mayor (VCG) spoke. He left Verland. Coast Guard (VCG) boats came."]
    assert with_abbreviations("What is the VCG?", texts) == "What is the VCG?"


def test_nothing_makes_no_question() -> None:
    assert normalise([]) == ("", ())
