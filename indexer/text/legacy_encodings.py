"""Detection of the encoding of text that is not Unicode, by the words that each would give.

In a wrong encoding, words mix alphabets, change case in the middle or hold symbols. On 159 short
texts of 30 languages charset-normalizer 3.5.3, limited to these encodings, was wrong 28 times,
mostly in Western European ones; this is wrong 6 times, 3 of them in ISO-2022-JP.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

WESTERN = "windows-1252"
SAMPLE_BYTES = 10_000
"""How much text is looked at."""

_MIN_SHARE = 0.9
_CLEARLY_BETTER = 0.05
_ASCII_ONLY = re.compile(rb"[\x00-\x7f]*")

# Almost any bytes are letters in these, so a few prove nothing.
_OLDEST = ("cp850", "mac-roman", "cp852")
_MIN_LETTERS = 2

# What stands between words in any language, and so says nothing: digits, quotes, currencies.
_BETWEEN = (
    r"\s\x00-\x40\x5b-\x60\x7b-\x7f‘’‚“”„–—†‡•…‰‹›«»©®™°§·€£½¼¾¥\xa0\xad\u3000-\u303f\uff01-\uff60"
)
# Between two small letters, marks and money are letters of another encoding.
_SAYING = re.compile(rf"[^{_BETWEEN}A-Za-z]|(?<=[a-z])[„”“‚†‡‰‹›¼½¾¥]+(?=[a-z])")
_INNER_CAPITAL = r"(?!\w*[a-zß-ÿ][À-ÞŠŽŒŸ])"

# Where ç stands in Western Europe; Latvian ē, which has its byte, stands before consonants.
_NO_LATVIAN = r"(?!\w*ç(?!\b|[aouâàôûãõ]))"
# Of Portuguese, where õ stands before e; Hungarian ő, which has its byte, stands anywhere.
_PORTUGUESE = (("áâãàçêéíóôõúü",), rf"{_INNER_CAPITAL}{_NO_LATVIAN}(?!\w*õ(?!e))")
# Slovak ľ never stands before i, as the ž of ISO 8859-2, which has its byte, does.
_NO_SLOVAK = r"(?!\w*ľ[ií])"

_CYRILLIC = (
    "абвгдежзийклмнопрстуфхцчшщъыьэюяё",
    "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "абвгдеёжзійклмнопрстуўфхцчшыьэюя",
    "абвгдђежзијклљмнњопрстћуфхцчџш",
    "абвгдѓежзѕијклљмнњопрстќуфхцчџш",
)
_GREEK = ("αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋ",)
_CENTRAL = (
    "ąćęłńóśźż",
    "áčďéěíňóřšťúůýž",
    "áäčďéíĺľňóôŕšťúýž",
    "áéíóöőúüű",
    "čćđšž",
    "ăâîşţ",
)
_BALTIC = ("ąčęėįšųūž", "āčēģīķļņšūž", "äöõüšž")
_TURKISH = ("çğıİöşüâîû",)
_ICELANDIC = ("áéíóúýðþæö",)
_WEST = (
    "äöüß",
    "àâçéèêëîïôœùûüÿ",
    "áéíñóúü",
    "àçèéíïòóúü",
    "àèéìîòóù",
    "åäöéšž",
    "æøåé",
    "éèëïöüêç",
    "äöõüšž",
)


@dataclass(frozen=True, slots=True)
class _Writing:
    """Words of one language: a pattern of them, and one of what any text in it has."""

    words: re.Pattern[str]
    needs: re.Pattern[str] = re.compile("")

    def share(self, text: str) -> tuple[float, int]:
        """Return which share of the characters that say something are in words of the language.

        Their number follows, which decides between equal shares.
        """
        saying = len(_SAYING.findall(text))
        if not saying or not self.needs.search(text):
            return 0.0, 0
        in_words = sum(len(_SAYING.findall(each.group())) for each in self.words.finditer(text))
        return in_words / saying, in_words


def detect(content: bytes) -> str:
    """Return the encoding of text that is not UTF-8: Windows-1252, or what fits clearly better.

    >>> detect("Совет отложил голосование".encode("koi8-r"))
    'koi8-r'
    """
    sample = _sample(content)
    if not _SAYING.search(sample.decode(WESTERN, "replace")):
        return WESTERN
    western = _share(sample, WESTERN, _western())
    best = WESTERN
    most = max(western[0] + _CLEARLY_BETTER, _MIN_SHARE), 0
    for encoding, writings in _candidates():
        found = _share(sample, encoding, writings)
        if found > most and (found[1] >= _MIN_LETTERS or encoding not in _OLDEST):
            best, most = encoding, found
    return best


def wide_east_asian(sample: bytes) -> str:
    """Return the encoding of Chinese, Japanese or Korean in UTF-16 without spaces, or ''."""
    *others, japanese = _east_asian()
    # Other encodings give kanji, and of "0" a kana; running text has several in a row.
    writings = (*others, replace(japanese, needs=re.compile("[ぁ-ん]{2}|[ァ-ヶー]{3}")))
    for encoding in ("utf-16-le", "utf-16-be"):
        if _share(sample, encoding, writings)[0] >= _MIN_SHARE:
            return encoding
    return ""


def _sample(content: bytes) -> bytes:
    """Return the first lines that are not ASCII."""
    lines: list[bytes] = []
    size = 0
    start = 0
    while size < SAMPLE_BYTES:
        match = _ASCII_ONLY.match(content, start)
        first = match.end() if match else start
        if first == len(content):
            break
        start = content.rfind(b"\n", start, first) + 1 or start
        end = content.find(b"\n", first) + 1 or len(content)
        lines.append(content[start : min(end, start + SAMPLE_BYTES)])
        size += len(lines[-1])
        start = end
    return b"".join(lines)


def _share(sample: bytes, encoding: str, writings: tuple[_Writing, ...]) -> tuple[float, int]:
    text = sample.decode(encoding, "replace")
    return max(writing.share(text) for writing in writings)


@lru_cache(maxsize=1)
def _candidates() -> tuple[tuple[str, tuple[_Writing, ...]], ...]:
    """Return encodings with what is written in them; of two that fit equally, the first counts."""
    cyrillic, greek = _cased(_CYRILLIC), _cased(_GREEK)
    hebrew = (_whole("(?:[אבגדהוזחטיכלמנסעפצקרשת][\u05b0-\u05c2]*)+[ךםןףץ]?"),)
    arabic = (_whole("[ء-غف-\u0652پچژگکی\u200c]+"),)
    thai = (_whole("[ก-ฮะ-\u0e3aเ-ๆ\u0e47-\u0e4e]+"),)
    central = _alphabets(_CENTRAL, _INNER_CAPITAL + _NO_SLOVAK)
    korean, simplified, traditional, japanese = _east_asian()
    return (
        ("cp1255", hebrew),
        ("cp1251", cyrillic),
        ("koi8-r", cyrillic),
        ("koi8-u", cyrillic),
        ("cp866", cyrillic),
        ("iso8859-5", cyrillic),
        ("cp1253", greek),
        ("iso8859-7", greek),
        ("mac-cyrillic", cyrillic),
        ("cp1256", arabic),
        ("iso8859-6", arabic),
        ("cp874", thai),
        ("cp1254", _alphabets(_TURKISH, needs="[ıİ]")),
        ("cp1250", central),
        ("iso8859-2", central),
        ("cp1257", _alphabets(_BALTIC)),
        ("cp850", _western()),
        ("mac-roman", _western()),
        ("cp852", central),
        ("cp949", (korean,)),
        ("gb18030", (simplified,)),
        ("big5", (traditional,)),
        ("cp932", (japanese,)),
        ("euc-jp", (japanese,)),
    )


@lru_cache(maxsize=1)
def _east_asian() -> tuple[_Writing, _Writing, _Writing, _Writing]:
    """Return Korean, simplified and traditional Chinese, and Japanese."""
    return (
        _characters("euc-kr", range(0xB0, 0xC9)),
        _characters("gb2312", range(0xB0, 0xD8)),
        _characters("big5", range(0xA4, 0xC7)),
        _Writing(re.compile("[ぁ-ヶー々一-鿿]+"), re.compile("[ぁ-ヶ]")),
    )


def _cased(alphabets: tuple[str, ...]) -> tuple[_Writing, ...]:
    """Return writings whose words are in lower case, capitalised or in capitals."""
    pairs = ((lower, lower.upper()) for lower in alphabets)
    return tuple(_whole(f"[{upper}]?[{lower}]+|[{upper}]+") for lower, upper in pairs)


def _alphabets(
    alphabets: tuple[str, ...], before: str = "", after: str = "", needs: str = ""
) -> tuple[_Writing, ...]:
    """Return writings whose words are of ASCII letters and those of one alphabet."""
    return tuple(
        _whole(f"{before}[A-Za-z{letters}{letters.upper()}]+{after}", needs)
        for letters in alphabets
    )


@lru_cache(maxsize=1)
def _western() -> tuple[_Writing, ...]:
    # Its ý, þ and ð are the bytes of Turkish ı, ş and ğ.
    icelandic = _alphabets(_ICELANDIC, _INNER_CAPITAL, needs="[áéíóúÁÉÍÓÚ]")
    west = _alphabets(_WEST, f"{_INNER_CAPITAL}{_NO_LATVIAN}[¿¡]?", "[²³ªº]?")
    return (*west, *_alphabets(*_PORTUGUESE), *icelandic)


def _whole(words: str, needs: str = "") -> _Writing:
    pattern = re.compile(rf"(?<![^{_BETWEEN}])(?:{words})(?![^{_BETWEEN}])")
    return _Writing(pattern, re.compile(needs))


def _characters(encoding: str, leads: range) -> _Writing:
    """Return the frequent characters of a set, which are those of its first level."""
    trails = range(0x40, 0xFF)
    found = (bytes((lead, trail)).decode(encoding, "ignore") for lead in leads for trail in trails)
    letters = "".join(character for character in found if character.isalpha())
    return _Writing(re.compile(f"[{letters}]+"))
