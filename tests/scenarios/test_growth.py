"""Time grows with the length of an article, whatever it is made of; a question's too."""

import gc
import math
import time
from collections.abc import Callable

import pytest

from indexer.build.articles import find_lines
from indexer.build.passages import TokenCounter, split
from indexer.cleaning.cleaner import Cleaning, clean
from indexer.dedup.copies import sign
from indexer.documents import Finding
from indexer.encoding.encoder import tokenizer_file
from indexer.encoding.token_counts import token_counter
from indexer.metadata.extract import find_metadata
from indexer.metadata.language_detection import find_language, load_detector
from indexer.metadata.values import date_finding, name_findings
from indexer.text.analyzer import fold, folded_lines
from indexer.text.blocks import split_blocks
from indexer.text.dates import is_date_line, stated_dates
from indexer.text.encodings import decode_bytes
from indexer.text.markup import text_of_value
from indexer.webpages.written_dates import days_of_other_things, labelled_dates, written_days
from retrieval.query.parse import parse

GROWTH = 2.6
"""Most times as long for twice the length: 2, and what caches and chance add."""

SIZES = (10_000, 40_000)
_FLOOR = 0.060  # seconds for the greatest length: quadratic work below takes a minute a megabyte
_TURNS = 12

# Each is repeated to the length that is asked for.
PATTERNS = {
    "digits": "3141592653589793",
    "one digit": "7",
    "digits and spaces": "12 345 6 ",
    "decimals": "3.14159 ",
    "thousands": "1,234,567,",
    "phone numbers": "+49 30 1234-567 ",
    "spaces": " ",
    "wide spaces": "\u3000",
    "no-break spaces": "\u00a0",
    "tabs": "\t",
    "a word and spaces": "word          ",
    "line ends": "\n",
    "returns": "\r",
    "returns and line ends": "\r\n",
    "line separators": "\u2028",
    "empty lines and words": "word\n\n",
    "short lines": "Sports\n",
    "links of a menu": "Home | World | Sports | ",
    "letters": "a",
    "capitals": "A",
    "letters with points": "A.B.",
    "letters with points and spaces": "A. B. ",
    "capitalised words": "Harbour Ferry ",
    "words": "the ferry sank and ",
    "hyphenated words": "state-of-the-art-",
    "dashes": "-",
    "em dashes": "\u2014",
    "spaced dashes": "- ",
    "underscores": "_",
    "asterisks": "*",
    "number signs": "#",
    "tilde": "~",
    "dots": ".",
    "spaced dots": ". ",
    "ellipses": "\u2026 ",
    "commas": ",",
    "spaced commas": "a, ",
    "semicolons": ";",
    "colons": ":",
    "label and colon": "Date: ",
    "question marks": "?",
    "exclamations": "Help! ",
    "bars": "|",
    "slashes": "/",
    "backslashes": "\\",
    "equals signs": "=",
    "straight quotes": '"',
    "opening quotes": "\u201c",
    "quoted words": '"a" ',
    "opened quotes and words": "\u201cferry ",
    "apostrophes": "'",
    "apostrophes and letters": "o'",
    "single quotes": "\u2018a\u2019 ",
    "guillemets": "\u00aba\u00bb ",
    "open brackets": "(",
    "closed brackets": ")",
    "pairs of brackets": "()",
    "bracketed words": "(ferry) ",
    "square brackets": "[",
    "footnotes": "[1][2]",
    "braces": "{",
    "angle brackets": "<",
    "open tags": "<b>",
    "tags without an end": "<a href=",
    "comments of markup": "<!--",
    "entities": "&amp;",
    "ampersands": "&",
    "addresses": "https://news.example/2023/10/26/a ",
    "address without an end": "https://a/",
    "hosts": "www.example.",
    "domains": "a.b.c.",
    "e-mail addresses": "desk@news.example ",
    "at signs": "@",
    "parts of mail addresses": "a@b",
    "headers of mail": "From: a@b.example\nSubject: Ferry\n",
    "folded headers": "Received: by\n\t",
    "encoded words": "=?utf-8?q?a?= ",
    "quoted lines": "> > > ",
    "percent codes": "%20",
    "dates": "2023-10-26 ",
    "dates in words": "26 October 2023, ",
    "run of days": "26.10.",
    "run of years": "2023 ",
    "months": "March ",
    "month and day": "March 3 ",
    "clock times": "20:42 ",
    "zones": "+02:00",
    "published lines": "Published: 3 March 2021 - 7:05 pm\n",
    "by": "by ",
    "By": "By ",
    "bylines": "By Jane Doe\n",
    "names joined by and": "Jane Doe and ",
    "names joined by commas": "Doe, Jane, ",
    "said": "he said. ",
    "copyright": "\u00a9 2023 ",
    "initials": "J. R. R. ",
    "abbreviations": "U.S. Dr. Mr. ",
    "Chinese": "港口的渡轮沉没了",
    "Chinese sentences": "渡轮沉没。",
    "Chinese commas": "渡轮，",
    "Japanese": "フェリーは沈んだ",
    "Arabic": "غرقت العبارة ",
    "Thai": "เรือข้ามฟากจม",
    "accents": "e\u0301",
    "only accents": "\u0301",
    "zero width": "\u200b",
    "directions": "\u202e\u202d",
    "emoji": "⛴️🚢",
    "digits of other scripts": "١٢٣٤",
    "replacement characters": "\ufffd",
    "NUL characters": "\0",
    "a lone surrogate's neighbours": "\ue000",
    "filters": "source:a ",
    "filter without a value": "after: ",
    "exclusions": "-a ",
    "exclusions of quotes": '-"a ',
    "country names": "US and America in Washington ",
    "mixed marks": '"(- .,\u201c\u2019:',
}


def text_of(pattern: str, length: int) -> str:
    """Return an article of which the pattern is all but the headline and the last line."""
    middle = (pattern * (length // len(pattern) + 1))[:length]
    return f"Ferry sinks off Harmouth\n\n{middle}\n\nThe harbour was shut on Monday."


def seconds(function: Callable[[], object]) -> float:
    before = time.process_time()
    function()
    return time.process_time() - before


def growth(work: Callable[[int], Callable[[], object]]) -> float:
    """Return the growth for twice the length, best of several turns; 0 if all is quick.

    It is the mean of two doublings: one alone was off by a third on a busy machine.

    Args:
        work: gives what is timed, for a length.
    """
    short, long = (work(size) for size in SIZES)
    if seconds(long) < _FLOOR:
        return 0.0
    least_short = least_long = found = float("inf")
    for _ in range(_TURNS):
        least_short = min(least_short, seconds(short))
        least_long = min(least_long, seconds(long))
        found = math.sqrt(least_long / least_short)
        if found <= GROWTH:
            break
    return found


@pytest.fixture(scope="module")
def count_tokens() -> TokenCounter:
    load_detector()
    return token_counter(tokenizer_file())


@pytest.fixture(autouse=True)
def _no_collection() -> object:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def steps(
    text: str, cleaning: Cleaning, count_tokens: TokenCounter
) -> dict[str, Callable[[], object]]:
    """Return what a build does with an article, and an engine with a question."""
    lines = text.splitlines()
    bare = Finding(text[:10], "JSON")
    return {
        "cleaning": lambda: clean(text),
        "recurring lines": lambda: find_lines([("", text)]),
        "metadata": lambda: find_metadata(text, cleaning),
        "splitting": lambda: split("0" * 16, text, cleaning, count_tokens),
        "language": lambda: find_language(text, cleaning.paragraphs, bare),
        "terms": lambda: sign(folded_lines([text], [fold(text)])),
        "dates": lambda: [(stated_dates(line), is_date_line(line)) for line in lines],
        "dates of pages": lambda: (
            labelled_dates(text),
            days_of_other_things(text),
            written_days(text),
        ),
        "values": lambda: (date_finding(text, "JSON"), name_findings([text], "JSON")),
        "markup": lambda: text_of_value(text),
        "decoding": lambda: decode_bytes(text.encode("utf-16-le")),
        "decoding of one byte": lambda: decode_bytes(b"\xe4" + text.encode("cp1252", "replace")),
        "blocks": lambda: split_blocks(text),
        "parse": lambda: parse(text),
    }


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=PATTERNS)
def test_twice_the_length_takes_at_most_twice_the_time(
    pattern: str, count_tokens: TokenCounter
) -> None:
    made: dict[int, dict[str, Callable[[], object]]] = {}
    for size in SIZES:
        text = text_of(pattern, size)
        made[size] = steps(text, clean(text), count_tokens)

    def growth_of(name: str) -> float:
        return growth(lambda size: made[size][name])

    found = {name: growth_of(name) for name in made[SIZES[0]]}
    slow = {name: round(times, 2) for name, times in found.items() if times > GROWTH}
    assert not slow


def test_quadratic_work_is_noticed() -> None:
    def work(size: int) -> Callable[[], object]:
        return lambda: sum(1 for _ in range((size // 15) ** 2))

    assert growth(work) > 3.5
