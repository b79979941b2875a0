"""Random sequences of changes to a folder, and everything in which two indexes may differ."""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from indexer.storage.local_store import LocalStore
from indexer.storage.manifest import Manifest, generation_folder, read_manifest
from indexer.store import Restriction
from indexer.text.analyzer import terms
from indexer.vectors.index import VECTORS_FILE
from retrieval import SearchEngine
from retrieval.presentation.json_output import as_json
from tests.support.scored_passages import rows
from tests.support.stories import CREDIT, NO_COMMENT, PUZZLE, story

QUESTIONS: Final = (
    "how many families have moved out in Northport?",
    "bridge million crowns",
    '"the old ferry" -Oster',
)
EXPORT: Final = "export.jsonl"
Change = tuple[str, int, int]


def write_first(folder: Path) -> None:
    """Write four articles of an outlet under which a line recurs nearly, and an export of three."""
    (folder / "herald").mkdir(parents=True)
    for number in range(4):
        _write(folder / f"herald/{number}.txt", story(number, NO_COMMENT, CREDIT))
    _write(folder / "alone.txt", story(30))
    _write(folder / EXPORT, "".join(_row(number, 40 + number) for number in range(3)))


def apply(folder: Path, change: Change) -> None:
    """Change one thing; the numbers say which, of those that are there."""
    kind, first, second = change
    _CHANGES[kind](folder, first, second)


def differences(one: Path, other: Path) -> Iterator[str]:
    """Yield in what two indexes of one corpus differ, but for generation, place and time."""
    manifests = [read_manifest(index) for index in (one, other)]
    folders = [generation_folder(index, read_manifest(index).generation) for index in (one, other)]
    if _facts(manifests[0]) != _facts(manifests[1]):
        yield f"manifest: {_facts(manifests[0])} and {_facts(manifests[1])}"
    tables = [_tables(folder) for folder in folders]
    for name in tables[0].keys() | tables[1].keys():
        if tables[0].get(name) != tables[1].get(name):
            yield f"table {name}: {tables[0].get(name)} and {tables[1].get(name)}"
    vectors = [(folder / VECTORS_FILE).read_bytes() for folder in folders]
    if vectors[0] != vectors[1]:
        yield "vectors"
    for question in QUESTIONS:
        scores = [_scores(index, question) for index in (one, other)]
        if scores[0] != scores[1]:
            yield f"BM25 of {question!r}: {scores[0]} and {scores[1]}"


def answers(index: Path) -> list[dict[str, Any]]:
    """Return what is answered and found, but for timings, the place and the generation.

    Staleness is left to `differences`, which compares every file's time: on a busy machine a folder
    may take too long to be judged.
    """
    found = []
    with SearchEngine.open(index, threads=1) as engine:
        for question in QUESTIONS:
            found.append(json.loads(as_json(engine.answer(question))))
            found.append(json.loads(as_json(engine.search(question, k=40), explain=True)))
    for each in found:
        del each["timings_ms"]
        del each["index"]["path"]
        del each["index"]["generation"]
        del each["index"]["stale"]
    return found


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def _row(key: int, number: int) -> str:
    title, _, text = story(number, CREDIT).partition("\n\n")
    return json.dumps({"id": key, "title": title, "text": text, "source": "The Planet"}) + "\n"


def _articles(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.txt"))


def _add(folder: Path, first: int, second: int) -> None:
    place = folder / ("herald" if second % 2 else ".")
    _write(place / f"new-{first}-{second}.txt", story(first, NO_COMMENT, CREDIT))


def _edit(folder: Path, first: int, second: int) -> None:
    path = _chosen(_articles(folder), first)
    if path:
        text = path.read_text(encoding="utf-8")
        _write(path, text.replace("Monday", "Friday") if second % 2 else story(second, PUZZLE))


def _delete(folder: Path, first: int, _: int) -> None:
    path = _chosen(_articles(folder), first)
    if path:
        path.unlink()


def _rename(folder: Path, first: int, second: int) -> None:
    path = _chosen(_articles(folder), first)
    if path:
        path.rename(path.with_name(f"renamed-{second}.txt"))


def _copy(folder: Path, first: int, second: int) -> None:
    path = _chosen(_articles(folder), first)
    if path:
        _write(folder / f"copy-{second}.txt", path.read_text(encoding="utf-8"))


def _print_below(folder: Path, first: int, _: int) -> None:
    """Let an outlet print a line under everything, or no longer."""
    for path in sorted((folder / "herald").glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        _write(path, text.replace(f"\n{PUZZLE}\n", "") if PUZZLE in text else f"{text}\n{PUZZLE}\n")


def _change_row(folder: Path, first: int, second: int) -> None:
    rows = (folder / EXPORT).read_text(encoding="utf-8").splitlines(keepends=True)
    changed = _row(first % 6, 40 + second)
    place = first % (len(rows) + 1)  # one behind the last: another row
    _write(folder / EXPORT, "".join([*rows[:place], changed, *rows[place + 1 :]]))


def _remove_row(folder: Path, first: int, _: int) -> None:
    rows = (folder / EXPORT).read_text(encoding="utf-8").splitlines(keepends=True)
    place = first % max(1, len(rows))
    _write(folder / EXPORT, "".join([*rows[:place], *rows[place + 1 :]]))


_CHANGES: Final[dict[str, Callable[[Path, int, int], None]]] = {
    "add": _add,
    "edit": _edit,
    "delete": _delete,
    "rename": _rename,
    "copy": _copy,
    "print below": _print_below,
    "change row": _change_row,
    "remove row": _remove_row,
}
KINDS: Final = tuple(_CHANGES)


def _chosen(paths: Sequence[Path], number: int) -> Path | None:
    return paths[number % len(paths)] if paths else None


def _facts(manifest: Manifest) -> dict[str, Any]:
    differing = {"generation", "built_at", "files"}
    return {name: value for name, value in asdict(manifest).items() if name not in differing}


def _tables(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table; their order is of no meaning where no number gives it."""
    uri = f"{(folder / 'catalog.sqlite').as_uri()}?mode=ro&immutable=1"
    connection = sqlite3.connect(uri, uri=True)
    try:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr)  # noqa: S608 - its own names
            for (name,) in names
        }
    finally:
        connection.close()


def _scores(index: Path, question: str) -> list[tuple[str, float]]:
    with LocalStore(index, read_manifest(index)) as store:
        found = store.match_terms(terms(question), 100, Restriction())
        return [(scored.passage_id, scored.score) for scored in rows(found)]
