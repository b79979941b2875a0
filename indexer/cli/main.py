"""The command line `python -m indexer`: its parser, and the commands that need no own module."""

import argparse
import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from indexer import __version__
from indexer.cli.info import add_info
from indexer.cli.options import (
    EXIT_OK,
    EXIT_PROBLEMS,
    Parser,
    add_corpus,
    add_index,
    add_threads,
    note,
    positive,
    prepare_questions,
    run,
)
from indexer.cli.told import add_told, told, told_rules
from indexer.cli.update import add_compact, add_update, add_watch
from indexer.interrupts import interruptible
from indexer.loaders.field_names import FIELDS, Columns
from indexer.loaders.protocol import MAX_FILE_BYTES
from indexer.text.printable import printable_line

_EXAMPLES = """\
examples:
  python -m indexer build                      index the sample articles in seeds/ into index/
  python -m indexer build news --index news-index
  python -m indexer build export.jsonl.xz archive.zip news --limit 2000
  python -m indexer build export.csv --map text=body,published=date
  python -m indexer build news --outlet-from folder --set 'herald/**' source='The Herald'
  python -m indexer update                     read what has changed since the last build
  python -m indexer update --watch             keep the index current until Ctrl-C
  python -m indexer compact                    erase deleted articles permanently
  python -m indexer verify                     check every hash, count and offset
  python -m indexer info                       what the index contains, and whether it is current
  python -m indexer info --by month --plot months.png
  python -m indexer doctor                     diagnose problems and suggest fixes
  python -m indexer clean news/article.txt     show which text of a file is indexed, and why
  python -m indexer clean 'export.jsonl#17'    one article in a file of many
  python -m indexer clean export.zip --json    every article of a file of any format
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; 2 for an error, told in one line on stderr."""
    return run(
        _parser().parse_args(arguments),
        "Interrupted. The existing index is unchanged.",
    )


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="python -m indexer",
        description="Turn a folder of articles into a hybrid BM25 and vector index.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"Dateline {__version__}")
    add_commands(parser.add_subparsers(required=True, metavar="COMMAND"))
    return parser


def add_commands(commands: "argparse._SubParsersAction[Parser]") -> None:
    """Add every command of the index."""
    _add_build(commands)
    add_update(commands)
    add_watch(commands)
    add_compact(commands)
    verify = commands.add_parser(
        "verify", help="check every hash, count and offset of an index (exit 1 if damaged)"
    )
    add_index(verify)
    verify.add_argument("--quiet", action="store_true", help="print only damage")
    verify.set_defaults(run=_verify)
    add_info(commands)
    doctor = commands.add_parser(
        "doctor",
        help="diagnose the installation and the index, and suggest fixes (exit 1 if any problem is "
        "found)",
    )
    add_index(doctor)
    add_corpus(doctor)
    doctor.add_argument("--json", action="store_true", help="print [{part, state, found, remedy}]")
    doctor.set_defaults(run=_doctor)
    _add_clean(commands)


def _add_clean(commands: "argparse._SubParsersAction[Parser]") -> None:
    clean = commands.add_parser(
        "clean",
        help="show which text of a file is indexed",
        description="Show what cleaning keeps and removes of each article of a file, and why. "
        "Lines that an outlet prints under every article are kept unless --index names an index "
        "that has learned them.",
    )
    clean.add_argument("file", type=Path, help="a file, or one article in it: export.jsonl#17")
    _add_map(clean)
    add_told(clean)
    clean.add_argument("--index", type=Path, help="also remove the recurring lines of this index")
    clean.add_argument(
        "--metadata",
        action="store_true",
        help="also show title, outlet, dates … and their origin",
    )
    clean.add_argument(
        "--json",
        action="store_true",
        help="print one JSON object per article: {article, text, metadata, regions: [{start, end, "
        "kept, reason, detail}]}",
    )
    clean.set_defaults(run=_clean)


def _add_build(commands: "argparse._SubParsersAction[Parser]") -> None:
    build = commands.add_parser(
        "build",
        help="build an index of articles; does nothing when it is current",
        description="Build the index of folders or files of articles. The existing index stays in "
        "use until the new one is complete, whatever happens.",
    )
    build.add_argument(
        "corpus",
        nargs="*",
        type=_articles,
        default=[_articles("seeds")],
        help="folders or files (default: seeds); with several, paths of articles begin with the "
        "name of the folder",
    )
    add_index(build)
    build.add_argument(
        "--encoder",
        metavar="NAME_OR_FOLDER",
        help="any sentence-transformers model (default: bundled all-MiniLM-L6-v2)",
    )
    build.add_argument(
        "--bm25",
        choices=("tantivy", "rank-bm25"),
        default="tantivy",
        help="keyword engine; rank-bm25 is the reference, for small folders (default: tantivy)",
    )
    add_threads(build)
    build.add_argument(
        "--max-file-bytes",
        type=positive,
        default=MAX_FILE_BYTES,
        help="skip larger articles (default: %(default)s)",
    )
    _add_map(build)
    add_told(build)
    build.add_argument("--limit", type=positive, metavar="N", help="stop after N articles")
    build.add_argument(
        "--no-clean",
        dest="clean",
        action="store_false",
        help="index all text, including menus and footers",
    )
    build.add_argument(
        "--replace",
        action="store_true",
        help="allow replacing the index of other articles",
    )
    build.add_argument("--force", action="store_true", help="build even if nothing has changed")
    build.add_argument("--strict", action="store_true", help="exit 1 if anything was skipped")
    build.add_argument("--quiet", action="store_true", help="print errors only")
    build.set_defaults(run=_build)


def _add_map(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--map",
        type=_columns,
        default=Columns(),
        metavar="FIELD=COLUMN,…",
        help="columns of a table whose names are not recognised, such as "
        f"text=body,published=date; fields: {', '.join(FIELDS)}",
    )


def _columns(text: str) -> Columns:
    try:
        return Columns.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _build(options: argparse.Namespace) -> int:
    # Loads every library, which `--help` and usage errors do not need.
    from indexer.build.pipeline import IndexConfig, build  # noqa: PLC0415 - see above
    from indexer.cli.report import build_summary  # noqa: PLC0415 - see above
    from indexer.encoding.model_files import DEFAULT_ENCODER  # noqa: PLC0415 - see above
    from indexer.progress import TerminalProgress  # noqa: PLC0415 - see above
    from indexer.storage.read_settings import ReadSettings  # noqa: PLC0415 - see above

    config = IndexConfig(
        encoder=options.encoder or DEFAULT_ENCODER,
        bm25=options.bm25,
        threads=options.threads,
        settings=ReadSettings(
            options.map,
            options.max_file_bytes,
            options.limit,
            options.clean,
            options.encoding or "",
            told(options),
        ),
        force=options.force,
        replace=options.replace,
    )
    progress = None if options.quiet else TerminalProgress()
    with interruptible():
        report = build(options.corpus, options.index, config, progress=progress)
        spec = report.manifest.encoder
        prepare_questions(spec.name, spec.sha256, quiet=options.quiet)
    if not options.quiet:
        print(build_summary(report, options.index))
    return EXIT_PROBLEMS if options.strict and report.skips else EXIT_OK


def _articles(path: str) -> Path:
    """Return a folder or file of articles as an index keeps it, to be found from any folder."""
    if not path:
        raise argparse.ArgumentTypeError("the name of a folder or file is empty")
    return Path(os.path.abspath(path))  # noqa: PTH100 - without "..", but links as they are


def _verify(options: argparse.Namespace) -> int:
    from indexer.storage.verify import verify  # noqa: PLC0415 - loads every library

    problems = verify(options.index)
    for problem in problems:
        print(problem)
    if not problems and not options.quiet:
        print(f"Index {options.index} is OK")
    return EXIT_PROBLEMS if problems else EXIT_OK


def _doctor(options: argparse.Namespace) -> int:
    from indexer.cli.doctor import FAULT, examine  # noqa: PLC0415 - loads every library
    from indexer.cli.report import format_diagnoses  # noqa: PLC0415 - loads every library

    found = examine(options.index, options.corpus)
    if options.json:
        print(json.dumps([asdict(each) for each in found], indent=1))
    else:
        print(format_diagnoses(found))
    return EXIT_PROBLEMS if any(each.state == FAULT for each in found) else EXIT_OK


def _clean(options: argparse.Namespace) -> int:
    from indexer.cli.clean import (  # noqa: PLC0415 - loads every library
        NOTHING_LEARNED,
        Learned,
        clean_file,
    )
    from indexer.cli.report import cleaned_json, cleaned_text  # noqa: PLC0415 - as above
    from indexer.metadata.describe import describe_metadata  # noqa: PLC0415 - as above

    learned = Learned.of(options.index) if options.index else NOTHING_LEARNED
    learned = learned.changed(options.encoding, options.outlet_from, told_rules(options))
    for article in clean_file(options.file, options.map, learned, _note_skip):
        if options.metadata and not options.json:
            print(*describe_metadata(article.metadata), sep="\n", end="\n\n")
        print(cleaned_json(article) if options.json else cleaned_text(article))
    return EXIT_OK


def _note_skip(skipped: str) -> None:
    note(f"Note: skipped {printable_line(skipped)}")
