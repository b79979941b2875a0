"""The page as a reader meets it: a real server, a real Chromium, the index of the seeds.

These tests take the pictures in docs/, when DATELINE_SCREENSHOTS names that folder (relative to the
repository): `make screenshot`.
"""

import json
import os
import time
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from axe_core_python.selenium import Axe
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from dateline.page.links import Place
from indexer.build.pipeline import IndexConfig, build
from indexer.documents import doc_id_of
from retrieval import SearchEngine
from tests.support.browser import (
    WIDE,
    elements,
    log,
    open_quote,
    panel,
    question_box,
    resize,
    until,
    wait_for,
)
from tests.support.commands import run_module
from tests.support.page_server import served

axe = Axe()
pytestmark = pytest.mark.browser

ROOT = Path(__file__).resolve().parents[2]
ASKED = "What did the US ask Iran?"
PHONE = (390, 844)

HOSTILE = """<img src=x onerror=alert(1)> ferry strike

The ferry captain **boldly** refused [the harbour](javascript:alert(1)) $\\LaTeX$ :smile: :red[x].
<script>document.title = "taken over"</script> The ferry strike began on Monday, said the captain.
"""


def top_of_panel(browser: webdriver.Chrome) -> float:
    script = "return document.querySelector('.st-key-reading iframe').getBoundingClientRect().top"
    return float(until(lambda: str(browser.execute_script(script)), "there is no panel"))


def take_picture(browser: webdriver.Chrome, name: str) -> None:
    if folder := os.environ.get("DATELINE_SCREENSHOTS"):
        browser.execute_script("document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
        time.sleep(2)  # fonts and the last transitions
        assert browser.save_screenshot(str(ROOT / folder / f"{name}.png"))


def cited_text(address: str) -> str:
    """The words of the seeds at the place that an address opens."""
    (name,) = parse_qs(urlsplit(address).query)["open"]
    doc_id, _, span = name.partition(":")
    start, end = map(int, span.split("-"))
    (path,) = [path for path in (ROOT / "seeds").iterdir() if doc_id_of(path.name) == doc_id]
    return path.read_bytes().decode("utf-8")[start:end]


def test_a_typed_question_is_answered_and_its_quote_opens_in_the_article(
    browser: webdriver.Chrome, address: str
) -> None:
    browser.get(address)
    question_box(browser).send_keys(ASKED, Keys.ENTER)
    quotes = wait_for(browser, ".quote blockquote")
    assert len(quotes) > 1
    assert parse_qs(urlsplit(browser.current_url).query) == {"q": [ASKED]}
    for number in reversed(range(len(quotes))):  # the first is open already
        open_quote(browser, number)
        assert quotes[number] in panel(browser, quotes[number])
        assert quotes[number] == cited_text(browser.current_url)
        if number == 1:
            take_picture(browser, "app")


def test_a_passage_far_down_its_article_is_scrolled_into_view(
    browser: webdriver.Chrome, address: str, seeds_index: Path
) -> None:
    with SearchEngine.open(seeds_index) as engine:
        hits = engine.answer(ASKED, k=50).hits
    deep = max(hits, key=lambda hit: hit.found.passage.start)
    browser.get(f"{address}/?q={quote(ASKED)}&k=50&open={Place.of_hit(deep).name}")
    panel(browser, deep.found.text)
    script = "return document.querySelector('.st-key-reading iframe').contentWindow.scrollY"
    assert browser.execute_script(script) > WIDE[1]


def test_a_link_reproduces_the_page_and_the_way_back_works(
    browser: webdriver.Chrome, address: str
) -> None:
    browser.get(f"{address}/?q={quote(ASKED)}")
    quotes = wait_for(browser, ".quote blockquote")
    panel(browser, quotes[0])
    open_quote(browser, 1)
    panel(browser, quotes[1])
    link = browser.current_url
    browser.back()
    panel(browser, quotes[0])
    browser.forward()
    panel(browser, quotes[1])
    browser.get("about:blank")
    browser.get(link)
    assert wait_for(browser, ".quote blockquote") == quotes
    panel(browser, quotes[1])
    assert question_box(browser).get_attribute("value") == ASKED


def test_on_a_phone_an_opened_quote_comes_into_view(
    browser: webdriver.Chrome, address: str
) -> None:
    resize(browser, PHONE)
    browser.get(f"{address}/?q={quote(ASKED)}")
    quotes = wait_for(browser, ".quote blockquote")
    assert top_of_panel(browser) > PHONE[1], "the panel stands below the quotes"
    open_quote(browser, 1)
    panel(browser, quotes[1])
    width = browser.execute_script("return document.documentElement.scrollWidth")
    assert width <= PHONE[0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marks_can_be_read_in_light_and_dark(
    browser: webdriver.Chrome, address: str, scheme: str
) -> None:
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    browser.get(f"{address}/?q={quote(ASKED)}")
    quotes = wait_for(browser, ".quote blockquote mark")
    assert quotes
    panel(browser, wait_for(browser, ".quote blockquote")[0])
    found = browser.execute_script("""
        const inside = document.querySelector(".st-key-reading iframe").contentDocument;
        const colours = element => {
          const style = getComputedStyle(element);
          return [style.color, style.backgroundColor];
        };
        const card = document.querySelector(".quote mark"), mark = inside.getElementById("quote");
        const found = ["", "possible"].flatMap(name => {
          card.className = mark.className = name;
          return [colours(card), colours(mark)];
        });
        mark.className = "";
        return [...found, colours(mark.querySelector("b")), colours(inside.body)];
    """)
    for confirmed, possible in zip(found[:2], found[2:4], strict=True):
        assert possible[1] != confirmed[1], "a possible answer is marked in another colour"
    for text, background in found:
        assert contrast(text, background) >= 4.5, (text, background)
    is_dark = luminance(found[-1][1]) < 0.2
    assert is_dark == (scheme == "dark"), "the panel follows the page"


STATES = {
    "start": ("", ".holdings"),
    "related": (f"?q={quote('What did Iran ask Chris Murphy to do about Canada?')}", ".quote.lead"),
    "not_found": ("?q=Which+sourdough+starter+rises+fastest%3F&source=Iran+Front+Page", ".state"),
    "draft": ("?view=draft", "textarea"),
}
SAID = "The United States has called on Iran to convince the Palestinian resistance movement"
DRAFT = (
    f"“{SAID} Hamas to agree to a ceasefire”, one site wrote. Another has “{SAID} Fatah to agree "
    "to a ceasefire”. “Nobody ever said these words here”, an editor noted."
)


@pytest.mark.parametrize("name", STATES)
def test_every_state_of_the_page_is_drawn(
    browser: webdriver.Chrome, address: str, name: str
) -> None:
    query, shown = STATES[name]
    browser.get(f"{address}/{query}")
    assert wait_for(browser, shown)
    if name == "draft":
        elements(browser, "textarea")[0].send_keys(DRAFT)
        elements(browser, '[data-testid="stFormSubmitButton"] button')[0].click()
        until(lambda: browser.find_elements(By.CSS_SELECTOR, "iframe"), "the draft is not shown")
        assert "3 quotations in 5 articles" in wait_for(browser, ".holdings")[0]
    take_picture(browser, name)


# What a reader does without a mouse


def press(browser: webdriver.Chrome, *keys: str) -> None:
    """Press keys on the page itself, not in a box."""
    for key in keys:
        browser.switch_to.active_element.send_keys(key)


def focused_card(browser: webdriver.Chrome) -> str:
    script = "return document.activeElement.querySelector?.('.quote blockquote')?.textContent ?? ''"
    return str(browser.execute_script(script))


def test_keys_go_to_the_question_through_the_quotes_and_into_the_article(
    browser: webdriver.Chrome, address: str
) -> None:
    browser.get(f"{address}/?q={quote(ASKED)}")
    quotes = wait_for(browser, ".quote blockquote")
    panel(browser, quotes[0])
    elements(browser, "dialog.dateline-keys")
    press(browser, "j")
    until(lambda: focused_card(browser) == quotes[0], "j did not go to the first quote")
    press(browser, "j")
    until(lambda: focused_card(browser) == quotes[1], "j did not go to the next quote")
    press(browser, "k")
    until(lambda: focused_card(browser) == quotes[0], "k did not go back")
    press(browser, "j", "o")
    panel(browser, quotes[1])
    press(browser, "?")
    until(lambda: elements(browser, "dialog.dateline-keys[open]"), "? did not show the keys")
    press(browser, "?")
    closed = "return document.querySelector('dialog.dateline-keys[open]') === null"
    until(lambda: browser.execute_script(closed), "? did not hide the keys")
    press(browser, "/")
    box = question_box(browser)
    until(lambda: browser.switch_to.active_element == box, "/ did not go to the question")
    press(browser, "j/?")
    until(lambda: str(box.get_attribute("value")).endswith("j/?"), "a box takes what is typed")


def copies(browser: webdriver.Chrome, name: str) -> bool:
    """Press a button that copies; tell whether it says that it did."""
    button = elements(browser, f'button[aria-label="{name}"]')[0]
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", button)
    button.click()
    time.sleep(0.3)
    return button.text == "Copied"


def test_a_visit_begins_in_the_question_box(browser: webdriver.Chrome, address: str) -> None:
    browser.get(address)
    wait_for(browser, ".holdings")
    box = question_box(browser)
    until(lambda: browser.switch_to.active_element == box, "the box is not focused")


def test_quote_citation_and_link_are_copied(browser: webdriver.Chrome, address: str) -> None:
    permissions = {
        "origin": address,
        "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"],
    }
    browser.execute_cdp_cmd("Browser.grantPermissions", permissions)
    browser.get(f"{address}/?q={quote(ASKED)}")
    quotes = wait_for(browser, ".quote blockquote")
    read = "return navigator.clipboard.readText()"
    for name in ("quote", "citation", "link"):
        until(partial(copies, browser, f"Copy {name} 2"), f"the {name} was not copied")
        copied = str(browser.execute_script(read))
        if name == "quote":
            assert copied == quotes[1]
        elif name == "citation":
            assert copied.endswith(".txt")
            assert "“" in copied
        else:
            assert copied.startswith(f"{address}/?q=What+did+the+US+ask+Iran%3F&open=")
            browser.get(copied)
            panel(browser, quotes[1])


def test_an_answer_is_downloaded_as_a_pack_that_holds(
    browser: webdriver.Chrome, address: str, tmp_path: Path
) -> None:
    behaviour = {"behavior": "allow", "downloadPath": str(tmp_path)}
    browser.execute_cdp_cmd("Browser.setDownloadBehavior", behaviour)
    browser.get(f"{address}/?q={quote(ASKED)}")
    wait_for(browser, ".quote blockquote")
    elements(browser, '[data-testid="stPopover"] button')[0].click()
    elements(browser, '[class*="st-key-export--json"] button, .st-key-export-json button')[
        0
    ].click()
    pack = tmp_path / "dateline-answer.json"
    until(pack.exists, "nothing was downloaded")
    checked = run_module("retrieval", "check", str(pack), "--corpus", str(ROOT / "seeds"))
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize(("scheme", "width"), [("light", 380), ("dark", 1600)])
@pytest.mark.parametrize(
    "query",
    ["", f"?q={quote(ASKED)}", "?q=which+sourdough+rises%3F&source=Iran+Front+Page"],
    ids=["start", "answered", "not found"],
)
def test_axe_finds_nothing_to_mend(
    browser: webdriver.Chrome, address: str, scheme: str, width: int, query: str
) -> None:
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    resize(browser, (width, 900))
    browser.get(f"{address}/{query}")
    wait_for(browser, ".holdings, .quote, .state")
    elements(browser, "dialog.dateline-keys")
    time.sleep(1)  # the last transitions: axe would measure colours in between
    found = axe.run(browser, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]})
    faults = [
        (each["id"], node["html"][:200]) for each in found["violations"] for node in each["nodes"]
    ]
    assert faults == []
    scrolled = browser.execute_script("return document.documentElement.scrollWidth")
    assert scrolled <= width


def luminance(colour: str) -> float:
    """The relative luminance of WCAG 2."""
    channels = [int(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_the_page_asks_nothing_of_any_other_machine(
    browser: webdriver.Chrome, address: str
) -> None:
    browser.get(f"{address}/?q={quote(ASKED)}")
    wait_for(browser, ".quote blockquote")
    requested = set()
    for entry in log(browser, "performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] in ("Network.requestWillBeSent", "Network.webSocketCreated"):
            found = message["params"]
            requested.add(urlsplit(found.get("url") or found["request"]["url"]))
    ours = urlsplit(address).netloc
    assert {url.netloc for url in requested if url.scheme in ("http", "https", "ws", "wss")} == {
        ours
    }
    severe = [entry for entry in log(browser, "browser") if entry["level"] == "SEVERE"]
    assert severe == []


def test_article_text_is_shown_literally_and_never_runs(
    browser: webdriver.Chrome, tmp_path: Path
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "hostile.txt").write_text(HOSTILE, encoding="utf-8")
    index, asked = tmp_path / "index", "the ferry strike began on Monday"
    build(corpus, index, IndexConfig(threads=2))
    with SearchEngine.open(index) as engine:
        best = engine.answer(asked).hits[0]
    with served(index) as address:
        browser.get(f"{address}/?q={quote(asked)}&open={Place.of_hit(best).name}")
        (headline,) = set(wait_for(browser, ".headline"))
        assert headline == "<img src=x onerror=alert(1)> ferry strike"
        article = panel(browser, best.found.text)
        found = browser.execute_script("""
            const inside = document.querySelector(".st-key-reading iframe").contentDocument;
            return [document, inside].map(page => page.querySelectorAll(
              '[onerror], [src="x"], a[href^="javascript"], .katex, main script').length);
        """)
        assert found == [0, 0]
        assert HOSTILE.strip() in article
        everything = browser.execute_script("return document.body.textContent")
        assert (
            "**boldly** refused [the harbour](javascript:alert(1)) $\\LaTeX$ :smile:" in everything
        )
        assert "ferry strike" in everything
        assert browser.title != "taken over"
