"""Folders, fields and analyzers of a BM25 index, shared by its writer and its search."""

from typing import Literal

import tantivy

from indexer.text.analyzer import term_analyzer, word_analyzer

BM25_FOLDER = "bm25"
ARTICLES_FOLDER = "bm25-articles"
Bm25Engine = Literal["tantivy", "rank-bm25"]

# tantivy's values are fixed in its code; rank-bm25 gets the same.
K1 = 1.2
B = 0.75

# Weight of a term's alternatives after the first. Hybrid RR@20 of 62 development news questions
# that name a country, over 2,500 articles: 0.954 with the words as typed and with 0.2, 0.946 with
# 0.4 and 0.7, 0.949 with 1.
OTHER_WEIGHT = 0.2


def schema() -> tantivy.Schema:
    """Return the fields: `terms` for BM25, `words` for phrases, and the `row`."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("terms", tokenizer_name="dateline_terms", index_option="freq")
    builder.add_text_field("words", tokenizer_name="dateline_words", index_option="position")
    builder.add_unsigned_field("row", indexed=True, fast=True)
    return builder.build()


def register(index: tantivy.Index) -> None:
    """Register the analyzers of the fields with an index that was opened."""
    index.register_tokenizer("dateline_terms", term_analyzer())
    index.register_tokenizer("dateline_words", word_analyzer())


def is_tantivy_error(error: BaseException) -> bool:
    """Tell an error of tantivy, whose panics are not an `Exception`, from a Ctrl-C."""
    return isinstance(error, (ValueError, OSError)) or type(error).__name__ == "PanicException"
