"""Metadata as lines for people: each value, where it was found and how sure that is."""

from indexer.documents import Finding, Metadata
from indexer.text.languages import language_name
from indexer.text.printable import printable_line


def describe_metadata(metadata: Metadata) -> list[str]:
    """Return a line for each known value; control characters are shown as escapes."""
    findings = [
        ("title", metadata.title),
        ("outlet", metadata.source),
        *(("author", author) for author in metadata.authors),
        ("published", metadata.published),
        ("modified", metadata.modified),
        ("language", metadata.language),
        ("address", metadata.url),
        ("encoding", metadata.encoding),
    ]
    return [_line(name, found) for name, found in findings if found]


def _line(name: str, found: Finding) -> str:
    value = f"{language_name(found.value)} ({found.value})" if name == "language" else found.value
    sure = "" if found.confidence is None else f", confidence {found.confidence:.2f}"
    return printable_line(f"{name:<10} {value}  [{found.found_in}{sure}]")
