"""Files of questions, and the answers to them as one CSV that grows question by question."""

import csv
import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from indexer.errors import EvidenceError
from indexer.progress import Progress
from retrieval.answering.answers import Answer
from retrieval.evidence.export import BOM, write_whole
from retrieval.evidence.formats import CSV_COLUMNS, cell, csv_rows, csv_text

_COLUMN = "question"


@dataclass(frozen=True, slots=True)
class Batch:
    """Questions, and the file that has the answers to the first `done` of them."""

    questions: tuple[str, ...]
    answers: Path
    done: int = 0

    @classmethod
    def open(cls, questions: Path, answers: Path, *, replace: bool = False) -> "Batch":
        """Read the questions, and how many of them a file of answers has already.

        The last question that it has is asked again, since its rows may be incomplete.

        Args:
            questions: a CSV with a column `question`, or lines of text.
            answers: the CSV to write.
            replace: begin a file that exists anew.

        Raises:
            EvidenceError: when a file cannot be read, or has answers to other questions.
        """
        asked = read_questions(questions)
        if replace or not answers.exists():
            write_whole(answers, BOM + csv_text(()))
            return cls(asked, answers)
        kept = _finished(answers, asked)
        write_whole(answers, BOM + csv_text(()) + kept.text)
        return cls(asked, answers, kept.done)

    def run(self, ask: Callable[[str], Answer], progress: Progress) -> None:
        """Ask the questions that are left; each answer is on disk before the next question.

        Raises:
            EvidenceError: when the answers cannot be written.
        """
        progress.stage("ask", len(self.questions))
        progress.advance(self.done)
        try:
            with self.answers.open("a", encoding="utf-8", newline="") as stream:
                for number, question in enumerate(self.questions[self.done :], self.done + 1):
                    rows = csv_rows(ask(question), number)
                    stream.write(csv_text(rows, header=False))
                    stream.flush()
                    os.fsync(stream.fileno())
                    progress.advance()
        except OSError as error:
            raise EvidenceError(
                f"Cannot write {self.answers} ({error.strerror}). What is answered is kept; the "
                "same command goes on"
            ) from error
        finally:
            progress.close()


@dataclass(frozen=True, slots=True)
class _Finished:
    text: str
    done: int


def read_questions(path: Path) -> tuple[str, ...]:
    """Return the questions of a file.

    Args:
        path: a .csv or .tsv with a column `question` (or one column only), else lines of text.

    Raises:
        EvidenceError: when it cannot be read, or holds no question.
    """
    text = _text_of(path)
    delimiters = {".csv": _delimiter(text), ".tsv": "\t"}
    delimiter = delimiters.get(path.suffix.lower())
    if delimiter is None:
        found = text.splitlines()
    else:
        found = _column(list(csv.reader(io.StringIO(text), delimiter=delimiter)), path)
    questions = tuple(question for line in found if (question := " ".join(line.split())))
    if not questions:
        raise EvidenceError(f"{path} holds no question. Give one a line, or a column `question`")
    return questions


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise EvidenceError(
            f"Cannot read {path}: it is not UTF-8 text. Save it as UTF-8"
        ) from error
    except OSError as error:
        raise EvidenceError(f"Cannot read {path}: {error.strerror}") from error


def _delimiter(text: str) -> str:
    """Return what separates the columns of a CSV, by its first line."""
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def _column(rows: list[list[str]], path: Path) -> list[str]:
    if not rows:
        return []
    names = [name.strip().lower() for name in rows[0]]
    if _COLUMN in names:
        place = names.index(_COLUMN)
        return [row[place] for row in rows[1:] if len(row) > place]
    if max(map(len, rows)) > 1:
        raise EvidenceError(
            f"{path} has no column `question`; it has {', '.join(rows[0])}. Name one so"
        )
    return [row[0] for row in rows if row]


def _finished(answers: Path, questions: tuple[str, ...]) -> _Finished:
    """Return the rows of the questions that a file of answers has, but for the last one.

    Raises:
        EvidenceError: when it holds anything else.
    """
    reader = csv.DictReader(io.StringIO(_text_of(answers), newline=""))
    other = EvidenceError(
        f"{answers} holds something else than answers to these questions. Choose another name, or "
        "replace it with --force"
    )
    if reader.fieldnames is None or tuple(reader.fieldnames) != CSV_COLUMNS:
        raise other
    rows = list(reader)
    numbers = [row["number"] for row in rows]
    last = numbers[-1] if numbers else "0"
    kept = [row for row in rows if row["number"] != last]
    for row in kept:
        number = row["number"]
        if not number.isdecimal() or not 1 <= int(number) <= len(questions):
            raise other
        if row["question"] != cell(questions[int(number) - 1]):
            raise other
    out = io.StringIO()
    csv.DictWriter(out, CSV_COLUMNS, lineterminator="\r\n").writerows(kept)
    return _Finished(out.getvalue(), int(kept[-1]["number"]) if kept else 0)
