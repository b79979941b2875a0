"""Times of the page in a real Chromium: `python -m benchmarks.page [INDEX]`.

The server is warm, as a newsroom leaves it; each question is new, so that none is kept. The browser
takes the times itself, from the beginning of the navigation, or from Enter, to the drawn text.
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from selenium import webdriver
from selenium.webdriver.common.keys import Keys

from evaluation.results import machine
from indexer.build.pipeline import build
from indexer.cli.options import positive
from indexer.progress import TerminalProgress
from tests.support.browser import SECONDS, chromium, question_box, until, wait_for
from tests.support.page_server import served

INDEX = Path("build/bench-index")
QUESTIONS = Path("tests/quality/seed_questions.jsonl")
GOALS: Final = {"paint": 2.0, "start": 2.0, "answer": 1.0}
NAMES: Final = {
    "paint": "First paint of the page",
    "start": "… and the start page says what the index holds",
    "answer": "Enter to the answer on the page",
}
_DRAWN = ".quote blockquote, .state"
# A frame after the text is there, it is on the screen.
_WATCH_START = """
    const done = arguments[0];
    const paint = drawn => {
      const [entry] = performance.getEntriesByName('first-contentful-paint');
      entry ? done([entry.startTime, drawn]) : setTimeout(paint, 20, drawn);
    };
    const look = () => document.querySelector('.holdings')
      ? requestAnimationFrame(() => paint(performance.now()))
      : requestAnimationFrame(look);
    look();
"""
_WATCH_ANSWER = f"""
    window.asked = window.drawn = 0;
    document.addEventListener('keydown', event => {{
      if (event.key === 'Enter') window.asked = performance.now();
    }}, {{capture: true, once: true}});
    const look = () => document.querySelector('{_DRAWN}')
      ? requestAnimationFrame(() => {{ window.drawn = performance.now(); }})
      : requestAnimationFrame(look);
    look();
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page", description=__doc__)
    parser.add_argument("index", type=Path, nargs="?", help="(default: the sample articles)")
    parser.add_argument("--rounds", type=positive, default=10, help="(%(default)s)")
    options = parser.parse_args(arguments)
    if options.index is None:
        build(Path("seeds"), INDEX, progress=TerminalProgress())
    print(markdown(measure(options.index or INDEX, options.rounds)))
    return 0


def measure(index: Path, rounds: int) -> dict[str, Any]:
    """Return the seconds of each round, by what was measured."""
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    asked = [row["question"] for row in map(json.loads, lines) if row["answerable"]]
    found: dict[str, list[float]] = {name: [] for name in NAMES}
    with (
        tempfile.TemporaryDirectory() as folder,
        served(index.absolute()) as address,
        chromium(Path(folder)) as browser,
    ):
        browser.set_script_timeout(SECONDS)
        for number, question in enumerate(asked[: rounds + 1]):
            paint, start = _start(browser, address)
            answer = _answer(browser, question)
            if number:  # the first round warms up
                for name, spent in zip(NAMES, (paint, start, answer), strict=True):
                    found[name].append(spent)
    return {"machine": machine(), "load": os.getloadavg()[0], **found}


def _start(browser: webdriver.Chrome, address: str) -> tuple[float, float]:
    browser.get("about:blank")
    browser.get(address)
    paint, start = browser.execute_async_script(_WATCH_START)
    wait_for(browser, ".holdings")
    return paint / 1000, start / 1000


def _answer(browser: webdriver.Chrome, question: str) -> float:
    box = question_box(browser)
    box.send_keys(question)
    browser.execute_script(_WATCH_ANSWER)
    box.send_keys(Keys.ENTER)
    until(lambda: bool(browser.execute_script("return window.drawn")), "no answer was drawn")
    spent = browser.execute_script("return window.drawn - window.asked")
    return float(spent) / 1000


def markdown(measured: dict[str, Any]) -> str:
    """Return the measures as a Markdown table."""
    load = f"load {measured['load']:.1f}"
    rows = [f"| measured on {measured['machine']}, {load} | median (longest) | goal |"]
    rows += ["|---|---|---|"]
    for name, told in NAMES.items():
        spent = measured[name]
        times = f"{statistics.median(spent):.2f} s ({max(spent):.2f} s)"
        rows.append(f"| {told}, {len(spent)} rounds | {times} | ≤ {GOALS[name]:g} s |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    sys.exit(main())
