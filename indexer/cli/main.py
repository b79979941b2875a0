"""`python -m indexer build | update | compact | …`: the command line of the index."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from indexer import __version__
from indexer.cli.info import add_info
from indexer.cli.options import (
    EXIT_OK,
    EXIT_PROBLEMS,
    add_corpus,
    add_index,
    add_threads,
    note,
    positive,
    prepare_questions,
    run,
)
from indexer.cli.update import add_compact, add_update
from indexer.loaders.field_names import FIELDS, Columns
from indexer.loaders.protocol import MAX_FILE_BYTES
from indexer.text.printable import printable_line

_EXAMPLES = """\
examples:
  python -m indexer build                      index the articles in seeds/ into index/
  python -m indexer build news --index news-index
  python -m indexer build export.jsonl.xz archive.zip news --limit 2000
  python -m indexer build export.csv --map text=body,published=date
  python -m indexer update                     read what has changed since, encode what is new
  python -m indexer update --watch             the same again and again, until Ctrl-C
  python -m indexer compact                    remove what older generations still hold
  python -m indexer verify                     re-check every hash, count and offset
  python -m indexer info                       what the index holds, and whether it is stale
  python -m indexer info --by month --plot months.png
  python -m indexer doctor                     what is wrong, and the command that mends it
  python -m indexer clean news/article.txt     what of a file is indexed, and what is left out
  python -m indexer clean 'export.jsonl#17'    the same for one article of a file of many
  python -m indexer clean export.zip --json    the same for every article of a file of any format
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; 2 for an error, told in one line on stderr."""
    return run(
        _parser().parse_args(arguments),
        "interrupted: the live index is whole; nothing half-written is ever used",
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m indexer",
        description="Turn a folder of articles into a hybrid BM25 and vector index.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"Dateline {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_build(commands)
    add_update(commands)
    add_compact(commands)
    verify = commands.add_parser(
        "verify", help="re-check every hash, count and offset of the index; exit 1 when damaged"
    )
    add_index(verify)
    verify.add_argument("--quiet", action="store_true", help="print only what is damaged")
    verify.set_defaults(run=_verify)
    add_info(commands)
    doctor = commands.add_parser(
        "doctor",
        help="say what is wrong with the installation or the index, and what mends it; exit 1 when "
        "something is",
    )
    add_index(doctor)
    add_corpus(doctor)
    doctor.add_argument("--json", action="store_true", help="print [{part, state, found, remedy}]")
    doctor.set_defaults(run=_doctor)
    _add_clean(commands)
    return parser


def _add_clean(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    clean = commands.add_parser(
        "clean",
        help="show what of a file is indexed, and what is not",
        description="Show what of each article of a file is kept and what is removed, and why. "
        "Which lines an outlet prints under everything cannot be seen in one file: --index names "
        "an index that has learned them from its whole corpus; without it, such lines are kept.",
    )
    clean.add_argument("file", type=Path, help="a file, or an article of one: export.jsonl#17")
    _add_map(clean)
    clean.add_argument(
        "--index", type=Path, help="remove the lines too that recur in the corpus of this index"
    )
    clean.add_argument(
        "--metadata", action="store_true", help="title, outlet, dates … too, and how each was found"
    )
    clean.add_argument(
        "--json",
        action="store_true",
        help="print one object a line and article: {article, text, metadata, regions: [{start, "
        "end, kept, reason, detail}]}",
    )
    clean.set_defaults(run=_clean)


def _add_build(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    build = commands.add_parser(
        "build",
        help="build the index of a corpus; does nothing when it is current",
        description="Build the index of folders or files of articles. The index that is live stays "
        "live until the new one is complete, whatever happens meanwhile.",
    )
    build.add_argument(
        "corpus",
        nargs="*",
        type=Path,
        default=[Path("seeds")],
        help="folders or files; of several, each begins the paths of its articles with its name "
        "(default: seeds)",
    )
    add_index(build)
    build.add_argument(
        "--encoder",
        metavar="NAME_OR_FOLDER",
        help="any sentence-transformers model (default: the bundled all-MiniLM-L6-v2)",
    )
    build.add_argument(
        "--bm25",
        choices=("tantivy", "rank-bm25"),
        default="tantivy",
        help="rank-bm25 is the reference engine, for small corpora (default: tantivy)",
    )
    add_threads(build)
    build.add_argument(
        "--max-file-bytes",
        type=positive,
        default=MAX_FILE_BYTES,
        help="skip larger articles (default: %(default)s)",
    )
    _add_map(build)
    build.add_argument("--limit", type=positive, metavar="N", help="stop after N articles")
    build.add_argument(
        "--no-clean",
        dest="clean",
        action="store_false",
        help="index everything of each article, menus and footers too",
    )
    build.add_argument(
        "--replace",
        action="store_true",
        help="replace the index even when it holds the articles of other folders",
    )
    build.add_argument("--force", action="store_true", help="build even when nothing has changed")
    build.add_argument("--strict", action="store_true", help="exit 1 when anything was skipped")
    build.add_argument("--quiet", action="store_true", help="print errors only")
    build.set_defaults(run=_build)


def _add_map(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--map",
        type=_columns,
        default=Columns(),
        metavar="FIELD=COLUMN,…",
        help="which columns of a table hold what, where their names do not say so, for example "
        f"text=body,published=date; fields: {', '.join(FIELDS)}",
    )


def _columns(text: str) -> Columns:
    try:
        return Columns.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _build(options: argparse.Namespace) -> int:
    # The pipeline loads every library; `--help` and usage errors need none of them.
    from indexer.build.pipeline import IndexConfig, build  # noqa: PLC0415 - see above
    from indexer.cli.report import build_summary  # noqa: PLC0415 - see above
    from indexer.encoding.model_files import DEFAULT_ENCODER  # noqa: PLC0415 - see above
    from indexer.progress import TerminalProgress  # noqa: PLC0415 - see above
    from indexer.storage.read_settings import ReadSettings  # noqa: PLC0415 - see above

    config = IndexConfig(
        encoder=options.encoder or DEFAULT_ENCODER,
        bm25=options.bm25,
        threads=options.threads,
        settings=ReadSettings(options.map, options.max_file_bytes, options.limit, options.clean),
        force=options.force,
        replace=options.replace,
    )
    progress = None if options.quiet else TerminalProgress()
    report = build(options.corpus, options.index, config, progress=progress)
    spec = report.manifest.encoder
    prepare_questions(spec.name, spec.sha256, quiet=options.quiet)
    if not options.quiet:
        print(build_summary(report, options.index))
    return EXIT_PROBLEMS if options.strict and report.skips else EXIT_OK


def _verify(options: argparse.Namespace) -> int:
    from indexer.storage.verify import verify  # noqa: PLC0415 - loads every library

    problems = verify(options.index)
    for problem in problems:
        print(problem)
    if not problems and not options.quiet:
        print(f"the index at {options.index} is whole")
    return EXIT_PROBLEMS if problems else EXIT_OK


def _doctor(options: argparse.Namespace) -> int:
    from indexer.cli.doctor import examine  # noqa: PLC0415 - loads every library
    from indexer.cli.report import doctor_text  # noqa: PLC0415 - loads every library

    found = examine(options.index, options.corpus)
    if options.json:
        print(json.dumps([asdict(each) for each in found], ensure_ascii=False, indent=1))
    else:
        print(doctor_text(found))
    return EXIT_PROBLEMS if any(each.state == "fault" for each in found) else EXIT_OK


def _clean(options: argparse.Namespace) -> int:
    from indexer.cli.clean import (  # noqa: PLC0415 - loads every library
        NOTHING_LEARNED,
        Learned,
        clean_file,
    )
    from indexer.cli.metadata_text import metadata_lines  # noqa: PLC0415 - as above
    from indexer.cli.report import cleaned_json, cleaned_text  # noqa: PLC0415 - as above

    learned = Learned.of(options.index) if options.index else NOTHING_LEARNED
    for article in clean_file(options.file, options.map, learned, _note_skip):
        if options.metadata and not options.json:
            print(*metadata_lines(article.metadata), sep="\n", end="\n\n")
        print(cleaned_json(article) if options.json else cleaned_text(article))
    return EXIT_OK


def _note_skip(skipped: str) -> None:
    note(f"note: skipped {printable_line(skipped)}")
