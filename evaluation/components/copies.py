"""Copies of reports: precision and recall over pairs of articles.

- versions: two crawls of one URL, which are copies; pairs with a 5-gram Jaccard below 0.3 are left
  out, since the URL was reused;
- similar: the 400 most similar pairs of different URLs by BM25, out of 64,188 news articles, which
  are not copies; equal texts and the pairs in `SAME_REPORT` are left out;
- numbers, names, denials: a version with one number (name, verb) changed.

Thresholds were chosen on one half of the pairs (`made on`); the other is only reported (`held
out`). A version that changed a number counts as a missed copy.
"""

import argparse
import json
import lzma
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from evaluation.components.copies_judged import SAME_REPORT
from evaluation.components.shingles import HALVES
from evaluation.paths import DATA_VARIABLE, data_folder
from indexer.build.passages import split
from indexer.cleaning.cleaner import clean
from indexer.dedup.copies import MIN_WORDS, Features, is_copy
from indexer.dedup.facts import PLAYER
from indexer.dedup.signatures import exact_key, normalize, words_of
from indexer.lexical.index import TantivyIndex
from indexer.lexical.writer import LexicalWriter
from indexer.text.analyzer import content_terms, fold

VERSIONS = "neardup/same_url_versions_400.jsonl.xz"
NEWS = ("news/realtimeqa_articles.jsonl.xz", "news/allsides_articles.jsonl.xz")
KINDS = ("versions", "similar", "numbers", "names", "denials")
PAIRS = 400

_LEAST_JACCARD = 0.3
_LEAD = 1000
_QUESTION = 500
_TERMS = 48
_ASKED_OF = 4
_NUMBER = re.compile(r"(?<![\w.,$-])\d{1,3}(?![\w.,:%-])")
_NAME = re.compile(r"(?<=[a-z] )[A-Z][a-z]{4,}(?= [a-z])")
_VERB = re.compile(r"\b(?:will|would|was|were|is|are|has|have|could|can)\b(?! not|n't)")


class Pair(NamedTuple):
    """Two texts with their kind and half."""

    kind: str
    made_on: bool
    one: str
    other: str
    ids: tuple[str, str] = ("", "")


class Result(NamedTuple):
    """Result of a half; `wrong` counts merges by kind, `of` the pairs."""

    precision: float
    recall: float
    f1: float
    wrong: dict[str, int]
    of: dict[str, int]

    @property
    def wrong_share(self) -> float:
        """Share of similar pairs and changed numbers that were merged."""
        counted = ("similar", "numbers")
        return sum(self.wrong[kind] for kind in counted) / sum(self.of[kind] for kind in counted)


def in_made_on(address: str) -> bool:
    """Return whether thresholds were chosen on this pair: odd hash of the URL."""
    return int(sha256(address.encode()).hexdigest()[:8], 16) % 2 == 1


def sentences(text: str) -> list[str]:
    """Return the sentences of an article as a build finds them."""
    passages = split("0" * 16, text, clean(text), lambda texts: [len(t.split()) for t in texts])
    return [text[span.start : span.end] for passage in passages for span in passage.sentences]


def are_copies(one: str, other: str) -> bool:
    """Return whether a build would treat two texts as copies."""
    kept = [sentences(text) for text in (one, other)]
    joined = [normalize(fold("\n".join(each))) for each in kept]
    if not all(words_of(each) for each in joined):
        return False
    if exact_key(joined[0]) == exact_key(joined[1]):
        return True
    if min(len(words_of(each)) for each in joined) < MIN_WORDS:
        return False
    return is_copy(Features.of(kept[0]), Features.of(kept[1]))


def version_pairs(data: Path) -> Iterator[Pair]:
    """Yield pairs of versions, and of each first version with one fact changed."""
    with lzma.open(data / VERSIONS, "rt", encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream]
    for row in rows:
        if float(row["jaccard5"]) >= _LEAST_JACCARD:
            made_on = in_made_on(row["url"])
            text = row["text_a"]
            yield Pair("versions", made_on, text, row["text_b"])
            for kind, changed in changes(text):
                yield Pair(kind, made_on, text, changed)


def changes(text: str) -> Iterator[tuple[str, str]]:
    """Yield the text with one number, one name, and one verb changed, if it has them.

    >>> list(changes("The boat carried 12 people to the quay and will return to the harbour."))
    [('numbers', 'The boat carried 13 people to the quay and will return to the harbour.'), \
('denials', 'The boat carried 12 people to the quay and will not return to the harbour.')]
    """
    kept = [sentence for sentence in sentences(text) if not PLAYER.search(sentence)]
    ways = (("numbers", _NUMBER, _next), ("names", _NAME, _renamed), ("denials", _VERB, _denied))
    for kind, pattern, change in ways:
        found = [sentence for sentence in kept if pattern.search(sentence)]
        # The middle, which cleaning does not cut.
        for sentence in islice(found[len(found) // 2 :], 1):
            match = pattern.search(sentence)
            if match and text.count(sentence) == 1:
                changed = sentence[: match.start()] + change(match[0]) + sentence[match.end() :]
                yield kind, text.replace(sentence, changed)


def _next(number: str) -> str:
    return str(int(number) + 1)


def _renamed(name: str) -> str:
    return "Quillon" if name != "Quillon" else "Verrick"


def _denied(verb: str) -> str:
    return f"{verb} not"


def articles(data: Path) -> Iterator[dict[str, Any]]:
    """Yield the news articles."""
    for file in NEWS:
        with lzma.open(data / file, "rt", encoding="utf-8") as stream:
            yield from map(json.loads, stream)


def similar_pairs(data: Path, count: int = PAIRS) -> list[Pair]:
    """Return the most similar pairs of different URLs and texts."""
    addresses = [(found["id"], address(found["url"])) for found in articles(data)]
    scores = _scores(data, [place for _, place in addresses])
    best = sorted(scores, key=lambda pair: (-scores[pair], pair))[: 3 * count]
    wanted = {number for pair in best for number in pair}
    texts = {
        number: f"{found['title'] or ''}\n\n{found['text']}"
        for number, found in enumerate(articles(data))
        if number in wanted
    }
    pairs = []
    for one, other in best:
        ids = (addresses[one][0], addresses[other][0])
        if ids in SAME_REPORT or _same_text(texts[one], texts[other]):
            continue
        made_on = in_made_on(addresses[one][1])
        pairs.append(Pair("similar", made_on, texts[one], texts[other], ids))
    return pairs[:count]


def address(url: str) -> str:
    """Return a URL normalised so that variants of one page are equal.

    >>> address("http://edition.example.com/a/index.html?x=1") == address("https://example.com/a")
    True
    """
    parts = urlsplit(url)
    site = ".".join(parts.netloc.split(".")[-2:])
    return f"{site}{parts.path.rstrip('/').removesuffix('/index.html')}".lower()


def _scores(data: Path, addresses: Sequence[str]) -> dict[tuple[int, int], float]:
    """Return the BM25 score of pairs of articles, relative to an article's own score."""
    scores: dict[tuple[int, int], float] = {}
    with TemporaryDirectory() as folder:
        leads = (f"{found['title'] or ''}\n{found['text'][:_LEAD]}" for found in articles(data))
        with LexicalWriter(Path(folder)) as writer:
            writer.add((folded, ()) for folded in map(fold, leads))
            writer.commit()
        index = TantivyIndex(Path(folder))
        for number, found in enumerate(articles(data)):
            if int(sha256(found["id"].encode()).hexdigest()[:8], 16) % _ASKED_OF:
                continue
            question = f"{found['title'] or ''}. {found['text'][:_QUESTION]}"
            ranked = dict(index.search(content_terms(question)[:_TERMS], 4))
            for other, score in ranked.items():
                if number in ranked and addresses[number] != addresses[other]:
                    pair = (min(number, other), max(number, other))
                    scores[pair] = max(scores.get(pair, 0.0), score / ranked[number])
    return scores


@lru_cache(maxsize=1)
def _key(text: str) -> bytes:
    return exact_key(normalize(fold("\n".join(sentences(text)))))


def _same_text(one: str, other: str) -> bool:
    return _key(one) == exact_key(normalize(fold("\n".join(sentences(other)))))


def score(pairs: Iterable[tuple[Pair, bool]]) -> Result:
    """Return precision, recall and F1 over versions, similar pairs and changed numbers."""
    merged, of = dict.fromkeys(KINDS, 0), dict.fromkeys(KINDS, 0)
    for pair, copies in pairs:
        of[pair.kind] += 1
        merged[pair.kind] += copies
    right, missed = merged["versions"], of["versions"] - merged["versions"]
    wrong = {kind: merged[kind] for kind in KINDS[1:]}
    false = wrong["similar"] + wrong["numbers"]
    return Result(
        precision=right / max(1, right + false),
        recall=right / max(1, right + missed),
        f1=2 * right / max(1, 2 * right + false + missed),
        wrong=wrong,
        of=of,
    )


def measure(data: Path, limit: int | None = None) -> list[tuple[Pair, bool]]:
    """Return all pairs and whether a build would merge them; at most `limit` per kind."""
    pairs = [*version_pairs(data), *similar_pairs(data)]
    chosen = [pair for kind in KINDS for pair in [p for p in pairs if p.kind == kind][:limit]]
    return [(pair, are_copies(pair.one, pair.other)) for pair in chosen]


def of_half(measured: Sequence[tuple[Pair, bool]], half: str) -> list[tuple[Pair, bool]]:
    """Return the measured pairs of one of `HALVES`."""
    return [each for each in measured if half in ("all", HALVES[0 if each[0].made_on else 1])]


def main(argv: list[str] | None = None) -> int:
    """Print the tables; exit 0 even if the data are missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=data_folder(), help="evaluation data folder")
    parser.add_argument("--merged", action="store_true", help="list wrong merges by id")
    options = parser.parse_args(argv)
    missing = [file for file in (VERSIONS, *NEWS) if not (options.data / file).is_file()]
    if missing:
        print(f"Skipped: no {', '.join(missing)} in {options.data}. Set {DATA_VARIABLE} or --data")
        return 0
    measured = measure(options.data)
    print("| half | F1 | precision | recall | wrong merges | similar | numbers | names | denials |")
    print("|---|---|---|---|---|---|---|---|---|")
    for half in HALVES:
        found = score(of_half(measured, half))
        wrong = " | ".join(f"{found.wrong[kind]} of {found.of[kind]}" for kind in KINDS[1:])
        print(
            f"| {half} | {found.f1:.3f} | {found.precision:.3f} | {found.recall:.3f} "
            f"| {found.wrong_share:.2%} | {wrong} |"
        )
    if options.merged:
        print(*[pair.ids for pair, copies in measured if copies and pair.kind == "similar"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
