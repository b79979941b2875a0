"""The three tools, all of which only read: `ask`, `search` and `open_article`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import mcp_types as types
from mcp.server import Server, ServerRequestContext
from mcp.shared.exceptions import MCPError
from pydantic import BaseModel, Field, ValidationError

from dateline.mcp_server.texts import FENCES, answer_text, article_text, hits_text
from dateline.serve import asking
from dateline.serve.desk import BusyError, Desk
from dateline.serve.live_engine import LiveEngine
from dateline.serve.parameters import (
    ArticleParameters,
    AskParameters,
    Parameters,
    SearchParameters,
    in_words,
)
from dateline.serve.results import ArticleResult, AskResults, SearchResults
from indexer import __version__
from indexer.errors import DatelineError, UnknownDocumentError

_INSTRUCTIONS = (
    "Dateline answers from a folder of news articles, with verbatim quotes, never with words of "
    "its own. Ask first; the state says how sure the answer is: answered, possible (not "
    "confirmed), related (no answer, but it may be near) or not_found. An index that cannot be "
    "read is an error, not not_found. Cite outlet, date and doc_id of each quote that you use. "
    + FENCES
)
_READS = types.ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)


class _Ask(AskParameters):
    k: int = Field(3, ge=1, le=50, description="most passages to return beside the quotes")


class _OpenArticle(ArticleParameters):
    doc_id: str = Field(description="the doc_id of a quote or a passage", max_length=200)


@dataclass(frozen=True, slots=True)
class _Tool:
    title: str
    description: str
    parameters: type[Parameters]
    result: type[BaseModel]
    call: Callable[[Any, Any], dict[str, Any]]
    text: Callable[[dict[str, Any]], str]


_TOOLS = {
    "ask": _Tool(
        "Ask the articles",
        "Answer a question with verbatim, cited quotes of news articles, or say that none answers.",
        _Ask,
        AskResults,
        asking.ask,
        answer_text,
    ),
    "search": _Tool(
        "Search the articles",
        "List the passages of news articles that match a question or words, best first.",
        SearchParameters,
        SearchResults,
        asking.search,
        hits_text,
    ),
    "open_article": _Tool(
        "Open an article",
        "Return the text of one news article, or a part of it, with outlet, date and authors.",
        _OpenArticle,
        ArticleResult,
        lambda engine, asked: asking.open_article(engine, asked.doc_id, asked),
        article_text,
    ),
}


def make_server(live: LiveEngine, desk: Desk) -> "Server[Any]":
    """Return the server with its tools."""

    async def list_tools(*_: object) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[_described(name) for name in _TOOLS])

    async def call_tool(
        _: "ServerRequestContext[Any]", asked: types.CallToolRequestParams
    ) -> types.CallToolResult:
        if asked.name not in _TOOLS:
            raise MCPError(types.INVALID_PARAMS, f"There is no tool {asked.name[:40]!r}")
        return await _called(_TOOLS[asked.name], asked.arguments or {}, live, desk)

    return Server(
        "dateline",
        version=__version__,
        title="Dateline",
        instructions=_INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _described(name: str) -> types.Tool:
    tool = _TOOLS[name]
    return types.Tool(
        name=name,
        title=tool.title,
        description=f"{tool.description} {FENCES}",
        input_schema=tool.parameters.model_json_schema(),
        output_schema=tool.result.model_json_schema(),
        annotations=_READS,
    )


async def _called(
    tool: _Tool, arguments: dict[str, Any], live: LiveEngine, desk: Desk
) -> types.CallToolResult:
    """Call a tool; what the agent can put right is an error result with a text."""
    try:
        asked = tool.parameters.model_validate(arguments)
        result = await desk.run(lambda: tool.call(live.get(), asked))
    except ValidationError as error:
        return _failed(f"Invalid arguments: {in_words(error.errors())}")
    except UnknownDocumentError as error:
        return _failed(str(error))
    except BusyError as error:
        return _failed(f"Busy: {error}")
    except DatelineError as error:
        return _failed(f"This is an error, not an empty result: {error}")
    text = types.TextContent(text=tool.text(result))
    return types.CallToolResult(content=[text], structured_content=result)


def _failed(what: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(text=what)], is_error=True)
