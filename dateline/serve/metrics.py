"""Figures of a server in the text format of Prometheus."""

import time
from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from dateline.serve.guard import App, Message, Receive, Send
from dateline.serve.live_engine import LiveEngine

CONTENT_TYPE = CONTENT_TYPE_LATEST
PATHS = ("/ask", "/search", "/articles", "/outlets", "/health", "/ready", "/metrics")

_SECONDS = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """Counts of one server, in a registry of their own."""

    def __init__(self, live: LiveEngine, questions: Callable[[], int]) -> None:
        """Watch an engine, and the number of questions that are answered or wait."""
        self._registry = registry = CollectorRegistry()
        self.requests = Counter(
            "dateline_requests", "Requests.", ["path", "status"], registry=registry
        )
        self.seconds = Histogram(
            "dateline_request_seconds",
            "Duration of requests.",
            ["path"],
            buckets=_SECONDS,
            registry=registry,
        )
        for name, meaning, value in (
            ("questions", "Questions that are answered or wait.", questions),
            ("ready", "1 if the index and the models are open.", lambda: live.state == "ready"),
            ("index_generation", "Generation that answers; 0 for none.", live.generation),
        ):
            Gauge(f"dateline_{name}", meaning, registry=registry).set_function(value)

    def text(self) -> bytes:
        """Return all figures."""
        return generate_latest(self._registry)


class Measured:
    """ASGI middleware that counts and times requests by the first part of their path."""

    def __init__(self, app: App, metrics: Metrics) -> None:
        """Wrap an application."""
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        first = "/" + scope["path"].lstrip("/").split("/")[0]
        path = first if first in PATHS else "other"
        began, status = time.monotonic(), 499  # the client went away

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            self._metrics.requests.labels(path, str(status)).inc()
            self._metrics.seconds.labels(path).observe(time.monotonic() - began)
