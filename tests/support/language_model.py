"""A scripted server with OpenAI's chat completions, over real HTTP, and answers to summarise."""

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from indexer.documents import Span
from retrieval.answering.answers import Answer, Context, Quote
from retrieval.answering.citations import cite
from tests.support.answer_builders import answer_with, document

Script = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Scripted:
    """The server, what it was sent, and what it does next."""

    url: str = ""
    script: Script = field(default=lambda handler: None)
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    @property
    def prompt(self) -> str:
        return "\n\n".join(each["content"] for each in self.requests[-1]["messages"])


@contextmanager
def scripted_server() -> Iterator[Scripted]:
    scripted = Scripted()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            scripted.requests.append(json.loads(body))
            scripted.headers.append(dict(self.headers.items()))
            scripted.paths.append(self.path)
            with suppress(BrokenPipeError, ConnectionResetError):  # the client has hung up
                scripted.script(self)

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    scripted.url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield scripted
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def start(
    handler: BaseHTTPRequestHandler, kind: str = "text/event-stream", status: int = 200
) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.end_headers()


def send(handler: BaseHTTPRequestHandler, data: bytes) -> None:
    handler.wfile.write(data)
    handler.wfile.flush()


def event(text: str | None, finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": finish}
    return b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n"


def streaming(text: str) -> Script:
    """A reply that comes token by token, as from Ollama, llama.cpp and vLLM."""

    def script(handler: BaseHTTPRequestHandler) -> None:
        start(handler)
        send(handler, b'data: {"choices": [{"delta": {"role": "assistant", "content": null}}]}\n\n')
        for part in text.split(" "):
            send(handler, event(f"{part} "))
        send(handler, event(None, "stop") + b"data: [DONE]\n\n")

    return script


def sending(content: bytes, kind: str = "application/json", status: int = 200) -> Script:
    def script(handler: BaseHTTPRequestHandler) -> None:
        start(handler, kind, status)
        send(handler, content)

    return script


def answer_of(texts: Sequence[str], **changes: Any) -> Answer:  # noqa: ANN401 - of the answer
    """An answer whose quotes are whole articles."""
    quotes = []
    for number, text in enumerate(texts):
        article, span = document(f"{number}.txt", text), Span(0, len(text))
        citation = cite(article, span, span, "same")
        quotes.append(Quote(citation, 0.9, Context("", "")))
    return replace(answer_with(quotes=tuple(quotes)), question="What sank?", **changes)
