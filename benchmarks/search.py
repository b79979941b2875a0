"""Search speed, memory and vector recall of an index: `python -m benchmarks.search INDEX`.

Questions come from a file, or from the index's own headlines and sentences. Each is asked once, so
that no cache helps, after a warm-up with others. Every part runs in a process of its own.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evaluation.results import machine
from indexer.catalog.reader import Catalog
from indexer.cli.options import positive
from indexer.storage.manifest import generation_folder, read_manifest
from retrieval import SearchEngine

QUESTION = "what did the US ask Iran?"
_OWN_QUESTIONS = Path("tests/quality/seed_questions.jsonl")
_PARTS = ("hybrid", "bm25", "dense", "threads", "recall")
_FIELDS = ("question", "text", "query")
_WORDS = 12  # of a sentence: about the length of a question
_OPENED = 5


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, and optionally write JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument(
        "--questions", type=Path, help=f"JSON lines with one of {', '.join(_FIELDS)}"
    )
    parser.add_argument("--limit", type=positive, default=200, help="questions (%(default)s)")
    parser.add_argument("--threads", type=positive, help="per question (default: every core)")
    parser.add_argument("--out", type=Path, help="JSON file to write")
    options = parser.parse_args(arguments)
    results = measure(options.index, options.questions, options.limit, options.threads)
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(markdown(results))
    return 0


def measure(
    index: Path, questions: Path | None = None, limit: int = 200, threads: int | None = None
) -> dict[str, Any]:
    """Return all measures of an index.

    Args:
        index: the index folder.
        questions: file of questions; None takes them from the index.
        limit: number of timed questions; a quarter as many others warm up.
        threads: per question; None means every core.
    """
    manifest = read_manifest(index)
    warm, asked = split(read_questions(index, questions, limit + limit // 4), limit)
    request = json.dumps({"warm": warm, "asked": asked, "threads": threads})
    found = {part: json.loads(_run_part(part, index, request)) for part in _PARTS}
    lists = manifest.vector_lists
    return {
        "machine": machine(),
        "index": {
            "documents": manifest.documents,
            "passages": manifest.passages,
            "bytes": sum(file.size for file in manifest.files),
            "lists": lists and {"probes": lists.probes, "recall_at_build": lists.recall},
        },
        "questions": {"from": questions.name if questions else "the index", "timed": len(asked)},
        **found,
        "new_process": {name: _new_process(index, name) for name in ("search", "ask")},
    }


def cold_start(index: Path, rounds: int) -> dict[str, Any]:
    """Time `ask` as a new process against `import sentence_transformers`, alternating."""
    ask = _command("ask", index, "--json")
    reference = [sys.executable, "-c", "import sentence_transformers"]
    # The first round warms the disk.
    pairs = [(_seconds(ask), _seconds(reference)) for _ in range(rounds + 1)][1:]
    ours, theirs = (statistics.median(each) for each in zip(*pairs, strict=True))
    return {
        "ask_seconds": round(ours, 3),
        "import_sentence_transformers_seconds": round(theirs, 3),
        "times_faster": round(statistics.median(other / own for own, other in pairs), 1),
        "ask_peak_megabytes": _peak_megabytes(ask),
        "rounds": rounds,
    }


def warm_search(index: Path, rounds: int) -> dict[str, Any]:
    """Return milliseconds per search and answer in an open engine, question encoding included."""
    lines = _OWN_QUESTIONS.read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    searches: list[float] = []
    answers: list[float] = []
    with SearchEngine.open(index) as engine:
        for question in questions[:5]:
            engine.answer(question)
        for question in questions * rounds:
            begun = time.perf_counter()
            engine.search(question)
            searched = time.perf_counter()
            engine.answer(question)
            searches.append(1000 * (searched - begun))
            answers.append(1000 * (time.perf_counter() - searched))
    return {
        "questions": len(questions),
        "search_median_ms": round(statistics.median(searches), 2),
        "search_p95_ms": round(statistics.quantiles(searches, n=20)[-1], 2),
        "answer_median_ms": round(statistics.median(answers), 1),
        "answer_p95_ms": round(statistics.quantiles(answers, n=20)[-1], 1),
    }


def read_questions(index: Path, file: Path | None, wanted: int) -> list[str]:
    """Return at most `wanted` distinct questions, evenly spread over the file or the index."""
    found = _of_index(index, wanted) if file is None else _of_file(file)
    distinct = list(dict.fromkeys(found))
    return [distinct[row] for row in _spread(len(distinct), wanted)]


def split(questions: Sequence[str], timed: int) -> tuple[list[str], list[str]]:
    """Return the questions that warm up and those that are timed.

    >>> split(["a", "b", "c", "d", "e", "f"], 5)
    (['a'], ['b', 'c', 'd', 'e', 'f'])
    """
    rows = set(_spread(len(questions), len(questions) - timed))
    return (
        [text for row, text in enumerate(questions) if row in rows],
        [text for row, text in enumerate(questions) if row not in rows],
    )


def markdown(results: dict[str, Any]) -> str:
    """Return the results as a Markdown table."""
    index, threads = results["index"], results["threads"]
    lines = [
        f"{index['passages']:,} passages of {index['documents']:,} articles, "
        f"{results['questions']['timed']} questions, on {results['machine']}",
        "",
        "| | p50 ms | p95 ms | p99 ms | processor ms | resident MB |",
        "|---|---|---|---|---|---|",
    ]
    for mode in ("hybrid", "bm25", "dense"):
        found = results[mode]
        cells = [found[name] for name in ("p50", "p95", "p99", "processor", "resident_mb")]
        lines.append(f"| {mode} | {' | '.join(map(str, cells))} |")
    stages = ", ".join(f"{name} {spent} ms" for name, spent in results["hybrid"]["stages"].items())
    lines += [
        "",
        f"Stages of hybrid, medians: {stages}.",
        *(
            f"New process to printed hits, `{name}`: {spent['median_seconds']} s."
            for name, spent in results["new_process"].items()
        ),
        f"One thread {threads['one']} questions/s, eight {threads['eight']}: "
        f"{threads['times']} times, intra-op threads 1 in both.",
        "",
        "| lists read | recall@10 | recall@100 | ms, median |",
        "|---|---|---|---|",
        *(
            f"| {name} | {found['recall_at_10']} | {found['recall_at_100']} | {found['ms']} |"
            for name, found in results["recall"]["by_lists_read"].items()
        ),
    ]
    return "\n".join(lines) + "\n"


def _run_part(part: str, index: Path, request: str) -> str:
    command = [sys.executable, "-m", "benchmarks.search_parts", part, str(index)]
    done = subprocess.run(command, input=request, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout


def _new_process(index: Path, command: str) -> dict[str, float]:
    """Return seconds of a whole process; the first one warms the disk."""
    spent = [_seconds(_command(command, index), (0, 1)) for _ in range(_OPENED + 1)][1:]
    return {
        "median_seconds": round(statistics.median(spent), 3),
        "least_seconds": round(min(spent), 3),
    }


def _command(name: str, index: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "retrieval", name, QUESTION, "--index", str(index), *options]


def _seconds(command: Sequence[str], expected: Sequence[int] = (0,)) -> float:
    begun = time.perf_counter()
    code = subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode
    if code not in expected:
        raise RuntimeError(f"{' '.join(command)} exited with {code}, expected {expected}")
    return time.perf_counter() - begun


def _peak_megabytes(command: Sequence[str]) -> int:
    """Return the peak resident memory of one run, measured by a parent of its own."""
    code = (
        "import resource, subprocess, sys;"
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    measured = [sys.executable, "-c", code, *command]
    done = subprocess.run(measured, check=True, capture_output=True, text=True)
    # Linux counts kilobytes, macOS bytes.
    return int(done.stdout) // (1_000 if sys.platform != "darwin" else 1_000_000)


def _of_file(file: Path) -> list[str]:
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]
    return [next(row[name] for name in _FIELDS if name in row) for row in rows]


def _of_index(index: Path, wanted: int) -> list[str]:
    manifest = read_manifest(index)
    with Catalog(generation_folder(index, manifest.generation)) as catalog:
        doc_ids = catalog.doc_ids()
        documents = [catalog.document(doc_ids[row]) for row in _spread(len(doc_ids), wanted)]
        headlines = [document.title for document in documents if document.title]
        sentences = [
            " ".join(found[len(found) // 2].split()[:_WORDS])
            for document in documents
            if (found := catalog.sentences(document.doc_id))
        ]
    # Half of each; if one is short, more of the other.
    half = headlines[: wanted // 2]
    return [*half, *sentences[: wanted - len(half)], *headlines[len(half) :]]


def _spread(count: int, wanted: int) -> list[int]:
    """Return at most `wanted` of the first `count` numbers, evenly spread."""
    if wanted >= count:
        return list(range(count))
    return [number * count // wanted for number in range(wanted)]


if __name__ == "__main__":
    sys.exit(main())
