"""Weighted phrases that detect footers about the outlet; each one alone also occurs in news."""

import re

FOOTER_SCORE = 4.0
_MAX_CHARS = 2500

# By weight: substrings of which one must occur (ten times as fast to find), and the pattern.
_PHRASES = {
    4: (("©|(c)|copyright", r"^\W{0,3}(?:©|\(c\)|copyright\b\W{0,4}(?:©|\(c\)|[0-9]{4}))"),),
    3: (
        (
            "not be ",
            r"\b(?:may|must) not be (?:published|reproduced|copied|republished|redistributed)",
        ),
        ("cookies", r"\b(?:we|our partners) (?:and our partners )?use (?:\w+ ){0,3}cookies\b"),
        (
            "published|appeared",
            r"^\W{0,3}this (?:article|story|piece|post|column|commentary) "
            r"(?:was|is|has been|originally|first)[^.]{0,30}\b(?:published|appeared|republished)\b",
        ),
    ),
    2: (
        ("reserved", r"\ball rights? reserved\b"),
        (
            "reflect|represent",
            r"\bdo(?:es)? not (?:necessarily )?(?:reflect|represent) the (?:\w+ ){0,3}"
            r"(?:opinions?|views?|positions?|polic(?:y|ies))",
        ),
        ("written|edited", r"\b(?:written|edited)(?:,| and| or) (?:edited|published)\b"),
        (
            "policy|terms",
            r"\b(?:privacy|cookie) policy\b|\bterms (?:of|and|&) (?:use|service|conditions)\b",
        ),
        (
            "sign up|subscribe|follow us|support our|donate|join our|download our",
            r"^\W{0,3}(?:sign up|subscribe|follow us|support our|donate|join our|download our)\b",
        ),
    ),
    1.5: (
        ("expressed", r"\bthe (?:views|opinions) expressed (?:in this|here|by the author)"),
        ("editorial ", r"\beditorial (?:staff|team|board|polic\w+|standards|guidelines)\b"),
        (
            "can be | us",
            r"\bcan be (?:contacted|reached)\b|\b(?:contact|reach|email|write to) us\b",
        ),
    ),
    1: (
        (
            "responsible for",
            r"\b(?:is|are) (?:solely )?responsible for the (?:report|content|article|stor)",
        ),
        (
            "website|web site|news agency|news outlet|portal|newsroom",
            r"\b(?:news )?(?:website|web site|news agency|news outlet|portal|newsroom)\b",
        ),
        (
            "journalists|reporters|writers|analysts|editors",
            r"\b(?:journalists|reporters|writers|analysts|editors)\b[^.]{0,60}\b"
            r"(?:journalists|reporters|writers|analysts|editors)\b",
        ),
        (
            "site|page|section|newsletter|outlet",
            r"\b(?:this|our|the) (?:site|website|page|section|newsletter|outlet)\b",
        ),
        (
            "published ",
            r"\b(?:articles?|reports?|stories|content|views)\b[^.]{0,40}\bpublished (?:in|by|on)\b",
        ),
        (
            "from other|from external|from third",
            r"\b(?:retrieved|taken|collected|aggregated|republished) from (?:other|external|third)",
        ),
        (
            "headline|content",
            r"\b(?:change|edit|alter)s? the headlines?\b|\bchanges? to the content\b",
        ),
        ("source|url", r"\b(?:source|url) (?:and|or) (?:source|url)\b"),
        (
            "bottom of|end of",
            r"\bat the (?:bottom|end) of (?:each|every|the|this) (?:article|page|report|story)",
        ),
        (
            "newsletter|our ",
            r"\b(?:newsletters?|our (?:journalism|readers|reporting|app|community))\b",
        ),
        (
            "originally|first|previously",
            r"^\W{0,3}this (?:article|story|piece|post|column|commentary) [^.]{0,20}"
            r"\b(?:originally|first|previously)\b",
        ),
    ),
}
_EVIDENCE = tuple(
    (weight, tuple(needed.split("|")), re.compile(pattern, re.IGNORECASE))
    for weight, phrases in _PHRASES.items()
    for needed, pattern in phrases
)
_COUNTER_EVIDENCE: tuple[tuple[float, re.Pattern[str]], ...] = (
    (3.5, re.compile(r"\b(?:said|says|told|announced|according to|added|argued|wrote|claimed)\b")),
    (1.5, re.compile(r"[\"“”«»„]")),
)


def footer_score(text: str) -> float:
    """Return how likely a paragraph is a footer: `FOOTER_SCORE` and more is one.

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
