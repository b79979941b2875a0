"""Marks: highlights widened over the words that govern them, lest they say more than the sentence.

The rules are cues of English grammar. A cue before the mark governs it unless a clause ends between
the two; a cue after it governs a mark that is its subject, its claim or its consequence.
"""

import re
from dataclasses import dataclass

from indexer.documents import Span


@dataclass(frozen=True, slots=True)
class _Cue:
    """A kind of governing words: how many words they reach, and what ends their reach."""

    words: re.Pattern[str]
    reach: int
    ends: re.Pattern[str]


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(words.replace("'", "['’]"), re.IGNORECASE)


_BE = r"(?:is|are|was|were|be|been|being)"
_AUX = rf"(?:{_BE}|has|have|had|did|do|does|will|would|can|could|should|may|might|must)"
_SAID = r"(?:said|says|told|tells|added|adds|went|came|left|made|took|gave|got|held|met|began)"
_NEW = r"(?:he|she|it|they|we|i|you|who|whom|which|whose|where|there)"
_CLAIM = (
    r"(?:claim|allegation|accusation|report|rumou?r|suggestion|suspicion|assertion|charge|story|"
    r"statement|theory|speculation|myth|misconception)"
)
_CLAIMS = rf"(?:{_CLAIM}s?|stories|theories)"
_NOT = (
    rf"(?:\b(?:{_AUX}\s+){{0,3}}(?:not\b(?!\s+(?:only|just|merely|simply|solely|least|far|long|to mention)\b)"
    rf"|never\b|no longer\b|hardly\b|scarcely\b|barely\b|rarely\b|seldom\b)|\bcannot\b|\b\w+n't\b)"
)
_DENY = (
    rf"\b(?:{_AUX}\s+){{0,3}}(?:\w+ly\s+)?(?:den(?:y|ies|ied|ying|ials?)|reject(?:s|ed|ing|ion)?|refut(?:es?|ed|ing)"
    r"|dismiss(?:es|ed|ing|al)?|rebut(?:s|ted|ting)?|disput(?:es?|ed|ing)|debunk(?:s|ed|ing)?"
    r"|disprov(?:es?|ed|ing|en)|retract(?:s|ed|ing)?|recant(?:s|ed|ing)?|disavow(?:s|ed|ing)?"
    r"|discredit(?:s|ed|ing)?|contradict(?:s|ed|ing)?|(?<!no )doubt(?:s|ed|ing|ful)?|rul(?:es?|ed|ing) out"
    r"|threw out|thrown out|refus(?:es?|ed|ing|al)|withdr(?:ew|aws?|awn|awing)(?=(?:\s+\w+){0,2}\s+"
    rf"{_CLAIMS}\b)|question(?:s|ed|ing)? (?:whether|that))\b"
)
_TRY = (
    rf"\b(?:{_AUX}\s+){{0,3}}(?:threat(?:en)?(?:s|ed|ing)?|attempt(?:s|ed|ing)?|tr(?:y|ies|ied|ying)"
    r"|fail(?:s|ed|ing|ures?)?|s(?:eek|eeks|ought)|declin(?:es?|ed|ing)|refus(?:es?|ed|al)|unable"
    r"|unlikely|impossible|neglected|forgot|pretend(?:s|ed|ing)?|considered|plot(?:s|ted|ting)?)"
    r"\s+(?:to|that|of|against|in)\b"
)
_FALSE = (
    r"(?:false|untrue|incorrect|unfounded|baseless|groundless|fabricated|fake|(?:an? )?(?:hoax|lie|myth)"
    r"|wrong|unproven|denied|retracted|withdrawn|refuted|debunked|disproved|disproven|disputed"
    r"|discredited|corrected|rejected|dismissed|overturned|quashed|dropped|thrown out)"
)
_UNDONE = r"(?:cancell?ed|foiled|thwarted|averted|abandoned|scrapped|blocked|prevented|called off)"
_HARD = r"[;:()—–]|\s-\s|\bbut\b|,\s+(?:and(?!\s+that)|so|yet|while|whereas|although|though)\b"
_NEXT = rf"\band\s+(?:then\s+)?(?:\w{{2,}}ed|{_SAID}|{_NEW})\b"
_ADJUNCT = (
    rf"\b(?:because|although|though|while|whereas|despite|so|{_NEW}|(?:since|after|before|when|until)"
    r"(?!\s+\w*\d))\b"
)
_COMPLEMENT = _pattern(rf"{_HARD}|,\s+(?:{_SAID}|\w+ing)\b")
_CLAUSE = _pattern(rf"{_HARD}|,(?!\s*n?or\b)|{_NEXT}|{_ADJUNCT}")
_OBJECT = _pattern(rf"{_HARD}|,\s+(?:\w+ing|\w+ed|{_AUX}|{_SAID}|{_NEW})\b|{_NEXT}|{_ADJUNCT}")
_PHRASE = _pattern(rf"{_HARD}|,|\b(?:and|{_AUX}|{_SAID})\b|{_ADJUNCT}")
_OPENS = _pattern(r"^\W*(?:\w+\W+){0,7}that\b|^\s+(?:having|\w+ing)\b")
_ASIDE = re.compile(r",[^,;]{1,60},")

_CLAIMED = (
    rf"\b(?:{_CLAIMS}\s+(?:that|of|about)|alleged(?:ly)?|reportedly|supposed(?:ly)?|purported(?:ly)?"
    r"|claim(?:s|ed|ing)?\s+(?:that|to)|accus(?:es?|ed|ing)\b[^,;]{1,60}?\bof)\b"
)
_LEFT = (
    _Cue(_pattern(_NOT), 14, _CLAUSE),
    _Cue(
        _pattern(
            rf"\b(?:{_AUX}\s+)?no\b(?!\.|\s+(?:doubt|matter|wonder|sooner|longer|(?:fewer|less|more|later"
            r"|earlier) than)\b)|\b(?:nobody|no one|none|nothing|neither|nor|nowhere)\b"
        ),
        14,
        _CLAUSE,
    ),
    _Cue(_pattern(_DENY), 30, _OBJECT),
    _Cue(_pattern(_TRY), 16, _CLAUSE),
    _Cue(_pattern(_CLAIMED), 25, _OBJECT),
    _Cue(
        _pattern(
            rf"\b(?:{_BE}\s+)?(?:false(?:ly)?|wrongly|mistakenly|erroneously|incorrectly|untrue|a (?:myth|lie"
            r"|hoax|misconception)|contrary to)\b"
        ),
        25,
        _OBJECT,
    ),
    _Cue(_pattern(r"\b(?:without|instead of|rather than|except|(?<!not )far from)\b"), 8, _PHRASE),
    _Cue(_pattern(r"\b(?:would|could|might|should) have\b"), 14, _CLAUSE),
    _Cue(_pattern(r"\b(?:if|unless|whether|in case|provided that)\b"), 25, _OBJECT),
    # An "if" that opens its clause governs the main clause behind the comma too.
    _Cue(
        _pattern(r"(?:(?<=^)|(?<=[\"“‘])|(?<=, )|(?<=that ))(?:if|unless|in case)\b"),
        30,
        _pattern(_HARD),
    ),
)
_PLAIN = rf"(?:\s+(?!(?:{_AUX}|{_SAID}|{_NEW}|and|but|if|that|\w+ing)\b)[^\s,;:!?()—–]+)"
_TO_CLAUSE_END = r"[^,;.!?]*[^,;.!?\s\"”’)]"
_RIGHT = tuple(
    _pattern(words)
    for words in (
        # The mark is the subject.
        rf"^{_PLAIN}{{0,4}}(?:,[^,;]{{1,60}},)?\s+(?:{_NOT}(?:\s+\w+)?|{_TRY}(?:\s+\w+)?"
        rf"|{_DENY}(?:\s+(?:having\s+)?\w+(?:ing|ed)\b)?|(?:would|could|might) have(?:\s+\w+)?)",
        rf"^{_PLAIN}{{0,6}}\s+(?:{_AUX}\s+){{1,3}}(?:\w+ly\s+|later\s+)?(?:{_FALSE}|{_UNDONE})\b",
        # The mark is the consequence.
        rf"^(?:{_PLAIN}|\s+(?:{_AUX}|\w+ing)\b){{0,12}},?\s+(?:if|unless|provided that)\b{_TO_CLAUSE_END}",
    )
)
# A later clause takes the mark back: "…, a claim he denies", "…, but the company denied it".
_LATER = _pattern(r"(?:,|—|–|\b(?:but|although|though)\b)\s+([^,;]+)")
_TAKES_BACK = _pattern(
    rf"(?:\b(?:which|that|this|it|(?:the|an?|those|these|any|such|both)\s+{_CLAIMS})\b.*?"
    rf"(?:{_DENY}|\b{_FALSE}\b)|{_DENY}\s+(?:it|this|that|(?:\w+\s+){{1,2}}(?:{_CLAIMS}|involvement))\b)"
)
_CLAIM_FALLS = _pattern(
    rf"^[^;]{{0,160}}?\s(?:{_AUX}\s+){{1,3}}(?:\w+ly\s+|later\s+|found to be\s+)?{_FALSE}\b"
)
_ASKING = _pattern(r"\b(?:ask|wonder|see|know|tell|check|ask(?:s|ed|ing)|wonder(?:s|ed|ing))\b")
_END = re.compile(
    r"(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bMrs)(?<=\w\w|\d[%)]|\w[\"”’)])[.!?][\"”’)]*\s+(?=\W?[A-Z])"
)


def widened(text: str, mark: Span) -> Span:
    """Return a mark with the negation, denial, doubt, attempt or condition that governs it.

    Args:
        text: one to three sentences.
        mark: span of the words in it that answer.
    """
    ends = [found.end() for found in _END.finditer(text)]
    first = max((end for end in ends if end <= mark.start), default=0)
    last = min((end for end in ends if end >= mark.end), default=len(text))
    sentence = text[first:last]
    start, end = mark.start - first, mark.end - first
    while True:
        begin = min([start, *_cues_before(sentence, start)])
        stop = max([end, *_cues_after(sentence, begin, end)])
        if (begin, stop) == (start, end):
            return Span(first + begin, first + stop)
        start, end = begin, stop


def _cues_before(sentence: str, start: int) -> list[int]:
    """Return the starts of the cues whose reach has the mark."""
    return [
        found.start()
        for cue in _LEFT
        for found in cue.words.finditer(sentence)
        if found.start() < start and _reaches(cue, sentence[found.end() : start])
    ]


def _reaches(cue: _Cue, gap: str) -> bool:
    """Tell whether nothing between a cue and the mark ends the reach of the cue."""
    gap = _ASIDE.sub(" ", gap)
    ends = _COMPLEMENT if _OPENS.match(gap) and cue.ends in (_CLAUSE, _OBJECT) else cue.ends
    return len(gap.split()) <= cue.reach and not ends.search(gap)


def _cues_after(sentence: str, start: int, end: int) -> list[int]:
    """Return the ends of the cues that take back what stands before them."""
    tail = sentence[end:]
    found = [pattern.match(tail) for pattern in _RIGHT]
    if _ASKING.search(sentence[:end]):
        found.pop()
    if re.match(_CLAIMS, sentence[start:], re.IGNORECASE):
        found.append(_CLAIM_FALLS.match(tail))
    stops = [end + one.end() for one in found if one]
    for later in _LATER.finditer(tail):
        taken_back = _TAKES_BACK.search(tail, *later.span(1))
        stops += [end + taken_back.end()] if taken_back else []
    return stops
