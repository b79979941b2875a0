"""Reports on drafts: HTML in which nothing runs, JSON, and the terminal."""

import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from indexer.documents import Finding
from indexer.storage.local_store import LocalStore
from retrieval.drafts.check import check_draft
from retrieval.drafts.formats import draft_json, html_report
from retrieval.drafts.report import VERDICTS, CheckedDraft, format_summary
from retrieval.presentation.drafts import print_draft
from tests.retrieval.drafts.conftest import Check
from tests.support.builders import entry, write_index

_TAGS = "script img svg iframe object embed a base form input style link meta video math".split()
_HANDLERS = "onerror onload onclick onfocus onmouseover ontoggle onbegin onanimationstart".split()
_BREAKS = ["", '"', "'", "</p>", "</title>", "</style>", "-->", "]]>", "&quot;", "\u2028"]
PAYLOADS = [
    *(f"{escape}<{tag} x=1>alert(1)</{tag}>" for tag in _TAGS for escape in _BREAKS[:5]),
    *(f"{escape}<img src=x {handler}=alert(1)>" for handler in _HANDLERS for escape in _BREAKS[:4]),
    *(f"{escape} style=x onmouseover=alert(1) " for escape in _BREAKS),
    *(f"javascript:alert(1){escape}" for escape in _BREAKS[:3]),
]
"""Texts of which none may become an element, an attribute or an address."""


class _Page(HTMLParser):
    """The elements and attributes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += data


def _checked(folder: Path, payload: str, address: str | None = None) -> CheckedDraft:
    words = "the harbour wall will be raised before the winter"
    text = f"{payload}\n\n{payload} {words} {payload}\n"
    article = entry(
        f"{payload.replace('/', '')[:40]}.txt",
        text,
        source=payload,
        title=payload,
        authors=[payload],
    )
    if address:
        metadata = replace(article.document.metadata, url=Finding(address, "address line"))
        article = replace(article, document=replace(article.document, metadata=metadata))
    index = folder / "index"
    manifest = write_index(index, [article])
    draft = f"“{words}” said Jane {payload}\n\n⟦{payload} {words}⟧ “gone {payload} words of nobody”"
    with LocalStore(index, manifest) as store:
        return check_draft(store, manifest, draft, payload)


def test_there_are_at_least_120_payloads() -> None:
    assert len(set(PAYLOADS)) >= 120


@pytest.mark.parametrize("part", range(8))
def test_no_payload_becomes_markup_in_the_report(tmp_path: Path, part: int) -> None:
    for number, payload in enumerate(PAYLOADS[part::8]):
        page = html_report(_checked(tmp_path / str(number), payload))
        found = _Page(page)
        assert found.tags == {
            *("html", "head", "meta", "title", "style", "body", "main", "h1", "p", "section"),
            *("blockquote", "div", "span", "mark"),
        } - ({"mark"} - found.tags)
        assert found.attributes <= {"lang", "charset", "http-equiv", "content", "name", "class"}
        assert page.count("<style>") == 1
        assert "the harbour wall will be raised before the winter" in found.text


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "JaVaScRiPt:alert(1)", " vbscript:x"]
)
def test_only_web_addresses_become_links(tmp_path: Path, address: str) -> None:
    assert _Page(html_report(_checked(tmp_path, "x", address))).addresses == []


def test_an_address_leads_to_the_words_in_the_article(tmp_path: Path) -> None:
    page = _Page(html_report(_checked(tmp_path, "x", 'https://a.example/"><script>?q=1')))
    assert page.addresses
    for address in page.addresses:
        assert address.startswith("https://a.example/%22%3E%3Cscript%3E?q=1#:~:text=")


def test_the_report_loads_and_runs_nothing(check: Check) -> None:
    page = html_report(check("“nobody will lose a job” “It is likely that it carries a car”"))
    assert "default-src 'none'; style-src 'sha256-" in page
    assert "<script" not in page
    assert "src=" not in page
    assert "<mark>unlikely</mark>" in page


def test_an_empty_report_says_so(check: Check) -> None:
    assert "No quotations found." in html_report(check("Nothing here."))


def test_json_has_every_field_of_a_quotation(check: Check) -> None:
    printed = json.loads(draft_json(check("“This is the end of the ferry,” said Mayor Brandt.")))
    assert printed["counts"] == dict.fromkeys(VERDICTS, 0) | {"differs": 1}
    assert printed["stands"] is False
    assert printed["index"] == {"generation": 1, "documents": 5}
    (found,) = printed["quotations"]
    (place,) = found.pop("places")
    assert found == {
        "text": "This is the end of the ferry,",
        "start": 1,
        "end": 30,
        "line": 1,
        "block": False,
        "verdict": "differs",
        "stands": False,
        "stories": 1,
        "differences": [
            {
                "kind": "negation",
                "draft": "",
                "archive": "not",
                "start": found["differences"][0]["start"],
                "end": found["differences"][0]["start"] + 3,
            }
        ],
        "speaker": "Mayor Brandt",
        "attribution": "other",
        "notes": [],
    }
    assert place["citation"]["quote"] == "This is not the end of the ferry"
    assert place["speaker"] == "Okoro"
    assert place["context"]["before"] == '"'
    assert place["left_out"] == [{key: found["differences"][0][key] for key in ("start", "end")}]


def test_the_terminal_shows_verdicts_places_and_no_control_characters(
    check: Check, capsys: pytest.CaptureFixture[str]
) -> None:
    checked = check("“nobody will lose a job” “gone \x1b[31m for good it is”")
    print_draft(checked, Path("my index"))
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "   Exact\n" in shown
    assert "Larne Gazette · 2023-05-02" in shown
    assert "--index 'my index'" in shown
    assert shown.endswith("draft: 2 quotations in 5 articles: 1 exact, 1 not in this archive.\n")


def test_the_summary_counts_quotations_of_others(check: Check) -> None:
    found = check("Tom Okoro said: “It’s the largest work since 1953.”")
    assert format_summary(found) == (
        "1 quotation in 5 articles: 1 exact; 1 said by somebody else in the archive."
    )
