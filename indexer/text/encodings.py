"""Decoder of the bytes of every format.

The encoding is that of a byte order mark, UTF-16 by its zeros, UTF-8 if nearly all of it is valid,
the declared one, the one that the user told, or the one that gives words (`legacy_encodings.py`).
"""

import codecs
import re
from collections import Counter
from difflib import get_close_matches
from encodings.aliases import aliases

from indexer.text.legacy_encodings import WESTERN, detect, wide_east_asian

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark is a prefix of it
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARATION_REACH = 4096
_DECLARED = re.compile(
    rb"<(?:meta|\?xml)\b[^<>]{0,400}?\b(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{2,40})",
    re.IGNORECASE,
)
_NOT_ASCII = re.compile("[^\x00-\x7f\ufffd]")
_UTF8_MAX_BYTES = 4
_WIDE_SAMPLE = 4096
_MIN_WIDE = 16
_WIDE_SHARE = 0.8
_EAST_ASIAN = re.compile("[\\s\x21-\x7e\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7af\uff01-\uff60]")

# Only character sets of the web, because Python's "encodings" include compression and escapes. What
# a page calls ASCII or Latin-1 is Windows-1252 (WHATWG Encoding Standard), and East Asian sets are
# read as their supersets.
_KNOWN = re.compile(
    r"(?:utf8|iso8859\d{1,2}|latin\d{1,2}|(?:windows|cp)125\d|windows874|cp874|tis620|koi8[rut]"
    r"|gb2312|gbk|gb18030|big5(?:hkscs)?|euckr|ksc56011987|eucjp|shiftjis|sjis|iso2022jp"
    r"|macroman|macintosh|ibm866|cp866)"
)
_NO_CHARACTERS = frozenset(("ascii", "mbcs", "rot_13", "utf_7"))
_TOLD = frozenset(
    name for name in aliases.values() if name not in _NO_CHARACTERS and "codec" not in name
)
_SUPERSETS = {
    **dict.fromkeys(("iso88591", "latin1"), WESTERN),
    **dict.fromkeys(("iso88599", "latin5"), "windows-1254"),
    **dict.fromkeys(("iso885911", "tis620", "windows874"), "cp874"),
    **dict.fromkeys(("gb2312", "gbk"), "gb18030"),
    **dict.fromkeys(("euckr", "ksc56011987"), "cp949"),
    **dict.fromkeys(("shiftjis", "sjis"), "cp932"),
    **dict.fromkeys(("macintosh", "macroman"), "mac_roman"),
}


class Undeclared(str):
    """Name of an encoding that no mark, header or markup gives: told by the user, or guessed."""

    __slots__ = ()


def decode_page(content: bytes, declared: str | None = None, told: str = "") -> tuple[str, str]:
    """Return the text of a page and the name of its encoding, as `decode_bytes` does.

    Args:
        content: the bytes of the page.
        declared: what its HTTP header names, which counts more than its markup.
        told: as in `decode_bytes`.

    >>> decode_page('<meta charset="koi8-r"><p>\u0434\u0430'.encode("koi8-r"))[1]
    'koi8-r'
    """
    return decode_bytes(content, declared, _declared(content), told=told)


def decode_bytes(content: bytes, *declared: str | None, told: str = "") -> tuple[str, str]:
    """Return the text in bytes and the name of its encoding.

    Broken bytes become U+FFFD; a character that is cut off at the end is dropped.

    Args:
        content: the bytes.
        declared: names of its encoding by a header and the like; the first known one counts.
        told: Python's name of the encoding when nothing else tells it; empty guesses.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, errors="replace"), encoding
    encoding = wide_encoding(content)
    if encoding:
        return content.decode(encoding, errors="replace"), encoding
    text = utf8_text(content)
    if text is not None:
        return text, "utf-8"
    named = (known_encoding(name) for name in declared if name)
    encoding = next(filter(None, named), "") or undeclared(content, told)
    return content.decode(encoding, errors="replace"), encoding


def undeclared(content: bytes, told: str = "") -> Undeclared:
    """Return the encoding of text that is not UTF-8 and declares none: what is told, or a guess."""
    return Undeclared(told or detect(content))


def told_encoding(name: str) -> str:
    """Return Python's name of an encoding that the user names, as its superset.

    >>> told_encoding("Windows-1251"), told_encoding("latin-1"), told_encoding("cp852")
    ('cp1251', 'cp1252', 'cp852')

    Raises:
        ValueError: for an unknown name; the message has the nearest ones.
    """
    if found := known_encoding(name):
        return found
    label = re.sub("[^a-z0-9]+", "_", name.casefold())
    label = aliases.get(label, label)
    if label in _TOLD:
        return codecs.lookup(label).name
    names = sorted(encoding_label(each).replace("_", "-") for each in _TOLD)
    near = get_close_matches(encoding_label(name.casefold()), names, cutoff=0.5)
    nearest = ", ".join(near or ("windows-1251", "koi8-r", "iso8859-2"))
    raise ValueError(f"unknown encoding {name!r}; use a name such as {nearest}")


def encoding_label(name: str) -> str:
    """Return the name that people know: windows-1251 for cp1251."""
    return re.sub(r"^(?:cp|win|windows)[-_ ]?(125\d|874)$", r"windows-\1", name)


def utf8_text(content: bytes) -> str | None:
    """Return the text of UTF-8 with few broken bytes; None for other encodings."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        cut = error.reason == "unexpected end of data"
        if cut and error.start > 0 and len(content) - error.start < _UTF8_MAX_BYTES:
            return content[: error.start].decode("utf-8")
    # In other encodings, hardly any letters follow each other as the bytes of UTF-8 do.
    text = content.decode("utf-8", errors="replace")
    return text if len(_NOT_ASCII.findall(text)) >= text.count("\ufffd") else None


def wide_encoding(content: bytes) -> str:
    """Return the encoding of UTF-16 without a mark, or ''.

    Its zeros are all in the upper bytes, which have one or two values, or it is East Asian, where
    spaces and so zeros may be missing.
    """
    sample = content[: min(_WIDE_SAMPLE, len(content)) // 2 * 2]
    zeros = sample.count(0)
    if len(sample) < _MIN_WIDE:
        return ""
    if not zeros:
        return "" if sample.isascii() else wide_east_asian(sample)
    for encoding, upper in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        usual = sum(number for _, number in Counter(upper).most_common(2))
        if not sample.isascii():
            usual = max(usual, len(_EAST_ASIAN.findall(sample.decode(encoding, "replace"))))
        if upper.count(0) > _WIDE_SHARE * zeros and usual >= _WIDE_SHARE * len(upper):
            return encoding
    return ""


def known_encoding(name: str) -> str | None:
    """Return Python's name of a declared encoding of the web, as its superset; None if unknown."""
    label = re.sub(r"[^a-z0-9]", "", name.casefold())
    if not _KNOWN.fullmatch(label):
        return None
    try:
        return codecs.lookup(_SUPERSETS.get(label, name)).name
    except LookupError:
        return None


def _declared(content: bytes) -> str | None:
    match = _DECLARED.search(content[:_DECLARATION_REACH])
    return match.group(1).decode("ascii", errors="replace") if match else None
