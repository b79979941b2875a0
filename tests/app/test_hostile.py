"""Markup and addresses that run scripts, on every surface of the page and its exports: none runs.

Scripts would call `alert`, leave the page, or ask another machine: each of these is noticed.
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from selenium import webdriver
from selenium.webdriver.common.keys import Keys

from indexer.build.pipeline import IndexConfig, build
from retrieval import SearchEngine
from retrieval.drafts.formats import html_report
from retrieval.evidence.formats import html_page
from tests.support.browser import elements, log, question_box, until, wait_for
from tests.support.evidence import XSS, answer_of, article, quoting
from tests.support.page_server import served

pytestmark = pytest.mark.browser

LONGEST = 490  # names and titles of up to 500 characters are kept
OUTLETS, HEADLINES = 8, 6  # that the start page shows
SAID = "The harbour of Lindau reopened on Friday."
FOLDER_NAME = "<img src=x onerror=alert(1)>"

NOTICE = """
for (const name of ["alert", "confirm", "prompt"]) {
  window[name] = () => { (window.top.ran ??= []).push(`${name} in ${location.href}`); };
}
"""
RAN = """
const pages = [document];
for (const frame of document.querySelectorAll("iframe")) pages.push(frame.contentDocument);
const address = /^(href|src|action|formaction|data)$/i;
const script = /^\\s*(javascript|vbscript|data:text)/i;
const runs = element => [...element.attributes].some(({name, value}) =>
  /^on/i.test(name) || (address.test(name) && script.test(value)));
const found = pages.filter(Boolean).flatMap(page => [...page.querySelectorAll("*")].filter(runs));
return [...(window.top.ran ?? []), ...found.map(element => element.outerHTML.slice(0, 200))];
"""
SHOWN = """
const pages = [document];
for (const frame of document.querySelectorAll("iframe")) pages.push(frame.contentDocument);
return pages.filter(Boolean).map(page => page.body.textContent).join(" ");
"""


def packed() -> list[str]:
    """The payloads in as few texts as names and titles allow."""
    texts = [""]
    for payload in XSS:
        if len(texts[-1]) + len(payload) >= LONGEST:
            texts.append("")
        texts[-1] += f"{payload} "
    return [text.strip() for text in texts]


TEXTS = packed()


def scripts(text: str) -> int:
    return sum(text.count(script) for script in ("alert(1)", "top.location=", "fetch("))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index whose outlets, headlines, authors, languages and articles are payloads.

    One with such a name lies beside it.
    """
    folder = tmp_path_factory.mktemp("hostile")
    rows = []
    for number, text in enumerate(TEXTS):
        body = f"{SAID} Number {number} said so.\n\n{text}"
        told = {"author": text, "url": f"javascript:alert({number})", "text": body}
        if number < OUTLETS:
            rows.append({**told, "title": "Harbour", "source": text, "date": "2023-01-01"})
        if number >= len(TEXTS) - HEADLINES:
            rows.append({**told, "title": text, "date": f"2024-0{1 + number % 9}-01"})
    (folder / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    build(folder / "rows.jsonl", folder / "index", IndexConfig(threads=2))
    shutil.copytree(folder / "index", folder / FOLDER_NAME)
    return folder / "index"


@pytest.fixture
def page(browser: webdriver.Chrome, hostile: Path) -> Iterator[str]:
    browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": NOTICE})
    with served(hostile) as address:
        yield address


def check(browser: webdriver.Chrome, address: str, least: int) -> None:
    """Check that payloads are shown, and that none has run or can."""
    until(lambda: scripts(str(browser.execute_script(SHOWN))) >= least, f"{least} are not shown")
    assert browser.execute_script(RAN) == []
    assert urlsplit(browser.current_url)[:2] == urlsplit(address)[:2]
    asked = [json.loads(entry["message"])["message"] for entry in log(browser, "performance")]
    urls = [each["params"].get("request", {}).get("url", "") for each in asked]
    assert not [url for url in urls if "x.example" in url.partition("?")[0]]


def test_all_payloads_fit_on_the_start_page() -> None:
    assert len(XSS) >= 120
    assert len(TEXTS) <= OUTLETS + HEADLINES


def test_nothing_runs_on_the_start_page_and_in_the_filters(
    browser: webdriver.Chrome, page: str
) -> None:
    browser.get(page)
    wait_for(browser, ".holdings")
    check(browser, page, len(XSS))
    for label in ("Outlet", "Author", "Language"):
        box = elements(browser, f'input[aria-label*="{label}"]')[0]
        box.click()
        wait_for(browser, '[role="option"]')
        check(browser, page, len(XSS))
        box.send_keys(Keys.ESCAPE)
    elements(browser, '[class*="st-key-newest-"] button')[0].click()
    wait_for(browser, ".st-key-reading iframe")
    check(browser, page, len(XSS))


def test_nothing_runs_in_an_answer_its_chips_warnings_and_recent_questions(
    browser: webdriver.Chrome, page: str
) -> None:
    names = [quote(payload.replace(";", ",")) for payload in XSS]
    outlets, authors = ("%3B".join(names[start : start + 64]) for start in (0, 64))
    asked = "q=When+did+the+harbour+reopen%3F"
    browser.get(f"{page}/?{asked}&source={outlets}&author={authors}&{'&'.join(names)}")
    wait_for(browser, ".state, .quote")
    check(browser, page, 2 * len(XSS))  # in the lists and in the chips
    browser.get(f"{page}/?q=When+did+the+harbour+of+Lindau+reopen%3F&k=50")
    wait_for(browser, ".quote, .state")
    check(browser, page, len(XSS))
    box = question_box(browser)
    for asked in (TEXTS[0], TEXTS[1], ""):
        box.send_keys(Keys.CONTROL, "a")
        box.send_keys(Keys.BACKSPACE, asked, Keys.ENTER)
        wait_for(browser, ".state, .quote" if asked else ".holdings")
        check(browser, page, 1)
    elements(browser, '[class*="st-key-Your"] button')
    check(browser, page, len(XSS))


def test_nothing_runs_in_a_draft_its_margin_and_its_report(
    browser: webdriver.Chrome, page: str, tmp_path: Path
) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text("\n\n".join(f"“{SAID} {each} said”, {each}" for each in XSS), "utf-8")
    browser.get(f"{page}/?view=draft")
    wait_for(browser, "textarea")
    until(lambda: elements(browser, 'input[type="file"]'), "the page takes no draft")
    elements(browser, 'input[type="file"]')[0].send_keys(str(draft))
    until(lambda: draft.name in browser.page_source, "the draft was not taken")
    elements(browser, '[data-testid="stFormSubmitButton"] button')[0].click()
    wait_for(browser, "iframe")
    elements(browser, '[data-testid="stExpander"] summary')[0].click()
    check(browser, page, 3 * len(XSS))


def test_nothing_runs_in_the_files_that_leave(
    browser: webdriver.Chrome, page: str, hostile: Path, tmp_path: Path
) -> None:
    quotes = [quoting(each, source=article(f"{each}\n", "a.txt", told=each)) for each in XSS]
    answer = answer_of(*quotes, question=" ".join(XSS))
    (tmp_path / "answer.html").write_text(html_page(answer), "utf-8", "backslashreplace")
    said = "\n\n".join(f"“{SAID} {each} said”, {each}" for each in XSS)
    with SearchEngine.open(hostile) as engine:
        (tmp_path / "draft.html").write_text(html_report(engine.check_draft(said)), "utf-8")
    for name in ("answer.html", "draft.html"):
        address = (tmp_path / name).as_uri()
        browser.get(address)
        check(browser, address, len(XSS))
        assert browser.current_url == address
