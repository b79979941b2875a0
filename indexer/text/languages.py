"""ISO 639 codes and English names of languages, from Unicode's CLDR.

`de`, `deu`, `ger`, `de-AT` and `German` are one language.
"""

import re
from functools import cache

# Members of macrolanguages (ISO 639), which articles do not distinguish.
_MACROLANGUAGE = {
    **dict.fromkeys(("nb", "nn"), "no"),
    **dict.fromkeys(("arz", "ary"), "ar"),
    **dict.fromkeys(("wuu", "yue"), "zh"),
    "ltg": "lv",
    "sdh": "ku",
    "uzs": "uz",
}

# Codes for no language, several, or an unknown one.
_NO_LANGUAGE = frozenset(("und", "mul", "zxx", "mis"))

_CODE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9_-]+)?")


def language_code(name: str) -> str | None:
    """Return the shortest ISO 639 code for a code or an English name; None for another word.

    >>> language_code("German"), language_code("ger"), language_code("pt-BR")
    ('de', 'de', 'pt')
    >>> language_code("nobody speaks this") is None
    True
    """
    folded = " ".join(name.split()).casefold()
    if found := _codes().get(folded):
        return canonical(found)
    match = _CODE.fullmatch(folded)
    if match is None:
        return None
    code = canonical(match[1])
    return code if code in _names() and code not in _NO_LANGUAGE else None


@cache
def canonical(code: str) -> str:
    """Return the code that stands for all codes of a language.

    >>> canonical("nb"), canonical("fre"), canonical("en")
    ('no', 'fr', 'en')
    """
    # Loading takes 0.1 s, which only filters and builds need.
    from babel.core import get_global  # noqa: PLC0415 - see above

    code = code.casefold()
    found = str(get_global("language_aliases").get(code, code)).partition("_")[0]
    return _MACROLANGUAGE.get(found, found)


def language_name(code: str) -> str:
    """Return the English name of a language, or its code if it has none.

    >>> language_name("de"), language_name("xx")
    ('German', 'xx')
    """
    return _names().get(code, code)


@cache
def _names() -> dict[str, str]:
    from babel import Locale  # noqa: PLC0415 - as above

    return {str(code): str(name) for code, name in Locale("en").languages.items()}


@cache
def _codes() -> dict[str, str]:
    return {name.casefold(): code for code, name in _names().items() if "_" not in code}
