"""Loader of e-mails: the text of the message under its subject.

The plain text is preferred to the HTML. A mailing list is the source of what it sends; any other
sender is the author.
"""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import parseaddr
from typing import Any, BinaryIO

from indexer.corpus.scan import DAMAGED, NO_TEXT, SkippedFileError
from indexer.documents import Metadata
from indexer.loaders.decoding import decode
from indexer.loaders.protocol import PARSER_ERRORS, Loaded, Reading, SkippedArticle, read_content
from indexer.loaders.rows import headed
from indexer.metadata.values import date_finding, finding, language_finding, name_findings
from indexer.text.markup import text_of_markup

NO_MAIL = "no e-mail"
ATTACHMENT = "attachment of an e-mail"

_MAIL_HEADERS = ("From", "Subject", "Date", "Message-ID", "Received")


class MailLoader:
    """Reader of one e-mail; its attachments are skipped."""

    suffixes = frozenset({".eml"})
    streams = False

    def load(self, stream: BinaryIO, name: str, reading: Reading) -> Iterator[Loaded]:
        """Yield the message."""
        content = read_content(stream, reading)
        try:
            message = message_from_bytes(content, policy=policy.default)
            if not any(header in message for header in _MAIL_HEADERS):
                raise SkippedFileError(NO_MAIL, "it has no sender, subject or date")
            text, encoding = _body(message)
            given = _given(message)
            attached = [
                part.get_filename() or ""
                for part in message.walk()
                if part.get_content_disposition() == "attachment"
            ]
        except PARSER_ERRORS as error:
            raise SkippedFileError(DAMAGED, str(error)) from error
        if not text.strip():
            raise SkippedFileError(NO_TEXT)
        yield headed(text, encoding, "", given)
        for number, file in enumerate(attached, start=1):
            yield SkippedArticle(file or str(number), ATTACHMENT)


def bytes_of(part: "Message[Any, Any]") -> bytes:
    """Return the bytes of a part of a message, its transfer encoding decoded."""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _body(message: EmailMessage) -> tuple[str, str]:
    """Return the text of a message and its encoding."""
    part = message.get_body(("plain", "html"))
    if part is None:
        return "", "utf-8"
    content = bytes_of(part)
    charset = part.get_content_charset() or ""
    try:
        text, encoding = content.decode(charset), charset
    except (LookupError, UnicodeDecodeError):  # none is named, or a wrong one
        text, encoding = decode(content)
    if part.get_content_type() == "text/html":
        text = text_of_markup(text)
    return text.replace("\r\n", "\n"), encoding


def _given(message: EmailMessage) -> Metadata:
    name = parseaddr(str(message.get("From", "")))[0]
    is_list = "List-Id" in message or "List-Unsubscribe" in message
    return Metadata(
        title=finding(str(message.get("Subject", "")), "subject"),
        source=finding(name, "sender of a mailing list") if is_list else None,
        published=date_finding(str(message.get("Date", "")), "date of the e-mail"),
        authors=() if is_list else name_findings([name], "sender"),
        language=language_finding(message.get("Content-Language"), "header"),
    )
