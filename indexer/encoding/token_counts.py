"""Counter of model tokens, which a passage's length is measured in."""

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from tokenizers import Tokenizer

from indexer.errors import EncoderError

# White space at which BERT's tokenizer cuts before anything else; other kinds it may drop.
_WORD = re.compile("[^\t\n\r ]+")

# A few megabytes; a corpus of encoded blobs must not fill the memory.
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

    return _by_words(count) if _cuts_words(tokenizer) else count


def _cuts_words(tokenizer: Tokenizer) -> bool:
    """Tell whether a tokenizer cuts as BERT's does: the count of a text is that of its words."""
    parts = json.loads(tokenizer.to_str())
    kinds = [(parts[part] or {}).get("type") for part in ("normalizer", "pre_tokenizer", "model")]
    return kinds == ["BertNormalizer", "BertPreTokenizer", "WordPiece"] and all(
        _WORD.fullmatch(token["content"]) for token in parts["added_tokens"]
    )


def _by_words(
    count: Callable[[Sequence[str]], list[int]],
) -> Callable[[Sequence[str]], list[int]]:
    """Remember the count of each word: news repeats them, and that is five times as fast."""
    known: dict[str, int] = {}

    def counted(texts: Sequence[str]) -> list[int]:
        if len(known) > _MOST_WORDS:
            known.clear()
        cut = [_WORD.findall(text) for text in texts]
        new = [word for word in set().union(*cut) if word not in known]
        known.update(zip(new, count(new), strict=True))
        counts = [sum(map(known.__getitem__, words)) for words in cut]
        for word in new:
            if len(word) > _LONGEST_WORD:
                del known[word]
        return counts

    return counted
