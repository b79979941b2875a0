"""A small folder of training data, in the layout of the real one; every town in it is invented."""

import json
import lzma
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

from training.material import Material
from training.news_questions import NEWS_FILE
from training.squad import SQUAD_FILE, Squad, load_squad

TOWNS = (
    "Arvenholm Belcastra Corrivale Dunmorrow Estrany Falkenmoor Gristow Hallowmere Istenbury "
    "Jarnfeld Kesterley Lorrimund Marnhollow Nettlecombe Ostervik Pellingard Quarndale Rivenhope "
    "Skarnholt Tolvermere"
).split()
FOUNDERS = (
    "Ada Brennick, Bruno Castell, Clara Dorn, Dario Elmquist, Edith Farrow, Felix Garrick, Greta "
    "Holm, Hugo Ivarson, Ines Jardine, Jonas Keller, Karin Lindqvist, Leo Marchetti, Mina "
    "Norling, Nils Okafor, Olga Petrov, Pavel Quist, Rosa Renner, Sven Tolland, Tessa Umbrick, "
    "Viktor Wendel"
).split(", ")
RIVERS = (
    "Aldra Brenne Calder Dovra Elkin Fenwater Gorran Hesper Issel Jolna Kyme Lethe Morra Nidd "
    "Orlan Pryde Quell Rhune Sorrel Tarn"
).split()
GOODS = (
    "wool, copper bells, smoked eel, clay jars, rope, dried plums, candles, saddles, glass beads, "
    "salt, paper, oak barrels, honey, lace, iron nails, felt hats, barley, chalk, linen, mustard"
).split(", ")
LOANS = (
    "forty horses, a printing press, nine bridges, six thousand bricks, a grain ship, two "
    "surgeons, a church organ, seed corn, three wells, a map of the coast, sixty shovels, an old "
    "cannon, a flock of geese, ten masons, fresh water, a signal tower, blue dye, five teachers, "
    "new sails, a steam pump"
).split(", ")


def articles(count: int = len(TOWNS)) -> list[dict[str, Any]]:
    """Return articles of three paragraphs, in the layout of SQuAD; questions are all different."""
    return [_article(number) for number in range(count)]


def _article(number: int) -> dict[str, Any]:
    town, river = TOWNS[number], RIVERS[number]
    neighbour = TOWNS[(number + 7) % len(TOWNS)]
    founder, writer = FOUNDERS[number], FOUNDERS[(number + 3) % len(FOUNDERS)]
    year, stones = 1402 + 17 * number, 2_150 + 31 * number
    paragraphs = (
        (
            f"{town} was founded by {founder} in {year}. The town lies on the river {river}, below "
            f"two hills. Its first market sold {GOODS[number]}. Travellers reach the gate by a "
            f"road of {stones:,} stones.",
            (
                (f"Who founded {town}?", founder),
                (f"In which year did {founder} found {town}?", str(year)),
                (f"On which river does {town} lie?", river),
                (f"What did the first market of {town} sell?", GOODS[number]),
            ),
        ),
        (
            f"The council of {town} asked {neighbour} for {LOANS[number]} in {year + 206}. The "
            f"neighbours refused, and the largest mill had to close. A letter about the refusal "
            f"still hangs in the hall.",
            (
                (f"What did {town} ask {neighbour} for?", LOANS[number]),
                (f"Which building of {town} had to close in {year + 206}?", "the largest mill"),
            ),
        ),
        (
            f"Every autumn a dance is held beside the water. {writer} wrote its song for "
            f"{number + 3} voices. Visitors from {neighbour} bring lanterns and sleep in barns.",
            ((f"Who wrote the song for the dance of {town}?", writer),),
        ),
    )
    return {
        "title": f"History_of_{town}",
        "paragraphs": [
            {"context": text, "qas": [_asked(text, *pair) for pair in asked]}
            for text, asked in paragraphs
        ],
    }


def _asked(text: str, question: str, answer: str) -> dict[str, Any]:
    found = {"text": answer, "answer_start": text.index(answer)}
    return {"id": f"id of {question}", "question": question, "answers": [found]}


def write_squad(folder: Path, listed: Sequence[dict[str, Any]]) -> Path:
    """Write articles as the training file of a folder; return the file."""
    path = folder / SQUAD_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(lzma.compress(json.dumps({"data": list(listed)}).encode(), preset=0))
    return path


def write_all(folder: Path) -> Path:
    """Write every file that training and calibration read; return the folder."""
    write_squad(folder, articles())
    news = [
        {
            "id": f"{town} {number}",
            "question": f"What does {town} export to {TOWNS[number - 1]}?",
            "context": f"Officials met on Monday. {town} exports {GOODS[number]} by rail.",
            "answers": [{"text": GOODS[number], "answer_start": 25 + len(f"{town} exports ")}],
        }
        for number, town in enumerate(TOWNS)
    ]
    _write_lines(folder / NEWS_FILE, [json.dumps(row) for row in news])
    for name in ("wikiqa/dev", "trecqa/clean-dev"):
        rows = [
            (f"q{number}", f"who founded {town}", sentence, label)
            for number, town in enumerate(TOWNS[:4])
            for sentence, label in (
                (f"the river beside {town} is cold .", "0"),
                (f"{FOUNDERS[number]} founded {town} .", "1"),
            )
        ]
        lines = ["qid\tquestion\tsentence\tlabel", *("\t".join(row) for row in rows)]
        _write_lines(folder / "as2" / f"{name}.tsv", lines)
    old = [
        {
            "id": f"old {town}",
            "title": f"Storm over {town}",
            "text": f"Rain fell on {town}. All slept.",
        }
        for town in TOWNS
    ]
    path = folder / "news" / "allsides_articles.jsonl.xz"
    path.parent.mkdir(parents=True, exist_ok=True)
    written = "".join(json.dumps(row) + "\n" for row in old)
    path.write_bytes(lzma.compress(written.encode(), preset=0))
    return folder


def _write_lines(path: Path, lines: Sequence[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def answer_of(squad: Squad, place: int) -> str:
    """Return the words that answer a question."""
    question = squad.questions[place]
    return question.answer.slice(squad.paragraphs[question.paragraph].text)


def material_of(folder: Path, seed: int = 3) -> Material:
    """Return the training half of a folder; lookalikes are paragraphs of the next articles."""
    squad = load_squad(folder, held_out=False)
    count = len(squad.paragraphs)
    found = [
        [
            number
            for number in ((question.paragraph + step) % count for step in range(3, 12))
            if answer_of(squad, place).lower() not in squad.paragraphs[number].text.lower()
        ]
        for place, question in enumerate(squad.questions)
    ]
    return Material(squad, found, seed)


def seeded(seed: int) -> Random:
    """Return a generator that draws the same in each run."""
    return Random(seed)  # noqa: S311 - examples are no secret
