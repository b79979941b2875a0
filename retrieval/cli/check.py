"""The command `check`: the quotations of a draft, or of an evidence pack, against the articles."""

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path

from indexer.cli.options import EXIT_OK, EXIT_PROBLEMS, Parser, add_index, note
from indexer.corpus.roots import CorpusRoots
from indexer.errors import EvidenceError, UsageError
from indexer.progress import NoProgress, TerminalProgress
from indexer.storage.local_store import LocalStore
from indexer.storage.manifest import Manifest, read_manifest
from indexer.storage.notes import version_note
from retrieval.drafts.check import check_draft
from retrieval.drafts.formats import draft_json, html_report
from retrieval.drafts.reading import read_draft, read_stream
from retrieval.evidence.export import write_whole
from retrieval.evidence.pack import Pack, read_pack
from retrieval.evidence.recheck import Checked, FolderArchive, IndexArchive, check_pack

_MAX_BYTES = 50_000_000  # a pack of a thousand quotes has 2 MB


def add_check(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Add the command."""
    check = commands.add_parser(
        "check",
        help="look up a draft's quotations, or check a pack (exit 1 unless all stand)",
        description="A draft (.md, .txt, .docx, .html, or - for a pipe): look up every quotation "
        "in all articles. It is exact, has other punctuation or case, is shortened, joined from "
        "several places, differs in a number, name or negation, or is not in this archive. Exit "
        "code 1 unless every quotation is one of the first three and nobody else says it. An "
        "evidence pack (.json), which `ask --export FILE.json` wrote: compare every quote with the "
        "articles of an index, or with the files of --corpus. It holds, has moved (it stands "
        "elsewhere), has changed (its article no longer has it), or is gone.",
    )
    check.add_argument("file", metavar="FILE", help="a draft, or an evidence pack (.json)")
    add_index(check)
    check.add_argument(
        "--corpus",
        type=Path,
        action="append",
        default=[],
        help="new location of the articles, if they have moved; a pack is compared with these "
        "files instead of an index (repeat for each folder that the index was built from)",
    )
    check.add_argument("--json", action="store_true", help="print JSON")
    check.add_argument(
        "--html", type=Path, metavar="REPORT", help="write the report on a draft as a web page"
    )
    check.add_argument("--force", action="store_true", help="replace a report that exists")
    check.add_argument("--quiet", action="store_true", help="show no progress")
    check.set_defaults(run=_check)


def _check(options: argparse.Namespace) -> int:
    return _check_pack(options) if options.file.lower().endswith(".json") else _check_draft(options)


def _check_draft(options: argparse.Namespace) -> int:
    if options.html and options.html.exists() and not options.force:
        raise EvidenceError(
            f"{options.html} exists. Choose another name, or replace it with --force"
        )
    name = options.file
    text = read_stream(sys.stdin.buffer) if name == "-" else read_draft(Path(name))
    manifest = _manifest(options)
    if options.corpus:
        manifest = replace(manifest, roots=manifest.roots.moved(options.corpus))
    progress = NoProgress() if options.quiet else TerminalProgress()
    with LocalStore(options.index, manifest) as store:
        checked = check_draft(
            store, manifest, text, "draft" if name == "-" else Path(name).name, progress
        )
    if options.html:
        write_whole(options.html, html_report(checked))
    if options.json:
        print(draft_json(checked))
    else:
        from retrieval.presentation.drafts import print_draft  # noqa: PLC0415 - as below

        print_draft(checked, options.index)
    return EXIT_OK if checked.stands else EXIT_PROBLEMS


def _manifest(options: argparse.Namespace) -> Manifest:
    """Read the manifest of the index, and tell if another version made it."""
    manifest = read_manifest(options.index)
    told = version_note(options.index, manifest)
    if told and not options.quiet:
        note(told)
    return manifest


def _check_pack(options: argparse.Namespace) -> int:
    if options.html:
        raise UsageError("--html is for drafts; `ask --export FILE.html` writes a pack's page")
    pack = _read(Path(options.file))
    if options.corpus:
        progress = TerminalProgress()
        checked = check_pack(pack, FolderArchive(CorpusRoots.of(options.corpus), progress))
        progress.close()
    else:
        manifest = _manifest(options)
        with LocalStore(options.index, manifest) as store:
            checked = check_pack(pack, IndexArchive(store, manifest.roots))
    if options.json:
        print(json.dumps(_fields(pack, checked), ensure_ascii=True, indent=1))
    else:
        from retrieval.presentation.terminal import print_checked  # noqa: PLC0415 - rich costs JSON users 60 ms

        print_checked(pack, checked)
    return EXIT_OK if all(each.verdict == "holds" for each in checked) else EXIT_PROBLEMS


def _read(path: Path) -> Pack:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise EvidenceError(f"Cannot check {path}: it is larger than 50 MB")
        return read_pack(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise EvidenceError(f"Cannot check {path}: it is not UTF-8 text") from error
    except OSError as error:
        raise EvidenceError(f"Cannot read {path}: {error.strerror}") from error
    except EvidenceError as error:
        raise EvidenceError(
            f"{path} is no evidence pack: {error}. `ask --export FILE.json` writes one"
        ) from error


def _fields(pack: Pack, checked: list[Checked]) -> dict[str, object]:
    return {
        "format": 1,
        "question": pack.question,
        "created": pack.created,
        "quotes": [
            {
                "verdict": each.verdict,
                "quote": each.quote.quote,
                "path": each.quote.path,
                "start": each.quote.start,
                "found": None
                if each.place is None
                else {"path": each.place.path, "start": each.place.start},
                "notes": list(each.notes),
            }
            for each in checked
        ],
    }
