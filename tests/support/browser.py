"""A real Chromium, and what a reader does in it."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

SECONDS = 60  # the first answer may wait for the encoder to be exported
WIDE = (1440, 900)
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
).split()

Found = TypeVar("Found")


@contextmanager
def chromium(folder: Path) -> Iterator[webdriver.Chrome]:
    """Start Chromium with a new profile in a folder; skip loudly where there is none."""
    options = webdriver.ChromeOptions()
    options.binary_location, driver = executable("chromium"), executable("chromedriver")
    for flag in (*FLAGS, f"--user-data-dir={folder / 'profile'}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    chrome = webdriver.Chrome(options=options, service=Service(driver))
    try:
        resize(chrome, WIDE)
        yield chrome
    finally:
        chrome.quit()


def executable(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        reason = f"NO BROWSER TEST RAN: there is no {name}; Debian: apt-get install chromium-driver"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


def until(look: Callable[[], Found | None], otherwise: str) -> Found:
    """Look until something is there; a page that is being redrawn counts as not there yet."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        try:
            if found := look():
                return found
        except WebDriverException:
            pass
        time.sleep(0.1)
    pytest.fail(f"{otherwise} within {SECONDS} seconds")


def resize(browser: webdriver.Chrome, size: tuple[int, int]) -> None:
    metrics = {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def log(browser: webdriver.Chrome, kind: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = browser.get_log(kind)  # type: ignore[no-untyped-call] # selenium's
    return found


def wait_for(browser: webdriver.Chrome, selector: str) -> list[str]:
    """The texts of all such elements, once the page is drawn to its end."""
    script = """
        const app = document.querySelector('[data-testid="stApp"]');
        return app.dataset.testScriptState === "notRunning"
          && [...document.querySelectorAll(arguments[0])].map(found => found.textContent);
    """
    found = until(lambda: browser.execute_script(script, selector), f"{selector} did not appear")
    return [str(text) for text in found]


def elements(browser: webdriver.Chrome, selector: str) -> list[WebElement]:
    """Widgets arrive after the text around them."""
    return until(
        lambda: browser.find_elements(By.CSS_SELECTOR, selector), f"{selector} did not appear"
    )


def question_box(browser: webdriver.Chrome) -> WebElement:
    return elements(browser, 'input[aria-label="Question"]')[0]


def open_quote(browser: webdriver.Chrome, number: int) -> None:
    """Click once the page is drawn and stands still: a button that moves away is missed."""
    buttons = '[class*="st-key-open-quote"] button'

    def still() -> WebElement | None:
        wait_for(browser, buttons)
        found = elements(browser, buttons)[number:]
        places = [button.rect for button in found[:1]]
        time.sleep(0.2)
        return found[0] if found and found[0].rect == places[0] else None

    until(still, f"button {number} is not there, or moves").click()


def panel(browser: webdriver.Chrome, quoted: str) -> str:
    """The text of the article, once the reading panel marks the quote and shows it in view."""
    script = """
        const frame = document.querySelector(".st-key-reading iframe");
        const mark = frame.contentDocument.getElementById("quote");
        const place = mark.getBoundingClientRect(), top = frame.getBoundingClientRect().top;
        const shows = (start, end, height) => 0 <= start && start < end && end <= height;
        return mark.textContent === arguments[0]
          && shows(place.top, place.bottom, frame.contentWindow.innerHeight)
          && shows(top + place.top, top + place.bottom, window.innerHeight)
          && frame.contentDocument.querySelector("main").textContent;
    """
    look = partial(browser.execute_script, script, quoted)
    return str(until(look, f"the panel did not show {quoted!r} marked and in view"))
