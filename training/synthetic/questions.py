"""Questions about events, phrased in one of many forms."""

import random
import re
from dataclasses import dataclass

from training.synthetic.contents import Content
from training.synthetic.frames import Frame, Verb
from training.synthetic.parties import Party


@dataclass(frozen=True, slots=True)
class Query:
    """Query for one `target` (what, agent, patient, when, where), given the rest."""

    frame: Frame
    target: str
    agent: Party | None
    patient: Party | None
    content: Content | None = None
    time: str | None = None


_WHAT = {
    "infinitive": """What did {A} {base} {B} {l}do?
What did {A} {base} {B} {l}do?
What has {A} {part} {B} {l}do?
I want to know what {A} {past} {B} {l}do.
What was it that {A} {past} {B} {l}do?
What was {B} {part} {l}do by {A}?
What is {B} {part} {l}do by {A}?""",
    "clause": """What did {A} {base} {B}?
What did {A} {base} {B}?
What was {B} {part} by {A}?
I want to know what {A} {past} {B}.""",
    "linked": """What did {A} {base} {B} {link}?
What did {A} {base} {B} {link}?
What has {A} {part} {B} {link}?
Tell me what {A} {past} {B} {link}.
What was {B} {part} {link} by {A}?""",
    "noun": """Why did {A} {base} {B}?
Why has {A} {part} {B}?
Why was {B} {part} by {A}?
For what reason did {A} {base} {B}?
I would like to know why {A} {past} {B}.""",
    "amount": """How much did {A} {base} {B}?
How much was {B} {part} by {A}?
What amount did {A} {base} {B}?
Tell me how much {A} {past} {B}.""",
    "item": """What did {A} {base} {B}?
What did {A} {base} {B}?
What has {A} {part} {B}?
What was {B} {part} by {A}?
Tell me what {A} {past} {B}.""",
    "price": "For how much did {A} {base} {B}?\nFor what price was {B} {part} by {A}?",
    "score": "How did the match between {A} and {B} end when {A} won?",
    "job": "As what did {A} {base} {B}?\nIn what role was {B} {part} by {A}?",
}
_FORMS_OF = {
    "infinitive": ("infinitive",),
    "clause": ("clause",),
    "gerund": ("linked",),
    "noun": ("linked", "noun", "noun"),
    "topic": ("linked",),
    "weapon": ("linked",),
    "amount": ("amount",),
    "loan": ("amount",),
    "penalty": ("amount",),
    "boon": ("item",),
    "item": ("item",),
    "price": ("price",),
    "score": ("score",),
    "job": ("job",),
}
_AGENT = """Who {past} {B}{y}?
Who {past} {B}{y}?
By whom was {B} {part}{y}?
Who has {part} {B}{y}?
Who was it that {past} {B}{y}?
Do you know who {past} {B}{y}?"""
_PATIENT = """Who did {A} {base}{y}?
Whom did {A} {base}{y}?
Who was {part}{y} by {A}?
Who has {A} {part}{y}?
Who was {part} by {A}{y}?
Tell me who {A} {past}{y}."""
_WHEN = """When did {A} {base} {B}{y}?
When did {A} {base} {B}{y}?
When was {B} {part} by {A}{y}?
I want to know when {A} {past} {B}{y}."""
_OTHERS = {
    "agent": _AGENT,
    "patient": _PATIENT,
    "when": _WHEN,
    "where": _WHEN.replace("When", "Where").replace(" when ", " where "),
}
_PASSIVE = re.compile(r"\b(was|is) (\{B\} )?\{part\}")
_PLAIN = 0.1  # questions typed without capitals and question mark


def phrase(rng: random.Random, query: Query) -> tuple[str, bool]:
    """Return the question, and whether its answer is a bare infinitive ("… to do?")."""
    verb = rng.choice([verb for verb in query.frame.verbs if not _stranded(query, verb)])
    if query.target == "what" and query.frame.content == "clause":
        verb = query.frame.verbs[0]  # "what did A tell B", not "what did A notify B"
    forms = [
        form
        for form in _forms(rng, query)
        if not (_PASSIVE.search(form) and (not verb.passive or _odd(query, verb.base)))
    ]
    form = rng.choice(forms)
    link = f"{verb.link} " if verb.link else ""
    values = {
        "A": _asked(rng, query.agent),
        "B": _asked(rng, query.patient),
        "base": verb.base,
        "past": verb.past,
        "part": verb.part,
        "link": verb.link,
        "l": link,
        "y": f" {link}{query.content.core}" if query.content else "",
    }
    values["As"] = values["A"] + ("'" if values["A"].endswith("s") else "'s")
    if query.frame.content == "clause":  # "by A" after the clause would belong to the clause
        form = form.replace("{part}{y} by {A}", "{part} by {A}{y}")
    if not verb.link and query.content:
        form = form.replace("{part} by {A}{y}", "{part}{y} by {A}")
    text = form.format(**values)
    if query.time:
        text = f"{text[:-1]} {query.time}{text[-1]}"
    text = text[:1].upper() + text[1:]
    if rng.random() < _PLAIN:
        text = text.rstrip("?.").lower()
    return text, "do by" in form or form.endswith(("do?", "do."))


def _odd(query: Query, base: str) -> bool:
    """Return whether "What was B … by A?" is not English: one is told, not informed, a thing."""
    if query.target != "what":
        return False
    return base.endswith(" on") or (query.frame.content == "clause" and base != "tell")


def _stranded(query: Query, verb: Verb) -> bool:
    """Return whether two prepositions would meet: "Whom did A appeal to to leave?"."""
    return query.target == "patient" and verb.base.endswith(" to") and verb.link == "to"


def _forms(rng: random.Random, query: Query) -> list[str]:
    own = {
        "what": query.frame.questions,
        "agent": query.frame.doer_questions,
        "patient": query.frame.target_questions,
    }.get(query.target, ())
    if query.target != "what":
        if own and rng.random() < 0.4:  # noqa: PLR2004 - a share
            return list(own)
        return _OTHERS[query.target].splitlines()
    if own and rng.random() < 0.4:  # noqa: PLR2004 - a share
        return list(own)
    return _WHAT[rng.choice(_FORMS_OF[query.frame.content])].splitlines()


def _asked(rng: random.Random, party: Party | None) -> str:
    return rng.choice(party.asked) if party else ""
