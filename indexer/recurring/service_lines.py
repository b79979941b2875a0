"""Classification of recurring lines: service (invitations, credits, notes on the page) or news.

Outlets repeat sentences of their stories too ("She did not respond to a request for comment").
"""

import re

_REPORTED = re.compile(
    r"\b(?:said|says|told|announced|according to|argued|added|wrote|reached out|"
    r"request(?:s|ed)? (?:\w+ ){0,2}comment|declined to|"
    r"did(?: not|n['’]t) (?:immediately )?(?:respond|reply|return|answer)|"
    r"(?:not|no) immediate(?:ly)? (?:respond\w*|response|comment\w*))\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[\"“”«»„]")

_PLATFORMS = (
    r"(?:twitter|facebook|instagram|threads|bluesky|tiktok|whatsapp|youtube|social media|x)"
)
_PAGE = (
    r"\bth(?:is|e) (?:story|article|report|column|page|piece|post|transcript|video|file)(?:['’]s)?"
)
_TO_THE_READER = (
    r"\b(?:click|tap) (?:here|on|to|for|the|below|this)\b|^\W{0,3}(?:click|tap|subscribe)\b",
    r"\bsign(?:ing)?[- ]?up\b|\bsubscri(?:be|ber|bers|ption|ptions)\b|\bunsubscribe\b",
    r"\bnewsletters?\b|\b(?:your|our) inbox\b|\be-?mail alerts?\b|\breal-time updates\b",
    rf"\b(?:follow|like|join|find|share|connect|friend|tweet)\b.{{0,60}}\b{_PLATFORMS}\b",
    r"\bfollow (?:us|me|him|her|them)\b|\bshare this\b|\bshare the (?:article|story|page|post)\b",
    r"\b(?:get|download) .{0,40}\bapp\b|\bplay the .{0,40}\b(?:puzzle|crossword)\b",
    r"\blisten to (?:the|our|this|more)\b.{0,60}\bpodcasts?\b|\bget your podcasts\b",
    r"\bneed a (?:news )?break\b|\bcheck your local forecast\b|\btake .{0,30}\bnews quiz\b",
    r"\b(?:support|help (?:us )?fund) .{0,20}\bjournalism\b|\b(?:got|have) a (?:news )?tip\b",
    r"\bsend (?:us )?(?:a |your )?(?:tips?|letters|questions|news)\b|\bcontact us\b",
    r"^\W{0,3}(?:reach|contact|e-?mail) \b|^\W{0,3}(?:read more|see also)\b",
    r"\b(?:read|see|click for) more (?:from|at|stories|here|news)\b",
    r"\bfor (?:all )?(?:the )?(?:more|latest)\b.{0,60}\b(?:visit|go to|follow|click)\b",
)
_CREDITS = (
    r"\B@\w{2,}|\b[\w.+-]+@[\w-]+\.\w{2,}|https?://|\bwww\.|\b[\w-]+\.(?:com|org|net)/?\b",
    r"©|\(c\) ?\d{4}|\bcopyright\b|\ball rights reserved\b|\breprint (?:permission|rights)\b",
    r"\bcontribut(?:ed|ors?|ing) to th(?:is|e) (?:report|article|story|piece|column)\b",
    r"^\W{0,3}(?:contributing|contributors?) ?:|^[^.]{3,40} contributed\W*$",
    r"\b(?:staff|post) (?:and|with) wire\b|\bwire (?:reports?|services?)\b",
    r"^\W{0,3}with (?:post |staff )?wires?\W*$|^\W{0,3}special (?:to|for) (?-i:[A-Z])",
    r"^\((?:[^()]*\b(?:photo|illustration)\b[^()]*|[^()]*/(?:reuters|ap|afp|getty images))\)$",
    r"\btoggle caption\b|\bmedia (?:caption|playback)\b|\bimage (?:copyright|caption|source)\b",
    r"^\W{0,3}(?:advertisement|pullquote|slideshow)\b|^(?:next|prev) image \d",
)
_ABOUT_THE_PAGE = (
    rf"{_PAGE} (?:has been|have been|was|is|will be|contains|originally|first|appear\w*|"
    r"may contain|includes)\b",
    r"\bth(?:is|e) (?:article|story) was published\b|\ba version of this (?:article|story)\b",
    r"\beditor['’]s note\b|\bfact[- ]check (?:work|sources)\b|\brush transcript\b",
    r"\b(?:opinions?|views) (?:expressed|in this)\b|\bopinion contributors?\b",
    r"\badvertis(?:e|ing|ement|ements)\b|\b(?:sponsored|promoted) (?:content|by)\b",
    r"\b(?:story|article) continue[sd]? (?:below|after)\b|\bcontinue[ds]? (?:reading|below)\b",
    r"\bearn .{0,80}\b(?:commission|revenue)s?\b|\brecommendations are independently\b",
    r"\bcookies\b|\bprivacy (?:policy|notice)\b|\bterms of (?:use|service)\b|\brecaptcha\b",
    r"\bnot a robot\b|\bcontent partner\b",
)
_ROLES = (
    r"(?:reporter|columnist|correspondent|editor|writer|contributor|journalist|producer|author)"
)
_AT_THE_EDGE = (
    rf"\b(?:is|was) (?:an?|the|[\w ]{{1,30}}['’]s?) (?:[^.]{{0,80}} )?{_ROLES}\b",
    r"\bcovers \b.{1,80}\bfor\b|\bis (?:a|the) host of\b",
    r"\bgrants? from\b|\bfunded (?:in part )?by\b",
    r"\bis an? (?:\w+ ){0,2}(?:column|newsletter|series|podcast)\b|\bpodcast\b",
    r"\bour (?:readers|audience|journalists|reporters|material|website|coverage|app)\b",
)
_SERVICE = re.compile("|".join((*_TO_THE_READER, *_CREDITS, *_ABOUT_THE_PAGE)), re.IGNORECASE)
_SERVICE_AT_EDGE = re.compile("|".join(_AT_THE_EDGE), re.IGNORECASE)

_WORD = re.compile(r"\w+")
_HOST = re.compile(r"[\w.-]+\.[a-z]{2,}")
_SECOND_LEVEL = frozenset("ac co com gov net org".split())
# "Larne, Norland PLANET —" is the dateline of a story, not a credit.
_DATELINE = re.compile(r"\w\W+\w.*[–—-]\s*$")
_NAME_MIN_CHARS = 3
_NAME_WORDS = 4
_NAMED_MAX_WORDS = 12


def reports_news(line: str) -> bool:
    """Return whether a line reports what somebody said or declined to say.

    >>> reports_news("The White House did not immediately respond to a request for comment.")
    True
    """
    return bool(_REPORTED.search(line))


def has_quotation_marks(line: str) -> bool:
    """Return whether a line contains quotation marks."""
    return bool(_QUOTED.search(line))


def is_service(line: str, outlet: str) -> bool:
    """Return whether a line invites the reader, gives credit, or is about the page or outlet.

    >>> is_service("Sign up for our newsletter.", "The Example")
    True
    >>> is_service("Special thanks to Example staff", "example.com")
    True
    >>> is_service("The storm moved north on Monday.", "The Example")
    False
    """
    if _SERVICE.search(line):
        return True
    return len(_WORD.findall(line)) <= _NAMED_MAX_WORDS and _names(line, outlet)


def is_service_at_edge(line: str, outlet: str) -> bool:
    """Return whether a line below an article introduces its author or outlet.

    >>> is_service_at_edge("Ann Other is a staff writer.", "The Example")
    True
    """
    return bool(_SERVICE_AT_EDGE.search(line)) or _names(line, outlet)


def _names(line: str, outlet: str) -> bool:
    """Return whether a line has the outlet's name, capitalised, with any spacing."""
    if _DATELINE.search(line):
        return False
    name = "".join(_WORD.findall(_site_name(outlet.casefold())))
    words = _WORD.findall(line)
    return len(name) >= _NAME_MIN_CHARS and any(
        words[first][0].isupper() and "".join(words[first : first + length]).casefold() == name
        for length in range(1, _NAME_WORDS + 1)
        for first in range(len(words) - length + 1)
    )


def _site_name(outlet: str) -> str:
    """Return the outlet's name in a host name: `planet` for `news.planet.co.uk`."""
    if not _HOST.fullmatch(outlet):
        return outlet
    labels = outlet.split(".")[:-1]
    return labels[-2] if labels[-1] in _SECOND_LEVEL and len(labels) > 1 else labels[-1]
