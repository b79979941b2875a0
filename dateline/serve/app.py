"""The HTTP interface: routes, their parameters, and what errors become."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse

import retrieval
from dateline.serve import asking
from dateline.serve.desk import BusyError, Desk
from dateline.serve.live_engine import LiveEngine
from dateline.serve.metrics import CONTENT_TYPE, Measured, Metrics
from dateline.serve.parameters import (
    ArticleParameters,
    AskParameters,
    Parameters,
    SearchParameters,
    in_words,
)
from dateline.serve.results import (
    ArticleResult,
    AskResults,
    ErrorResult,
    OutletsResult,
    SearchResults,
    StatusResult,
)
from indexer import __version__
from indexer.errors import DatelineError, UnknownDocumentError

_RETRY_SECONDS = 2
_UNAVAILABLE = {
    "model": ErrorResult,
    "description": "busy, or the index cannot be read",
    "headers": {"Retry-After": {"schema": {"type": "integer"}}},
}
_INVALID = {"model": ErrorResult, "description": "a parameter is unknown or out of its limits"}
_ERRORS: dict[int | str, dict[str, Any]] = {422: _INVALID, 503: _UNAVAILABLE}


def make_app(live: LiveEngine, answers: Desk, lookups: Desk) -> FastAPI:
    """Return the application, which begins to open the engine as it starts.

    Args:
        live: the engine.
        answers: where questions are read, which takes a hundred times as long as a lookup.
        lookups: where the rest is looked up, so that it does not wait for answers.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        live.begin()
        yield
        answers.close()
        lookups.close()
        live.close()

    app = FastAPI(
        title="Dateline",
        version=__version__,
        summary="Verbatim, cited quotes from a folder of news articles",
        lifespan=lifespan,
        docs_url=None,  # these pages load scripts from other servers
        redoc_url=None,
    )
    metrics = Metrics(live, lambda: answers.count + lookups.count)
    app.add_middleware(Measured, metrics=metrics)
    _add_errors(app)
    _add_questions(app, live, answers, lookups)
    _add_state(app, live, metrics)
    return app


def _add_questions(app: FastAPI, live: LiveEngine, answers: Desk, lookups: Desk) -> None:
    async def answered(
        call: "Callable[[retrieval.SearchEngine], dict[str, Any]]", desk: Desk = lookups
    ) -> Response:
        return _json(await desk.run(lambda: call(live.get())))

    @app.get("/ask", response_model=AskResults, responses=_ERRORS)
    async def ask(asked: Annotated[AskParameters, Query()]) -> Response:
        """Answer a question with verbatim, cited quotes, or say that there are none."""
        return await answered(lambda engine: asking.ask(engine, asked), answers)

    @app.get("/search", response_model=SearchResults, responses=_ERRORS)
    async def search(asked: Annotated[SearchParameters, Query()]) -> Response:
        """List the passages that match a question."""
        desk = answers if asked.mode == "reranked" else lookups
        return await answered(lambda engine: asking.search(engine, asked), desk)

    unknown: dict[int | str, dict[str, Any]] = {
        404: {"model": ErrorResult, "description": "no article has this id"}
    }

    @app.get("/articles/{doc_id}", response_model=ArticleResult, responses=_ERRORS | unknown)
    async def article(doc_id: str, part: Annotated[ArticleParameters, Query()]) -> Response:
        """Return an article, or a part of it."""
        return await answered(lambda engine: asking.open_article(engine, doc_id, part))

    @app.get("/outlets", response_model=OutletsResult, responses=_ERRORS)
    async def outlets(_: Annotated[Parameters, Query()]) -> Response:
        """List the outlets of the articles."""
        return await answered(asking.outlets)


def _add_state(app: FastAPI, live: LiveEngine, metrics: Metrics) -> None:
    invalid: dict[int | str, dict[str, Any]] = {422: _INVALID}
    not_ready: dict[int | str, dict[str, Any]] = {503: {"model": StatusResult}}

    @app.get("/health", responses=invalid)
    async def health(_: Annotated[Parameters, Query()]) -> StatusResult:
        """Tell that the process is alive."""
        return StatusResult(status="alive")

    @app.get("/ready", response_model=StatusResult, responses=not_ready | invalid)
    async def ready(_: Annotated[Parameters, Query()]) -> Response:
        """Tell whether index and models are open."""
        code = 200 if live.state == "ready" else 503
        return _json({"status": live.state}, code)

    @app.get("/metrics", response_class=PlainTextResponse, responses=invalid)
    async def figures(_: Annotated[Parameters, Query()]) -> Response:
        """Return counts and times of requests for Prometheus."""
        return Response(metrics.text(), media_type=CONTENT_TYPE)


def _add_errors(app: FastAPI) -> None:
    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Response:
        return _json({"detail": in_words(error.errors())}, 422)

    @app.exception_handler(UnknownDocumentError)
    async def not_found(_: Request, error: UnknownDocumentError) -> Response:
        return _json({"detail": str(error)}, 404)

    async def unavailable(_: Request, error: Exception) -> Response:
        response = _json({"detail": str(error)}, 503)
        response.headers["Retry-After"] = str(_RETRY_SECONDS)
        return response

    app.add_exception_handler(DatelineError, unavailable)
    app.add_exception_handler(BusyError, unavailable)


def _json(value: dict[str, Any], code: int = 200) -> Response:
    # Escaped to ASCII: names of files may hold what is no text.
    return Response(json.dumps(value), code, media_type="application/json")
