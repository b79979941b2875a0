"""The command `serve`."""

import argparse
from collections.abc import Sequence

from dateline.serve.desk import Desk
from dateline.serve.listening import access_of, add_listening, address_of, listen, run_server
from dateline.serve.live_engine import LiveEngine
from indexer import __version__
from indexer.cli.options import EXIT_OK, add_corpus, add_index, add_threads, note, positive, run
from indexer.cores import cores
from indexer.storage.manifest import read_manifest
from retrieval.cli.options import add_reader, open_engine

PORT = 8321

_MORE_SECONDS = 30  # for receiving a request and sending its answer


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or Ctrl-C and return the exit code; 2 for an error, told on stderr."""
    return run(_parser().parse_args(arguments), "Interrupted.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m dateline.serve",
        description="Answer questions over HTTP, as JSON. /openapi.json describes the interface.",
    )
    parser.add_argument("--version", action="version", version=f"Dateline {__version__}")
    add_index(parser)
    add_corpus(parser)
    add_reader(parser)
    add_listening(parser, PORT)
    add_threads(parser)
    add_limits(parser)
    parser.add_argument("--quiet", action="store_true", help="suppress notes on stderr")
    parser.set_defaults(run=_serve)
    return parser


def add_limits(parser: argparse.ArgumentParser) -> None:
    """Add the limits on questions."""
    parser.add_argument(
        "--at-once",
        type=positive,
        default=cores(),
        help="questions answered at the same time (default: one a core)",
    )
    parser.add_argument(
        "--waiting",
        type=positive,
        default=200,
        help="questions that may wait; more are refused with 503 (default: 200)",
    )
    parser.add_argument(
        "--seconds",
        type=positive,
        default=60,
        help="time for a question, waiting included; 503 after it (default: 60)",
    )


def desk_of(options: argparse.Namespace) -> Desk:
    """Return the desk that `add_limits` describes."""
    return Desk(at_once=options.at_once, waiting=options.waiting, seconds=options.seconds)


def _serve(options: argparse.Namespace) -> int:
    from dateline.serve.app import make_app  # noqa: PLC0415 - FastAPI is in the extra `serve`

    access = access_of(options, options.seconds + _MORE_SECONDS)
    read_manifest(options.index)
    listener = listen(options.host, options.port)
    if not options.quiet:
        note(f"Serving {options.index} at {address_of(listener)}. Press Ctrl-C to stop.")
    app = make_app(LiveEngine(lambda: open_engine(options)), desk_of(options))
    run_server(app, access, listener)
    return EXIT_OK
