"""Which parts of a draft are quotations, and how they are taken apart."""

import time

import pytest

from retrieval.drafts.quotations import LONGEST, find_quotations, split_pieces


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        ("“We go,” she said.", ["We go,"]),
        ('"We go," she said. "Now."', ["We go,", "Now."]),
        ("«Nous partons», dit-il. « Oui ! »", ["Nous partons", " Oui ! "]),
        ("»Nein«, „ja“ und ›doch‹ ‚nie‘", ["Nein", "ja", "doch", "nie"]),
        ("‹oui› 「我们走」 『再见』 ”vi går”, sa hon", ["oui", "我们走", "再见", "vi går"]),
        ("‘Don’t go,’ she said, ‘it’s the dogs’ bed.’", ["Don’t go,", "it’s the dogs’ bed."]),
        ("'The ministers' plan is good,' he said.", ["The ministers' plan is good,"]),
        ("She said “he told me ‘go home’ twice”.", ["he told me ‘go home’ twice"]),
        ("'He said \"go\" to me,' she said.", ['He said "go" to me,']),
        ("(“Yes.”)—“No!”", ["Yes.", "No!"]),
        ("The ministers' plan, the '90s, rock 'n' roll, don't, 'tis.", []),
        ("Workers' rights and bosses' pay; get 'em; ’20s and ‘60s.", []),
        ("A 6\" nail, 5'10\" tall and 12' long.", []),
        ("“” \"\" '…' “!”", []),
        ("No marks at all.", []),
    ],
)
def test_marks_of_all_kinds_are_paired_and_apostrophes_are_none(
    draft: str, expected: list[str]
) -> None:
    assert [found.text for found in find_quotations(draft)] == expected


def test_offsets_and_lines_are_those_of_the_draft() -> None:
    draft = "One.\n\nShe said “two” and\n“three”."
    found = find_quotations(draft)
    assert [draft[each.start : each.end] for each in found] == ["two", "three"]
    assert [each.line for each in found] == [3, 4]


def test_a_quotation_goes_on_in_paragraphs_that_open_it_again() -> None:
    for opening, closing in (("“", "”"), ('"', '"'), ("«", "»"), ("‘", "’")):
        draft = (
            f"{opening}One day.\n\n{opening}Two days.\n\n{opening}Three days,{closing} she said."
        )
        (found,) = find_quotations(draft)
        assert found.is_closed
        assert [piece.text for piece in found.pieces] == ["One day.\nTwo days.\nThree days,"]


def test_a_quotation_goes_on_in_the_next_line_of_a_wrapped_paragraph() -> None:
    draft = '"We will go\nto the moon," he said.\n\nThen "home".'
    assert [found.text for found in find_quotations(draft)] == ["We will go\nto the moon,", "home"]


def test_an_unclosed_mark_ends_at_the_next_mark_or_with_its_line() -> None:
    draft = '"We will go, he said.\n\nThen "we stop," he said. “And\n\nnothing more.'
    found = [(each.text, each.is_closed) for each in find_quotations(draft)]
    assert found == [("We will go, he said.", False), ("we stop,", True), ("And", False)]
    assert [each.text for each in find_quotations("“One. “Two,” he said.")] == ["One. ", "Two,"]


def test_a_block_quote_is_a_quotation_without_its_marks_and_its_credit() -> None:
    (found,) = find_quotations("⟦“We go.\n\nWe ‘stop’.”\n\n— Jane Doe, minister⟧")
    assert (found.text, found.credit) == ("We go.\n\nWe ‘stop’.", "Jane Doe, minister")
    assert found.is_block


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We go … home", [("We go", "", ""), ("home", "ellipsis", "")]),
        ("We go [...] home", [("We go", "", ""), ("home", "ellipsis", "")]),
        ("We go . . . home", [("We go", "", ""), ("home", "ellipsis", "")]),
        ("… we go ...", [("we go", "", "")]),
        ("We [sic] go (sic!) home", [("We go home", "", "")]),
        ("[W]e go", [("We go", "", "")]),
        ("He [Tom] went", [("He", "", ""), ("went", "brackets", "[Tom]")]),
        ("He want[ed] it", [("He", "", ""), ("it", "brackets", "want[ed]")]),
        ("[They] … go", [("go", "", "")]),
    ],
)
def test_ellipses_and_brackets_separate_pieces(
    text: str, expected: list[tuple[str, str, str]]
) -> None:
    assert [(each.text, each.join, each.put_in) for each in split_pieces(text)] == expected


@pytest.mark.parametrize(
    "draft",
    [
        "“" * 60_000,
        "'a " * 60_000,
        "s' a" * 60_000,
        "“We go,” said she. " * 20_000,
        '"a\n' * 20_000,
        '"a\n\n' * 5_000,
        "[" * 200_000,
        "“" + "x. " * 500_000 + "”",
        "⟦" * 200_000,
    ],
    ids=[
        "open",
        "single",
        "possessive",
        "many",
        "lines",
        "paragraphs",
        "brackets",
        "long",
        "block",
    ],
)
def test_time_grows_with_the_length_of_a_draft_only(draft: str) -> None:
    begun = time.process_time()
    found = find_quotations(draft)
    assert time.process_time() - begun < 20
    assert all(len(each.pieces[0].text) <= LONGEST for each in found)
