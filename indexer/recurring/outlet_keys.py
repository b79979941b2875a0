"""Name under which the lines of an article are counted, before it is cleaned."""

from pathlib import PurePosixPath
from urllib.parse import urlsplit

from indexer.documents import Metadata


def outlet_key(path: str, file: str, given: Metadata) -> str:
    """Return the outlet that the format names, else the host of the URL, else the folder or file.

    Args:
        path: the article's path, as in `Document`.
        file: the path of its file, which differs for one of several articles in a file.
        given: the metadata that the format provides.

    >>> from indexer.documents import Finding
    >>> outlet_key("a.txt", "a.txt", Metadata(source=Finding("The  Planet", "column source")))
    'The Planet'
    >>> address = Finding("https://www.planet.example/1", "link")
    >>> outlet_key("a.html", "a.html", Metadata(url=address))
    'planet.example'
    >>> outlet_key("old/a.txt", "old/a.txt", Metadata()), outlet_key("b.csv#1", "b.csv", Metadata())
    ('the folder old', 'the file b.csv')
    """
    if given.source and given.source.value.strip():
        return " ".join(given.source.value.split())
    host = _host(given.url.value) if given.url else ""
    if host:
        return host
    if path != file:
        return f"the file {file}"
    folder = str(PurePosixPath(file).parent)
    return f"the folder {folder}" if folder != "." else "the corpus folder"


def _host(url: str) -> str:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.")
