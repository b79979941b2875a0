"""A collection of our own: four short articles, and questions on them."""

import json
from pathlib import Path

from evaluation.collection import Collection, CollectionQuery

FERRY = (
    "The ferry Aurora sank on Monday in a storm near the island of Rhodes. All forty passengers "
    "were rescued by fishing boats, the coast guard said."
)
PORT = (
    "The port of Piraeus was shut on Tuesday because of a strike by dock workers. Two ships "
    "waited outside the harbour for twelve hours."
)
BREAD = (
    "The price of bread rose by nine percent in March, the statistics office said. Bakers blamed "
    "the cost of flour and energy."
)
MUSEUM = (
    "The museum of clocks opens its new wing in May. The director, Elena Markou, said that the "
    "wing will show sundials and water clocks."
)
DOCUMENTS = (
    ("ferry", "Ferry sinks in storm", FERRY),
    ("Port", "Port stays shut", PORT),
    ("../bread", "Bread prices rise", BREAD),
    ("museum", "", MUSEUM),
)
QUERIES = (
    CollectionQuery("q1", "When did the ferry Aurora sink?", ("Monday",)),
    CollectionQuery("q2", "Why was the port of Piraeus shut?", ("a strike by dock workers",)),
    CollectionQuery("q3", "Who won the cup?"),
    CollectionQuery("q4", 'bread "prices" -March source:nobody'),
)
JUDGEMENTS = {
    "q1": {"ferry": 2, "Port": 0},
    "q2": {"Port": 1, "ferry": 1},
    "q4": {"../bread": 1},
}


def collection(name: str = "own") -> Collection:
    return Collection.of(name, DOCUMENTS, QUERIES, JUDGEMENTS)


def write_collection(folder: Path) -> Path:
    """Write the collection as BEIR has it."""
    folder.mkdir(parents=True, exist_ok=True)
    corpus = [{"_id": id_, "title": title, "text": text} for id_, title, text in DOCUMENTS]
    queries = [
        {"_id": each.id, "text": each.text, "metadata": {"answers": list(each.answers)}}
        for each in QUERIES
    ]
    qrels = ["query-id\tcorpus-id\tscore"] + [
        f"{query}\t{document}\t{grade}"
        for query, grades in JUDGEMENTS.items()
        for document, grade in grades.items()
    ]
    write_lines(folder / "corpus.jsonl", *map(json.dumps, corpus))
    write_lines(folder / "queries.jsonl", *map(json.dumps, queries))
    write_lines(folder / "qrels.tsv", *qrels)
    return folder


def write_lines(path: Path, *lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
