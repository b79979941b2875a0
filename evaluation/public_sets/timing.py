"""Reading time compared with a CrossEncoder of the bundled encoder's size, in one run."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final

import numpy as np
import torch
from sentence_transformers import CrossEncoder  # noqa: TID251 - the reference
from transformers.utils import logging as transformers_logging

from evaluation.intervals import resampled
from evaluation.public_sets.retrieval_sets import beir, encoded, index_settings, open_engine
from evaluation.public_sets.work import Work
from evaluation.results import Entry
from evaluation.runs import as_plain_text
from indexer.encoding.model_files import DEFAULT_ENCODER, locate
from indexer.store import StoredPassage

PASSAGES: Final = 20
QUESTIONS: Final = 40


def measure_reading(work: Work) -> Entry:
    """Read the same passages with both, alternating."""
    collection = beir(work, "squad-1k").limited(min(work.limit or QUESTIONS, QUESTIONS))
    prepared = encoded(work, collection)
    with open_engine(work, prepared.index) as engine:
        tasks = [
            (
                query.text,
                [hit.found for hit in engine.search(text, PASSAGES, "hybrid", collapse=False).hits],
            )
            for query in collection.queries
            for text in [as_plain_text(query.text)]
        ]
    if work.threads is not None:
        torch.set_num_threads(work.threads)
    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call] # no annotations
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call] # no annotations
    # Its head is untrained, which takes the same time.
    other = CrossEncoder(str(locate(DEFAULT_ENCODER).folder), num_labels=1, device="cpu")
    reader = work.reader.reader
    ours, theirs = [], []
    _cross_encode(other, *tasks[0])
    reader.read(*tasks[0])
    for question, passages in work.watched("time", tasks):
        ours.append(_milliseconds(partial(reader.read, question, passages)))
        theirs.append(_milliseconds(partial(_cross_encode, other, question, passages)))
    return {
        "questions": len(tasks),
        "settings": index_settings(prepared)
        | {"threads": work.threads or "all", "passages read": PASSAGES},
        "rule": "medians over questions; the CrossEncoder reads the same texts at its defaults",
        "measures": {"test": measures_of(ours, theirs)},
    }


def measures_of(ours: Sequence[float], theirs: Sequence[float]) -> dict[str, Any]:
    """Return both medians and their ratio, from paired milliseconds per question."""
    own, other = np.asarray(ours), np.asarray(theirs)
    return {
        "reader, ms": resampled(own.size, lambda at: float(np.median(own[at]))),
        "CrossEncoder, ms": resampled(own.size, lambda at: float(np.median(other[at]))),
        "times faster": resampled(
            own.size, lambda at: float(np.median(other[at]) / np.median(own[at]))
        ),
    }


def _cross_encode(model: CrossEncoder, question: str, passages: Sequence[StoredPassage]) -> None:
    model.predict([(question, stored.text) for stored in passages])


def _milliseconds(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return 1000 * (time.perf_counter() - begun)
