"""How many model tokens has a text? The tokenizer itself counts; words it has counted are known.

BERT's tokenizer cuts at white space and punctuation first, then each word by itself. So the count
of a text is the sum over its words, which recur: three times as fast, and the same (compared in a
test). Where a special token may stand, and by every other tokenizer, a text is counted as a whole.
"""

import json
import re
from collections.abc import Callable, Collection, Sequence
from itertools import repeat
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from indexer.errors import EncoderError

# Letters and digits of English, and the punctuation of news. "[" may begin a special token.
_PLAIN = re.compile("[\t\n\r -Z\\\\-~\u2013\u2014\u2018\u2019\u201c\u201d\u2026]*")
_MARKS = "!\"#$%&'()*+,-./:;<=>?@\\]^_`{|}~"
_WIDE_MARKS = "\u2013\u2014\u2018\u2019\u201c\u201d\u2026"

# Bytes are cut ten times as fast as characters are matched. Each of the wide marks begins with the
# same byte, by which it is counted, and is cut out whole: no letter of English has its bytes.
_WIDE_BYTES = _WIDE_MARKS.encode()
_BETWEEN_WORDS = _MARKS.encode() + _WIDE_BYTES
_AS_SPACE = bytes.maketrans(_BETWEEN_WORDS, b" " * len(_BETWEEN_WORDS))
_EACH_MARK = _MARKS.encode() + _WIDE_BYTES[:1]

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

    is_by_words = _cuts_words(tokenizer) and set(count(list(_MARKS + _WIDE_MARKS))) == {1}
    return _by_words(tokenizer, count) if is_by_words else count


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
    known: dict[bytes | str, int] = {}
    count_words = _word_counter(tokenizer)

    def learn(new: Collection[bytes | str]) -> None:
        words = [piece for piece in new if isinstance(piece, bytes)]
        others = [piece for piece in new if isinstance(piece, str)]
        known.update(zip(words, count_words([word.decode() for word in words]), strict=True))
        known.update(zip(others, count(others) if others else (), strict=True))

    def counted(texts: Sequence[str]) -> list[int]:
        if len(known) > _MOST_WORDS:
            known.clear()
        pieces = [_pieces(text) for text in texts]
        # Looked up once: in so large a table, that is what takes the time.
        found = [list(map(known.get, parts, repeat(0))) for parts, _ in pieces]
        unknown = [parts for (parts, _), counts in zip(pieces, found, strict=True) if 0 in counts]
        new = {piece for parts in unknown for piece in parts if piece not in known}
        learn(new)
        counts = [
            sum(map(known.__getitem__, parts) if 0 in counts else counts, start=marks)
            for (parts, marks), counts in zip(pieces, found, strict=True)
        ]
        for piece in new:
            if len(piece) > _LONGEST_WORD:
                del known[piece]
        return counts

    return counted


def _pieces(text: str) -> tuple[Sequence[bytes | str], int]:
    """Return parts of a text whose counts add up to its own, and the count of what is left.

    Words of English are bytes, other parts are text; a mark is a token.
    """
    if _PLAIN.fullmatch(text):
        plain = text.encode()
        marks = len(plain) - len(plain.translate(None, _EACH_MARK))
        return plain.translate(_AS_SPACE).split(), marks
    return [text] if "[" in text else _SPACED.findall(text), 0


def _word_counter(tokenizer: Tokenizer) -> Callable[[Sequence[str]], list[int]]:
    """Return a function that counts the tokens of words of English letters and digits.

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
