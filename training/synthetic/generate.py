"""Groups of questions that share a synthetic passage, some of which it does not answer.

Variants swap the roles or change a party, act, time or content. Answerability follows from the
events told in the passage, never from the form of the question.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from training.synthetic.contents import draw_content
from training.synthetic.frames import FRAMES, Frame, are_near
from training.synthetic.parties import Party, draw_parties
from training.synthetic.passages import Event, Told, draw_event, draw_time, tell
from training.synthetic.questions import Query, phrase

# How many answered and unanswered questions a group may have.
_SHARES = ((1, 1), (1, 1), (1, 2), (2, 2), (2, 3), (2, 2))
# Contents whose verbs make sense without them: "Who praised B?", but not "Who sold B?".
_BRIEF = ("noun", "gerund", "topic", "price", "weapon", "score")
_SLOTS = {"what": "X", "agent": "A", "patient": "B", "when": "T", "where": "P"}


# How often a question is paired with its swap, and with another in the same words.
_SHARE_OF_PAIRS = 0.6
_TARGETS = ("what",) * 7 + ("agent", "patient") * 2 + ("when",)

_Asked = tuple[Query, Event | None]


@dataclass(frozen=True, slots=True)
class Example:
    """Question on a passage; `passage[start:end]` is the answer, both -1 if there is none."""

    question: str
    title: str
    passage: str
    start: int
    end: int


def generate(seed: int, count: int) -> Iterator[tuple[Example, ...]]:
    """Yield groups of examples that share a passage, determined by the seed."""
    for number in range(count):
        yield _group(random.Random(f"{seed}:{number}"))


def _group(rng: random.Random) -> tuple[Example, ...]:
    events, third, bystander = _events(rng)
    told = tell(rng, events, bystander)
    answered, unanswered = _queries(rng, told, rng.choice((third, bystander)))
    wanted = rng.choice(_SHARES)
    chosen = _chosen(rng, answered, wanted[0])
    swaps = [replace(query, agent=query.patient, patient=query.agent) for query, _ in chosen]
    if rng.random() < _SHARE_OF_PAIRS:
        unanswered.sort(key=lambda pair: pair[0] not in swaps)
    chosen += _chosen(rng, unanswered, wanted[1])
    wording = rng.random()
    examples = []
    for query, event in chosen:
        # Most questions of a group are worded alike, so that only their meaning tells them apart.
        words = random.Random(wording) if rng.random() < _SHARE_OF_PAIRS else rng
        examples.append(_example(words, told, query, event))
    rng.shuffle(examples)
    return tuple(examples)


def _events(rng: random.Random) -> tuple[list[Event], Party, Party]:
    """Draw one event, often a second (reverse, reply, other party), and two further parties.

    The first of these may act in the second event, the other acts in neither.
    """
    # Half of all events are requests and messages, what questions on news ask for most.
    frame = rng.choice(FRAMES[:9] if rng.random() < 0.4 else FRAMES)  # noqa: PLR2004 - a share
    one, two, third, bystander = draw_parties(rng, frame.fits, 4)
    events = [draw_event(rng, frame, one, two)]
    draw = rng.random()
    if draw < 0.25:  # noqa: PLR2004 - a share
        events.append(draw_event(rng, frame, two, one))
    elif draw < 0.4:  # noqa: PLR2004 - a share
        events.append(draw_event(rng, _other_frame(rng, frame), two, one))
    elif draw < 0.5:  # noqa: PLR2004 - a share
        events.append(draw_event(rng, frame, third, rng.choice((one, two))))
    elif draw < 0.58:  # noqa: PLR2004 - a share
        events.append(draw_event(rng, frame, one, third))
    elif draw < 0.65:  # noqa: PLR2004 - a share
        events.append(draw_event(rng, _other_frame(rng, frame), one, two))
    if rng.random() < 0.08:  # noqa: PLR2004 - a share
        events[-1] = replace(events[-1], denied=True)
    return _distinct(rng, events), third, bystander


def _distinct(rng: random.Random, events: list[Event]) -> list[Event]:
    """Redraw what two events share besides their parties."""
    if len(events) == 1:
        return events
    first, second = events
    while second.content.core == first.content.core or (first.time and second.time == first.time):
        drawn = draw_event(rng, second.frame, second.agent, second.patient)
        second = replace(drawn, denied=second.denied)
    return [first, second]


def _other_frame(rng: random.Random, frame: Frame) -> Frame:
    """Draw a frame of another family that suits the same parties."""
    kinds = frame.fits.split()
    fitting = [
        other
        for other in FRAMES
        if other.family != frame.family and all(kind in other.fits.split() for kind in kinds)
    ]
    return rng.choice(fitting or [other for other in FRAMES if other.content == "clause"])


def _queries(rng: random.Random, told: Told, third: Party) -> tuple[list[_Asked], list[_Asked]]:
    """Return answered questions with their events, and unanswered ones."""
    asked: list[Query] = []
    answered: list[_Asked] = []
    unanswered: list[_Asked] = []
    for event in rng.sample(told.events, len(told.events)):
        for query in _true_queries(rng, event):
            asked += [query, *_false_queries(rng, query, event, third)]
    for query in asked:
        known, answer = _answer(told.events, query)
        if known and query.agent is not query.patient:
            (answered if answer else unanswered).append((query, answer))
    # Swapped roles come first: nothing else about the question betrays that it has no answer.
    unanswered.sort(key=lambda pair: rng.random() * (1.0, 0.35)[_is_swapped(pair[0], told)])
    return answered, unanswered


def _is_swapped(query: Query, told: Told) -> bool:
    return any(query.agent is e.patient and query.patient is e.agent for e in told.events)


def _chosen(rng: random.Random, asked: list[_Asked], count: int) -> list[_Asked]:
    """Choose questions by target, in equal shares for answered and unanswered ones.

    Otherwise a model would learn that "when" means no and "who" yes.
    """
    left = list(asked)
    chosen: list[_Asked] = []
    while left and len(chosen) < count:
        target = rng.choice(_TARGETS)
        pair = next((pair for pair in left if pair[0].target == target), left[0])
        chosen.append(pair)
        left = [other for other in left if other[0] != pair[0]]
    return chosen


def _true_queries(rng: random.Random, event: Event) -> list[Query]:
    """Return all possible questions about the event, told or not."""
    what = Query(event.frame, "what", event.agent, event.patient)
    brief = event.frame.content in _BRIEF or event.frame.act in ("pay", "fine", "repay")
    content = None if brief and rng.random() < 0.4 else event.content  # noqa: PLR2004 - a share
    queries = [
        what,
        what,
        replace(what, time=event.time) if event.time else what,
        replace(what, target="agent", agent=None, content=content),
        replace(what, target="patient", patient=None, content=content),
        replace(what, target="when", content=content),
    ]
    return queries + [replace(queries[-1], target="where")] * bool(event.place)


def _false_queries(rng: random.Random, query: Query, event: Event, third: Party) -> list[Query]:
    """Return the question with one change; the passage may still answer it."""
    swapped = replace(query, agent=query.patient, patient=query.agent)
    if query.target in ("agent", "patient"):
        # "Who asked B?" becomes "Whom did B ask?", and its like.
        other = {"agent": "patient", "patient": "agent"}[query.target]
        changed = [replace(swapped, target=other), swapped]
        replaced = replace(query, content=draw_content(rng, event.frame.content))
        if query.target == "agent":
            return [changed[0], replaced, replace(query, patient=third)]
        return [changed[0], replaced, replace(query, agent=third)]
    changed = [swapped, swapped, replace(query, agent=third), replace(query, patient=third)]
    if query.time:
        changed.append(replace(query, time=draw_time(rng)))
    elif query.target == "what":
        changed.append(replace(query, frame=_other_frame(rng, query.frame)))
    return changed


def _answer(events: tuple[Event, ...], query: Query) -> tuple[bool, Event | None]:
    """Return whether the passage decides the question, and which event answers it.

    Two matching events, or one with a similar act, leave it undecided.
    """
    if any(_concerns(event, query) and are_near(event.frame, query.frame) for event in events):
        return False, None
    fitting = [event for event in events if _fits(event, query)]
    if query.time:
        if any(event.time is None for event in fitting):
            return False, None
        fitting = [event for event in fitting if event.time == query.time]
    fitting = [event for event in fitting if _SLOTS[query.target] in event.spans]
    return len(fitting) < 2, fitting[0] if fitting else None  # noqa: PLR2004 - one or none


def _concerns(event: Event, query: Query) -> bool:
    return query.agent in (None, event.agent) and query.patient in (None, event.patient)


def _fits(event: Event, query: Query) -> bool:
    return (
        not event.denied
        and event.frame.act == query.frame.act
        and _concerns(event, query)
        and (query.content is None or query.content.core == event.content.core)
    )


def _example(rng: random.Random, told: Told, query: Query, event: Event | None) -> Example:
    question, bare = phrase(rng, query)
    if event is None:
        return Example(question, told.title, told.text, -1, -1)
    start, end = event.spans[_SLOTS[query.target]]
    if told.text[start : start + 4].lower() == "the " and query.target in ("agent", "patient"):
        start += 4
    linked = query.frame.content == "infinitive" and query.target == "what" and not bare
    if linked and told.text[:start].endswith(" to "):
        start -= 3
    return Example(question, told.title, told.text, start, end)
