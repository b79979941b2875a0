"""Articles of an outlet for tests: each different, with lines of the outlet around them."""

from collections.abc import Sequence

CREDIT = "The Northport Agency contributed to this report."
PUZZLE = "Need a news break? Play the crossword of the harbour."
NO_COMMENT = "The port authority did not immediately respond to a request for comment."

_THINGS = ("ferry", "bridge", "school", "market", "tower", "quay", "tunnel", "mill", "library")
_PLACES = ("Larne", "Sel", "Northport", "Tarn", "Oster", "Vell", "Marsk", "Ronde", "Kolm")


def story(number: int, *below: str, above: Sequence[str] = ()) -> str:
    """Return an article of its own, with lines above its two paragraphs and below them."""
    thing, place = _THINGS[number % 9], _PLACES[number // 9 % 9]
    paragraphs = (
        f"Council votes on the {thing} of {place}",
        *above,
        f"The council of {place} voted on Monday to repair the old {thing} for {number + 20} "
        "million crowns before the winter.",
        f"The work on the {thing} will take {number + 3} months and begins when the {number + 7} "
        f"families beside it in {place} have moved out.",
        *below,
    )
    return "\n\n".join(paragraphs) + "\n"
