"""Calibration of the reader: `python -m training.calibrate MODEL` prints constants and curves.

The questions are development questions, each also with the passages that hold its answer taken out,
and some with their names swapped or another number. A calibrated score is the probability that the
quote is right when half of the questions can be answered; see `retrieval/settings.py`.
"""

import argparse
import math
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random

from indexer.errors import DatelineError
from retrieval.readers.protocol import Reading
from retrieval.readers.trained import Calibration, TrainedReader
from training.calibration_curves import CHANGED, WITHOUT, print_curves, write_plots
from training.calibration_data import Task, news_tasks, squad_tasks
from training.calibration_fit import Candidate, Floats, ReadTask, fit_evidence, fit_relevance

DEFAULT_DATA = Path(os.environ.get("DATELINE_EVAL_DATA", "../shared/data"))
EXIT_ERROR = 2
# Relevance and margin come through unchanged, as logits of the scores.
RAW = Calibration(evidence=(0.0, 1.0, 0.0), relevance=(1.0, 0.0, 0.0))


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the development questions and print the constants."""
    parser = argparse.ArgumentParser(prog="python -m training.calibrate", description=__doc__)
    parser.add_argument("model", type=Path, help="the ONNX file of the reader")
    parser.add_argument("--data", type=Path, default=DEFAULT_DATA, help="(%(default)s)")
    parser.add_argument("--plots", type=Path, help="a folder for the reliability plots")
    parser.add_argument("--threads", type=int, help="cores to use (default: every one)")
    options = parser.parse_args(arguments)
    try:
        reader = TrainedReader.open(options.model, options.threads, RAW)
        sets = {"squad": squad_tasks(options.data), "news": news_tasks(options.data)}
    except DatelineError as error:
        sys.stderr.write(f"{error}\n")
        return EXIT_ERROR
    read = {}
    for name, tasks in sets.items():
        read[name] = [_read(reader, task) for task in tasks]
        read[f"{name}{WITHOUT}"] = [_read(reader, task.without_answer()) for task in tasks]
        random = Random(name)
        changed = [twin for task in tasks if (twin := task.changed(random)) is not None]
        read[f"{name}{CHANGED}"] = [_read(reader, task) for task in changed]
    evidence = fit_evidence(list(read.values()), [_odds(name) for name in read])
    # What was changed is a question's words: its passage stays on the subject.
    found = [task for name, tasks in read.items() if CHANGED not in name for task in tasks]
    relevance = fit_relevance(found)
    print(f"READER_EVIDENCE_WEIGHTS: Final = {_shown(evidence)}")
    print(f"READER_RELEVANCE_WEIGHTS: Final = {_shown(relevance)}")
    print_curves(read, evidence, relevance)
    if options.plots is not None:
        write_plots(options.plots, read, evidence)
    return 0


def _read(reader: TrainedReader, task: Task) -> ReadTask:
    readings = reader.read(task.question, task.passages)
    candidates, passages = [], []
    for number, reading in enumerate(readings):
        gold = number == task.gold
        relevance = _logit(reading.relevance)
        for evidence in reading.evidence:
            held = task.holds(number, evidence.quote)
            # The answer's words elsewhere may be an answer or chance.
            right = None if held and not gold else held
            candidates.append(Candidate(relevance, _logit(evidence.score), right))
        if reading.evidence:
            passages.append((relevance, _best_margin(reading), gold))
    return ReadTask(tuple(candidates), tuple(passages))


def _best_margin(reading: Reading) -> float:
    return max(_logit(evidence.score) for evidence in reading.evidence)


def _logit(score: float) -> float:
    score = min(max(score, 1e-13), 1 - 1e-13)
    return math.log(score / (1 - score))


def _odds(name: str) -> float:
    """Return what a group weighs against the questions as asked: both unanswerable ones half."""
    return 0.5 if name.endswith((WITHOUT, CHANGED)) else 1.0


def _shown(weights: Floats) -> str:
    return f"({', '.join(f'{weight:.3f}' for weight in weights)})"


if __name__ == "__main__":
    sys.exit(main())
