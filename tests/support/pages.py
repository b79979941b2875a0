"""Small pages and what every cleaning of them must satisfy."""

from indexer.cleaning import vocabulary as rules
from indexer.cleaning.cleaner import Cleaning, clean

BRIDGE = (
    "The council voted on Tuesday to close the old bridge for repairs after engineers found cracks "
    "in two of its main supports last month."
)
DETOUR = (
    "Residents said the detour would add half an hour to their journey, and several shop owners "
    "asked for compensation from the city."
)
MAYOR = (
    "The mayor, who had opposed the closure, said that the work would be finished before winter "
    "and that buses would run more often."
)


def page(*paragraphs: str) -> str:
    return "\n\n".join(paragraphs)


def kept(text: str) -> str:
    return "\n".join(text[r.start : r.end] for r in clean(text).regions if r.kept)


def removed(text: str) -> list[tuple[str, str]]:
    return [(text[r.start : r.end], r.reason) for r in clean(text).regions if not r.kept]


def headline(text: str) -> str | None:
    span = clean(text).headline
    return span.slice(text) if span else None


def check_invariants(text: str, result: Cleaning) -> None:
    position = 0
    for region in result.regions:
        assert position <= region.start < region.end <= len(text)
        assert not text[position : region.start].strip()
        assert region.kept == (region.reason == "")
        assert region.kept or region.reason in rules.REASONS
        position = region.end
    assert not text[position:].strip()
    inside = [(r.start, r.end) for r in result.regions if r.kept]
    spans = [(p.start, p.end) for p in result.paragraphs]
    assert spans == sorted(spans)
    for start, end in spans:
        assert any(first <= start and end <= last for first, last in inside)
    kept_size = sum(len("".join(text[a:b].split())) for a, b in inside)
    assert kept_size == sum(len("".join(text[a:b].split())) for a, b in spans)
    assert result.headline is None or result.headline in result.paragraphs
    for item in result.items:
        assert item.headline in result.paragraphs
        assert item.summary in result.paragraphs
        assert item.headline.end <= item.summary.start
