"""Verdicts on quotations, places, differences and speakers."""

from pathlib import Path

import pytest

from indexer.storage.local_store import LocalStore
from indexer.storage.manifest import Manifest
from retrieval.drafts.report import CheckedQuotation, Verdict, format_attribution, format_heading
from tests.retrieval.drafts.conftest import ARTICLES, Check


def _one(check: Check, draft: str) -> CheckedQuotation:
    (found,) = check(draft).quotations
    return found


@pytest.mark.parametrize(
    ("draft", "verdict"),
    [
        ('"We will raise the harbour wall by 40 centimetres before the winter,"', "exact"),
        ("„It's the largest work since 1953.“", "exact"),
        ("'The U.S. company has delivered 17,400 tons of steel'", "exact"),
        ("“Nous ne céderons pas”", "exact"),
        ("「我们将继续前进」", "exact"),
        ("“the quay “must stay open at all times””", "exact"),
        ("“Free meals will be served in all nineteen schools”", "exact"),
        ("“[N]obody will lose a job”", "exact"),
        ("“Nobody should cross the [sic] ice this week”", "exact"),
        ("“[The mayor] will raise the harbour wall by 40 centimetres”", "exact"),
        ("“the steel will arrive in time... but we are working”", "exact"),
        ("“the steel will arrive in time … but we are working”", "exact"),
        ("“We will raise [it] by 40 centimetres before the winter”", "exact"),
        ("“We will raise the harbour wall, by 40 centimetres”", "punctuation"),
        ("“WE WILL RAISE THE HARBOUR WALL”", "punctuation"),
        ("“Nobody should cross the ice this week!”", "punctuation"),
        ("“I cannot promise that the steel will arrive in time”", "punctuation"),
        ("“The US company has delivered 17400 tons of steel”", "punctuation"),
        ("“about 5 percent more than in 2019”", "punctuation"),
        ("“Free meals will be served in all 19 schools”", "punctuation"),
        ("“We will raise the harbour wall … and nobody will lose a job”", "shortened"),
        ("“We will raise the harbour wall [...] before the winter”", "shortened"),
        ("“... before the winter (…) nobody will lose a job …”", "shortened"),
        ("“This is not the end. This is a new beginning”", "missing"),
        ("“We will raise the wall by 40 centimetres before the winter”", "shortened"),
        ("“We will raise the harbour wall by 45 centimetres before the winter”", "differs"),
        ("“This is the end of the ferry.”", "differs"),
        ("“This is not the end of the ferry. This is a new beginning for Northport”", "missing"),
        ("“It is likely that it carries a car.”", "differs"),
        ("“a new beginning for all of us in Southport and Larne”", "differs"),
        ("“We will raise [it] [by 90 centimetres] before the winter”", "differs"),
        (
            "“We will raise the harbour wall by 40 centimetres, about 5 % more than in 2019”",
            "joined",
        ),
        ("“nobody will lose a job. It’s the largest work since 1953.”", "joined"),
        ("“This is a new beginning for all of us … This is not the end of the ferry”", "joined"),
        ("“The moon is made of green cheese and always was”", "missing"),
        ("“A higher wall will protect the port from storms, and jobs are safe”", "missing"),
        ("“We shall heighten the harbour wall by 40 centimetres before the snow”", "missing"),
    ],
)
def test_a_quotation_gets_the_verdict(check: Check, draft: str, verdict: Verdict) -> None:
    assert _one(check, draft).verdict == verdict


def test_every_place_shown_is_verbatim_in_its_article(check: Check) -> None:
    drafts = " ".join(
        (
            "“We will raise the harbour wall by 45 centimetres.”",
            "“nobody will lose a job. It’s the largest work since 1953.”",
            "“Nobody … cross the ice this week”",
            "“We shall heighten the harbour wall by 40 centimetres before the snow”",
        )
    )
    shown = [place for each in check(drafts).quotations for place in each.places]
    assert len(shown) == 5
    for place in shown:
        text = ARTICLES[place.citation.path][0]
        start, end = place.citation.start, place.citation.end
        assert text[start:end] == place.citation.quote
        assert text[:start].endswith(place.before)
        assert text[end:].startswith(place.after)


def test_places_are_the_earliest_of_each_story_with_its_copies(check: Check) -> None:
    found = _one(check, "“nobody will lose a job”")
    (place,) = found.places
    assert place.citation.path == "gazette/harbour.txt"
    assert [copy.path for copy in place.copies] == ["observer/harbour.txt"]
    assert found.stories == 1


def test_separate_stories_are_all_listed_earliest_first_and_undated_last(check: Check) -> None:
    found = _one(check, "“the”")
    dates = [place.citation.published for place in found.places]
    assert dates == ["2021-01-01", "2023-02-14", "2023-05-02", None]
    assert format_heading(found) == "Exact, in 4 stories"


def test_a_quotation_over_passages_and_paragraphs_is_found(check: Check) -> None:
    paragraphs = ARTICLES["courier/inquiry.txt"][0].split("\n\n")[3:20]
    reopened = "\n\n".join(f"“{paragraph}" for paragraph in paragraphs)
    assert _one(check, f"{reopened}”").verdict == "exact"
    wrong = reopened.replace("mile 63", "mile 64")
    found = _one(check, f"{wrong}”")
    assert (found.verdict, found.differences[0].kind) == ("differs", "number")
    assert (found.differences[0].draft, found.differences[0].archive) == ("64", "63")


@pytest.mark.parametrize(
    ("draft", "kind", "here", "there"),
    [
        ("“delivered 17,500 tons of steel, about 5 % more”", "number", "17,500", "17,400"),
        ("“delivered 17,400 tons of steel, about 6 % more”", "number", "6", "5"),
        ("“I can promise that the steel will arrive in time”", "negation", "can", "can't"),
        ("“Everybody should cross the ice this week”", "negation", "Everybody", "Nobody"),
        ("“for all of us in Northport and Brenna”", "name", "Brenna", "Larne"),
        ("“This is the end of the ferry. This is a new beginning”", "negation", "", "not"),
    ],
)
def test_both_sides_of_a_difference_are_shown(
    check: Check, draft: str, kind: str, here: str, there: str
) -> None:
    found = _one(check, draft)
    assert found.verdict == "differs"
    assert (kind, here, there) in [(d.kind, d.draft, d.archive) for d in found.differences]
    for difference in found.differences:
        if difference.span:
            text = ARTICLES[found.places[0].citation.path][0]
            assert difference.span.slice(text) == difference.archive


def test_what_comes_closest_to_a_missing_quotation_is_shown(check: Check) -> None:
    found = _one(check, "“We shall raise the harbour wall by 40 centimetres before the winter”")
    assert found.verdict == "missing"
    assert found.places[0].citation.path == "gazette/harbour.txt"
    assert ("words", "shall", "will") in [
        (each.kind, each.draft, each.archive) for each in found.differences
    ]
    assert (found.stories, found.attribution) == (0, None)


def test_words_left_out_without_an_ellipsis_and_denials_left_out_are_noted(check: Check) -> None:
    unmarked = _one(check, "“We will raise the wall by 40 centimetres before the winter”")
    assert unmarked.notes == ("Words are left out without an ellipsis.",)
    denied = _one(check, "“This is … the end of the ferry.”")
    assert denied.verdict == "shortened"
    assert denied.notes == ("The words left out hold a denial: not.",)


@pytest.mark.parametrize(
    ("draft", "state", "there"),
    [
        ("“It’s the largest work since 1953,” said Ilsa Brandt.", "same", "Mayor Brandt"),
        ("Mr Okoro said: “This is not the end of the ferry.”", "same", "Okoro"),
        ("Tom Okoro told us: “It’s the largest work since 1953.”", "other", "Mayor Brandt"),
        ("“we are working day and night,” Rosa Quill explained.", "nearby", None),
        ("“Nous ne céderons pas,” said Marie Lenoir.", "unknown", None),
        ("“It’s the largest work since 1953,” she said.", None, "Mayor Brandt"),
    ],
)
def test_the_speaker_is_compared_with_the_words_beside_the_place(
    check: Check, draft: str, state: str | None, there: str | None
) -> None:
    found = _one(check, draft)
    assert found.attribution == state
    assert found.places[0].speaker == there
    assert found.stands == (state != "other")
    assert bool(format_attribution(found)) == (state is not None)


def test_quotations_that_are_repeated_are_all_reported(check: Check) -> None:
    draft = check("“nobody will lose a job”\n\n“nobody will lose a job”")
    assert [(each.quotation.line, each.verdict) for each in draft.quotations] == [
        (1, "exact"),
        (3, "exact"),
    ]


def test_a_draft_without_quotations_stands(check: Check) -> None:
    draft = check("The ministers' plan of the '90s: don't.")
    assert draft.quotations == ()
    assert draft.stands


def test_an_unclosed_quotation_is_noted_and_swallows_nothing(check: Check) -> None:
    draft = check("“nobody will lose a job, she said.\n\nThen “we are working day and night,”")
    assert [each.quotation.is_closed for each in draft.quotations] == [False, True]
    assert "No closing mark" in draft.quotations[0].notes[0]
    assert draft.quotations[1].verdict == "exact"


def test_the_order_of_lookups_changes_nothing(
    archive: tuple[LocalStore, Manifest, Path], check: Check
) -> None:
    one, two = "“nobody will lose a job”", "“This is the end of the ferry.”"
    first, second = check(f"{one} {two}").quotations, check(f"{two} {one}").quotations
    assert [(e.verdict, e.places) for e in first] == [(e.verdict, e.places) for e in second[::-1]]
