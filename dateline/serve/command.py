"""The command `serve`."""

import argparse
from collections.abc import Sequence

from dateline.serve.live_engine import LiveEngine
from dateline.serve.options import access_of, add_limits, add_listening, desk_of, libraries
from indexer import __version__
from indexer.cli.options import EXIT_OK, Parser, add_corpus, add_index, note, run
from indexer.errors import program
from indexer.storage.manifest import read_manifest
from retrieval.cli.options import add_reader, open_engine

PORT = 8321


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or Ctrl-C and return the exit code; 2 for an error, told on stderr."""
    return run(_parser().parse_args(arguments), "Interrupted.")


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog=f"{program('dateline')} serve",
        description="Answer questions over HTTP, as JSON. /openapi.json describes the interface.",
    )
    parser.add_argument("--version", action="version", version=f"Dateline {__version__}")
    add_index(parser)
    add_corpus(parser)
    add_reader(parser)
    add_listening(parser, PORT)
    add_limits(parser)
    parser.add_argument("--quiet", action="store_true", help="suppress notes on stderr")
    parser.set_defaults(run=_serve)
    return parser


def _serve(options: argparse.Namespace) -> int:
    with libraries("fastapi", "uvicorn", "prometheus-client"):
        from dateline.serve.app import make_app  # noqa: PLC0415 - an extra
        from dateline.serve.listening import address_of, listen, run_server  # noqa: PLC0415 - an extra
    access = access_of(options)
    read_manifest(options.index)
    listener = listen(options.host, options.port)
    if not options.quiet:
        note(f"Serving {options.index} at {address_of(listener)}. Press Ctrl-C to stop.")
    live = LiveEngine(lambda: open_engine(options))
    app = make_app(live, desk_of(options), desk_of(options))
    run_server(app, access, listener)
    return EXIT_OK
