"""The command `mcp`: the server for agents, over standard input and output or over HTTP."""

import argparse
import io
import os
import threading
from collections.abc import Sequence

import retrieval
from dateline.serve.live_engine import LiveEngine
from dateline.serve.options import access_of, add_limits, add_listening, desk_of, libraries
from indexer import __version__
from indexer.cli.options import (
    EXIT_ERROR,
    EXIT_OK,
    Parser,
    add_corpus,
    add_index,
    note,
    positive,
    run,
)
from indexer.errors import program

PORT = 8322
PATH = "/mcp"


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until the client goes away and return the exit code; 2 for an error, told on stderr."""
    return run(_parser().parse_args(arguments), "Interrupted.")


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog=f"{program('dateline')} mcp",
        description="Give agents the tools ask, search and open_article, by the Model Context "
        "Protocol: over standard input and output, or with --http at /mcp.",
    )
    parser.add_argument("--version", action="version", version=f"Dateline {__version__}")
    add_index(parser)
    add_corpus(parser)
    add_limits(parser)
    parser.add_argument("--http", action="store_true", help="serve streamable HTTP")
    add_listening(parser, PORT)
    parser.add_argument(
        "--patience",
        type=positive,
        default=60,
        metavar="SECONDS",
        help="without --http: end if the client has sent no request by then (default: 60)",
    )
    parser.add_argument("--quiet", action="store_true", help="suppress notes on stderr")
    parser.set_defaults(run=_serve)
    return parser


def _serve(options: argparse.Namespace) -> int:
    if options.http:
        _serve_http(options)
    else:
        _serve_stdio(options)
    return EXIT_OK


def _serve_stdio(options: argparse.Namespace) -> None:
    # Whatever a library prints goes to stderr; only the protocol has what stdout was. So libraries
    # are imported after this, and those of the index when the first request is answered.
    wire = io.TextIOWrapper(os.fdopen(os.dup(1), "wb"), encoding="utf-8")
    os.dup2(2, 1)
    with libraries("mcp", "uvicorn"):
        from dateline.mcp_server.tools import make_server  # noqa: PLC0415 - an extra
        from dateline.mcp_server.transports import serve_stdio  # noqa: PLC0415 - an extra
    live, desk = _live_engine(options), desk_of(options)
    silent = threading.Timer(options.patience, _give_up, [options.patience])
    silent.daemon = True
    silent.start()

    def begin() -> None:
        silent.cancel()
        live.begin()

    serve_stdio(make_server(live, desk), wire, begin)
    os._exit(EXIT_OK)  # a model that is being opened would delay the end


def _give_up(seconds: int) -> None:
    """End the process: a thread waits for standard input, which nothing interrupts."""
    note(f"error: No client has sent a request within {seconds} s, so the server ends")
    os._exit(EXIT_ERROR)


def _serve_http(options: argparse.Namespace) -> None:
    with libraries("mcp", "uvicorn"):
        from dateline.mcp_server.tools import make_server  # noqa: PLC0415 - an extra
        from dateline.mcp_server.transports import http_app  # noqa: PLC0415 - an extra
        from dateline.serve.listening import address_of, listen, run_server  # noqa: PLC0415 - an extra
    access = access_of(options)
    listener = listen(options.host, options.port)
    live, desk = _live_engine(options), desk_of(options)
    if not options.quiet:
        note(f"Serving {options.index} at {address_of(listener)}{PATH}. Press Ctrl-C to stop.")
    live.begin()
    run_server(http_app(make_server(live, desk), PATH), access, listener)
    desk.close()
    live.close()


def _live_engine(options: argparse.Namespace) -> LiveEngine:
    notify = None if options.quiet else note
    return LiveEngine(
        lambda: retrieval.SearchEngine.open(
            options.index, corpus=options.corpus, threads=options.threads, notify=notify
        )
    )
