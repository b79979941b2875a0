"""Parameters of questions from other programs, with their limits."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from retrieval.query.filters import parse_day, parse_language, parse_name

_MOST_NAMES = 20
_LONGEST_NAME = 200  # characters

_Name = Annotated[str, Field(max_length=_LONGEST_NAME), AfterValidator(parse_name)]
_Language = Annotated[str, Field(max_length=_LONGEST_NAME), AfterValidator(parse_language)]
_ONE_OR_MORE = BeforeValidator(lambda value: [value] if isinstance(value, str) else value)
_DAY = Field(max_length=_LONGEST_NAME, description="YYYY, YYYY-MM or YYYY-MM-DD")


class Parameters(BaseModel):
    """Base of all parameters. Unknown ones are errors, so that no misspelt filter is lost."""

    model_config = ConfigDict(extra="forbid")


class QuestionParameters(Parameters):
    """A question and its filters."""

    question: str = Field(
        min_length=1,
        max_length=2000,
        description='a question or words; "an exact phrase", -without, source:NAME, '
        'author:"Jane Doe", lang:de, after:2023-10-01 and before:2024 work in it too',
    )
    k: int = Field(10, ge=1, le=50, description="most passages to return")
    source: Annotated[list[_Name], _ONE_OR_MORE] = Field(
        [], max_length=_MOST_NAMES, description="only from these outlets"
    )
    author: Annotated[list[_Name], _ONE_OR_MORE] = Field(
        [], max_length=_MOST_NAMES, description="only by these authors"
    )
    lang: Annotated[list[_Language], _ONE_OR_MORE] = Field(
        [],
        max_length=_MOST_NAMES,
        description="only in these languages: ISO 639 codes or English names",
    )
    after: Annotated[str, _DAY, AfterValidator(partial(parse_day, last=False))] | None = Field(
        None, description="only articles published on or after this day"
    )
    before: Annotated[str, _DAY, AfterValidator(partial(parse_day, last=True))] | None = Field(
        None, description="only articles published on or before this day"
    )
    undated: bool = Field(default=False, description="include undated articles")
    copies: bool = Field(default=False, description="list every reprint separately")

    def filters(self) -> dict[str, Any]:
        """Return the arguments of `SearchEngine.search` and `answer` that these are."""
        names = {"source", "author", "lang", "after", "before", "undated"}
        return self.model_dump(include=names) | {"collapse": not self.copies}


class AskParameters(QuestionParameters):
    """Parameters of `ask`."""

    max_quotes: int = Field(5, ge=1, le=50, description="most quotes to return")
    min_score: float | None = Field(
        None,
        ge=0,
        le=1,
        allow_inf_nan=False,
        description="minimum score of a quote; all quotes are then confirmed",
    )


class SearchParameters(QuestionParameters):
    """Parameters of `search`."""

    mode: Literal["hybrid", "bm25", "dense", "reranked"] = Field(
        "hybrid", description="both retrievers, words, meaning, or both and reordered by the reader"
    )


class ArticleParameters(Parameters):
    """The part of an article to return."""

    start: int = Field(0, ge=0, description="offset of the first character")
    length: int = Field(20_000, ge=1, le=200_000, description="most characters to return")


def in_words(problems: Iterable[Mapping[str, Any]]) -> str:
    """Return the problems of a validation, without what was sent.

    >>> in_words([{"loc": ("query", "k"), "msg": "Input should be greater than or equal to 1"}])
    'k: input should be greater than or equal to 1'
    """
    return "; ".join(f"{_name(each['loc'])}: {_what(each)}" for each in problems)


def _name(place: tuple[str | int, ...]) -> str:
    """Return the name of a parameter; `query` and `path` say where FastAPI found it."""
    return ".".join(str(part) for part in place if part not in ("query", "path"))


def _what(problem: Mapping[str, Any]) -> str:
    if problem.get("type") == "extra_forbidden":
        return "there is no such parameter"
    message = str(problem["msg"]).removeprefix("Value error, ")
    return message[:1].lower() + message[1:]
