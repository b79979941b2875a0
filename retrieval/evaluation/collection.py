"""What is measured? A collection: documents, queries, and which documents fit which query.

Values and their invariants; a collection comes from a folder (`beir_folder`) or from Python.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Self

from indexer.errors import DatelineError


class CollectionError(DatelineError):
    """A collection cannot be read, or its parts contradict each other."""


@dataclass(frozen=True, slots=True)
class CollectionDocument:
    """One document; `title` may be empty."""

    id: str
    title: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CollectionQuery:
    """One query; `answers` are strings of which each is right, none where reading is not judged.

    `grades` are the judgements: document id to grade, relevant when above 0.
    """

    id: str
    text: str
    answers: tuple[str, ...] = ()
    grades: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_judged(self) -> bool:
        """Tell whether a document is known to be relevant: else every ranking scores 0."""
        return any(grade > 0 for grade in self.grades.values())


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents, and the queries that a document is known to be relevant to.

    `unjudged` counts the queries that were left out because none is. `name` is for reports.
    """

    name: str
    documents: tuple[CollectionDocument, ...] = field(repr=False)
    queries: tuple[CollectionQuery, ...] = field(repr=False)
    unjudged: int = 0

    @classmethod
    def of(
        cls,
        name: str,
        documents: Iterable[tuple[str, str, str]],
        queries: Iterable[CollectionQuery],
        judgements: Mapping[str, Mapping[str, int]],
    ) -> Self:
        """Join documents, queries and judgements.

        Args:
            name: what reports call it.
            documents: (id, title, text) of each.
            queries: their own `grades` are replaced.
            judgements: query id to document id to grade.

        Raises:
            CollectionError: when an id occurs twice, a judgement names an unknown query or
                document, or no query has a relevant document.
        """
        joined = tuple(CollectionDocument(*document) for document in documents)
        asked = [replace(query, grades=judgements.get(query.id, {})) for query in queries]
        known = _unique("document", [document.id for document in joined])
        _require_known("queries", judgements, _unique("query", [query.id for query in asked]))
        for grades in judgements.values():
            _require_known("documents", grades, known)
        judged = tuple(query for query in asked if query.is_judged)
        if not judged:
            raise CollectionError(
                f"{name} has no judged query: none of its {len(asked):,} queries has a document "
                "with a grade above 0. Check that the judgements belong to these queries"
            )
        return cls(name, joined, judged, len(asked) - len(judged))

    @property
    def has_answers(self) -> bool:
        """Tell whether the answers to some query are known."""
        return any(query.answers for query in self.queries)

    def fingerprint(self) -> str:
        """Return the SHA-256 of the documents, whatever their order."""
        digest = sha256()
        for document in sorted(self.documents, key=lambda each: each.id):
            digest.update(json.dumps([document.id, document.title, document.text]).encode())
        return digest.hexdigest()

    def limited(self, count: int) -> Self:
        """Return the collection with `count` queries: those with the least SHA-256 of the id.

        Raises:
            ValueError: when count is below 1.
        """
        if count < 1:
            raise ValueError(f"count must be at least 1, got {count}")
        drawn = sorted(self.queries, key=lambda query: sha256(query.id.encode()).digest())
        kept = {query.id for query in drawn[:count]}
        return replace(self, queries=tuple(query for query in self.queries if query.id in kept))


def _unique(what: str, ids: Sequence[str]) -> set[str]:
    known = set(ids)
    if len(known) < len(ids):
        twice, _ = Counter(ids).most_common(1)[0]
        raise CollectionError(
            f"{what} ids must be unique, but {len(ids) - len(known):,} of {len(ids):,} repeat an "
            f"earlier one, {twice!r} for one. Remove the repetitions"
        )
    return known


def _require_known(what: str, ids: Iterable[str], known: set[str]) -> None:
    """Refuse judgements that cannot be of this collection: every figure would be wrong."""
    if unknown := sorted(each for each in ids if each not in known):
        raise CollectionError(
            f"the judgements name {what} that the collection lacks: {len(unknown):,}, "
            f"{unknown[0]!r} for one. Use the judgements of this collection"
        )
