"""Folders, fields and terms that the writer and the searcher of a BM25 index share."""

from typing import Literal

import tantivy

from indexer.text.analyzer import term_analyzer, word_analyzer

BM25_FOLDER = "bm25"
ARTICLES_FOLDER = "bm25-articles"
Bm25Engine = Literal["tantivy", "rank-bm25"]

# tantivy's values are fixed in its code; the reference engine is given the same.
K1 = 1.2
B = 0.75


def schema() -> tantivy.Schema:
    """Return the fields: `terms` and `words` of a passage, and its `row`."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("terms", tokenizer_name="dateline_terms", index_option="freq")
    builder.add_text_field("words", tokenizer_name="dateline_words", index_option="position")
    builder.add_unsigned_field("row", indexed=True, fast=True)
    return builder.build()


def register(index: tantivy.Index) -> None:
    """Name the analyzers of the fields to an index, each time that it is opened."""
    index.register_tokenizer("dateline_terms", term_analyzer())
    index.register_tokenizer("dateline_words", word_analyzer())


def is_library_failure(error: BaseException) -> bool:
    """Tell a failure of tantivy, whose panics are no `Exception`, from a Ctrl-C."""
    return isinstance(error, (ValueError, OSError)) or type(error).__name__ == "PanicException"
