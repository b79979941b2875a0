"""How many model tokens has a text? The tokenizer itself counts; words it has counted are known.

BERT's tokenizer cuts at white space and punctuation first, then each word by itself. So the count
of a text is the sum over its words, which recur: three times as fast, and the same (compared in a
test). Where a special token may stand, and by every other tokenizer, a text is counted as a whole.
"""

import json
import re
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from indexer.errors import EncoderError

# Letters and digits of English, and the punctuation of news. "[" may begin a special token.
_PLAIN = re.compile("[\t\n\r -Z\\\\-~\u2013\u2014\u2018\u2019\u201c\u201d\u2026]*")
_WORD = re.compile("[0-9A-Za-z]+|[!-/:-@\\\\-`{-~\u2013\u2014\u2018\u2019\u201c\u201d\u2026]")

# What stands between white space; the tokenizer cuts each further.
_SPACED = re.compile("[^\t\n\r ]+")

# So many words are held, a few megabytes; a corpus of encoded blobs must not fill the memory.
_MOST_WORDS, _LONGEST_WORD = 200_000, 40


def token_counter(file: Path) -> Callable[[Sequence[str]], list[int]]:
    """Return a function that counts the tokens of texts, uncut and without special tokens.

    Raises:
        EncoderError: when the file is no tokenizer.
    """
    try:
        tokenizer = Tokenizer.from_file(str(file))
    except Exception as error:  # `tokenizers` raises plain Exception
        raise EncoderError(
            f"tokenizer {file} cannot be read: {error}; expected one that `tokenizers` reads."
        ) from error
    tokenizer.no_truncation()
    tokenizer.no_padding()

    def count(texts: Sequence[str]) -> list[int]:
        encodings = tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding) for encoding in encodings]

    return _by_words(tokenizer, count) if _cuts_words(tokenizer) else count


def _cuts_words(tokenizer: Tokenizer) -> bool:
    """Tell whether a tokenizer cuts as BERT's does, before anything else."""
    parts = json.loads(tokenizer.to_str())
    kinds = [(parts[part] or {}).get("type") for part in ("normalizer", "pre_tokenizer", "model")]
    return kinds == ["BertNormalizer", "BertPreTokenizer", "WordPiece"] and all(
        token["content"].startswith("[") for token in parts["added_tokens"]
    )


def _by_words(
    tokenizer: Tokenizer, count: Callable[[Sequence[str]], list[int]]
) -> Callable[[Sequence[str]], list[int]]:
    known: dict[str, int] = {}
    count_words = _word_counter(tokenizer)

    def counted(texts: Sequence[str]) -> list[int]:
        pieces = [_pieces(text) for text in texts]
        if len(known) > _MOST_WORDS:
            known.clear()
        new = set(chain.from_iterable(pieces)).difference(known)
        words = [piece for piece in new if _WORD.fullmatch(piece)]
        others = list(new.difference(words))
        known.update(zip(words, count_words(words), strict=True))
        known.update(zip(others, count(others) if others else (), strict=True))
        counts = [sum(map(known.__getitem__, parts)) for parts in pieces]
        for piece in new:
            if len(piece) > _LONGEST_WORD:
                del known[piece]
        return counts

    return counted


def _pieces(text: str) -> list[str]:
    """Return parts of a text whose counts add up to its own."""
    if _PLAIN.fullmatch(text):
        return _WORD.findall(text)
    return [text] if "[" in text else _SPACED.findall(text)


def _word_counter(tokenizer: Tokenizer) -> Callable[[Sequence[str]], list[int]]:
    """Return a function that counts the tokens of words, of which each matches `_WORD`.

    All are cut in one text, and counted from one token that begins a word to the next: asked for
    by itself, each took 2.6 times as long.
    """
    prefix = json.loads(tokenizer.to_str())["model"]["continuing_subword_prefix"]
    vocabulary = tokenizer.get_vocab(with_added_tokens=True)
    begins = np.ones(max(vocabulary.values()) + 1, dtype=np.bool_)
    begins[[number for token, number in vocabulary.items() if token.startswith(prefix)]] = False

    def count(words: Sequence[str]) -> list[int]:
        (encoding,) = tokenizer.encode_batch_fast([" ".join(words)], add_special_tokens=False)
        first = np.flatnonzero(begins[np.array(encoding.ids, dtype=np.intp)])
        counts: list[int] = np.diff(first, append=len(encoding.ids)).tolist()
        return counts

    return count
