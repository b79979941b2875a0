"""The command `show`."""

import argparse
from pathlib import Path

from indexer.cli.options import EXIT_OK, Parser
from indexer.corpus.roots import CorpusRoots
from indexer.errors import UnknownDocumentError
from indexer.storage.local_store import LocalStore
from indexer.storage.manifest import read_manifest
from indexer.storage.staleness import check_source
from indexer.store import NO_CORRECTIONS
from retrieval.cli.options import add_common


def add_show(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Add the command."""
    show = commands.add_parser("show", help="show an article, marked at a citation")
    show.add_argument("document", metavar="DOC_ID", help="an id, its beginning, or a path")
    show.add_argument("--at", type=int, metavar="OFFSET", help="mark the text from this offset")
    add_common(show)
    show.set_defaults(run=_show)


def _show(options: argparse.Namespace) -> int:
    from indexer.corrections.notices import own_notice  # noqa: PLC0415 - as above
    from retrieval.answering.citations import format_corrections  # noqa: PLC0415 - as above
    from retrieval.presentation.terminal import print_document  # noqa: PLC0415 - as above

    manifest = read_manifest(options.index)
    roots = manifest.roots.moved(options.corpus) if options.corpus else manifest.roots
    with LocalStore(options.index, manifest) as store:
        found = _find(store, options.document, roots)
        if len(found) != 1:
            raise UnknownDocumentError(_not_one(options.document, options.index, len(found)))
        document = store.document(found[0])
        state = check_source(roots, document)
        regions = store.catalog.regions(found[0])
        copies = store.copies_of(found).get(found[0], ())
        corrections = store.corrections_of(found).get(found[0], NO_CORRECTIONS)
        remarks = format_corrections(corrections, own_notice(document.text))
        print_document(document, regions, options.at, state, copies, remarks)
    return EXIT_OK


def _find(store: LocalStore, name: str, roots: CorpusRoots) -> list[str]:
    """Return the articles with this path or beginning of an id, also by their path on disk."""
    found = store.catalog.doc_ids_of(name)
    path = None if found else roots.index_path(Path(name))
    return found if path is None else store.catalog.doc_ids_of(path)


def _not_one(name: str, index: Path, count: int) -> str:
    if count:
        return f"{count} articles in {index} match {name!r}. Give more of the id, or the path"
    return (
        f"No article in {index} matches {name!r}. Give the beginning of an id, or a path; ask and "
        "search with --json print both"
    )
