"""`python -m benchmarks.unchanged dump | compare`: pin what a refactoring must not change.

`dump` builds three indexes with the command lines of a checkout, the seeds, invented news and the
articles of our own questions, and writes what they store and print as text. `compare` shows how
two dumps differ. Only the command lines of the product are used, since its modules may move.
"""

import argparse
import contextlib
import difflib
import hashlib
import json
import os
import re
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.compared_calls import FILTERS, MODES, ODD_QUESTIONS, TERMINAL, WRONG
from benchmarks.invented_news import MTIME, questions, write_corpus
from benchmarks.product_calls import ROOT, SEGMENT, Product, Result

TEXTS = ("help.txt", "messages.txt", "terminal.txt")
"""Files that hold wording: with `--texts` they may differ."""

_SHOWN_LINES, _SHOWN_WIDTH, _CLEANED_FILES = 20, 200, 40
_CORPORA = {"seeds": "seeds", "news": "news", "own": "own/corpus.jsonl"}
_TIMES = {"built_at", "checksum", "files", "skipped"}


def dump(folder: Path, root: Path) -> None:
    """Write what the checkout at `root` stores, finds and prints into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="unchanged-") as work:
        product = Product(root.resolve(), Path(work))
        asked = _write_corpora(product)
        messages: list[object] = [
            product.start("indexer", "build", corpus, "--index", f"index-{name}", "--threads", "2")
            for name, corpus in _CORPORA.items()
        ]
        for name in _CORPORA:
            messages += _dump_index(folder, name, product.work)
        messages += _dump_searches(folder, product, asked["seeds"])
        messages += _dump_answers(folder, product, asked)
        messages += _dump_cleaned(folder, product)
        _write(folder / "terminal.txt", product.run([_split(line) for line in TERMINAL]))
        _write(folder / "help.txt", _help(product))
        messages += product.run([_split(line) for line in WRONG])
        _change_corpus(product.work / "news")
        messages.append(product.start("indexer", "update", "--index", "index-news"))
        messages += _dump_index(folder, "news", product.work, "updated")
        messages.append(product.start("indexer", "compact", "--index", "index-news"))
    _write(folder / "messages.txt", messages)


def _write(path: Path, lines: Iterable[object]) -> None:
    path.write_text("".join(map(str, lines)), encoding="utf-8")


def _split(line: str) -> list[str]:
    return [quoted or word for quoted, word in re.findall(r"'([^']*)'|(\S+)", line)]


def _write_corpora(product: Product) -> dict[str, list[str]]:
    """Write the articles of each index and return the questions for it."""
    write_corpus(product.work / "news")
    shutil.copytree(product.root / "seeds", product.work / "seeds")
    own = next((product.root / "tests").rglob("own_set/corpus.jsonl"))
    (product.work / "own").mkdir()
    shutil.copy(own, product.work / "own")
    for path in product.work.rglob("*"):
        os.utime(path, (MTIME, MTIME))
    seeds = next((product.root / "tests").rglob("seed_questions.jsonl"))
    return {
        "seeds": [row["question"] for row in _rows(seeds)],
        "own": [row["text"] for row in _rows(own.parent / "queries.jsonl")[::4]],
        "news": questions(30),
    }


def _rows(path: Path) -> list[Any]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _change_corpus(news: Path) -> None:
    """Delete, change, add and move a few articles."""
    texts = sorted(news.glob("*/*.txt"))
    texts[1].unlink()
    texts[5].write_text("A storm closed the harbour of Tarn on Friday.\n", encoding="utf-8")
    (news / "new.txt").write_text("Kolm reopened its railway, Ann Other said.\n", encoding="utf-8")
    texts[9].rename(texts[9].with_suffix(".md"))
    for path in (news / "new.txt", texts[5]):
        os.utime(path, (MTIME + 60, MTIME + 60))


def _dump_index(folder: Path, name: str, work: Path, as_name: str = "") -> list[str]:
    """Write catalog, files and manifest; return what was skipped, which is wording."""
    index, name = work / f"index-{name}", as_name or name
    manifest = json.loads((index / "manifest.json").read_text(encoding="utf-8"))
    kept = {key: value for key, value in manifest.items() if key not in _TIMES}
    _write(folder / f"manifest-{name}.txt", [json.dumps(kept, indent=1), "\n"])
    generation = index / f"{manifest['generation']:06}"
    _write(folder / f"catalog-{name}.txt", _catalog(generation / "catalog.sqlite"))
    _write(folder / f"files-{name}.txt", sorted(_files(generation)))
    with contextlib.closing(sqlite3.connect(generation / "catalog.sqlite")) as catalog:
        skipped = [f"{row}\n" for row in catalog.execute("SELECT * FROM skipped")]
    return [f"skipped of {name}\n", *skipped, f"{manifest['skipped']}\n\n"]


def _catalog(path: Path) -> Iterator[str]:
    with contextlib.closing(sqlite3.connect(path)) as catalog:
        catalog.row_factory = sqlite3.Row
        schema = "SELECT name, sql FROM sqlite_master ORDER BY name"
        tables = [row for row in catalog.execute(schema) if row["sql"]]
        for name, sql in tables:
            yield f"{name}: {' '.join(sql.split())}\n"
        for name, _ in (row for row in tables if row["sql"].startswith("CREATE TABLE")):
            for row in catalog.execute(f"SELECT * FROM {name}"):  # noqa: S608 - from the schema
                yield from _columns(name, row)


def _columns(table: str, row: sqlite3.Row) -> Iterator[str]:
    for column in row.keys():  # noqa: SIM118 - a row iterates over its values
        value = row[column].hex() if isinstance(row[column], bytes) else row[column]
        is_wording = table == "skipped" and column != "path"
        if column != "mtime_ns" and not is_wording:
            yield f"{table} {row[0]} {column}: {json.dumps(value, ensure_ascii=False)}\n"


def _files(generation: Path) -> Iterator[str]:
    for path in generation.rglob("*"):
        if path.is_file() and path.suffix != ".lock":
            name = SEGMENT.sub("SEGMENT", path.relative_to(generation).as_posix())
            content = path.read_bytes()
            # The JSON files of tantivy hold the random names of segments.
            digest = "" if path.suffix == ".json" else hashlib.sha256(content).hexdigest()
            yield f"{name} {len(content)} {digest}\n"


def _dump_searches(folder: Path, product: Product, seeds: list[str]) -> list[Result]:
    messages: list[Result] = []
    searched = {"seeds": seeds[::6], "news": [*questions(50)[30:], *ODD_QUESTIONS]}
    for name, texts in searched.items():
        common = ["--index", f"index-{name}", "--json", "--threads", "1"]
        calls = [["retrieval", "search", text, "--mode", "bm25", *common] for text in texts]
        calls = [[*call, "--explain"] if i % 2 else call for i, call in enumerate(calls)]
        messages += _write_json(folder / f"bm25-{name}.jsonl", product.run(calls))
        calls = [
            ["retrieval", "search", text, *how, *common] for text in texts[:3] for how in MODES
        ]
        messages += _write_json(folder / f"search-{name}.jsonl", product.run(calls))
    return messages


def _dump_answers(folder: Path, product: Product, asked: dict[str, list[str]]) -> list[Result]:
    calls = [
        ["retrieval", "ask", text, "--index", f"index-{name}", "--json", "--threads", "1", *more]
        for name, texts in asked.items()
        for number, text in enumerate(texts)
        for more in [["--explain"] if number % 10 == 0 else []]
    ]
    common = ["--index", "index-news", "--json", "--threads", "1"]
    filtered = zip(questions(40)[32:], FILTERS, strict=True)
    calls += [["retrieval", "ask", text, *common, *options] for text, options in filtered]
    calls += [["retrieval", "ask", text, *common] for text in ODD_QUESTIONS]
    return _write_json(folder / "answers.jsonl", product.run(calls))


def _write_json(path: Path, results: Iterable[Result]) -> list[Result]:
    """Write the JSON that was printed; return the rest, which is wording."""
    lines: list[str] = []
    messages: list[Result] = []
    for result in results:
        found = [json.loads(result.out)] if result.out.startswith("{\n") else []
        warnings = [warning for answer in found for warning in answer.pop("warnings")]
        for answer in found:
            # `stale` is null when looking at the files takes too long, as on a busy machine.
            del answer["timings_ms"], answer["index"]["path"], answer["index"]["stale"]
        fields = {"call": result.call, "code": result.code, "printed": found}
        lines.append(json.dumps(fields, ensure_ascii=False) + "\n")
        if warnings or result.err or not found:
            out = "" if found else result.out
            messages.append(Result(result.call, result.code, f"{out}{warnings}\n", result.err))
    _write(path, lines)
    return messages


def _dump_cleaned(folder: Path, product: Product) -> list[Result]:
    paths = sorted(path for path in (product.work / "news").rglob("*") if path.is_file())
    names = [
        path.relative_to(product.work).as_posix() for path in paths[:: len(paths) // _CLEANED_FILES]
    ]
    calls = [["indexer", "clean", name, "--json"] for name in names]
    calls = [[*call, "--index", "index-news"] if i % 2 else call for i, call in enumerate(calls)]
    results = product.run(calls)
    lines = (f"{json.dumps(result.call)} {result.code}\n{result.out}" for result in results)
    _write(folder / "clean.jsonl", lines)
    return [Result(result.call, result.code, "", result.err) for result in results if result.err]


def _help(product: Product) -> list[Result]:
    """Return the help of both command lines and of each command that they list."""
    programs = [["indexer"], ["retrieval"]]
    top = product.run([[*program, "--help"] for program in programs])
    commands = [
        [*result.call[:1], command]
        for result in top
        for command in re.findall(r"^ {4}([a-z]+)(?= {2}|$)", result.out, re.MULTILINE)
    ]
    versions = [[*program, "--version"] for program in programs]
    return top + product.run([*([*command, "--help"] for command in commands), *versions])


def compare(before: Path, after: Path, *, texts_may_differ: bool = False) -> bool:
    """Print how each file of two dumps differs; return True if all that counts is equal."""
    unchanged = True
    for name in sorted({path.name for folder in (before, after) for path in folder.iterdir()}):
        counts = not (texts_may_differ and name in TEXTS)
        lines = [_lines(folder / name) for folder in (before, after)]
        if lines[0] == lines[1]:
            print(f"equal    {name}")
            continue
        unchanged = unchanged and not counts
        print(f"{'DIFFERS ' if counts else 'differs '} {name}{'' if counts else ' (may differ)'}")
        found = difflib.unified_diff(lines[0], lines[1], "before", "after", lineterm="", n=1)
        for line, _ in zip(found, range(_SHOWN_LINES), strict=False):
            print(f"    {line[:_SHOWN_WIDTH]}")
    return unchanged


def _lines(path: Path) -> list[str]:
    """Return the lines of a file; a line of JSON becomes one line a value."""
    lines = path.read_text(encoding="utf-8").split("\n") if path.exists() else ["(no such file)"]
    if path.suffix != ".jsonl":
        return lines
    parts = (
        json.dumps(json.loads(line), indent=1, ensure_ascii=False) if line[:1] == "{" else line
        for line in lines
    )
    return [line for part in parts for line in part.split("\n")]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `dump` or `compare`; exit 1 if a file differs that must not."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.unchanged", description=__doc__)
    commands = parser.add_subparsers(required=True, dest="command")
    dumping = commands.add_parser("dump", help="write a dump of a checkout")
    dumping.add_argument("folder", type=Path)
    dumping.add_argument("--product", type=Path, default=ROOT, help="checkout (default: this one)")
    comparing = commands.add_parser("compare", help="show how two dumps differ")
    comparing.add_argument("before", type=Path)
    comparing.add_argument("after", type=Path)
    comparing.add_argument("--texts", action="store_true", help="wording may differ")
    options = parser.parse_args(arguments)
    if options.command == "compare":
        return 0 if compare(options.before, options.after, texts_may_differ=options.texts) else 1
    dump(options.folder, options.product)
    return 0


if __name__ == "__main__":
    sys.exit(main())
