"""Verdicts on quotations of drafts: accuracy over quotations that were changed in a known way.

Sentences are drawn from the articles of an index, left whole or changed by one rule, and looked up
in all of its articles. A verdict on a changed fact is right only if it names the kind of fact.
"""

import argparse
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from indexer.dedup.facts import NAME, fact_kinds, statements_of
from indexer.storage.local_store import LocalStore
from indexer.storage.manifest import read_manifest
from retrieval.drafts.check import check_draft
from retrieval.drafts.report import CheckedQuotation, Verdict

COUNT = 1000
TIMED = 100

_LEAST_WORDS, _MOST_WORDS = 8, 45
_HALF = 6
# What would make another quotation of a sentence, or another verdict right.
_UNFIT = re.compile(r"[“”„«»‘\"\[\]()…*_<>|`]|\.\.|(?<!\w)['’]|['’](?!\w)|[^\x20-\u024f‐-―’€]")
_SENTENCE = re.compile(r"[A-Z].*[.!?]", re.DOTALL)
_VERB = re.compile(
    r"\b(?:will|would|was|were|is|are|has|have|had|could|can|should|may|might|must)\b"
    r"(?!\s+(?:not|never|no)\b|['’]t)"
)
_DENIAL = re.compile(r"(?<=\w) not\b")
_COMMA = re.compile(r"(?<=[a-z]), (?=[a-z])")
_WORD_END = re.compile(r"(?<=[a-z]{3}) (?=[a-z]{3})")
_DIGITS = re.compile(r"(?<![\w.,$£€-])\d{1,4}(?![\w.,:%-])")
_NAME = re.compile(r"(?<=[a-z] )[A-Z][a-z]{3,}(?=[ ,.])")
_OTHER_WORDS = {
    "said": "stated",
    "says": "states",
    "the": "this",
    "a": "one",
    "and": "as well as",
    "but": "yet",
    "in": "within",
    "on": "upon",
    "for": "in favour of",
    "with": "alongside",
    "to": "towards",
    "of": "regarding",
    "by": "through",
    "that": "which",
    "has": "holds",
    "was": "used to be",
    "were": "used to be",
    "is": "remains",
    "are": "remain",
    "will": "is going to",
    "after": "following",
    "before": "ahead of",
    "about": "roughly",
    "many": "numerous",
    "people": "persons",
    "also": "in addition",
    "because": "since",
    "while": "whereas",
    "from": "out of",
    "their": "these",
    "his": "that man's",
    "her": "that woman's",
    "new": "recent",
    "more": "additional",
}
_LEAST_REPLACED = 4


class Case(NamedTuple):
    """Quotation with the rule that changed it, and the right verdict; `kind` of a changed fact."""

    rule: str
    text: str
    verdict: Verdict
    kind: str = ""


Rule = Callable[[str, str, random.Random], str | None]
"""Change of a sentence, given another sentence; None if it does not fit."""


def sentences(store: LocalStore, rng: random.Random) -> Iterator[str]:
    """Yield sentences of articles, each article once, in an order drawn by lot."""
    doc_ids = store.catalog.doc_ids()
    rng.shuffle(doc_ids)
    for doc_id in doc_ids:
        fit = [text for text in store.catalog.sentences(doc_id) if _is_fit(text)]
        if fit:
            yield rng.choice(fit)


def _is_fit(text: str) -> bool:
    words = len(text.split())
    return (
        _LEAST_WORDS <= words <= _MOST_WORDS
        and bool(_SENTENCE.fullmatch(text))
        and not _UNFIT.search(text)
    )


def whole(text: str, other: str, rng: random.Random) -> str | None:
    """Return the sentence, with the marks that a word processor writes."""
    del other, rng
    return text.replace("'", "’")


def number(text: str, other: str, rng: random.Random) -> str | None:
    """Change a number."""
    del other
    found = list(_DIGITS.finditer(text))
    if not found:
        return None
    match = rng.choice(found)
    return _replaced(text, match, str(int(match[0]) + rng.choice((1, 2, 10))))


def name(text: str, other: str, rng: random.Random) -> str | None:
    """Replace a name by one of another sentence."""
    here, there = _names(text), _names(other)
    chosen = rng.choice(here) if here else None
    others = [match[0] for match in there if match[0] not in text]
    return _replaced(text, chosen, rng.choice(others)) if chosen and others else None


def _names(text: str) -> list[re.Match[str]]:
    names = {
        word
        for each in statements_of([text]).sentences
        for word, kind in zip(each.words, fact_kinds(each, frozenset()), strict=True)
        if kind == NAME
    }
    return [match for match in _NAME.finditer(text) if match[0].lower() in names]


def negation(text: str, other: str, rng: random.Random) -> str | None:
    """Deny a verb, or take a denial away."""
    del other
    if denied := _DENIAL.search(text):
        return _replaced(text, denied, "")
    found = list(_VERB.finditer(text))
    match = rng.choice(found) if found else None
    return _replaced(text, match, f"{match[0]} not") if match else None


def punctuation(text: str, other: str, rng: random.Random) -> str | None:
    """Leave a comma out or put one in, or write a word with a capital, or end with a shout."""
    del other
    ways = [(_COMMA, " "), (_WORD_END, ", "), (_WORD_END, " - ")]
    pattern, put = rng.choice(ways)
    found = list(pattern.finditer(text))
    if not found:
        return f"{text[:-1]}!" if text.endswith(".") else None
    return _replaced(text, rng.choice(found), put)


def ellipsis(text: str, other: str, rng: random.Random) -> str | None:
    """Put an ellipsis in place of some words."""
    del other
    words = text.split(" ")
    if len(words) < 2 * _HALF:
        return None
    first = rng.randrange(3, len(words) - 5)
    last = rng.randrange(first + 1, len(words) - 2)
    if not any(map(str.isalpha, words[first:last])):
        return None
    return " ".join([*words[:first], rng.choice(("…", "...", "[…]", "[...]")), *words[last:]])


def splice(text: str, other: str, rng: random.Random) -> str | None:
    """Join the first words of a sentence with the last words of another."""
    one, two = text.split(" "), other.split(" ")
    if min(len(one), len(two)) < _HALF + 2:
        return None
    first, last = rng.randrange(_HALF, len(one)), rng.randrange(1, len(two) - _HALF)
    return " ".join(one[:first] + two[last:])


def paraphrase(text: str, other: str, rng: random.Random) -> str | None:
    """Say it in other words."""
    del other, rng
    words = text.split(" ")
    said = [_OTHER_WORDS.get(word, word) for word in words]
    return " ".join(said) if sum(map(str.__ne__, words, said)) >= _LEAST_REPLACED else None


def _replaced(text: str, match: re.Match[str], put: str) -> str:
    return text[: match.start()] + put + text[match.end() :]


RULES: dict[str, tuple[Rule, Verdict, str]] = {
    "whole": (whole, "exact", ""),
    "number": (number, "differs", "number"),
    "name": (name, "differs", "name"),
    "negation": (negation, "differs", "negation"),
    "punctuation": (punctuation, "punctuation", ""),
    "ellipsis": (ellipsis, "shortened", ""),
    "splice": (splice, "joined", ""),
    "paraphrase": (paraphrase, "missing", ""),
}


def draw_cases(store: LocalStore, count: int, seed: int = 1) -> list[Case]:
    """Return about `count` quotations, equally many by each rule, in an order drawn by lot."""
    rng = random.Random(seed)
    drawn = sentences(store, rng)
    share = -(-count // len(RULES))
    left = Counter(dict.fromkeys(RULES, share))
    cases: list[Case] = []
    other = next(drawn, "")
    for text in drawn:
        for rule in sorted((rule for rule in left if left[rule]), key=lambda each: -left[each]):
            change, verdict, kind = RULES[rule]
            changed = change(text, other, rng)
            if changed and (rule == "whole" or changed != text):
                cases.append(Case(rule, changed, verdict, kind))
                left[rule] -= 1
                break
        other = text
        if not any(left.values()):
            break
    rng.shuffle(cases)
    return cases


def is_right(case: Case, found: CheckedQuotation) -> bool:
    """Tell whether the verdict is right, and the kind of difference too."""
    kinds = {difference.kind for difference in found.differences}
    return found.verdict == case.verdict and (not case.kind or case.kind in kinds)


def main(argv: list[str] | None = None) -> int:
    """Print the table and the time of a draft of 100 quotations."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, required=True, help="index of many articles")
    parser.add_argument("--count", type=int, default=COUNT, help="quotations (default: 1000)")
    parser.add_argument("--seed", type=int, default=1, help="of the lots (default: 1)")
    parser.add_argument("--wrong", action="store_true", help="list wrong verdicts")
    options = parser.parse_args(argv)
    manifest = read_manifest(options.index)
    with LocalStore(options.index, manifest) as store:
        cases = draw_cases(store, options.count, options.seed)
        draft = "\n\n".join(f"“{case.text}”" for case in cases)
        found = check_draft(store, manifest, draft).quotations
        timed = "\n\n".join(f"“{case.text}”" for case in cases[:TIMED])
        begun, busy = time.perf_counter(), time.process_time()
        check_draft(store, manifest, timed)
        spent, busy = time.perf_counter() - begun, time.process_time() - busy
    pairs = list(zip(cases, found, strict=True))
    print("| change | quotations | right | verdicts |")
    print("|---|---|---|---|")
    for rule in RULES:
        of_rule = [(case, each) for case, each in pairs if case.rule == rule]
        verdicts = Counter(each.verdict for _, each in of_rule).most_common()
        right = sum(is_right(*pair) for pair in of_rule)
        told = ", ".join(f"{verdict} {count}" for verdict, count in verdicts)
        print(f"| {rule} | {len(of_rule)} | {right} | {told} |")
    right = sum(is_right(*pair) for pair in pairs)
    there = [each for case, each in pairs if case.verdict != "missing"]
    lost = sum(each.verdict == "missing" for each in there)
    print(f"\nright {right / len(pairs):.3f}; falsely missing {lost} of {len(there)}; ", end="")
    print(f"{min(TIMED, len(cases))} quotations in {manifest.documents:,} articles: ", end="")
    print(f"{spent:.1f} s, {busy:.1f} s of one core")
    if options.wrong:
        for case, each in pairs:
            if not is_right(case, each):
                print(f"{case.rule}: {each.verdict}: {case.text}")
                for difference in each.differences:
                    print(f"    {difference.kind}: {difference.draft!r} {difference.archive!r}")
                for place in each.places[:3]:
                    print(f"    {place.citation.quote!r}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
