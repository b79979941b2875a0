"""Client of a server with OpenAI's chat completions: Ollama, llama.cpp, vLLM and others.

No proxy is used and no redirect followed: what is sent goes to the address that was named.
"""

import http.client
import json
import os
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

from indexer.errors import SummaryError, UsageError
from indexer.text.printable import printable_line

KEY_VARIABLE = "DATELINE_LLM_KEY"

_MOST_BYTES = 4_000_000  # an event of one token has up to 400
_MOST_CHARACTERS = 50_000  # of a reply, what a model thinks before it included
_MOST_TOKENS = 2_000
_MOST_ERROR = 200
_CONNECT_SECONDS = 10
_PATH = "/chat/completions"


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """Language model behind an address, such as `http://localhost:11434/v1`.

    Attributes:
        url: the address, with or without `/v1` and `/chat/completions`.
        name: of the model, as its server calls it.
        key: API key, sent to that address only; without TLS, to this machine only.
        seconds: most time for a reply, from connecting to its last word.

    Raises:
        UsageError: when the address or the key cannot be used.
    """

    url: str
    name: str
    key: str | None = field(default=None, repr=False)
    seconds: float = 120

    def __post_init__(self) -> None:
        """Check the address and the key."""
        address = self._address
        if self.key is not None and not (self.key.isascii() and self.key.isprintable()):
            raise UsageError("The API key of the language model must be printable ASCII")
        if self.key and not (self.is_private or self.is_local):
            raise UsageError(
                f"The API key would go to {address.hostname} without encryption. Use https, or "
                f"leave out the key ({KEY_VARIABLE})"
            )

    @classmethod
    def named(cls, url: str, name: str) -> "LanguageModel":
        """Return a model with the API key of the environment (`DATELINE_LLM_KEY`)."""
        return cls(url, name, os.environ.get(KEY_VARIABLE, "").strip() or None)

    @property
    def is_private(self) -> bool:
        """Whether what is sent is encrypted."""
        return self._address.scheme == "https"

    @property
    def is_local(self) -> bool:
        """Whether the address is of this machine."""
        host = self._address.hostname or ""
        with suppress(ValueError):
            return ip_address(host).is_loopback
        return host == "localhost"

    @property
    def _address(self) -> SplitResult:
        problem = f"{printable_line(self.url)!r} is no address of a language model"
        try:
            address = urlsplit(self.url)
            _ = address.port
        except ValueError as error:
            raise UsageError(f"{problem}: {error}") from error
        if (
            address.scheme not in {"http", "https"}
            or not address.hostname
            or address.username is not None
            or address.query
            or address.fragment
            or not (self.url.isascii() and self.url.isprintable() and " " not in self.url)
        ):
            raise UsageError(f"{problem}. Give one such as http://localhost:11434/v1")
        return address

    def reply(self, messages: Sequence[dict[str, str]]) -> str:
        """Return what the model writes.

        Args:
            messages: of the chat.

        Raises:
            SummaryError: when the server cannot be reached, says no, takes too long, or sends what
                is no reply.
        """
        address = self._address
        connection = _connection(address, self.seconds)
        expired = threading.Event()
        sock = self._connected(connection)
        # A time-out of the socket begins again with every byte.
        timer = threading.Timer(self.seconds, _hang_up, [sock, expired])
        timer.daemon = True
        timer.start()
        try:
            self._send(connection, _path(address), messages)
            with connection.getresponse() as response:
                text = _read(response)
        except (OSError, http.client.HTTPException, _BadReplyError) as error:
            if expired.is_set() or isinstance(error, TimeoutError):
                raise self._failed(f"did not finish within {self.seconds:g} s") from error
            if isinstance(error, _BadReplyError):
                raise self._failed(str(error)) from error
            raise self._failed(f"broke off: {_reason(error)}") from error
        finally:
            timer.cancel()
            connection.close()
        if not text.strip():
            raise self._failed("wrote nothing")
        return text

    def _connected(self, connection: http.client.HTTPConnection) -> socket.socket:
        try:
            connection.connect()
        except (OSError, ValueError) as error:  # a host with an empty label is a ValueError
            raise self._failed(f"cannot be reached: {_reason(error)}") from error
        # The connection forgets its socket when the server says that it closes it.
        sock: socket.socket = connection.sock
        sock.settimeout(self.seconds)
        return sock

    def _send(
        self,
        connection: http.client.HTTPConnection,
        path: str,
        messages: Sequence[dict[str, str]],
    ) -> None:
        asked = {
            "model": self.name,
            "messages": messages,
            "temperature": 0,
            "max_tokens": _MOST_TOKENS,
            "stream": True,
        }
        headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        connection.request("POST", path, json.dumps(asked), headers)

    def _failed(self, what: str) -> SummaryError:
        return SummaryError(f"The model {self.name} at {self.url} {what}")


class _BadReplyError(Exception):
    """A response is no reply; the message goes on after the name of the model."""


def _connection(address: SplitResult, seconds: float) -> http.client.HTTPConnection:
    kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    return kind(address.hostname or "", address.port, timeout=min(seconds, _CONNECT_SECONDS))


def _hang_up(sock: socket.socket, expired: threading.Event) -> None:
    expired.set()
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _path(address: SplitResult) -> str:
    """Return the path of chat completions below an address.

    >>> _path(urlsplit("http://localhost:11434")), _path(urlsplit("https://a.example/api/v1/"))
    ('/v1/chat/completions', '/api/v1/chat/completions')
    """
    path = address.path.rstrip("/").removesuffix(_PATH) or "/v1"
    return f"{path}{_PATH}"


def _read(response: http.client.HTTPResponse) -> str:
    """Return the text of a response, an event stream or one object."""
    if response.status != HTTPStatus.OK:
        raise _BadReplyError(_refusal(response))
    kind = response.headers.get_content_type()
    if kind == "text/event-stream":
        return _joined(_events(response))
    body = response.read(_MOST_BYTES + 1)
    if len(body) > _MOST_BYTES:
        raise _BadReplyError(f"sent more than {_MOST_BYTES:,} bytes")
    return _content(_object(body), "message")


def _joined(events: Iterator[bytes]) -> str:
    parts: list[str] = []
    length = 0
    for event in events:
        if event == b"[DONE]":
            return "".join(parts)
        found = _object(event)
        parts.append(_content(found, "delta"))
        length += len(parts[-1])
        if length > _MOST_CHARACTERS:
            raise _BadReplyError(f"wrote more than {_MOST_CHARACTERS:,} characters")
        if any(choice.get("finish_reason") for choice in _choices(found)):
            return "".join(parts)
    raise _BadReplyError("broke off in the middle of its reply")


def _events(response: http.client.HTTPResponse) -> Iterator[bytes]:
    """Yield the data of each event of a stream; OpenAI's have one line each."""
    read = 0
    while line := response.readline(_MOST_BYTES + 1 - read):
        read += len(line)
        if read > _MOST_BYTES:
            raise _BadReplyError(f"sent more than {_MOST_BYTES:,} bytes")
        if line.startswith(b"data:"):
            yield line.removeprefix(b"data:").strip()


def _object(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise _BadReplyError("sent what is no JSON. Is this the address of its API?") from error
    if not isinstance(found, dict):
        raise _BadReplyError("sent JSON that is no reply")
    if found.get("error"):
        raise _BadReplyError(f"failed: {_message(found)}")
    return found


def _choices(found: dict[str, Any]) -> list[dict[str, Any]]:
    choices = found.get("choices")
    if not isinstance(choices, list) or not all(isinstance(each, dict) for each in choices):
        raise _BadReplyError("sent JSON that is no reply")
    return choices[:1]


def _content(found: dict[str, Any], name: str) -> str:
    """Return the text in a whole reply (`message`) or a part of one (`delta`)."""
    for choice in _choices(found):
        part = choice.get(name) or {}
        text = (part.get("content") or "") if isinstance(part, dict) else None
        if not isinstance(text, str):
            raise _BadReplyError("sent JSON that is no reply")
        return text
    return ""


def _refusal(response: http.client.HTTPResponse) -> str:
    status = f"answered {response.status} {printable_line(response.reason)[:_MOST_ERROR]}".rstrip()
    if response.status // 100 == HTTPStatus.MULTIPLE_CHOICES // 100:
        return f"{status}: redirects are not followed. Give the final address"
    with suppress(ValueError, RecursionError, AttributeError):
        status = f"{status}: {_message(json.loads(response.read(_MOST_CHARACTERS)))}"
    if response.status == HTTPStatus.UNAUTHORIZED:
        return f"{status}. Set {KEY_VARIABLE}"
    return status


def _message(found: dict[str, Any]) -> str:
    """Return what an error object says."""
    error = found.get("error", found)
    said = error.get("message", error) if isinstance(error, dict) else error
    return printable_line(str(said))[:_MOST_ERROR]


def _reason(error: Exception) -> str:
    said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return printable_line(said)[:_MOST_ERROR] or type(error).__name__
