"""The sets of `data/reader` in small, in the layout of the real ones; all of it is invented."""

import json
import lzma
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.support.training_material import FOUNDERS, GOODS, LOANS, TOWNS, articles
from training.reader_data import ARTICLES_FILE, PARTS, READER_FOLDER

WHOLE_DOCUMENTS = 24  # more than are held out


def document(number: int) -> str:
    """Return the id of an invented news document."""
    return f"Wiki1k:wikinews:{9000 + number}"


def row(
    name: str, question: str, context: str, answer: str | None, **meta: object
) -> dict[str, Any]:
    """Return one line of a set."""
    answers = [{"text": answer, "start": context.index(answer)}] if answer else []
    return {
        "id": name,
        "question": question,
        "context": context,
        "answers": answers,
        "split": "dev",
        "title": str(meta.pop("title", "A day at the harbour")),
        "domain": "news",
        "meta": meta,
    }


def write_reader_sets(folder: Path) -> Path:
    """Write every set that reader-2 is trained on; return the folder."""
    made = {
        "squad2_negatives": _squad2(),
        "qamr": _news("qamr"),
        "qasrl_roles": _news("roles-gs") + _exchanged(),
        "qasrl_bank": _gaps(),
        "qadiscourse": _news("qadiscourse"),
        "timeqa": _times(),
        "qed_nq": _news("qed"),
        "fairytaleqa": _news("fairytale"),
    }
    for name, parts in PARTS.items():
        for place, part in enumerate(parts):
            write_lines(
                folder / READER_FOLDER / name / f"{part}.jsonl.xz",
                made[name][place :: len(parts)],
            )
    news = [
        {
            "id": document(number),
            "title": f"Report {number}",
            "split": "dev",
            "paragraphs": [f"The mayor of {TOWNS[number % len(TOWNS)]} spoke in hall {number}."],
        }
        for number in range(WHOLE_DOCUMENTS)
    ]
    write_lines(folder / ARTICLES_FILE, news)
    return folder


def write_lines(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    """Write rows as compressed JSON lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(line) + "\n" for line in rows)
    path.write_bytes(lzma.compress(text.encode(), preset=0))


def _squad2() -> list[dict[str, Any]]:
    found = []
    for article in articles():
        town = article["title"].removeprefix("History_of_")
        context = article["paragraphs"][0]["context"]
        for cause in ("gold:E", "silver:N"):
            text = f"Who destroyed {town}?" if cause == "gold:E" else f"Who never saw {town}?"
            title = article["title"].replace("_", " ")
            found.append(row(f"{cause} {town}", text, context, None, cause=cause, title=title))
    return found


def _news(name: str) -> list[dict[str, Any]]:
    found = []
    for number, town in enumerate(TOWNS):
        visitor, goods = FOUNDERS[number], GOODS[number]
        context = f"{visitor} opened the fair of {town} on Monday. It sold {goods} and closed."
        source = f"{document(number)}:0:0"
        asked = ((f"Who opened the fair of {town}?", visitor), (f"What did {town} sell?", goods))
        for place, (question, answer) in enumerate(asked):
            found.append(
                row(
                    f"{name}:{source}:{place}",
                    question,
                    context,
                    answer,
                    source=source,
                    sentence=[0, context.index(".") + 1],
                    kind="named",
                    verb="open",
                )
            )
    return found


def _exchanged() -> list[dict[str, Any]]:
    found = []
    for number, town in enumerate(TOWNS):
        other = TOWNS[number - 1]
        context = f"On Friday {town} lent {other} {LOANS[number]}."
        meta = {"source": f"{document(number)}:1:0", "sentence": [0, len(context)], "verb": "lend"}
        right = f"Who lent {other} something?"
        found += [
            row(f"{town} right", right, context, town, kind="named", **meta),
            row(
                f"{town} swapped",
                f"Who lent {town} something?",
                context,
                None,
                kind="swapped",
                right=right,
                **meta,
            ),
        ]
    return found


def _gaps() -> list[dict[str, Any]]:
    found = []
    for number, town in enumerate(TOWNS):
        context = f"{town} sold {GOODS[number]}. It rained."
        sold = {"source": f"{document(number)}:2:0", "sentence": [0, context.index(".") + 1]}
        found += [
            row(f"gap {town} 0", "Who sold something?", context, town, verb="sell", **sold),
            row(f"gap {town} 1", "When did someone sell?", context, None, verb="sell", **sold),
        ]
    return found


def _times() -> list[dict[str, Any]]:
    found = []
    for number, town in enumerate(TOWNS):
        question = f"Who led {town} from 1900 to 1904?"
        then = f"{FOUNDERS[number]} led {town} from 1900 to 1904."
        later = f"{FOUNDERS[number - 1]} led {town} from 1911 to 1913."
        found += [
            row(f"timeqa:{town}", question, then, FOUNDERS[number], kind="easy"),
            row(f"timeqa:{town}:other-time0", question, later, None, kind="easy"),
        ]
    return found
