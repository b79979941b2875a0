"""Is a quote in the article's file? Compared with the file itself, not with the index."""

from pathlib import Path

from indexer.errors import CorpusError
from indexer.loaders.named_file import read_article
from retrieval.answering.citations import Citation

_SHOWN = 160


def problem_of(citation: Citation, corpus: Path) -> str | None:
    """Compare a quote with the file, read and decoded again; None when it is there.

    Args:
        citation: what was quoted.
        corpus: the folder below which its path lies, or the one file of the corpus.
    """
    place = (corpus.parent if corpus.is_file() else corpus) / citation.path
    try:
        if place.is_file():
            content = place.read_bytes().decode(citation.encoding)
        else:
            content = read_article(place).text
    except (OSError, UnicodeDecodeError, LookupError, CorpusError) as error:
        return f"{citation.path} cannot be read: {error}"
    found = content.removeprefix("\ufeff")[citation.start : citation.end]
    if found == citation.quote:
        return None
    where = f"{citation.path} {citation.start}-{citation.end}"
    return f"{where} holds {shown(found)}, not {shown(citation.quote)}"


def shown(text: str | None) -> str:
    """Return a text on one line, shortened and quoted, without control characters."""
    if text is None:
        return "none"
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    line = " ".join(printable.split())
    return f'"{line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"}"'
