"""Headers of e-mails, read in time that grows with their length, and decoded."""

import binascii
import re
from email import message_from_bytes
from email.message import Message
from email.policy import Compat32

from indexer.text.encodings import Undeclared, decode_bytes

_LONGEST = 5000  # no header that is read here is longer; the parsers of the library are quadratic
_WORD = re.compile(r"=\?([\w.:-]{1,40})(?:\*[\w-]{0,20})?\?([bBqQ])\?([^?]*)\?=")
_HEX = re.compile(rb"=([0-9A-Fa-f]{2})")


class _RawHeaders(Compat32):
    """Policy that gives headers as they stand, no longer than real ones are."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        del name
        return str(value)[:_LONGEST]


def parse_message(content: bytes) -> "Message[str, str]":
    """Return the parts of an e-mail; its headers are raw."""
    return message_from_bytes(content, policy=_RawHeaders())


def charset_of(part: "Message[str, str]") -> str | None:
    """Return the character set that a part or the first text in it names.

    None for UTF-8 too, which is tried first anyway: where it does not fit, its name is wrong.
    """
    names = (each.get_content_charset() for each in part.walk() if not each.is_multipart())
    name = next(filter(None, names), None)
    return None if name in ("utf-8", "utf8", "us-ascii") else name


def decoded(raw: object, charset: str | None = None) -> str:
    """Return the text of a raw header, its white space folded; empty for one that was cut.

    Args:
        raw: the header, with encoded words and undecoded bytes; None for none.
        charset: the encoding of the message, for bytes that are not UTF-8.
    """
    text = str(raw or "")
    if len(text) >= _LONGEST:
        return ""
    pieces: list[tuple[str | None, bytes]] = []
    position = 0
    for word in _WORD.finditer(text):
        between = text[position : word.start()]
        if between.strip() or not position:
            pieces.append((charset, raw_bytes(between)))
        name, content = word[1].casefold(), _word_bytes(word[2], word[3])
        if pieces and pieces[-1][0] == name and not between.strip():
            content = pieces.pop()[1] + content  # a character may be cut in two
        pieces.append((name, content))
        position = word.end()
    pieces.append((charset, raw_bytes(text[position:])))
    words = (_decoded(each, name) for name, each in pieces)
    return " ".join("".join(words).split())


def _decoded(content: bytes, charset: str | None) -> str:
    # The space shows that no character is cut off at the end.
    told = charset if isinstance(charset, Undeclared) else ""
    return decode_bytes(content + b" ", charset, told=told)[0][:-1]


def raw_bytes(text: str) -> bytes:
    """Return the bytes of a raw header."""
    return text.encode("utf-8", "surrogateescape")


def _word_bytes(form: str, text: str) -> bytes:
    content = raw_bytes(text)
    if form in "qQ":
        return _HEX.sub(lambda match: bytes.fromhex(match[1].decode()), content.replace(b"_", b" "))
    try:
        return binascii.a2b_base64(content + b"===")
    except ValueError:
        return content
