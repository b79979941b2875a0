"""Calls of the command lines that `benchmarks.unchanged` compares, beside those with questions."""

from typing import Final

FILTERS: Final = (
    ["--source", "Larne Gazette"],
    ["--source", "Larne Gazette", "--source", "Vell Observer", "--copies", "--explain"],
    ["--after", "2023-06", "--before", "2023-12-31"],
    ["--after", "2023", "--undated", "--k", "3"],
    ["--lang", "de"],
    ["--author", "Ann Other", "--author", "Brandt", "--max-quotes", "2", "--min-score", "0.2"],
    ["--source", "Nobody Times"],
    ["--after", "2031"],
)
ODD_QUESTIONS: Final = (
    "bridge after:yesterday",
    "-bridge",
    "the",
    "",
    '"no such phrase" storm',
    "lang:xx",
)
MODES: Final = (
    ["--mode", "dense"],
    ["--mode", "hybrid", "--explain"],
    ["--mode", "hybrid", "--fusion", "rrf"],
    ["--mode", "reranked", "--copies"],
)
TERMINAL: Final = (
    "retrieval ask 'What did Tarn ask Vell to reopen?' --index index-news",
    "retrieval ask 'what did the US ask Iran?' --index index-seeds --explain",
    "retrieval search bridge --index index-news --explain --k 4",
    "retrieval search storm --index index-news --copies --lang de",
    "retrieval show Northport/275.txt --index index-news --at 90",
    "retrieval show web/206.html --index index-news",
    "indexer info --index index-news",
    "indexer info --index index-news --json",
    "indexer info --index index-news --by source",
    "indexer info --index index-news --by month --top 5",
    "indexer info --index index-seeds --by language --json",
    "indexer verify --index index-news",
    "indexer doctor --index index-seeds",
    "indexer clean news/web/206.html --metadata",
    "indexer clean news/Northport/275.txt --index index-news",
    "indexer build seeds --index index-seeds",
)
WRONG: Final = (
    "indexer",
    "indexer nothing",
    "indexer build nowhere --index index-x",
    "indexer build news/broken/picture.png --index index-x",
    "indexer build seeds --index index-x --threads 0",
    "indexer build seeds --index index-x --map nothing=body",
    "indexer build news/broken/empty.txt --index index-x",
    "indexer verify --index nowhere",
    "indexer update --index nowhere",
    "indexer compact --index nowhere",
    "indexer info --index index-seeds --top 3",
    "indexer info --index seeds/000_ea7539c17dd2a708.txt",
    "indexer clean nowhere.txt",
    "indexer clean news/exports/a.jsonl#nobody",
    "retrieval",
    "retrieval ask bridge --index nowhere",
    "retrieval ask --index index-seeds",
    "retrieval ask bridge --index index-seeds --unknown",
    "retrieval ask bridge --index index-seeds --after yesterday",
    "retrieval ask bridge --index index-seeds --lang klingon",
    "retrieval ask bridge --index index-seeds --min-score 2",
    "retrieval ask bridge --index index-seeds --reader nowhere/model",
    "retrieval ask bridge --index index-seeds --corpus nowhere",
    "retrieval search bridge --index index-seeds --mode none",
    "retrieval search zzzz --index index-seeds --mode bm25",
    "retrieval show zzzz --index index-seeds",
)
