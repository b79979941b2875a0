"""Names of the months in the languages that newspapers are written in, by Babel."""

from functools import cache

from babel import Locale

_LANGUAGES = """
    ar az be bg bn bs ca cs da de el es et eu fa fi fr gl he hi hr hu id is it ka kk lt lv mk ms nb
    nl pl pt ro ru sk sl sq sr sv sw th tr uk ur uz vi
    """.split()
_MIN_CHARS = 3


def month_number(word: str) -> int | None:
    """Return the month, 1 to 12, that a word names in some language.

    None too when it names another one elsewhere: "listopad" is October or November.

    >>> month_number("Oktober"), month_number("août"), month_number("listopad"), month_number("in")
    (10, 8, None, None)
    """
    return _months().get(word.casefold().strip("."))


@cache
def _months() -> dict[str, int]:
    """Load the names, which takes 0.3 s, when the first word stands where a month would."""
    found: dict[str, set[int]] = {}
    for language in _LANGUAGES:
        for forms in Locale(language).months.values():
            for width in ("wide", "abbreviated"):
                for number, name in forms[width].items():
                    found.setdefault(name.casefold().strip("."), set()).add(number)
    return {
        name: numbers.pop()
        for name, numbers in found.items()
        if len(numbers) == 1 and len(name) >= _MIN_CHARS
    }
