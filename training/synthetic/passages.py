"""Passages that tell events among other sentences, with the span of every possible answer."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from training.synthetic.contents import Content, draw_content, expand
from training.synthetic.frames import Frame, Verb
from training.synthetic.parties import PERSON, Party
from training.synthetic.templates import (
    ADVERBS,
    AFTER,
    DENIALS,
    DISTRACTORS,
    GENERAL,
    HEADLINES,
    INDIRECT,
    PASSIVE,
    PLACES,
    REPLY,
    SOURCES,
    TIMES,
)

# Slots whose places in the passage are kept: they can be answers.
_ANSWERS = ("A", "B", "C", "X", "T", "P")


@dataclass(frozen=True, slots=True)
class Event:
    """Event between two parties; `time` and `place` are None if not told.

    `denied`: said not to have happened.
    """

    frame: Frame
    agent: Party
    patient: Party
    content: Content
    time: str | None
    place: str | None
    denied: bool = False
    spans: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """Passage with its events, whose spans are offsets into `text`."""

    title: str
    text: str
    events: tuple[Event, ...]


def draw_time(rng: random.Random) -> str:
    """Return a time with its preposition, as in "on Monday" or "last week"."""
    return expand(rng, rng.choice(TIMES.split("|")))


def draw_event(rng: random.Random, frame: Frame, agent: Party, patient: Party) -> Event:
    """Draw an event of the frame, sometimes without time or place."""
    content = draw_content(rng, frame.content)
    time = draw_time(rng) if rng.random() < 0.55 else None  # noqa: PLR2004 - a share
    if time and time.split()[-1] in content.full:
        time = None
    place = expand(rng, "{city}") if rng.random() < 0.2 else None  # noqa: PLR2004 - a share
    if place and place in content.full:
        place = None
    return Event(frame, agent, patient, content, time, place)


def tell(rng: random.Random, events: list[Event], third: Party) -> Told:
    """Tell the events in any order among other sentences."""
    if len(events) == 1 and not events[0].denied and rng.random() < 0.07:  # noqa: PLR2004 - a share
        event, text = _headline(rng, events[0], third)
        return Told("", text, (event,))
    tellers: list[Event | str] = [*events]
    room = rng.choice((0, 1, 1, 2, 2, 3, 4)) if len(events) == 1 else rng.choice((0, 0, 1, 2))
    room = 0 if rng.random() < 0.25 else room  # noqa: PLR2004 - a share, often one sentence
    tellers += rng.sample(DISTRACTORS, room)
    rng.shuffle(tellers)
    cast = {"A": events[0].agent, "B": events[0].patient, "C": third}
    told: list[Event] = []
    known: list[Party] = []
    text = ""
    for teller in tellers:
        start = len(text) + 1 if text else 0
        if isinstance(teller, Event):
            event, sentence = _sentence(rng, teller, third, known)
            told.append(replace(event, spans=_shifted(event.spans, start)))
        else:
            sentence = _fill(_cased(rng, teller), _names(cast, known))[0]
        known += [
            p for p in (*cast.values(), *_cast(teller)) if p.first.lower() in sentence.lower()
        ]
        text += " " * bool(text) + sentence
    return Told(_title(rng, rng.choice(events), third), text, tuple(told))


def _cast(teller: Event | str) -> tuple[Party, ...]:
    return (teller.agent, teller.patient) if isinstance(teller, Event) else ()


def _shifted(spans: Mapping[str, tuple[int, int]], by: int) -> dict[str, tuple[int, int]]:
    return {slot: (start + by, end + by) for slot, (start, end) in spans.items()}


def _names(cast: Mapping[str, Party], known: list[Party]) -> dict[str, str]:
    return {slot: party.later if party in known else party.first for slot, party in cast.items()}


def _cased(rng: random.Random, template: str) -> str:
    """Expand the tables of a template but not its parties, which are filled in later."""
    kept = re.sub(r"\{([ABC])\}", r"<\1>", template)
    return re.sub(r"<([ABC])>", r"{\1}", expand(rng, kept))


def _title(rng: random.Random, event: Event, third: Party) -> str:
    """Return a headline about the event, a vague one, or none."""
    draw = rng.random()
    if draw < 0.35:  # noqa: PLR2004 - a share
        return ""
    if draw < 0.65 and not event.denied:  # noqa: PLR2004 - a share
        return _headline(rng, event, third)[1]
    subject = expand(rng, rng.choice(("{topic}", "the {thing}", "{deal}", "{city}")))
    bare = [party.later.removeprefix("the ") for party in (event.agent, event.patient)]
    rng.shuffle(bare)
    forms = (f"{bare[0]} and {bare[1]}", f"{bare[0]}, {bare[1]} and {subject}", subject)
    return _title_case(rng.choice(forms))


def _headline(rng: random.Random, event: Event, third: Party) -> tuple[Event, str]:
    verb = rng.choice(event.frame.verbs)
    template = rng.choice(HEADLINES if verb.passive else HEADLINES[:1])
    bare = replace(event, time=None, place=None)
    values = _values(rng, bare, verb, third, [event.agent, event.patient])
    values |= {slot: values[slot].removeprefix("the ") for slot in "AB"}
    text, spans = _fill(_ordered(template, verb), values)
    return replace(bare, spans=spans), _title_case(text)


def _title_case(text: str) -> str:
    """Capitalise the words of a headline; no character is added or removed."""
    small = (
        "to",
        "of",
        "for",
        "in",
        "on",
        "by",
        "the",
        "a",
        "an",
        "and",
        "from",
        "at",
        "with",
        "or",
    )
    words = text.split(" ")
    cased = [w if w in small and n else w[:1].upper() + w[1:] for n, w in enumerate(words)]
    return " ".join(cased)


def _sentence(
    rng: random.Random, event: Event, third: Party, known: list[Party]
) -> tuple[Event, str]:
    verb = rng.choice(event.frame.verbs)
    template = _template(rng, event, verb)
    values = _values(rng, event, verb, third, known)
    if "{quoted}" in template:
        spoken = _direct(event.content.full)
        values |= {"quoted": "{X}", "X": spoken[:1].upper() + spoken[1:]}
    text, spans = _fill(_ordered(template, verb), values)
    time = event.time if "T" in spans else None
    place = event.place if "P" in spans else None
    return replace(event, time=time, place=place, spans=spans), text


def _template(rng: random.Random, event: Event, verb: Verb) -> str:
    if event.denied:
        return rng.choice(DENIALS)
    own = event.frame.statements
    if " had " in event.content.full:
        own = tuple(line for line in own if "{quoted}" not in line)
    if own and (event.frame.act == "owe" or rng.random() < 0.3):  # noqa: PLR2004 - a share
        return rng.choice(own)
    general = [*GENERAL, *PASSIVE, *INDIRECT] if verb.passive else [*GENERAL, *INDIRECT[:5]]
    if not verb.link:
        general = [line for line in general if "letter" not in line]
        general = [line for line in general if "and not {C}" not in line and "but by" not in line]
    return rng.choice(general)


def _ordered(template: str, verb: Verb) -> str:
    """Put the content first where nothing links it: "paid B $3 million on Monday"."""
    if verb.link:
        return template
    moved = template.replace("{adj} {l}{X}", " {X}{adj}").replace(" {l}{X}", " {X}")
    return moved.replace("by {A} {X}", "{X} by {A}")


def _direct(clause: str) -> str:
    """Turn reported speech into direct speech."""
    return re.sub(r"\bwas\b", "is", re.sub(r"\bwere\b", "are", clause.replace("would", "will")))


def _values(
    rng: random.Random, event: Event, verb: Verb, third: Party, known: list[Party]
) -> dict[str, str]:
    before, time = split_time(event.time or "")
    when = f" {before}{{T}}" if time else ""
    place = rng.choice(PLACES.split("|")) if event.place else ""
    names = _names({"A": event.agent, "B": event.patient, "C": third}, known)
    drawn = {
        "source": SOURCES,
        "adverb": ADVERBS,
        "after": AFTER,
        "reply": REPLY,
    }
    return {
        **names,
        "X": event.content.full,
        "T": time,
        "P": event.place or "",
        "As": "{A}'" if names["A"].endswith("s") else "{A}'s",
        "relA": "who" if event.agent.kind == PERSON else "which",
        "relB": "who" if event.patient.kind == PERSON else "which",
        "adj": place + when,
        "front": f"{when.strip()}, " if time else "",
        "l": f"{verb.link} " if verb.link else "",
        "itA": event.agent.pronouns[0],
        "ItA": event.agent.pronouns[0].capitalize(),
        "itB": event.patient.pronouns[0],
        "itsA": event.agent.pronouns[2],
        "himB": event.patient.pronouns[1],
        "base": verb.base,
        "third": verb.third,
        "past": verb.past,
        "part": verb.part,
        "ing": verb.ing,
        **{slot: rng.choice(words.split("|")) for slot, words in drawn.items()},
    }


def split_time(time: str) -> tuple[str, str]:
    """Split "early on Monday" into "early on " and the answer "Monday"."""
    found = re.match(r"((?:early )?(?:on|in) )?(.*)", time)
    return (found.group(1) or "", found.group(2)) if found else ("", time)


def _fill(template: str, values: Mapping[str, str]) -> tuple[str, dict[str, tuple[int, int]]]:
    """Return the sentence and the spans of its possible answers."""
    template = re.sub(
        r"\{(\w+)\}",
        lambda slot: slot.group() if slot.group(1) in _ANSWERS else values[slot.group(1)],
        template,
    )
    text = ""
    spans: dict[str, tuple[int, int]] = {}
    for number, piece in enumerate(re.split(r"\{(\w)\}", template)):
        words = values[piece] if number % 2 else piece
        if number % 2:
            spans[piece] = (len(text), len(text) + len(words))
        text += words
    # Capitals change no lengths, so the spans hold.
    return re.sub(r"^[a-z]|(?<=\. )[a-z]", lambda first: first.group().upper(), text), spans
