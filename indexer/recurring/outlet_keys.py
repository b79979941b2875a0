"""Under which name are the lines of an article counted, before anything of it is cleaned?

Its outlet, when the format names one; else the host of its address; else the folder or the file of
many articles that it lies in, because pages that were saved together often come from one place.
"""

from pathlib import PurePosixPath
from urllib.parse import urlsplit

from indexer.documents import Metadata


def outlet_key(path: str, file: str, given: Metadata) -> str:
    """Return the name, as it is shown.

    Args:
        path: the article's own path, as in `Document`.
        file: the path of its file.
        given: what the format says of the article.

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
