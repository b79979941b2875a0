"""Counter of the model's tokens in a text, memoised per word."""

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from tokenizers import Tokenizer

from indexer.errors import EncoderError

# BERT's tokenizer splits at this white space first; it may drop other kinds.
_WORD = re.compile("[^\t\n\r ]+")

# A few megabytes at most, even for a corpus of encoded blobs.
_MOST_WORDS, _LONGEST_WORD = 200_000, 40


def token_counter(file: Path) -> Callable[[Sequence[str]], list[int]]:
    """Return a function that counts tokens, without truncation or special tokens.

    Raises:
        EncoderError: when the file is not a tokenizer.
    """
    try:
        tokenizer = Tokenizer.from_file(str(file))
    except Exception as error:  # `tokenizers` raises plain Exception
        raise EncoderError(
            f"Cannot read tokenizer {file}: {error}. Save the model again with a fast tokenizer."
        ) from error
    tokenizer.no_truncation()
    tokenizer.no_padding()

    def count(texts: Sequence[str]) -> list[int]:
        encodings = tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding) for encoding in encodings]

    return _by_words(count) if _cuts_words(tokenizer) else count


def _cuts_words(tokenizer: Tokenizer) -> bool:
    """Tell whether a tokenizer splits as BERT's does, so that the counts of words add up."""
    parts = json.loads(tokenizer.to_str())
    kinds = [(parts[part] or {}).get("type") for part in ("normalizer", "pre_tokenizer", "model")]
    return kinds == ["BertNormalizer", "BertPreTokenizer", "WordPiece"] and all(
        _WORD.fullmatch(token["content"]) for token in parts["added_tokens"]
    )


def _by_words(
    count: Callable[[Sequence[str]], list[int]],
) -> Callable[[Sequence[str]], list[int]]:
    """Memoise the counts of words, which is five times as fast for news."""
    cached: dict[str, int] = {}

    def counted(texts: Sequence[str]) -> list[int]:
        if len(cached) > _MOST_WORDS:
            cached.clear()
        cut = [_WORD.findall(text) for text in texts]
        new = [word for word in set().union(*cut) if word not in cached]
        cached.update(zip(new, count(new), strict=True))
        counts = [sum(map(cached.__getitem__, words)) for words in cut]
        for word in new:
            if len(word) > _LONGEST_WORD:
                del cached[word]
        return counts

    return counted
