"""The command `check`: evidence compared again with the articles."""

import argparse
import json
from pathlib import Path

from indexer.cli.options import EXIT_OK, EXIT_PROBLEMS, add_index
from indexer.corpus.roots import CorpusRoots
from indexer.errors import EvidenceError
from indexer.progress import TerminalProgress
from indexer.storage.local_store import LocalStore
from indexer.storage.manifest import read_manifest
from retrieval.evidence.pack import Pack, read_pack
from retrieval.evidence.recheck import Checked, FolderArchive, IndexArchive, check_pack

_MAX_BYTES = 50_000_000  # a pack of a thousand quotes has 2 MB


def add_check(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    check = commands.add_parser(
        "check",
        help="compare the quotes of an evidence pack again (exit 1 unless all hold)",
        description="Compare every quote of a pack, which `ask --export FILE.json` wrote, with the "
        "articles of an index, or with the files of --corpus. A quote holds, has moved (it stands "
        "elsewhere), has changed (its article no longer has it), or is gone.",
    )
    check.add_argument("pack", type=Path, metavar="PACK", help="an evidence pack (.json)")
    add_index(check)
    check.add_argument(
        "--corpus",
        type=Path,
        action="append",
        default=[],
        help="compare with the files of this folder instead of an index (repeat for each folder "
        "that the index was built from)",
    )
    check.add_argument("--json", action="store_true", help="print JSON")
    check.set_defaults(run=_check)


def _check(options: argparse.Namespace) -> int:
    pack = _read(options.pack)
    if options.corpus:
        progress = TerminalProgress()
        checked = check_pack(pack, FolderArchive(CorpusRoots.of(options.corpus), progress))
        progress.close()
    else:
        manifest = read_manifest(options.index)
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
