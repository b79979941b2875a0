"""Options that servers share: where they listen, to whom, and how much they answer at a time."""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dateline.serve.desk import Desk
from dateline.serve.guard import LOOPBACK, Access
from indexer.cli.options import positive
from indexer.cores import cores
from indexer.errors import ServerError, UsageError, install_command

KEY_VARIABLE = "DATELINE_API_KEY"

_SHORTEST_KEY = 16  # characters
_MORE_SECONDS = 30  # for receiving a request and sending its answer


def add_listening(parser: argparse.ArgumentParser, port: int) -> None:
    """Add the options that say where a server listens, and to whom."""
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen at (default: 127.0.0.1)"
    )
    parser.add_argument(
        "--port", type=int, default=port, help=f"port; 0 takes any that is free (default: {port})"
    )
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="also answer requests to this name (repeat for several)",
    )
    parser.add_argument(
        "--key-file",
        type=Path,
        metavar="FILE",
        help=f"file with the API key that requests must send (or {KEY_VARIABLE}); required unless "
        "the host is this machine only",
    )


def access_of(options: argparse.Namespace) -> Access:
    """Return who may ask, as `add_listening` and `add_limits` describe.

    Raises:
        ServerError: when a key is missing, too short or unreadable.
    """
    key = _key(options.key_file)
    if key is None and options.host not in LOOPBACK:
        raise ServerError(
            f"Other machines can reach {options.host}, so an API key is required. Write one to a "
            f"file and add --key-file FILE, or set {KEY_VARIABLE}"
        )
    hosts = frozenset({options.host, *LOOPBACK, *options.allow_host})
    return Access(hosts, key, options.seconds + _MORE_SECONDS)


def _key(file: Path | None) -> str | None:
    if file is None:
        key, place = os.environ.get(KEY_VARIABLE) or None, KEY_VARIABLE
    else:
        try:
            key, place = file.read_text(encoding="ascii").strip(), str(file)
        except (OSError, UnicodeDecodeError) as error:
            raise ServerError(f"The API key in {file} cannot be read: {error}") from error
    if key is None:
        return None
    if len(key) < _SHORTEST_KEY or not (key.isascii() and key.isprintable() and " " not in key):
        raise ServerError(
            f"The API key in {place} must have at least {_SHORTEST_KEY} letters, digits or signs. "
            "Make one with: openssl rand -hex 32"
        )
    return key


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
    parser.add_argument(
        "--threads",
        type=positive,
        default=1,
        help="threads of one question (default: 1); more are quicker while few ask",
    )


def desk_of(options: argparse.Namespace) -> Desk:
    """Return the desk that `add_limits` describes."""
    return Desk(at_once=options.at_once, waiting=options.waiting, seconds=options.seconds)


@contextmanager
def libraries(*names: str) -> Iterator[None]:
    """Say how to install some libraries if one is missing in this block.

    Raises:
        UsageError: when one is.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise UsageError(
            f"{error.name} is not installed. Install what is needed: {install_command(*names)}"
        ) from error
