"""The text of the pages in order; what is no PDF is a skip, whatever is wrong with it."""

import io
import random
from collections.abc import Sequence

import pypdf
import pytest

from tests.support.document_files import FIRST, HEADLINE, SECOND, pdf
from tests.support.reading_helpers import read, values

GOOD = pdf([[HEADLINE, "By Ann Other", FIRST], [SECOND]], title=HEADLINE, author="Ann Other")


def test_the_lines_of_all_pages_are_the_text_and_confirmed_claims_are_kept() -> None:
    article = read(GOOD, "x.pdf").only
    assert article.text == f"{HEADLINE}\nBy Ann Other\n{FIRST}\n\n{SECOND}"
    assert article.key == ""
    assert values(article.given) == {
        "title": HEADLINE,
        "authors": ["Ann Other"],
        "language": "en",
    }
    title = article.given.title
    assert title is not None
    assert (title.start, title.end) == (0, len(HEADLINE))


def test_what_the_text_does_not_say_is_not_believed() -> None:
    content = pdf([[FIRST]], title="Microsoft Word - Dokument1", author="jdoe")
    assert values(read(content, "x.pdf").only.given) == {"language": "en"}


def test_a_sentence_that_goes_on_over_a_page_is_not_cut_into_two_paragraphs() -> None:
    content = pdf([["The ferry sank on"], ["monday, the mayor said."]])
    assert read(content, "x.pdf").only.text == "The ferry sank on\nmonday, the mayor said."


def test_pages_without_text_say_so() -> None:
    assert read(pdf([[], []]), "x.pdf").why == (
        "no text in it",
        "2 pages without text, perhaps scanned",
    )


@pytest.mark.parametrize("algorithm", ["RC4-40", "RC4-128", "AES-128", "AES-256-R5", "AES-256"])
def test_a_password_is_not_guessed_but_an_empty_one_opens(algorithm: str) -> None:
    for password, opens in (("secret", False), ("", True)):
        writer = pypdf.PdfWriter(clone_from=io.BytesIO(GOOD))
        writer.encrypt(password, "of the owner", algorithm=algorithm)
        stream = io.BytesIO()
        writer.write(stream)
        found = read(stream.getvalue(), "x.pdf")
        if opens:
            assert found.only.text.startswith(HEADLINE)
        else:
            assert found.why == ("encrypted", "it opens with a password only")


STORY = [
    "The harbour board of Elstow met on Tuesday to hear what the engineers had found in the",
    "ground beneath the old pier, where two cranes are to stand from next spring on.",
    "Anna Kessler, who speaks for the fishermen, said her members would keep the pier and not",
    "wait for a better one, whatever the board may want to decide before the summer.",
    "A third meeting is to be held in June, when the minister in the capital has answered the",
    "letter that the town wrote to him in the week after the storm had taken the old mole.",
]


def _pages(head: list[str], foot: list[str], first: Sequence[str] = ()) -> bytes:
    """Return a PDF of three pages of a story; `#` in heads and feet is the page's number."""
    return pdf(
        [
            [
                *(line.replace("#", str(number + 1)) for line in head),
                *(first if not number else ()),
                *STORY[2 * number : 2 * number + 2],
                *(line.replace("#", str(number + 1)) for line in foot),
            ]
            for number in range(3)
        ]
    )


TEXT = "\n\n".join("\n".join(STORY[i : i + 2]) for i in (0, 2, 4))


@pytest.mark.parametrize(
    ("head", "foot"),
    [
        (["Elstow Weekly 7 October 2024"], ["- # -"]),
        (["Page # of 3"], []),
        (["Elstow Weekly | # | Monday 7 October 2024"], ["www.weekly.example"]),
        ([], ["Seite #", "Elstow Weekly"]),
    ],
)
def test_heads_feet_and_page_numbers_are_no_text(head: list[str], foot: list[str]) -> None:
    article = read(_pages(head, foot), "x.pdf").only
    assert article.text == TEXT
    day = "2024-10-07" if "2024" in "".join(head) else None
    assert values(article.given).get("published") == day


def test_what_a_browser_prints_around_a_page_gives_its_address_and_no_date() -> None:
    head, foot = ["10/26/24, 8:42 PM Pier to go"], ["https://weekly.example/pier-to-go #/3"]
    article = read(_pages(head, foot, ["Pier to go"]), "x.pdf").only
    assert article.text == f"Pier to go\n{TEXT}"
    assert values(article.given) == {"url": "https://weekly.example/pier-to-go", "language": "en"}


def test_a_title_that_is_the_running_head_stays_on_the_first_page() -> None:
    assert read(_pages(["Pier to go"], []), "x.pdf").only.text == f"Pier to go\n{TEXT}"
    found = read(_pages(["Elstow Weekly"], [], ["Pier to go"]), "x.pdf").only.text
    assert found == f"Pier to go\n{TEXT}"


def test_numbers_that_do_not_rise_with_the_pages_and_sentences_are_kept() -> None:
    numbers = pdf([[*STORY[:2], "12"], [*STORY[2:4], "45"]])
    found = read(numbers, "x.pdf").only.text
    assert "12" in found
    assert found.endswith("45")
    twice = pdf([STORY[:2], STORY[:2]])
    assert read(twice, "x.pdf").only.text.count(STORY[1]) == 2


def test_a_sentence_that_goes_on_with_a_name_is_not_cut_either() -> None:
    content = pdf([["The mayor of the town, who is called"], ["Tom Brenner, was told."]])
    assert read(content, "x.pdf").only.text.count("\n") == 1


@pytest.mark.parametrize("content", [b"no pdf", b"%PDF-1.4\n", b"%PDF-1.7\n%%EOF", b"\0" * 500])
def test_what_is_no_pdf_is_damaged(content: bytes) -> None:
    assert read(content, "x.pdf").why[0] == "damaged file"
    assert read(b"", "x.pdf").why == ("empty file", "")


def test_any_damage_is_an_article_or_a_skip_and_never_a_crash() -> None:
    chance = random.Random(4)  # noqa: S311 - not for secrets
    for _ in range(150):
        content = bytearray(GOOD)
        for _ in range(chance.randrange(1, 6)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        del content[chance.randrange(len(content)) :][: chance.choice([0, 0, 300])]
        found = read(bytes(content), "x.pdf")
        assert len(found.articles) == (found.stopped is None)


def test_a_page_tree_that_is_its_own_child_ends() -> None:
    content = GOOD.replace(b"/Kids [4 0 R 6 0 R]", b"/Kids [2 0 R 6 0 R]")
    assert content != GOOD
    found = read(content, "x.pdf")
    assert len(found.articles) == (found.stopped is None)
