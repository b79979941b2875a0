"""Does a paragraph speak about the outlet itself rather than report news?

Scored, because each phrase alone also occurs in news: several must come together, and reported
speech counts against it.
"""

import re

FOOTER_SCORE = 4.0
_MAX_CHARS = 2500

# Each with words of which one must occur: to look for them first is ten times as fast.
_EVIDENCE: tuple[tuple[float, tuple[str, ...], re.Pattern[str]], ...] = tuple(
    (weight, tuple(needed.split("|")), re.compile(pattern, re.IGNORECASE))
    for weight, needed, pattern in (
        (4, "©|(c)|copyright", r"^\W{0,3}(?:©|\(c\)|copyright\b\W{0,4}(?:©|\(c\)|[0-9]{4}))"),
        (2, "reserved", r"\ball rights? reserved\b"),
        (
            3,
            "not be ",
            r"\b(?:may|must) not be (?:published|reproduced|copied|republished|redistributed)",
        ),
        (
            2,
            "reflect|represent",
            r"\bdo(?:es)? not (?:necessarily )?(?:reflect|represent) the (?:\w+ ){0,3}"
            r"(?:opinions?|views?|positions?|polic(?:y|ies))",
        ),
        (1.5, "expressed", r"\bthe (?:views|opinions) expressed (?:in this|here|by the author)"),
        (1.5, "editorial ", r"\beditorial (?:staff|team|board|polic\w+|standards|guidelines)\b"),
        (2, "written|edited", r"\b(?:written|edited)(?:,| and| or) (?:edited|published)\b"),
        (
            1,
            "responsible for",
            r"\b(?:is|are) (?:solely )?responsible for the (?:report|content|article|stor)",
        ),
        (
            1.5,
            "can be | us",
            r"\bcan be (?:contacted|reached)\b|\b(?:contact|reach|email|write to) us\b",
        ),
        (
            1,
            "website|web site|news agency|news outlet|portal|newsroom",
            r"\b(?:news )?(?:website|web site|news agency|news outlet|portal|newsroom)\b",
        ),
        (
            1,
            "journalists|reporters|writers|analysts|editors",
            r"\b(?:journalists|reporters|writers|analysts|editors)\b[^.]{0,60}\b"
            r"(?:journalists|reporters|writers|analysts|editors)\b",
        ),
        (
            1,
            "site|page|section|newsletter|outlet",
            r"\b(?:this|our|the) (?:site|website|page|section|newsletter|outlet)\b",
        ),
        (
            1,
            "published ",
            r"\b(?:articles?|reports?|stories|content|views)\b[^.]{0,40}\bpublished (?:in|by|on)\b",
        ),
        (
            1,
            "from other|from external|from third",
            r"\b(?:retrieved|taken|collected|aggregated|republished) from (?:other|external|third)",
        ),
        (
            1,
            "headline|content",
            r"\b(?:change|edit|alter)s? the headlines?\b|\bchanges? to the content\b",
        ),
        (1, "source|url", r"\b(?:source|url) (?:and|or) (?:source|url)\b"),
        (
            1,
            "bottom of|end of",
            r"\bat the (?:bottom|end) of (?:each|every|the|this) (?:article|page|report|story)",
        ),
        (
            2,
            "policy|terms",
            r"\b(?:privacy|cookie) policy\b|\bterms (?:of|and|&) (?:use|service|conditions)\b",
        ),
        (
            2,
            "sign up|subscribe|follow us|support our|donate|join our|download our",
            r"^\W{0,3}(?:sign up|subscribe|follow us|support our|donate|join our|download our)\b",
        ),
        (
            1,
            "newsletter|our ",
            r"\b(?:newsletters?|our (?:journalism|readers|reporting|app|community))\b",
        ),
        (3, "cookies", r"\b(?:we|our partners) (?:and our partners )?use (?:\w+ ){0,3}cookies\b"),
        (
            1,
            "originally|first|previously",
            r"^\W{0,3}this (?:article|story|piece|post|column|commentary) [^.]{0,20}"
            r"\b(?:originally|first|previously)\b",
        ),
        (
            3,
            "published|appeared",
            r"^\W{0,3}this (?:article|story|piece|post|column|commentary) "
            r"(?:was|is|has been|originally|first)[^.]{0,30}\b(?:published|appeared|republished)\b",
        ),
    )
)
_COUNTER_EVIDENCE: tuple[tuple[float, re.Pattern[str]], ...] = (
    (3.5, re.compile(r"\b(?:said|says|told|announced|according to|added|argued|wrote|claimed)\b")),
    (1.5, re.compile(r"[\"“”«»„]")),
)


def footer_score(text: str) -> float:
    """Return how much in a paragraph is about the outlet; `FOOTER_SCORE` and more is a footer.

    >>> footer_score("© 2023 The Example. All rights reserved.") >= FOOTER_SCORE
    True
    >>> footer_score("The editorial staff of the paper went on strike on Monday.") >= FOOTER_SCORE
    False
    """
    if len(text) > _MAX_CHARS:
        return 0.0
    folded = text.lower()
    score = sum(
        weight
        for weight, needed, pattern in _EVIDENCE
        if any(map(folded.__contains__, needed)) and pattern.search(text)
    )
    return score - sum(cost for cost, pattern in _COUNTER_EVIDENCE if pattern.search(text))
