"""Loader of e-mails: the text of the message under its subject, and messages attached to it.

The plain text is preferred to the HTML that says the same. A mailing list and an address of a desk
are the source of what they send; any other sender is the author.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.utils import parseaddr
from typing import Any, BinaryIO

from indexer.corpus.scan import DAMAGED, NO_TEXT, SkippedFileError
from indexer.documents import Metadata
from indexer.loaders.decoding import decode
from indexer.loaders.formats.mail_headers import charset_of, decoded, parse_message, raw_bytes
from indexer.loaders.formats.mail_text import says_less, without_chrome, without_quote_marks
from indexer.loaders.protocol import PARSER_ERRORS, Loaded, Reading, SkippedArticle, read_content
from indexer.loaders.rows import headed, row_key
from indexer.metadata.values import date_finding, finding, language_finding, name_findings
from indexer.text.bylines import credited_names
from indexer.text.encodings import Undeclared, decode_bytes, decode_page
from indexer.text.markup import looks_like_markup, text_of_markup

NO_MAIL = "no e-mail"
ATTACHMENT = "attachment of an e-mail"

_MAIL_HEADERS = ("From", "Subject", "Date", "Message-ID", "Received")
_NAMING_HEADERS = ("From", "Subject")
_MESSAGES = frozenset({"message/rfc822", "message/global"})
_DEEPEST = 50
_DESK = re.compile(
    r"(?:no-?reply|do-?not-?reply|news\w*|info|hello|editor\w*|desk|press|redaktion|redaction|"
    r"alerts?|briefings?|daily|digest|updates?|mail\w*|contact|subscriptions?|team)(?:[.+_-].*)?@",
    re.IGNORECASE,
)
_PERSON_OF_OUTLET = re.compile(r"(?P<person>.{3,60}?) (?:from|at|via|@) (?P<outlet>.{2,80})")


class MailLoader:
    """Reader of one e-mail and the messages attached to it; other attachments are skipped."""

    suffixes = frozenset({".eml"})
    streams = False

    def load(self, stream: BinaryIO, name: str, reading: Reading) -> Iterator[Loaded]:
        """Yield the message, and attached messages under their ids or numbers."""
        content = read_content(stream, reading)
        try:
            message = parse_message(content)
            if not any(header in message for header in _MAIL_HEADERS):
                raise SkippedFileError(NO_MAIL, "it has no sender, subject or date")
            found = _Content(told=reading.encoding)
            _collect(message, found)
            articles = list(_articles(message, found))
        except PARSER_ERRORS as error:
            raise SkippedFileError(DAMAGED, str(error)) from error
        if not articles:
            raise SkippedFileError(NO_TEXT)
        yield from articles
        for number, file in enumerate(found.attached, start=1):
            yield SkippedArticle(file or str(number), ATTACHMENT)


def bytes_of(part: "Message[Any, Any]") -> bytes:
    """Return the bytes of a part of a message, its transfer encoding decoded."""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


@dataclass(slots=True)
class _Content:
    """Texts of a message, what is attached to it, and whether it has HTML."""

    told: str = ""
    texts: list[str] = field(default_factory=list)
    encoding: str = "utf-8"
    is_html: bool = False
    attached: list[str] = field(default_factory=list)
    messages: list["Message[str, str]"] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n\n".join(self.texts)


def _articles(message: "Message[str, str]", found: _Content) -> Iterator[Loaded]:
    if found.text.strip():
        encoding = _encoding(message, found)
        yield headed(found.text, encoding, "", _given(message, encoding))
    # Messages in attached messages are added while these are read.
    for number, attached in enumerate(found.messages, start=1):
        inner = _Content(found.told, messages=found.messages, attached=found.attached)
        _collect(attached, inner)
        if inner.text.strip():
            key = row_key(decoded(attached.get("Message-ID")).strip("<>"), number)
            encoding = _encoding(attached, inner)
            yield headed(inner.text, encoding, key, _given(attached, encoding))


def _collect(part: "Message[str, str]", found: _Content, depth: int = 0) -> None:
    """Add the texts of a part and what is attached in it."""
    kind, children = part.get_content_type(), part.get_payload()
    if depth > _DEEPEST:
        raise SkippedFileError(DAMAGED, f"more than {_DEEPEST} parts within each other")
    if kind in _MESSAGES:
        found.messages += [each for each in _parts(children) if isinstance(each, Message)]
    elif part.get_content_disposition() == "attachment":
        found.attached.append(decoded(part.get_filename(), charset_of(part)))
    elif kind == "multipart/alternative":
        _collect_alternative(_parts(children), found, depth)
    elif part.is_multipart():
        for child in _parts(children):
            _collect(child, found, depth + 1)
    elif kind in ("text/plain", "text/html"):
        text, found.encoding = _text(part, kind, found.told)
        found.is_html = found.is_html or kind == "text/html"
        found.texts.append(text)


def _parts(payload: object) -> "list[Message[str, str]]":
    return payload if isinstance(payload, list) else []


def _collect_alternative(parts: "list[Message[str, str]]", found: _Content, depth: int) -> None:
    """Add the plain text, or the HTML where that says much more: the plain part may be a stub."""
    contents = [
        _Content(found.told, messages=found.messages, attached=found.attached) for _ in parts
    ]
    for part, content in zip(parts, contents, strict=True):
        _collect(part, content, depth + 1)
    readable = [content for content in contents if content.text.strip()]
    plain = next((content for content in readable if not content.is_html), None)
    rich = next((content for content in reversed(readable) if content.is_html), None)
    chosen = rich if plain is None or (rich and says_less(plain.text, rich.text)) else plain
    if chosen:
        found.texts += chosen.texts
        found.encoding, found.is_html = chosen.encoding, found.is_html or chosen.is_html


def _text(part: "Message[str, str]", kind: str, told: str) -> tuple[str, str]:
    """Return the text of a part and its encoding."""
    content, charset = bytes_of(part), charset_of(part)
    if kind == "text/html":
        text, encoding = decode_page(content, charset, told)
        return without_chrome(text_of_markup(text)), encoding
    text, encoding = decode(content, charset, told)
    text = text.replace("\r\n", "\n")
    if looks_like_markup(text):
        return without_chrome(text_of_markup(text)), encoding
    return without_chrome(without_quote_marks(text)), encoding


def _encoding(message: "Message[str, str]", found: _Content) -> str:
    """Return the encoding of a message: of its text, or where that is ASCII, of its headers."""
    if not found.text.isascii():
        return found.encoding
    headers = raw_bytes("\n".join(str(message.get(name, "")) for name in _NAMING_HEADERS))
    return decode_bytes(headers + b" ", charset_of(message), told=found.told)[1]


def _given(message: "Message[str, str]", encoding: str) -> Metadata:
    charset = charset_of(message) or (encoding if isinstance(encoding, Undeclared) else None)
    sender, address = parseaddr(str(message.get("From", "")))
    name = decoded(sender, charset)
    is_list = "List-Id" in message or "List-Unsubscribe" in message
    outlet = name if is_list or _DESK.match(address) or name.startswith("The ") else ""
    if both := _PERSON_OF_OUTLET.fullmatch(name):
        credited = [credit.name for credit in credited_names(f"By {both['person']}")]
        if credited == [both["person"]]:
            name, outlet = both["person"], both["outlet"]
    return Metadata(
        title=finding(decoded(message.get("Subject"), charset), "subject"),
        source=finding(outlet, "sender"),
        published=date_finding(decoded(message.get("Date")), "date of the e-mail"),
        authors=name_findings([name], "sender") if name != outlet else (),
        language=language_finding(decoded(message.get("Content-Language")), "header"),
    )
