"""Marks: highlights widened over the words that govern them, lest they say more than the sentence.

The rules are cues of English grammar. A cue before the mark governs it unless a clause ends between
the two; a cue after it governs a mark that is its subject, its claim or its consequence.
"""

import re
from collections.abc import Sequence
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
    r"statement|theory|speculation|myth|misconception|talk|fear|warning)"
)
_CLAIMS = rf"(?:{_CLAIM}s?|stories|theories)"
_NOT = (
    rf"(?:\b(?:{_AUX}\s+){{0,3}}(?:not\b(?!\s+(?:only|just|merely|simply|solely|least|far|long"
    rf"|until|guilty|to mention)\b)"
    rf"|never\b|no longer\b|hardly\b|scarcely\b|barely\b|rarely\b|seldom\b)|\bcannot\b|\b\w+n't\b)"
)
_DENY = (
    rf"\b(?:{_AUX}\s+){{0,3}}(?:\w+ly\s+)?(?:den(?:y|ies|ied|ying|ials?)|reject(?:s|ed|ing|ion)?"
    rf"|refut(?:es?|ed|ing)"
    r"|dismiss(?:es|ed|ing|al)?|rebut(?:s|ted|ting)?|disput(?:es?|ed|ing)|debunk(?:s|ed|ing)?"
    r"|disprov(?:es?|ed|ing|en)|retract(?:s|ed|ing)?|recant\w*|disavow(?:s|ed|ing)?"
    r"|discredit(?:s|ed|ing)?|contradict(?:s|ed|ing)?|(?<!no )doubt(?:s|ed|ing|ful)?|rul(?:es?|ed"
    r"|ing) out"
    r"|threw out|thrown out|refus(?:es?|ed|ing|al)|withdr(?:ew|aws?|awn|awing)(?=(?:\s+\w+){0,2}\s+"
    rf"{_CLAIMS}\b)|question(?:s|ed|ing)? (?:whether|that))\b"
)
# What is stopped or turned down says nothing of who did it: before the mark only.
_STOP = (
    rf"\b(?:{_AUX}\s+){{0,3}}(?:turn(?:s|ed|ing)? down|veto(?:es|ed|ing)?|acquit(?:s|ted|ting)?"
    r"|prevent(?:s|ed|ing)?|cancel(?:s|l?ed|l?ing)|call(?:s|ed|ing)? off|avoid(?:s|ed|ing)?"
    r"|narrowly (?:miss|escap)(?:es|ed|ing)|(?:stop|f[ae]ll)(?:s|ped|ing)? short of)\b"
)
_TRY = (
    rf"\b(?:{_AUX}\s+){{0,3}}(?:threat(?:en)?(?:s|ed|ing)?|attempt(?:s|ed|ing)?|tr(?:y|ies|ied"
    rf"|ying)"
    r"|fail(?:s|ed|ing|ures?)?|s(?:eek|eeks|ought)|declin(?:es?|ed|ing)|refus(?:es?|ed|al)|unable"
    r"|unlikely|impossible|neglected|forgot|plot(?:s|ted|ting)?)"
    r"\s+(?:to|that|of|against|in)\b"
)
_FALSE = (
    r"(?:false|untrue|incorrect|unfounded|baseless|groundless|fabricated|fake|(?:an? )?(?:hoax|lie"
    r"|myth)"
    r"|wrong|unproven|denied|retracted|withdrawn|refuted|debunked|disproved|disproven|disputed"
    r"|discredited|rejected|dismissed|overturned|quashed|thrown out)"
)
_UNDONE = r"(?:cancell?ed|foiled|thwarted|averted|abandoned|scrapped|blocked|prevented|called off)"
_HARD = r"[;:()—–]|\s-\s|\bbut\b|,\s+(?:and(?!\s+that)|so|yet|while|whereas|although|though)\b"
_NEXT = rf"\band\s+(?:then\s+)?(?:\w{{2,}}ed|{_SAID}|{_NEW})\b"
_ADJUNCT = (
    rf"\b(?:because|although|though|while|whereas|despite|so|{_NEW}|that(?=\s+{_AUX}\b)|(?:since"
    rf"|after|before|when|until)"
    r"(?!\s*$|\s+\w*\d))\b"
)
_COMPLEMENT = _pattern(rf"{_HARD}|,\s+(?:{_SAID}|\w+ing)\b")
_CLAUSE = _pattern(rf"{_HARD}|,(?!\s*n?or\b)|{_NEXT}|{_ADJUNCT}")
_OBJECT = _pattern(rf"{_HARD}|,\s+(?:\w+ing|\w+ed|{_AUX}|{_SAID}|{_NEW})\b|{_NEXT}|{_ADJUNCT}")
_HARDLY = _pattern(rf"{_HARD}|,")
_PHRASE = _pattern(rf"{_HARD}|,|\b(?:and|{_AUX}|{_SAID})\b|{_ADJUNCT}")
_OPENS = _pattern(
    r"^\W*(?:\w+\W+){0,7}that\b(?!\s+(?:is|are|was|were|has|have|had|did|will|can)\b)"
    r"|^\s+(?:having|\w+ing)\b"
)
_ASIDE = re.compile(r",[^,;]{1,60},")

_SOURCE = (
    r"(?:critics|opponents|supporters|rivals|fans|activists|campaigners|rebels|prosecutors|lawyers?"
    r"|suspects?|defendants?|the accused|sources|insiders|lobbyists|state (?:media|television|tv"
    r"|radio)"
    r"|rumou?rs?|gossip)"
)
_THINK = (
    r"(?:alleg(?:es?|ed|ing)|(?<!\bthe )(?<!\ba )suspect(?:s|ed|ing)?|believ(?:es?|ed|ing)"
    r"|speculat(?:es?|ed|ing)"
    rf"|fears|feared|(?<!\ba )(?<!\bthe )claim(?:s|ed|ing)?(?=\s+(?:that|to|{_NEW})\b)|pretend(?:s"
    rf"|ed|ing)?"
    r"|lie[sd](?=.*\bthat\b)|imagin(?:es?|ed)|assum(?:es?|ed)"
    r"|invent(?:s|ed)? (?:an?|the) (?:scene|story|tale)|warn(?:s|ed|ing)? (?:\w+ ){0,3}?(?:that"
    r"|of))\b"
)
# The verb that embeds a claim, and who holds it, belong to the cue: "laughed off talk that".
_CLAIMED = (
    rf"(?:(?:\b\w+(?:ed|s|ing)\s+(?:(?:off|away|aside|out)\s+)?)?\b(?:(?:the|an?|any|such|these"
    rf"|all)\s+)?"
    rf"(?:\w+\s+)?\b(?:{_CLAIMS}\s+that|(?:claim|allegation|accusation|rumou?r"
    rf"|suspicion)s?\s+(?:of|about))\b|\b(?:allegedly|reportedly|supposedly|purportedly)\b"
    rf"|\b(?:{_AUX}\s+){{0,3}}accus(?:es?|ed|ing)\b[^,;]{{1,60}}?\bof\b|\b{_AUX}\s+accused of\b"
    rf"|(?:(?:^|(?<=[,;:—] )|\b(?:and|but|that)\s)[^,;:]{{0,60}}?\s)?\b(?:{_AUX}\s+){{0,3}}{_THINK}"
    rf"|\b{_SOURCE}\b[^;]{{0,60}}?\b(?:say|said|says|told|tells?)\b(?:\s+(?:police|reporters))?)"
)
# What is wished, planned or asked for has not happened.
_WISH = (
    rf"\b(?:{_AUX}\s+){{0,3}}(?:(?:want|wish|hop|plan|intend|offer|vow|promis|pledg|propos|weigh"
    r"|ponder|contemplat|recommend|urg|ask|prepar)(?:s|es?|n?ed|d|ing"
    r"|ning)?(?=\s[^,;]{0,60}?\b(?:to|that|whether)\b"
    r"|\s+\w+ing\b)|consider(?:s|ed|ing)?(?=\s+\w+ing\b)|call(?:s|ed|ing)? (?:on|for)|demand(?:s"
    r"|ed|ing)?|expected(?= to\b))\b"
)
_LEFT = (
    _Cue(_pattern(_NOT), 14, _CLAUSE),
    _Cue(
        _pattern(
            rf"\b(?:{_AUX}\s+)?no\b(?!\.|\s+(?:doubt|matter|wonder|sooner|longer|(?:fewer|less"
            rf"|more|later"
            r"|earlier) than)\b)|\b(?:nobody|no one|none|nothing(?!\s+(?:more|but|other|less)\b)"
            r"|neither|nor|nowhere)\b"
        ),
        14,
        _CLAUSE,
    ),
    _Cue(_pattern(rf"{_DENY}|{_STOP}"), 30, _OBJECT),
    _Cue(_pattern(_TRY), 16, _CLAUSE),
    _Cue(_pattern(_CLAIMED), 25, _COMPLEMENT),
    _Cue(_pattern(_WISH), 16, _CLAUSE),
    _Cue(
        _pattern(
            rf"(?:\b(?:it\s+{_BE}\s+|call(?:s|ed)?\s+it\s+)|\b{_BE}\s+)?(?:\b(?:false(?:ly)?"
            rf"|wrong(?:ly)?|mistaken(?:ly)?"
            r"|erroneous(?:ly)?|incorrect(?:ly)?|untrue|fake|forged|fabricated|bogus|a (?:myth|lie"
            r"|hoax"
            r"|misconception)|contrary to)\b)"
        ),
        25,
        _OBJECT,
    ),
    _Cue(_pattern(r"\b(?:without|instead of|rather than|except|(?<!not )far from)\b"), 8, _PHRASE),
    _Cue(_pattern(r"\b(?:would|could|might|should) have\b"), 14, _CLAUSE),
    _Cue(_pattern(r"\b(?:(?<!even )if|unless|whether|in case|provided that)\b"), 25, _OBJECT),
    # What opens a clause governs the main clause behind the comma too.
    _Cue(
        _pattern(
            r"(?:(?:(?<=^)|(?<=[\"“‘])|(?<=, )|(?<=that ))(?:if|unless|in case)\b"
            r"|^(?:had|were|should)\b(?=[^?]*,)|^without\b(?=.*,.*\b(?:would|could|might)\b)"
            r"|^in (?:the|an?|his|her|this) (?:\w+ ){0,2}?(?:novel|film|movie|play|story|legend"
            r"|dream|game|fable"
            rf"|tale|satire|poem)\b|^according to (?:\w+ ){{0,2}}?{_SOURCE}\b"
            rf"|\bwhich (?:turned out to be|proved(?: to be)?|was|is) {_FALSE}\b)"
        ),
        30,
        _pattern(_HARD),
    ),
    _Cue(_pattern(r"\b\w+(?:\s+(?:down|off|apart))?\s+before\b(?=[^,;]*\bcould\b)"), 14, _HARDLY),
)
_PLAIN = rf"(?:\s+(?!(?:{_AUX}|{_SAID}|{_NEW}|and|but|if|that|\w+ing)\b)[^\s,;:!?()—–]+)"
_TO_CLAUSE_END = r"[^,;.!?]*[^,;.!?\s\"”’)]"
_RIGHT = tuple(
    _pattern(words)
    for words in (
        # The mark is the subject.
        rf"^{_PLAIN}{{0,4}}(?:,[^,;]{{1,60}},)?\s+(?:{_NOT}(?:\s+(?!and|or|but)\w+)?"
        rf"|{_TRY}(?:\s+\w+)?"
        rf"|{_DENY}(?:\s+(?:having\s+)?\w+(?:ing|ed)\b)?|(?:would|could|might) have(?:\s+\w+)?)",
        rf"^{_PLAIN}{{0,6}}\s+(?:(?:has|have|had)\s+)?{_BE}\s+(?:\w+ly\s+|later\s+)?(?:{_FALSE}"
        rf"|{_UNDONE})\b",
        # The mark is the consequence.
        rf"^(?:{_PLAIN}|\s+(?:{_AUX}|\w+ing)\b){{0,12}},?\s+(?:(?<!even )if|unless|as long as"
        rf"|provided that)\b{_TO_CLAUSE_END}",
    )
)
# A later clause takes the mark back: "…, a claim he denies", "…, but the company denied it".
_LATER = _pattern(r"(?:,|—|–|\b(?:but|although|though)\b)\s+([^,;]+)")
_TAKES_BACK = _pattern(
    rf"(?:(?:^which|\b(?:that|this|it|(?:the|an?|those|these|any|such"
    rf"|both)\s+{_CLAIMS}))\b(?:\s+\w+){{0,4}}?"
    rf"\s+(?:{_DENY}|(?<!can ){_BE}\s+(?:found\s+to\s+be\s+|\w+ly\s+)?{_FALSE}\b)"
    rf"|{_DENY}\s+(?:it|this|that|(?:\w+\s+){{1,2}}(?:{_CLAIMS}|involvement))\b)"
)
_CLAIM_FALLS = _pattern(
    rf"^[^;]{{0,160}}?\s(?:(?:{_AUX}\s+){{1,3}}|prove[sd]\s+"
    rf"|turned out\s+(?:to be\s+)?)(?:\w+ly\s+|later\s+|found to be\s+)?{_FALSE}\b"
)
_CLAIM_BEGINS = _pattern(rf"(?:the\s+|an?\s+)?{_CLAIMS}\b")
_ASKING = _pattern(r"\b(?:ask|wonder|see|know|tell|check|ask(?:s|ed|ing)|wonder(?:s|ed|ing))\b")
_END = re.compile(
    r"(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bMrs)(?<=\w\w|\d[%)]|\w[\"”’)])[.!?][\"”’)]*\s+(?=\W?[A-Z])"
)


def widened(text: str, mark: Span, question: str = "") -> Span:
    """Return a mark with the negation, denial, doubt, attempt or condition that governs it.

    Args:
        text: one to three sentences.
        mark: span of the words in it that answer.
        question: what was asked; of "what did he deny?" a denial is no part of the answer.
    """
    ends = [found.end() for found in _END.finditer(text)]
    first = max((end for end in ends if end <= mark.start), default=0)
    last = min((end for end in ends if end >= mark.end), default=len(text))
    sentence = text[first:last]
    cues = [cue for cue in _LEFT if not cue.words.search(question)]
    start, end = mark.start - first, mark.end - first
    while True:
        begin = min([start, *_cues_before(sentence, start, end, cues)])
        stop = max([end, *_cues_after(sentence, begin, end, cues)])
        if (begin, stop) == (start, end):
            return Span(first + begin, first + stop)
        start, end = begin, stop


def _cues_before(sentence: str, start: int, end: int, cues: Sequence[_Cue]) -> list[int]:
    """Return the starts of the cues whose reach has the mark."""
    return [
        found.start()
        for cue in cues
        for found in cue.words.finditer(sentence)
        if found.start() < start
        and found.end() <= end
        and _reaches(cue, found.group(), sentence[found.end() : start])
    ]


def _reaches(cue: _Cue, words: str, gap: str) -> bool:
    """Tell whether nothing between a cue and the mark ends the reach of the cue."""
    gap = _ASIDE.sub(" ", gap)
    opens = words.endswith((" that", " whether")) or _OPENS.match(gap)
    ends = _COMPLEMENT if opens and cue.ends in (_CLAUSE, _OBJECT) else cue.ends
    return len(gap.split()) <= cue.reach and not ends.search(gap)


def _cues_after(sentence: str, start: int, end: int, cues: Sequence[_Cue]) -> list[int]:
    """Return the ends of the cues that take back what stands before them."""
    tail = sentence[end:]
    found = [pattern.match(tail) for pattern in _RIGHT]
    if _ASKING.search(sentence[:end]):
        found.pop()
    if _CLAIM_BEGINS.match(sentence[start:]):
        found.append(_CLAIM_FALLS.match(tail))
    stops = [end + one.end() for one in found if one and _is_of(cues, one.group())]
    for later in _LATER.finditer(tail):
        taken_back = _TAKES_BACK.search(later[1])
        stops += [end + later.start(1) + taken_back.end()] if taken_back else []
    return stops


def _is_of(cues: Sequence[_Cue], words: str) -> bool:
    """Tell whether words have a cue of kinds that the question leaves, or of none."""
    kinds = [cue for cue in _LEFT if cue.words.search(words)]
    return not kinds or any(cue in cues for cue in kinds)
