"""Texts of e-mails without quote marks and without what mail services print around them."""

import re

_QUOTE_MARKS = re.compile(r"^(?:>[ \t]?)+", re.MULTILINE)
_SIGNATURE = re.compile(r"\n-- \n(?:[^\n]*\n){0,10}[^\n]*\Z")
_URL = re.compile(r"<?https?://\S+")
_PROSE = 80
_TOP = 5
_ENTRY_MAX_CHARS, _SENTENCE_MAX_CHARS = 120, 400
# Short lines that are links, and sentences that no article has.
_ENTRY = re.compile(
    r"\b(?:(?:view|read|see|open)\b[^.!?]{0,40}\b(?:in|with) (?:your |a |the )?(?:web )?browser"
    r"|(?:view|read) (?:it |this )?(?:email |message |newsletter )?online|web version"
    r"|unsubscribe|opt[ -]out|(?:manage|update|change) (?:your )?(?:email |e-mail )?"
    r"(?:preferences|subscriptions?)|forward (?:this )?to a friend|all rights reserved"
    r"|im browser (?:ansehen|anzeigen|öffnen|lesen)|(?:newsletter )?(?:abmelden|abbestellen)\b"
    r"|dans (?:votre|le) navigateur|d[ée]sabonner|d[ée]sinscrire|en (?:el|tu|su) navegador"
    r"|darse de baja|cancelar (?:la |mi |tu )?suscripci[óo]n|nel (?:tuo )?browser|disiscriv)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"\byou(?:.re| are) (?:receiving|getting) this\b|\byou received this (?:e-?mail|message|news)"
    r"|\b(?:e-?mail|message|newsletter) was sent to\b|\badd us to your address book\b"
    r"|\btrouble (?:viewing|reading) this\b|\bno longer (?:wish|want) to receive\b"
    r"|\b(?:e-?mail|message|newsletter) (?:is not|isn.t) displaying\b",
    re.IGNORECASE,
)


def without_quote_marks(text: str) -> str:
    r"""Return plain text without `>` before the lines that it quotes, and without a signature.

    >>> without_quote_marks("No.\n\n> The vote\n> > is off.\n\n-- \nJane")
    'No.\n\nThe vote\nis off.\n'
    """
    return _SIGNATURE.sub("", _QUOTE_MARKS.sub("", text))


def without_chrome(text: str) -> str:
    r"""Return a text without the paragraphs of a mail service at its top and its end.

    >>> without_chrome("View in browser\n\nThe vote is off.\n\nUnsubscribe\n\n1 Mill Street")
    'The vote is off.'
    """
    paragraphs = text.split("\n\n")
    kept = [number for number, each in enumerate(paragraphs) if not _is_chrome(each)]
    prose = [number for number in kept if len(paragraphs[number]) >= _PROSE] or kept[:1]
    tail = range(prose[-1] + 1 if prose else 0, len(paragraphs))
    end = next((number for number in tail if _is_chrome(paragraphs[number])), len(paragraphs))
    chosen = (n for n in range(end) if n >= _TOP or n in kept)
    return "\n\n".join(paragraphs[number] for number in chosen)


def says_less(plain: str, rich: str) -> bool:
    """Tell whether a plain text has less than half of the prose of the HTML that it stands for."""
    prose = sum(len(each) for each in rich.split("\n\n") if len(each) >= _PROSE)
    return len(_URL.sub("", plain).strip()) < prose / 2


def _is_chrome(paragraph: str) -> bool:
    is_entry = len(paragraph) <= _ENTRY_MAX_CHARS and _ENTRY.search(paragraph)
    return bool(is_entry or (len(paragraph) <= _SENTENCE_MAX_CHARS and _SENTENCE.search(paragraph)))
