"""How many model tokens has a text? The tokenizer itself counts; words it has counted are known.

BERT's tokenizer cuts at white space and punctuation first, then each word by itself. So the count
of a text of plain letters is the sum over its words, which recur: five times as fast, and the same
(compared in a test). Whatever else a text holds, and every other tokenizer, is counted as a whole.
"""

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from tokenizers import Tokenizer

from indexer.errors import EncoderError

# Letters and digits of English, and the punctuation of news. "[" may begin a special token.
_PLAIN = re.compile("[\t\n\r -Z\\\\-~\u2013\u2014\u2018\u2019\u201c\u201d\u2026]*")
_PIECES = re.compile("[0-9A-Za-z]+|[!-/:-@\\\\-`{-~\u2013\u2014\u2018\u2019\u201c\u201d\u2026]")

# So many words are held, a few megabytes; a corpus of encoded blobs must not fill the memory.
_MOST_WORDS = 200_000


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

    return _by_words(count) if _cuts_words(tokenizer) else count


def _cuts_words(tokenizer: Tokenizer) -> bool:
    """Tell whether a tokenizer cuts as BERT's does, before anything else."""
    parts = json.loads(tokenizer.to_str())
    kinds = [(parts[part] or {}).get("type") for part in ("normalizer", "pre_tokenizer", "model")]
    return kinds == ["BertNormalizer", "BertPreTokenizer", "WordPiece"] and all(
        token["content"].startswith("[") for token in parts["added_tokens"]
    )


def _by_words(count: Callable[[Sequence[str]], list[int]]) -> Callable[[Sequence[str]], list[int]]:
    known: dict[str, int] = {}

    def counted(texts: Sequence[str]) -> list[int]:
        plain = [_PIECES.findall(text) if _PLAIN.fullmatch(text) else None for text in texts]
        if len(known) > _MOST_WORDS:
            known.clear()
        new = list({word for words in plain if words for word in words if word not in known})
        known.update(zip(new, count(new), strict=True))
        others = [text for text, words in zip(texts, plain, strict=True) if words is None]
        rest = iter(count(others) if others else ())
        return [
            next(rest) if words is None else sum(map(known.__getitem__, words)) for words in plain
        ]

    return counted
